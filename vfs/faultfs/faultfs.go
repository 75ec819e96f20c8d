// Package faultfs makes a file system fail where a test says so.
package faultfs

import (
	"io/fs"
	"sync"

	"agentsandbox/vfs"
)

// Fault is one planned failure.
type Fault struct {
	// Op is the method of vfs.FS or vfs.File that fails, as "Open" or
	// "WriteAt". "" is any of them.
	Op string
	// Call says which call of Op fails, counted from 1 over all files. 0 is
	// every one.
	Call int
	// Err is what it fails with.
	Err vfs.Errno
	// Half lets a WriteAt or Append write the first half of its data before it
	// fails, and a ReadAt read it.
	Half bool
}

// FS is a file system that fails as planned. It may be used from several
// goroutines.
type FS struct {
	inner  vfs.FS
	faults []Fault

	mu    sync.Mutex
	calls map[string]int // guarded by mu
}

var _ vfs.FS = (*FS)(nil)

// New returns inner with faults.
func New(inner vfs.FS, faults ...Fault) *FS {
	return &FS{inner: inner, faults: faults, calls: map[string]int{}}
}

// Calls returns how often a method was called; "" is all of them together.
func (f *FS) Calls(op string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls[op]
}

// called counts a call and returns the fault planned for it, or nil.
func (f *FS) called(op string) *Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls[op]++
	f.calls[""]++
	for i, p := range f.faults {
		if (p.Op == op || p.Op == "") && (p.Call == 0 || p.Call == f.calls[p.Op]) {
			return &f.faults[i]
		}
	}
	return nil
}

// or makes a call unless it is to fail.
func (f *FS) or(op string, do func() error) error {
	if p := f.called(op); p != nil {
		return p.Err
	}
	return do()
}

// Open opens a file whose calls are counted and fail, too.
func (f *FS) Open(name string, flag vfs.Flag, perm fs.FileMode) (vfs.File, error) {
	if p := f.called("Open"); p != nil {
		return nil, p.Err
	}
	h, err := f.inner.Open(name, flag, perm)
	if err != nil {
		return nil, err
	}
	return &file{h, f}, nil
}

// Lstat describes a file, or fails.
func (f *FS) Lstat(name string) (info vfs.Info, err error) {
	err = f.or("Lstat", func() error { info, err = f.inner.Lstat(name); return err })
	return info, err
}

// Mkdir makes a directory, or fails.
func (f *FS) Mkdir(name string, perm fs.FileMode) error {
	return f.or("Mkdir", func() error { return f.inner.Mkdir(name, perm) })
}

// Unlink removes a file, or fails.
func (f *FS) Unlink(name string) error {
	return f.or("Unlink", func() error { return f.inner.Unlink(name) })
}

// Rmdir removes a directory, or fails.
func (f *FS) Rmdir(name string) error {
	return f.or("Rmdir", func() error { return f.inner.Rmdir(name) })
}

// Rename moves a file, or fails.
func (f *FS) Rename(oldname, newname string) error {
	return f.or("Rename", func() error { return f.inner.Rename(oldname, newname) })
}

// Link makes a second name, or fails.
func (f *FS) Link(oldname, newname string) error {
	return f.or("Link", func() error { return f.inner.Link(oldname, newname) })
}

// Symlink makes a link, or fails.
func (f *FS) Symlink(target, newname string) error {
	return f.or("Symlink", func() error { return f.inner.Symlink(target, newname) })
}

// Readlink reads a link, or fails.
func (f *FS) Readlink(name string) (target string, err error) {
	err = f.or("Readlink", func() error { target, err = f.inner.Readlink(name); return err })
	return target, err
}

// Chmod sets permission bits, or fails.
func (f *FS) Chmod(name string, perm fs.FileMode) error {
	return f.or("Chmod", func() error { return f.inner.Chmod(name, perm) })
}

// Chtimes sets times, or fails.
func (f *FS) Chtimes(name string, atime, mtime int64) error {
	return f.or("Chtimes", func() error { return f.inner.Chtimes(name, atime, mtime) })
}
