package overlayfs

import (
	"io/fs"
	"sync/atomic"

	"agentsandbox/vfs"
)

// Open opens a file or directory; see vfs.FS. A file is copied up when it is
// opened for writing.
func (o *FS) Open(name string, flag vfs.Flag, perm fs.FileMode) (vfs.File, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if flag&(vfs.Write|vfs.Create|vfs.Truncate) == 0 {
		if n, lower, err := o.find(name); err == nil && n == nil {
			return o.openLower(name, lower, flag)
		}
	}
	n, err := o.node(name)
	if vfs.ToErrno(err) == vfs.ENOENT && flag&vfs.Create != 0 {
		return o.create(name, flag, perm)
	}
	if err != nil {
		return nil, err
	}
	h, err := o.open(n, name, flag)
	if err != nil {
		n.trim()
		return nil, err
	}
	return h, nil
}

// openLower opens for reading what has no node. The lower finds out what there
// is, once.
func (o *FS) openLower(name, lower string, flag vfs.Flag) (vfs.File, error) {
	h, err := o.lower.Open(lower, flag, 0)
	if err != nil {
		return nil, err
	}
	info, err := vfs.Opened(h)
	if err != nil {
		h.Close()
		return nil, err
	}
	n := o.grow(name, info.Mode)
	if info.IsDir() {
		n.opens++
		return &dir{fs: o, node: n}, h.Close()
	}
	return o.handle(n, h), nil
}

func (o *FS) open(n *node, name string, flag vfs.Flag) (vfs.File, error) {
	changes := flag&(vfs.Write|vfs.Truncate) != 0
	switch {
	case flag&vfs.Create != 0 && flag&vfs.Exclusive != 0:
		return nil, vfs.EEXIST
	case n.isLink():
		return nil, vfs.ELOOP
	case n.isDir() && (changes || flag&vfs.Create != 0):
		return nil, vfs.EISDIR
	case n.isDir():
		n.opens++
		return &dir{fs: o, node: n}, nil
	case flag&vfs.Directory != 0:
		return nil, vfs.ENOTDIR
	}
	if changes {
		if err := o.copyUp(n, flag&vfs.Truncate != 0); err != nil {
			return nil, err
		}
	}
	layer, path := o.lower, n.lower
	if n.up {
		layer, path = o.upper, name
	}
	h, err := layer.Open(path, flag&^vfs.Create, 0)
	if err != nil {
		return nil, err
	}
	return o.handle(n, h), nil
}

// create makes a file in the upper.
func (o *FS) create(name string, flag vfs.Flag, perm fs.FileMode) (vfs.File, error) {
	if flag&vfs.Directory != 0 {
		return nil, vfs.EINVAL
	}
	dir, base, err := o.vacant(name)
	if err != nil {
		return nil, err
	}
	h, err := o.upper.Open(name, flag|vfs.Exclusive, perm)
	if err != nil {
		return nil, err
	}
	info, err := h.Stat()
	if err != nil {
		h.Close()
		return nil, err
	}
	return o.handle(o.enter(dir, base, info), h), nil
}

func (o *FS) handle(n *node, h vfs.File) *file {
	n.opens++
	return &file{fs: o, node: n, open: h, low: !n.up}
}

// file is an open file.
type file struct {
	fs     *FS
	node   *node
	open   vfs.File
	low    bool // open is the lower's
	closed atomic.Bool
}

// now returns what to read from: the copy, if the file was opened below and
// has been copied up since.
func (h *file) now() (f vfs.File, low bool) {
	if h.low {
		if s := h.node.shared.Load(); s != nil {
			return s.File, false
		}
	}
	return h.open, h.low
}

// ReadAt reads; see vfs.File.
func (h *file) ReadAt(p []byte, off int64) (int, error) {
	if h.closed.Load() {
		return 0, vfs.EBADF
	}
	f, _ := h.now()
	return f.ReadAt(p, off)
}

// WriteAt writes to the file that was opened, which is up if it is open for
// writing; see vfs.File.
func (h *file) WriteAt(p []byte, off int64) (int, error) { return h.open.WriteAt(p, off) }

// Append writes to the file that was opened; see vfs.File.
func (h *file) Append(p []byte) (int, error) { return h.open.Append(p) }

// Truncate cuts the file that was opened; see vfs.File.
func (h *file) Truncate(size int64) error { return h.open.Truncate(size) }

// Sync flushes the file that was opened.
func (h *file) Sync() error { return h.open.Sync() }

// ReadDir is refused by the file that was opened.
func (h *file) ReadDir() ([]vfs.DirEntry, error) { return h.open.ReadDir() }

// Opened implements vfs.Recalls for what the lower opened.
func (h *file) Opened() (vfs.Info, error) {
	if !h.low {
		return h.Stat()
	}
	info, err := vfs.Opened(h.open)
	return fromLower(info), err
}

// Stat describes the open file; see vfs.File.
func (h *file) Stat() (vfs.Info, error) {
	if h.closed.Load() {
		return vfs.Info{}, vfs.EBADF
	}
	f, low := h.now()
	info, err := f.Stat()
	if low {
		return fromLower(info), err
	}
	return h.node.show(info), err
}

// Chtimes sets times; see vfs.File. That of a file which is only in the lower,
// where it has no name any more, is EROFS.
func (h *file) Chtimes(atime, mtime int64) error {
	if h.closed.Load() {
		return vfs.EBADF
	}
	h.fs.mu.Lock()
	defer h.fs.mu.Unlock()
	f, low := h.now()
	switch {
	case !low:
		return f.Chtimes(atime, mtime)
	case h.fs.gone(h.node):
		return vfs.EROFS
	}
	return h.fs.chtimes(h.node, atime, mtime)
}

// Close closes; see vfs.File.
func (h *file) Close() error {
	if h.closed.Swap(true) {
		return vfs.EBADF
	}
	h.fs.mu.Lock()
	defer h.fs.mu.Unlock()
	h.node.close()
	return h.open.Close()
}

// close gives one handle of a node up.
func (n *node) close() {
	n.opens--
	if n.opens == 0 {
		if s := n.shared.Swap(nil); s != nil {
			s.Close()
		}
	}
	n.trim()
}

// dir is an open directory. It lists what is there when it is asked.
type dir struct {
	fs     *FS
	node   *node
	closed atomic.Bool
}

func (h *dir) state(open error) error {
	if h.closed.Load() {
		return vfs.EBADF
	}
	return open
}

// ReadAt is refused: this is a directory.
func (h *dir) ReadAt([]byte, int64) (int, error) { return 0, h.state(vfs.EISDIR) }

// WriteAt is refused: a directory is never open for writing.
func (h *dir) WriteAt([]byte, int64) (int, error) { return 0, vfs.EBADF }

// Append is refused: a directory is never open for writing.
func (h *dir) Append([]byte) (int, error) { return 0, vfs.EBADF }

// Truncate is refused: a directory has no length to set.
func (h *dir) Truncate(int64) error { return h.state(vfs.EINVAL) }

// Sync has nothing to do.
func (h *dir) Sync() error { return h.state(nil) }

// ReadDir lists; see vfs.File. A directory that was removed is ENOENT.
func (h *dir) ReadDir() ([]vfs.DirEntry, error) {
	h.fs.mu.RLock()
	defer h.fs.mu.RUnlock()
	switch {
	case h.closed.Load():
		return nil, vfs.EBADF
	case h.fs.gone(h.node):
		return nil, vfs.ENOENT
	}
	return h.fs.list(h.node)
}

// Stat describes the open directory; see vfs.File.
func (h *dir) Stat() (vfs.Info, error) {
	h.fs.mu.RLock()
	defer h.fs.mu.RUnlock()
	switch {
	case h.closed.Load():
		return vfs.Info{}, vfs.EBADF
	case h.fs.gone(h.node):
		return vfs.Info{Mode: fs.ModeDir | 0o755, Ino: h.node.ino, Dev: h.node.dev}, nil
	}
	return h.fs.info(h.node)
}

// Chtimes sets times; see vfs.File.
func (h *dir) Chtimes(atime, mtime int64) error {
	h.fs.mu.Lock()
	defer h.fs.mu.Unlock()
	switch {
	case h.closed.Load():
		return vfs.EBADF
	case h.fs.gone(h.node):
		return vfs.ENOENT
	}
	return h.fs.chtimes(h.node, atime, mtime)
}

// Close closes; see vfs.File.
func (h *dir) Close() error {
	if h.closed.Swap(true) {
		return vfs.EBADF
	}
	h.fs.mu.Lock()
	defer h.fs.mu.Unlock()
	h.node.close()
	return nil
}
