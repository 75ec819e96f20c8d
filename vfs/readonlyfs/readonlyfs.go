// Package readonlyfs makes a file system read-only: every change fails with
// EROFS, as on a read-only mount of Linux.
package readonlyfs

import (
	"io/fs"
	"strings"

	"agentsandbox/vfs"
)

// FS is a file system that cannot be changed through it. It may be used from
// several goroutines.
type FS struct{ vfs.FS }

var _ vfs.FS = FS{}

// New returns inner, but read-only.
func New(inner vfs.FS) FS { return FS{inner} }

// Open opens a file to be read.
func (r FS) Open(name string, flag vfs.Flag, perm fs.FileMode) (vfs.File, error) {
	info, err := r.FS.Lstat(name)
	switch {
	case vfs.ToErrno(err) == vfs.ENOENT && flag&vfs.Create != 0:
		return nil, r.refuseNew(name)
	case err != nil:
		return nil, err
	case info.Mode.IsRegular() && flag&vfs.Directory == 0 && flag&(vfs.Write|vfs.Truncate) != 0:
		if flag&vfs.Create != 0 && flag&vfs.Exclusive != 0 {
			return nil, vfs.EEXIST
		}
		return nil, vfs.EROFS
	}
	f, err := r.FS.Open(name, flag, perm)
	if err != nil {
		return nil, err
	}
	return file{f}, nil
}

// refuseNew is the error for a name to be made: that it is taken, or that its
// directory is not there, comes before EROFS.
func (r FS) refuseNew(name string) error {
	if _, err := r.FS.Lstat(name); err == nil {
		return vfs.EEXIST
	} else if vfs.ToErrno(err) != vfs.ENOENT {
		return err
	}
	return r.refuseIn(name)
}

// refuseIn is the error for a change of the directory that a name is in.
func (r FS) refuseIn(name string) error {
	dir := "."
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		dir = name[:i]
	}
	info, err := r.FS.Lstat(dir)
	switch {
	case err != nil:
		return err
	case info.Mode&fs.ModeSymlink != 0:
		return vfs.ELOOP
	case !info.IsDir():
		return vfs.ENOTDIR
	}
	return vfs.EROFS
}

// refuse is the error for a change of what a name leads to.
func (r FS) refuse(name string) error {
	if _, err := r.FS.Lstat(name); err != nil {
		return err
	}
	return vfs.EROFS
}

// Mkdir fails.
func (r FS) Mkdir(name string, _ fs.FileMode) error { return r.refuseNew(name) }

// Unlink fails.
func (r FS) Unlink(name string) error { return r.refuseIn(name) }

// Rmdir fails.
func (r FS) Rmdir(name string) error { return r.refuseIn(name) }

// Rename fails.
func (r FS) Rename(oldname, newname string) error {
	if err := r.refuseIn(oldname); err != vfs.EROFS {
		return err
	}
	return r.refuseIn(newname)
}

// Link fails.
func (r FS) Link(oldname, newname string) error {
	if err := r.refuse(oldname); err != vfs.EROFS {
		return err
	}
	return r.refuseNew(newname)
}

// Symlink fails.
func (r FS) Symlink(_, newname string) error { return r.refuseNew(newname) }

// Chmod fails.
func (r FS) Chmod(name string, _ fs.FileMode) error {
	info, err := r.FS.Lstat(name)
	switch {
	case err != nil:
		return err
	case info.Mode&fs.ModeSymlink != 0:
		return vfs.ELOOP
	}
	return vfs.EROFS
}

// Chtimes fails, unless it is asked to leave both times as they are.
func (r FS) Chtimes(name string, atime, mtime int64) error {
	err := r.refuse(name)
	if err == vfs.EROFS {
		return refuseTimes(atime, mtime)
	}
	return err
}

func refuseTimes(atime, mtime int64) error {
	if atime == vfs.Omit && mtime == vfs.Omit {
		return nil
	}
	return vfs.EROFS
}

// file is a handle that changes nothing.
type file struct{ vfs.File }

// WriteAt is refused: the handle is never open for writing.
func (file) WriteAt([]byte, int64) (int, error) { return 0, vfs.EBADF }

// Append is refused: the handle is never open for writing.
func (file) Append([]byte) (int, error) { return 0, vfs.EBADF }

// Truncate is refused: the handle is never open for writing.
func (file) Truncate(int64) error { return vfs.EINVAL }

// Chtimes is refused, unless it would set nothing.
func (file) Chtimes(atime, mtime int64) error { return refuseTimes(atime, mtime) }
