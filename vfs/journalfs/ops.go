package journalfs

import (
	"io/fs"

	"agentsandbox/vfs"
)

// Open opens a file; see vfs.FS.
func (f *FS) Open(name string, flag vfs.Flag, perm fs.FileMode) (vfs.File, error) {
	if flag&(vfs.Write|vfs.Create|vfs.Truncate) == 0 {
		return f.FS.Open(name, flag, perm)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	h, made, err := f.open(name, flag, perm)
	if err != nil {
		return nil, err
	}
	switch {
	case made:
		f.created(name, false)
	case flag&vfs.Truncate != 0:
		f.noteLocked(f.object(name))
	}
	o := f.object(name)
	if flag&vfs.Write == 0 {
		f.release(o)
		return h, nil
	}
	o.handles++
	return &file{File: h, fs: f, object: o}, nil
}

// open opens a file and says whether it was made for it. That is known for
// certain only of one that is made exclusively.
func (f *FS) open(name string, flag vfs.Flag, perm fs.FileMode) (h vfs.File, made bool, err error) {
	if flag&(vfs.Create|vfs.Exclusive) != vfs.Create {
		h, err = f.FS.Open(name, flag, perm)
		return h, flag&vfs.Create != 0, err
	}
	const tries = 8 // beside whoever changes the inner file system behind our back
	for range tries {
		h, err = f.FS.Open(name, flag&^vfs.Create, perm)
		switch {
		case err == nil && flag&vfs.Write == 0:
			return notDir(h)
		case vfs.ToErrno(err) != vfs.ENOENT:
			return h, false, err
		}
		h, err = f.FS.Open(name, flag|vfs.Exclusive, perm)
		if vfs.ToErrno(err) != vfs.EEXIST {
			return h, true, err
		}
	}
	return nil, false, err
}

// notDir refuses a directory, which nothing that would create opens.
func notDir(h vfs.File) (vfs.File, bool, error) {
	info, err := h.Stat()
	if err == nil && info.IsDir() {
		err = vfs.EISDIR
	}
	if err != nil {
		h.Close()
		return nil, false, err
	}
	return h, false, nil
}

// change runs an operation on names and notes what it did if it succeeded.
func (f *FS) change(op func() error, note func()) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	err := op()
	if err == nil {
		note()
	}
	return err
}

// Mkdir makes a directory; see vfs.FS.
func (f *FS) Mkdir(name string, perm fs.FileMode) error {
	return f.change(func() error { return f.FS.Mkdir(name, perm) }, func() { f.created(name, true) })
}

// Symlink makes a link; see vfs.FS.
func (f *FS) Symlink(target, newname string) error {
	return f.change(func() error { return f.FS.Symlink(target, newname) }, func() { f.created(newname, false) })
}

// Unlink removes a file; see vfs.FS.
func (f *FS) Unlink(name string) error {
	return f.change(func() error { return f.FS.Unlink(name) }, func() {
		f.deleted(name, false)
		f.unlink(name)
	})
}

// Rmdir removes an empty directory; see vfs.FS.
func (f *FS) Rmdir(name string) error {
	return f.change(func() error { return f.FS.Rmdir(name) }, func() { f.deleted(name, true) })
}

// Link gives a file a second name; see vfs.FS.
func (f *FS) Link(oldname, newname string) error {
	return f.change(func() error { return f.FS.Link(oldname, newname) }, func() {
		f.created(newname, false)
		f.link(oldname, newname)
	})
}

// Chmod sets permission bits; see vfs.FS.
func (f *FS) Chmod(name string, perm fs.FileMode) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	before, err := f.FS.Lstat(name)
	if err != nil {
		return err
	}
	if err := f.FS.Chmod(name, perm); err != nil {
		return err
	}
	switch after, err := f.FS.Lstat(name); {
	case err == nil && after.Mode == before.Mode:
	case f.objects[name] != nil:
		f.noteLocked(f.objects[name])
	default:
		f.modified(name, before.IsDir())
	}
	return nil
}

// Rename moves a file or a directory; see vfs.FS.
func (f *FS) Rename(oldname, newname string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	target, missing := f.FS.Lstat(newname)
	if err := f.FS.Rename(oldname, newname); err != nil || oldname == newname {
		return err
	}
	if missing == nil && target.Nlink > 1 && !target.IsDir() {
		// Two names of one file: POSIX leaves both.
		if _, err := f.FS.Lstat(oldname); err == nil {
			return nil
		}
	}
	info, err := f.FS.Lstat(newname)
	dir := err == nil && info.IsDir()
	f.moved(oldname, newname, dir, missing != nil)
	f.rename(oldname, newname)
	if dir {
		f.movedBelow(oldname, newname)
	}
	return nil
}
