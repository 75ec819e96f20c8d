package mountfs

import (
	"io/fs"
	"slices"
	"strings"
	"sync/atomic"

	"agentsandbox/vfs"
)

// file is an open file that says which mount it is of.
type file struct {
	vfs.File
	mount *mount
}

// Opened implements vfs.Recalls.
func (h *file) Opened() (vfs.Info, error) {
	info, err := vfs.Opened(h.File)
	return h.mount.show(info), err
}

// Stat describes the open file; see vfs.File.
func (h *file) Stat() (vfs.Info, error) {
	info, err := h.File.Stat()
	return h.mount.show(info), err
}

// wrap makes a file the tree's own. One that stands for a descriptor goes
// through as it is, for its user to know it by.
func wrap(h vfs.File, m *mount) vfs.File {
	if _, ok := h.(interface{ Stdio() int }); ok {
		return h
	}
	return &file{h, m}
}

// dir is an open directory with mount points in it or further down.
type dir struct {
	file
	over []branch
}

// ReadDir lists the directory and all that leads to a mount point; see
// vfs.File.
func (d *dir) ReadDir() ([]vfs.DirEntry, error) {
	list, err := d.File.ReadDir()
	if err != nil {
		return nil, err
	}
	for _, b := range d.over {
		i, found := slices.BinarySearchFunc(list, b.name, func(e vfs.DirEntry, name string) int {
			return strings.Compare(e.Name, name)
		})
		switch {
		case !found:
			list = slices.Insert(list, i, vfs.DirEntry{Name: b.name, Type: fs.ModeDir, Ino: b.ino()})
		case b.path == b.top.name:
			list[i] = vfs.DirEntry{Name: b.name, Type: fs.ModeDir, Ino: b.ino()}
		}
	}
	return list, nil
}

// ino is the inode number that Lstat shows where the file system below has
// none to show; 0 if it cannot be known.
func (b branch) ino() uint64 {
	if b.path != b.top.name {
		return hash(b.path)
	}
	info, _ := b.top.fs.Lstat(".")
	return info.Ino
}

// way is an open directory that is only the way to a mount point.
type way struct {
	info   vfs.Info
	closed atomic.Bool
}

func (h *way) state(open error) error {
	if h.closed.Load() {
		return vfs.EBADF
	}
	return open
}

// ReadAt is refused: a way to a mount is a directory.
func (h *way) ReadAt([]byte, int64) (int, error) { return 0, h.state(vfs.EISDIR) }

// WriteAt is refused: a directory is never open for writing.
func (h *way) WriteAt([]byte, int64) (int, error) { return 0, vfs.EBADF }

// Append is refused: a directory is never open for writing.
func (h *way) Append([]byte) (int, error) { return 0, vfs.EBADF }

// Truncate is refused: a directory has no length to set.
func (h *way) Truncate(int64) error { return h.state(vfs.EINVAL) }

// Stat describes the way as it was when it was opened.
func (h *way) Stat() (vfs.Info, error) { return h.info, h.state(nil) }

// Chtimes is refused: nobody owns a way.
func (h *way) Chtimes(int64, int64) error { return h.state(vfs.EROFS) }

// ReadDir lists nothing: the names of mounts are added above.
func (h *way) ReadDir() ([]vfs.DirEntry, error) { return nil, h.state(nil) }

// Sync has nothing to do.
func (h *way) Sync() error { return h.state(nil) }

// Close ends the handle.
func (h *way) Close() error {
	if h.closed.Swap(true) {
		return vfs.EBADF
	}
	return nil
}
