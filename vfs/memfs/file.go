package memfs

import (
	"io"
	"io/fs"
	"math"

	"agentsandbox/vfs"
)

// opened is what all handles of one file share.
type opened struct {
	ino     uint64
	handles int
	orphan  *inode // the inode, once it has no name
}

// file is a handle.
type file struct {
	fs     *FS
	flag   vfs.Flag
	opened *opened // guarded by fs.mu, as is all below
	closed bool
}

// Open opens a file or directory; see vfs.FS. Truncate works without Write
// too, as on Linux.
func (f *FS) Open(name string, flag vfs.Flag, perm fs.FileMode) (vfs.File, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	n, err := f.find(name, flag)
	switch {
	case err == vfs.ENOENT && flag&vfs.Create != 0:
		n, err = f.create(name, flag, perm)
	case err == nil && flag&vfs.Truncate != 0:
		n = f.edit(n.ino)
		n.resize(f.mark, 0)
		n.changed(f.now())
	}
	if err != nil {
		return nil, err
	}
	return f.handle(n.ino, flag), nil
}

// find returns the file to be opened if it is there and flag allows it.
func (f *FS) find(name string, flag vfs.Flag) (*inode, error) {
	n, err := f.walk(name)
	switch {
	case err != nil:
		return nil, err
	case flag&vfs.Create != 0 && flag&vfs.Exclusive != 0:
		return nil, vfs.EEXIST
	case n.isLink():
		return nil, vfs.ELOOP
	case n.mode.IsDir() && flag&(vfs.Write|vfs.Create|vfs.Truncate) != 0:
		return nil, vfs.EISDIR
	case !n.mode.IsDir() && flag&vfs.Directory != 0:
		return nil, vfs.ENOTDIR
	}
	return n, nil
}

// create makes the regular file to be opened.
func (f *FS) create(name string, flag vfs.Flag, perm fs.FileMode) (*inode, error) {
	p, err := f.vacant(name)
	if err != nil {
		return nil, err
	}
	if flag&vfs.Directory != 0 {
		return nil, vfs.EINVAL
	}
	n := f.newInode(perm & keptBits)
	f.enter(p, n)
	return n, nil
}

func (f *FS) handle(ino uint64, flag vfs.Flag) *file {
	o := f.open[ino]
	if o == nil {
		o = &opened{ino: ino}
		if f.open == nil {
			f.open = make(map[uint64]*opened)
		}
		f.open[ino] = o
	}
	o.handles++
	return &file{fs: f, flag: flag, opened: o}
}

// node returns the inode to be read. The caller holds fs.mu.
func (h *file) node() (*inode, error) {
	switch {
	case h.closed:
		return nil, vfs.EBADF
	case h.opened.orphan != nil:
		return h.opened.orphan, nil
	}
	return h.fs.node(h.opened.ino), nil
}

// edit returns the inode to be changed. The caller holds fs.mu for writing.
func (h *file) edit() (*inode, error) {
	o := h.opened
	switch {
	case h.closed:
		return nil, vfs.EBADF
	case o.orphan == nil:
		return h.fs.edit(o.ino), nil
	case o.orphan.mark != h.fs.mark:
		o.orphan = o.orphan.clone(h.fs.mark)
	}
	return o.orphan, nil
}

// ReadAt reads; see vfs.File.
func (h *file) ReadAt(p []byte, off int64) (int, error) {
	h.fs.mu.RLock()
	defer h.fs.mu.RUnlock()
	n, err := h.node()
	switch {
	case err != nil:
		return 0, err
	case h.flag&vfs.Read == 0:
		return 0, vfs.EBADF
	case n.mode.IsDir():
		return 0, vfs.EISDIR
	case off < 0:
		return 0, vfs.EINVAL
	case len(p) == 0:
		return 0, nil
	case off >= n.size:
		return 0, io.EOF
	}
	got := int(min(int64(len(p)), n.size-off))
	n.read(p[:got], off)
	if got < len(p) {
		err = io.EOF
	}
	return got, err
}

// WriteAt writes; see vfs.File.
func (h *file) WriteAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, vfs.EINVAL
	}
	return h.write(p, func(*inode) int64 { return off })
}

// Append writes at the end; see vfs.File.
func (h *file) Append(p []byte) (int, error) {
	return h.write(p, func(n *inode) int64 { return n.size })
}

func (h *file) write(p []byte, where func(*inode) int64) (int, error) {
	h.fs.mu.Lock()
	defer h.fs.mu.Unlock()
	if h.flag&vfs.Write == 0 {
		return 0, vfs.EBADF
	}
	n, err := h.edit()
	if err != nil || len(p) == 0 {
		return 0, err
	}
	off := where(n)
	if off > math.MaxInt64-int64(len(p)) {
		return 0, vfs.EFBIG
	}
	n.write(h.fs.mark, p, off)
	n.changed(h.fs.now())
	return len(p), nil
}

// Truncate cuts or lengthens; EINVAL if not opened for writing, as on Linux.
func (h *file) Truncate(size int64) error {
	h.fs.mu.Lock()
	defer h.fs.mu.Unlock()
	n, err := h.edit()
	switch {
	case err != nil:
		return err
	case size < 0 || h.flag&vfs.Write == 0:
		return vfs.EINVAL
	}
	n.resize(h.fs.mark, size)
	n.changed(h.fs.now())
	return nil
}

// Stat describes the open file; see vfs.File.
func (h *file) Stat() (vfs.Info, error) {
	h.fs.mu.RLock()
	defer h.fs.mu.RUnlock()
	n, err := h.node()
	if err != nil {
		return vfs.Info{}, err
	}
	return n.info(h.fs.dev), nil
}

// Chtimes sets times; see vfs.File.
func (h *file) Chtimes(atime, mtime int64) error {
	h.fs.mu.Lock()
	defer h.fs.mu.Unlock()
	n, err := h.edit()
	if err != nil {
		return err
	}
	n.setTimes(atime, mtime, h.fs.now())
	return nil
}

// ReadDir lists; see vfs.File. A directory that was removed is ENOENT.
func (h *file) ReadDir() ([]vfs.DirEntry, error) {
	h.fs.mu.RLock()
	defer h.fs.mu.RUnlock()
	n, err := h.node()
	switch {
	case err != nil:
		return nil, err
	case !n.mode.IsDir():
		return nil, vfs.ENOTDIR
	case n.nlink == 0:
		return nil, vfs.ENOENT
	}
	list := make([]vfs.DirEntry, 0, n.names.len)
	for name, e := range n.names.all() {
		list = append(list, vfs.DirEntry{Name: name, Type: e.typ, Ino: e.ino})
	}
	return list, nil
}

// Sync does nothing: there is nowhere to write to.
func (h *file) Sync() error {
	h.fs.mu.RLock()
	defer h.fs.mu.RUnlock()
	_, err := h.node()
	return err
}

// Close gives the handle up; an orphan goes with its last one.
func (h *file) Close() error {
	h.fs.mu.Lock()
	defer h.fs.mu.Unlock()
	if h.closed {
		return vfs.EBADF
	}
	h.closed = true
	h.opened.handles--
	if h.opened.handles == 0 {
		delete(h.fs.open, h.opened.ino)
	}
	return nil
}
