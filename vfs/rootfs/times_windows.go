package rootfs

import (
	"os"

	"agentsandbox/vfs"

	"golang.org/x/sys/windows"
)

// setTimes sets the times of an open file.
func setTimes(h *os.File, atime, mtime int64) error {
	return onFd(h, func(fd uintptr) error {
		return windows.SetFileTime(windows.Handle(fd), nil, filetime(atime), filetime(mtime))
	})
}

func filetime(ns int64) *windows.Filetime {
	if ns == vfs.Omit {
		return nil
	}
	t := windows.NsecToFiletime(ns)
	return &t
}
