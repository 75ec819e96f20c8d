package rootfs

import (
	"bytes"
	"encoding/binary"
	"io/fs"
	"os"

	"agentsandbox/vfs"

	"golang.org/x/sys/unix"
)

// Offsets in the kernel's struct linux_dirent64.
const (
	direntLen  = 16
	direntType = 18
	direntName = 19
)

// readDir lists an open directory from its start. Package os would look at
// each file for the number of its inode; the kernel lists it anyway.
func readDir(h *os.File) (list []vfs.DirEntry, err error) {
	err = onFd(h, func(fd uintptr) (err error) {
		list, err = getdents(int(fd))
		return err
	})
	return list, err
}

func getdents(fd int) ([]vfs.DirEntry, error) {
	if _, err := unix.Seek(fd, 0, 0); err != nil {
		return nil, err
	}
	var list []vfs.DirEntry
	buf := make([]byte, 32<<10)
	for {
		n, err := retry(func() (int, error) { return unix.Getdents(fd, buf) })
		if err != nil || n <= 0 {
			return list, err
		}
		for rest := buf[:n]; len(rest) > direntName; {
			size := int(binary.NativeEndian.Uint16(rest[direntLen:]))
			if size <= direntName || size > len(rest) {
				return nil, unix.EIO
			}
			if e := dirent(rest[:size]); e.Name != "." && e.Name != ".." {
				list = append(list, e)
			}
			rest = rest[size:]
		}
	}
}

// dirent reads one entry of the kernel's.
func dirent(b []byte) vfs.DirEntry {
	name, _, _ := bytes.Cut(b[direntName:], []byte{0})
	return vfs.DirEntry{
		Name: string(name),
		Type: entryType(b[direntType]),
		Ino:  binary.NativeEndian.Uint64(b),
	}
}

// entryType translates a DT_ number, which is a type of stat's shifted down.
func entryType(t byte) fs.FileMode {
	if t == unix.DT_UNKNOWN {
		return fs.ModeIrregular
	}
	return fileType(uint32(t) << 12)
}
