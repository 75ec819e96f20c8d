package rootfs

import (
	"cmp"
	"io"
	"slices"
	"sync"
	"sync/atomic"

	"agentsandbox/vfs"
)

// file is an open file or directory.
type file struct {
	fs     *FS
	host   handle
	flag   vfs.Flag
	opened vfs.Info // as it was then

	closed atomic.Bool
	mu     sync.Mutex // held while listing, which has one position
}

// result turns what package os returns into what vfs.File does.
func result(n int, err error) (int, error) {
	if err == nil || err == io.EOF {
		return n, err
	}
	return n, errno(err)
}

// ReadAt reads; see vfs.File.
func (h *file) ReadAt(p []byte, off int64) (int, error) {
	switch {
	case h.closed.Load() || h.flag&vfs.Read == 0:
		return 0, vfs.EBADF
	case h.opened.IsDir():
		return 0, vfs.EISDIR
	case off < 0:
		return 0, vfs.EINVAL
	}
	n, err := result(h.host.ReadAt(p, off))
	if err == vfs.EINVAL && n == 0 {
		err = io.EOF // beyond what the host can have
	}
	return n, err
}

// WriteAt writes; see vfs.File.
func (h *file) WriteAt(p []byte, off int64) (int, error) {
	switch {
	case h.closed.Load() || h.flag&vfs.Write == 0:
		return 0, vfs.EBADF
	case off < 0:
		return 0, vfs.EINVAL
	}
	return result(h.host.WriteAt(p, off))
}

// Append writes at the end; see vfs.File. It is in one piece against all
// appends through the same FS, not against those of the host.
func (h *file) Append(p []byte) (int, error) {
	switch {
	case h.closed.Load() || h.flag&vfs.Write == 0:
		return 0, vfs.EBADF
	case len(p) == 0:
		return 0, nil
	}
	mu := &h.fs.appends[h.opened.Ino%uint64(len(h.fs.appends))]
	mu.Lock()
	defer mu.Unlock()
	info, err := h.host.stat()
	if err != nil {
		return 0, err
	}
	return result(h.host.WriteAt(p, info.Size))
}

// Truncate cuts or lengthens; EINVAL if not opened for writing, as on Linux.
func (h *file) Truncate(size int64) error {
	switch {
	case h.closed.Load():
		return vfs.EBADF
	case size < 0 || h.flag&vfs.Write == 0:
		return vfs.EINVAL
	}
	return errno(h.host.Truncate(size))
}

// Opened implements vfs.Recalls.
func (h *file) Opened() (vfs.Info, error) { return h.fs.show(h.opened), nil }

// Stat describes the open file; see vfs.File.
func (h *file) Stat() (vfs.Info, error) {
	info, err := h.host.stat()
	return h.fs.show(info), err
}

// Chtimes sets times; EPERM for a file that the host has linked.
func (h *file) Chtimes(atime, mtime int64) error {
	info, err := h.host.stat()
	switch {
	case err != nil:
		return err
	case h.fs.links.foreign(info):
		return vfs.EPERM
	}
	return errno(h.host.setTimes(atime, mtime))
}

// ReadDir lists; see vfs.File.
func (h *file) ReadDir() ([]vfs.DirEntry, error) {
	switch {
	case h.closed.Load():
		return nil, vfs.EBADF
	case !h.opened.IsDir():
		return nil, vfs.ENOTDIR
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	list, err := h.host.list()
	if err != nil {
		return nil, errno(err)
	}
	slices.SortFunc(list, func(a, b vfs.DirEntry) int { return cmp.Compare(a.Name, b.Name) })
	return list, nil
}

// Sync writes the data to the disk; see vfs.File.
func (h *file) Sync() error { return errno(h.host.Sync()) }

// Close closes; see vfs.File.
func (h *file) Close() error {
	if h.closed.Swap(true) {
		return vfs.EBADF
	}
	return errno(h.host.Close())
}
