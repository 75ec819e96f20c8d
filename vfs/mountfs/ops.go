package mountfs

import (
	"io/fs"

	"agentsandbox/vfs"
)

// Lstat describes a file; see vfs.FS.
func (f *FS) Lstat(name string) (vfs.Info, error) {
	t := f.table.Load()
	m, rel := t.find(name)
	info, err := m.fs.Lstat(rel)
	switch {
	case err == nil:
		return m.show(info), nil
	case vfs.ToErrno(err) != vfs.ENOENT:
		return info, err
	}
	if top := t.at(name); top != nil {
		info, err = wayside(name, top)
	}
	return m.show(info), err
}

// Open opens a file or directory; see vfs.FS.
func (f *FS) Open(name string, flag vfs.Flag, perm fs.FileMode) (vfs.File, error) {
	t := f.table.Load()
	m, rel := t.find(name)
	if flag&vfs.Create != 0 && rel != "." && t.pinned(name) {
		if flag&vfs.Exclusive != 0 {
			return nil, vfs.EEXIST
		}
		return nil, vfs.EISDIR
	}
	h, err := m.fs.Open(rel, flag, perm)
	over := t.over[name]
	switch {
	case err == nil && over == nil:
		return wrap(h, m), nil
	case err == nil:
		return &dir{file: file{h, m}, over: over}, nil
	case over == nil && flag&vfs.Create != 0:
		return nil, t.missing(name, err)
	case over == nil || vfs.ToErrno(err) != vfs.ENOENT:
		return nil, err
	case flag&(vfs.Write|vfs.Truncate) != 0:
		return nil, vfs.EISDIR
	}
	info, err := wayside(name, over[0].top)
	if err != nil {
		return nil, err
	}
	return &dir{file: file{&way{info: info}, m}, over: over}, nil
}

// missing turns the ENOENT of making a file in a directory that is only the
// way to a mount point into EROFS.
func (t *table) missing(name string, err error) error {
	if vfs.ToErrno(err) != vfs.ENOENT {
		return err
	}
	dir, _ := split(name)
	if t.over[dir] == nil || dir == "." {
		return err
	}
	m, rel := t.find(dir)
	if _, e := m.fs.Lstat(rel); vfs.ToErrno(e) == vfs.ENOENT {
		return vfs.EROFS
	}
	return err
}

// make runs an operation that makes name.
func (f *FS) make(name string, op func(fsys vfs.FS, rel string) error) error {
	t := f.table.Load()
	m, rel := t.find(name)
	if rel == "." || t.pinned(name) {
		return vfs.EEXIST
	}
	return t.missing(name, op(m.fs, rel))
}

// Mkdir makes a directory; see vfs.FS.
func (f *FS) Mkdir(name string, perm fs.FileMode) error {
	return f.make(name, func(fsys vfs.FS, rel string) error { return fsys.Mkdir(rel, perm) })
}

// Symlink makes a link; see vfs.FS.
func (f *FS) Symlink(target, newname string) error {
	return f.make(newname, func(fsys vfs.FS, rel string) error { return fsys.Symlink(target, rel) })
}

// Unlink removes a file; see vfs.FS.
func (f *FS) Unlink(name string) error {
	t := f.table.Load()
	m, rel := t.find(name)
	if rel == "." || t.pinned(name) {
		return vfs.EISDIR
	}
	return m.fs.Unlink(rel)
}

// Rmdir removes an empty directory; EBUSY for a mount point and for what leads
// to one.
func (f *FS) Rmdir(name string) error {
	t := f.table.Load()
	m, rel := t.find(name)
	if rel == "." || t.pinned(name) {
		return vfs.EBUSY
	}
	return m.fs.Rmdir(rel)
}

// Rename moves a file; EXDEV from one mount to another, EBUSY for a mount
// point and for what leads to one.
func (f *FS) Rename(oldname, newname string) error {
	t := f.table.Load()
	if oldname == "." || newname == "." {
		return vfs.EBUSY
	}
	from, oldrel := t.holder(oldname)
	to, newrel := t.holder(newname)
	switch {
	case from != to:
		return vfs.EXDEV
	case t.pinned(oldname) || t.pinned(newname):
		return vfs.EBUSY
	}
	return t.missing(newname, from.fs.Rename(oldrel, newrel))
}

// Link gives a file a second name; EXDEV from one mount to another.
func (f *FS) Link(oldname, newname string) error {
	t := f.table.Load()
	from, oldrel := t.find(oldname)
	return f.make(newname, func(fsys vfs.FS, rel string) error {
		if to, _ := t.find(newname); to != from {
			return vfs.EXDEV
		}
		return fsys.Link(oldrel, rel)
	})
}

// Readlink returns the text of a link; see vfs.FS.
func (f *FS) Readlink(name string) (string, error) {
	m, rel := f.table.Load().find(name)
	return m.fs.Readlink(rel)
}

// Chmod sets permission bits; see vfs.FS.
func (f *FS) Chmod(name string, perm fs.FileMode) error {
	return f.change(name, func(fsys vfs.FS, rel string) error { return fsys.Chmod(rel, perm) })
}

// Chtimes sets times; see vfs.FS.
func (f *FS) Chtimes(name string, atime, mtime int64) error {
	return f.change(name, func(fsys vfs.FS, rel string) error { return fsys.Chtimes(rel, atime, mtime) })
}

// change runs an operation that changes what name describes.
func (f *FS) change(name string, op func(fsys vfs.FS, rel string) error) error {
	t := f.table.Load()
	m, rel := t.find(name)
	err := op(m.fs, rel)
	if vfs.ToErrno(err) == vfs.ENOENT && t.pinned(name) {
		return vfs.EROFS
	}
	return err
}
