package rootfs

import (
	"io/fs"
	"os"

	"agentsandbox/vfs"
)

// shown are the bits of a mode that a guest sees.
const shown = fs.ModeType | fs.ModePerm

// stat describes an open file.
func stat(h *os.File) (vfs.Info, error) {
	info, err := h.Stat()
	if err != nil {
		return vfs.Info{}, errno(err)
	}
	v := describe(info)
	identify(h, &v)
	return v, nil
}

// describe describes a file as far as the system can without opening it.
func describe(fi fs.FileInfo) vfs.Info {
	mtime := fi.ModTime().UnixNano()
	info := vfs.Info{
		Mode: fi.Mode() & shown, Size: fi.Size(), Nlink: 1,
		Atime: mtime, Mtime: mtime, Ctime: mtime,
	}
	fillSys(fi.Sys(), &info)
	return info
}

// listed makes an entry of what package os lists. The number of the inode is 0
// where it is not known.
func listed(e fs.DirEntry) vfs.DirEntry {
	entry := vfs.DirEntry{Name: e.Name(), Type: e.Type()}
	if fi, err := e.Info(); err == nil {
		entry.Ino = describe(fi).Ino
	}
	return entry
}

// list lists an open directory from its start, by what package os can do.
func list(h *os.File) ([]vfs.DirEntry, error) {
	if _, err := h.Seek(0, 0); err != nil {
		return nil, err
	}
	found, err := h.ReadDir(-1)
	if err != nil {
		return nil, err
	}
	entries := make([]vfs.DirEntry, len(found))
	for i, e := range found {
		entries[i] = listed(e)
	}
	return entries, nil
}
