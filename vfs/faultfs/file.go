package faultfs

import "agentsandbox/vfs"

// file is a handle that fails as planned.
type file struct {
	inner vfs.File
	fs    *FS
}

// move makes a call that moves data, or half of it, or none.
func (h *file) move(op string, p []byte, do func([]byte) (int, error)) (int, error) {
	fault := h.fs.called(op)
	switch {
	case fault == nil:
		return do(p)
	case !fault.Half:
		return 0, fault.Err
	}
	n, err := do(p[:len(p)/2])
	if err == nil {
		err = fault.Err
	}
	return n, err
}

// ReadAt is the inner ReadAt, unless the plan fails this call.
func (h *file) ReadAt(p []byte, off int64) (int, error) {
	return h.move("ReadAt", p, func(p []byte) (int, error) { return h.inner.ReadAt(p, off) })
}

// WriteAt is the inner WriteAt, unless the plan fails this call.
func (h *file) WriteAt(p []byte, off int64) (int, error) {
	return h.move("WriteAt", p, func(p []byte) (int, error) { return h.inner.WriteAt(p, off) })
}

// Append is the inner Append, unless the plan fails this call.
func (h *file) Append(p []byte) (int, error) { return h.move("Append", p, h.inner.Append) }

// Truncate is the inner Truncate, unless the plan fails this call.
func (h *file) Truncate(size int64) error {
	return h.fs.or("Truncate", func() error { return h.inner.Truncate(size) })
}

// Stat is the inner Stat, unless the plan fails this call.
func (h *file) Stat() (info vfs.Info, err error) {
	err = h.fs.or("Stat", func() error { info, err = h.inner.Stat(); return err })
	return info, err
}

// Chtimes is the inner Chtimes, unless the plan fails this call.
func (h *file) Chtimes(atime, mtime int64) error {
	return h.fs.or("Chtimes", func() error { return h.inner.Chtimes(atime, mtime) })
}

// ReadDir is the inner ReadDir, unless the plan fails this call.
func (h *file) ReadDir() (list []vfs.DirEntry, err error) {
	err = h.fs.or("ReadDir", func() error { list, err = h.inner.ReadDir(); return err })
	return list, err
}

// Sync is the inner Sync, unless the plan fails this call.
func (h *file) Sync() error { return h.fs.or("Sync", h.inner.Sync) }

// Close closes the handle in any case, and then may say that it failed.
func (h *file) Close() error {
	err := h.inner.Close()
	if p := h.fs.called("Close"); p != nil {
		return p.Err
	}
	return err
}
