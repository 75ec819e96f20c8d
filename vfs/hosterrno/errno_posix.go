//go:build !windows && !plan9

package hosterrno

import (
	"syscall"

	"agentsandbox/vfs"
)

// errnos pairs every errno that a file system returns with the host's number.
var errnos = []pair{
	{syscall.E2BIG, vfs.E2BIG},
	{syscall.EACCES, vfs.EACCES},
	{syscall.EAGAIN, vfs.EAGAIN},
	{syscall.EBADF, vfs.EBADF},
	{syscall.EBUSY, vfs.EBUSY},
	{syscall.EDQUOT, vfs.EDQUOT},
	{syscall.EEXIST, vfs.EEXIST},
	{syscall.EFBIG, vfs.EFBIG},
	{syscall.EILSEQ, vfs.EILSEQ},
	{syscall.EINTR, vfs.EINTR},
	{syscall.EINVAL, vfs.EINVAL},
	{syscall.EIO, vfs.EIO},
	{syscall.EISDIR, vfs.EISDIR},
	{syscall.ELOOP, vfs.ELOOP},
	{syscall.EMFILE, vfs.EMFILE},
	{syscall.EMLINK, vfs.EMLINK},
	{syscall.ENAMETOOLONG, vfs.ENAMETOOLONG},
	{syscall.ENFILE, vfs.ENFILE},
	{syscall.ENODEV, vfs.ENODEV},
	{syscall.ENOENT, vfs.ENOENT},
	{syscall.ENOMEM, vfs.ENOMEM},
	{syscall.ENOSPC, vfs.ENOSPC},
	{syscall.ENOSYS, vfs.ENOSYS},
	{syscall.ENOTDIR, vfs.ENOTDIR},
	{syscall.ENOTEMPTY, vfs.ENOTEMPTY},
	{syscall.ENOTSUP, vfs.ENOTSUP},
	{syscall.ENOTTY, vfs.ENOTTY},
	{syscall.ENXIO, vfs.ENXIO},
	{syscall.EOVERFLOW, vfs.EOVERFLOW},
	{syscall.EPERM, vfs.EPERM},
	{syscall.EPIPE, vfs.EPIPE},
	{syscall.ERANGE, vfs.ERANGE},
	{syscall.EROFS, vfs.EROFS},
	{syscall.ESPIPE, vfs.ESPIPE},
	{syscall.ETIMEDOUT, vfs.ETIMEDOUT},
	{textBusy, vfs.ETXTBSY},
	{syscall.EXDEV, vfs.EXDEV},
}
