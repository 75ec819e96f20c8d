package rootfs

import (
	"os"
	"unsafe"

	"agentsandbox/vfs"

	"golang.org/x/sys/unix"
)

func timespec(ns int64) unix.Timespec {
	if ns == vfs.Omit {
		return unix.Timespec{Nsec: unix.UTIME_OMIT}
	}
	return unix.NsecToTimespec(ns)
}

// setTimesAt sets the times of a file by name, those of a link itself.
func setTimesAt(dir int, base string, atime, mtime int64) error {
	ts := []unix.Timespec{timespec(atime), timespec(mtime)}
	return unix.UtimesNanoAt(dir, base, ts, unix.AT_SYMLINK_NOFOLLOW)
}

// setTimes sets the times of an open file.
func setTimes(h *os.File, atime, mtime int64) error {
	return onFd(h, func(fd uintptr) error { return futimes(fd, atime, mtime) })
}

// futimes sets the times of an open file. Without a name utimensat acts on
// the descriptor; package unix has no function for that.
func futimes(fd uintptr, atime, mtime int64) error {
	ts := [2]unix.Timespec{timespec(atime), timespec(mtime)}
	_, _, e := unix.Syscall6(unix.SYS_UTIMENSAT, fd, 0, uintptr(unsafe.Pointer(&ts)), 0, 0, 0)
	if e != 0 {
		return e
	}
	return nil
}

// chtimesLink sets the times of a link itself.
func (d portableDir) chtimesLink(base string, atime, mtime int64) error {
	h, err := d.root.OpenFile(d.prefix+".", unix.O_DIRECTORY, 0)
	if err != nil {
		return errno(err)
	}
	defer h.Close()
	return onFd(h, func(fd uintptr) error { return setTimesAt(int(fd), base, atime, mtime) })
}
