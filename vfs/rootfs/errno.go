package rootfs

import (
	"errors"
	"io/fs"

	"agentsandbox/vfs"
)

// unnumbered turns an error without a host's number into an errno. What is
// left after the known ones is os.Root's refusal of a path that leads out: a
// link came into the way of it, so ELOOP has it looked at again.
func unnumbered(err error) error {
	var ours vfs.Errno
	switch {
	case errors.As(err, &ours):
		return ours
	case errors.Is(err, fs.ErrClosed), errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrExist),
		errors.Is(err, fs.ErrPermission), errors.Is(err, fs.ErrInvalid), errors.Is(err, errors.ErrUnsupported):
		return vfs.ToErrno(err)
	}
	return vfs.ELOOP
}
