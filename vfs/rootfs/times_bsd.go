//go:build darwin || freebsd || netbsd || openbsd || dragonfly

package rootfs

import (
	"os"
	"syscall"

	"agentsandbox/vfs"
)

// setTimes sets the times of an open file, to the microsecond.
func setTimes(h *os.File, atime, mtime int64) error {
	now, err := stat(h)
	if err != nil {
		return err
	}
	if atime == vfs.Omit {
		atime = now.Atime
	}
	if mtime == vfs.Omit {
		mtime = now.Mtime
	}
	tv := []syscall.Timeval{syscall.NsecToTimeval(atime), syscall.NsecToTimeval(mtime)}
	return onFd(h, func(fd uintptr) error { return syscall.Futimes(int(fd), tv) })
}
