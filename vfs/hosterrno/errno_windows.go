package hosterrno

import (
	"syscall"

	"agentsandbox/vfs"

	"golang.org/x/sys/windows"
)

// errnos pairs every errno that a file system returns with the host's number.
// The POSIX ones
// are package syscall's inventions; they come first because the first is taken.
var errnos = []pair{
	{syscall.EACCES, vfs.EACCES},
	{syscall.EEXIST, vfs.EEXIST},
	{syscall.EINVAL, vfs.EINVAL},
	{syscall.EISDIR, vfs.EISDIR},
	{syscall.ELOOP, vfs.ELOOP},
	{syscall.ENAMETOOLONG, vfs.ENAMETOOLONG},
	{syscall.ENOSYS, vfs.ENOSYS},
	{syscall.ENOTEMPTY, vfs.ENOTEMPTY},
	{syscall.EPERM, vfs.EPERM},
	{syscall.EXDEV, vfs.EXDEV},
	{windows.ERROR_FILE_NOT_FOUND, vfs.ENOENT},
	{windows.ERROR_PATH_NOT_FOUND, vfs.ENOENT},
	{windows.ERROR_ACCESS_DENIED, vfs.EACCES},
	{windows.ERROR_ALREADY_EXISTS, vfs.EEXIST},
	{windows.ERROR_BUFFER_OVERFLOW, vfs.ENAMETOOLONG},
	{windows.ERROR_CANT_RESOLVE_FILENAME, vfs.ELOOP},
	{windows.ERROR_DIR_NOT_EMPTY, vfs.ENOTEMPTY},
	{windows.ERROR_DIRECTORY, vfs.ENOTDIR},
	{windows.ERROR_DISK_FULL, vfs.ENOSPC},
	{windows.ERROR_DISK_QUOTA_EXCEEDED, vfs.EDQUOT},
	{windows.ERROR_FILE_EXISTS, vfs.EEXIST},
	{windows.ERROR_FILE_TOO_LARGE, vfs.EFBIG},
	{windows.ERROR_FILENAME_EXCED_RANGE, vfs.ENAMETOOLONG},
	{windows.ERROR_HANDLE_DISK_FULL, vfs.ENOSPC},
	{windows.ERROR_INVALID_HANDLE, vfs.EBADF},
	{windows.ERROR_INVALID_NAME, vfs.EINVAL},
	{windows.ERROR_INVALID_PARAMETER, vfs.EINVAL},
	{windows.ERROR_LOCK_VIOLATION, vfs.EBUSY},
	{windows.ERROR_NOT_A_REPARSE_POINT, vfs.EINVAL},
	{windows.ERROR_NOT_ENOUGH_MEMORY, vfs.ENOMEM},
	{windows.ERROR_NOT_SAME_DEVICE, vfs.EXDEV},
	{windows.ERROR_NOT_SUPPORTED, vfs.ENOTSUP},
	{windows.ERROR_PRIVILEGE_NOT_HELD, vfs.EPERM},
	{windows.ERROR_SHARING_VIOLATION, vfs.EBUSY},
	{windows.ERROR_TOO_MANY_LINKS, vfs.EMLINK},
	{windows.ERROR_TOO_MANY_OPEN_FILES, vfs.EMFILE},
	{windows.ERROR_WRITE_PROTECT, vfs.EROFS},
}
