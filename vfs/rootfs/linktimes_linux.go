package rootfs

import (
	"golang.org/x/sys/unix"
)

// chtimesLink sets the times of a link itself.
func (d portableDir) chtimesLink(base string, atime, mtime int64) error {
	h, err := d.root.OpenFile(d.prefix+".", unix.O_DIRECTORY, 0)
	if err != nil {
		return errno(err)
	}
	defer h.Close()
	return onFd(h, func(fd uintptr) error { return setTimesAt(int(fd), base, atime, mtime) })
}
