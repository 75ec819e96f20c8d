package quotafs

import (
	"io/fs"
	"math"

	"agentsandbox/vfs"
)

// Open opens a file. One that it makes needs room; one that it cuts makes some.
func (q *FS) Open(name string, flag vfs.Flag, perm fs.FileMode) (vfs.File, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	var before vfs.Info
	missing := false
	if flag&(vfs.Create|vfs.Truncate) != 0 {
		var err error
		before, err = q.FS.Lstat(name)
		missing = vfs.ToErrno(err) == vfs.ENOENT
	}
	if missing && flag&vfs.Create != 0 {
		if err := q.fits(0); err != nil {
			return nil, q.whyNot(name, err)
		}
	}
	f, err := q.FS.Open(name, flag, perm)
	if err != nil {
		return nil, err
	}
	after, err := vfs.Opened(f)
	if err != nil {
		f.Close()
		return nil, err
	}
	switch {
	case missing:
		q.add(size(after), 1)
	case flag&vfs.Truncate != 0:
		q.add(size(after)-size(before), 0)
	}
	return &file{File: f, flag: flag, q: q, id: id(after), opened: q.share(id(after))}, nil
}

// share counts one more handle on a file.
func (q *FS) share(id fileID) *opened {
	o := q.open[id]
	if o == nil {
		o = &opened{}
		q.open[id] = o
	}
	o.handles++
	return o
}

// file is a handle that charges what it adds.
type file struct {
	vfs.File
	flag   vfs.Flag
	q      *FS
	id     fileID
	opened *opened // guarded by q.mu, as is all below
	closed bool
}

// Opened implements vfs.Recalls.
func (f *file) Opened() (vfs.Info, error) { return vfs.Opened(f.File) }

// WriteAt writes what there is room for.
func (f *file) WriteAt(p []byte, off int64) (int, error) {
	if off < 0 || off > math.MaxInt64-int64(len(p)) {
		return f.File.WriteAt(p, off)
	}
	f.q.mu.Lock()
	defer f.q.mu.Unlock()
	return f.write(p, func(int64) int64 { return off }, f.File.WriteAt)
}

// Append writes what there is room for at the end.
func (f *file) Append(p []byte) (int, error) {
	f.q.mu.Lock()
	defer f.q.mu.Unlock()
	end := func(size int64) int64 { return size }
	return f.write(p, end, func(p []byte, _ int64) (int, error) { return f.File.Append(p) })
}

// write writes at the place that follows from the size, and charges growth.
func (f *file) write(p []byte, where func(size int64) int64, do func([]byte, int64) (int, error)) (int, error) {
	before, err := f.File.Stat()
	if err != nil || f.flag&vfs.Write == 0 {
		return do(p, 0) // the inner file says why not
	}
	off := where(before.Size)
	fits := f.q.fitting(int64(len(p)), off, before.Size)
	if fits == 0 && len(p) > 0 {
		return 0, vfs.ENOSPC
	}
	n, err := do(p[:fits], off)
	if n > 0 {
		f.changed(max(0, off+int64(n)-before.Size))
	}
	if err == nil && n < len(p) {
		err = vfs.ENOSPC
	}
	return n, err
}

// fitting is how many of n bytes there is room for at off in a file of a size.
func (q *FS) fitting(n, off, size int64) int64 {
	room := q.room()
	if off+n-size <= room {
		return n
	}
	return max(0, room-(off-size))
}

// changed charges a change of size.
func (f *file) changed(by int64) {
	f.q.add(by, 0)
	if f.opened.orphan {
		f.opened.size += by
	}
}

// Truncate sets the size, if there is room.
func (f *file) Truncate(size int64) error {
	f.q.mu.Lock()
	defer f.q.mu.Unlock()
	before, err := f.File.Stat()
	if err != nil || size < 0 || f.flag&vfs.Write == 0 {
		return f.File.Truncate(size)
	}
	if size-before.Size > f.q.room() {
		return vfs.ENOSPC
	}
	if err := f.File.Truncate(size); err != nil {
		return err
	}
	f.changed(size - before.Size)
	return nil
}

// Close closes the handle. The last one of a file without a name frees it.
func (f *file) Close() error {
	f.q.mu.Lock()
	defer f.q.mu.Unlock()
	err := f.File.Close()
	if f.closed {
		return err
	}
	f.closed = true
	f.opened.handles--
	if f.opened.handles == 0 {
		delete(f.q.open, f.id)
		f.q.add(-f.opened.size, 0)
	}
	return err
}
