//go:build !plan9

package rootfs

import (
	"errors"
	"syscall"

	"agentsandbox/vfs"
)

// errno turns an error of the host into ours, and nil into nil.
func errno(err error) error {
	if err == nil {
		return nil
	}
	var e syscall.Errno
	if !errors.As(err, &e) {
		return unnumbered(err)
	}
	if ours, ok := errnos[e]; ok {
		return ours
	}
	return vfs.EIO
}
