package overlayfs

import (
	"io/fs"

	"agentsandbox/vfs"
)

// vacant returns the directory for a name that is not there yet, in the upper.
func (o *FS) vacant(name string) (*node, string, error) {
	if name == "." {
		return nil, "", vfs.EEXIST
	}
	dir, base, err := o.place(name)
	if err != nil {
		return nil, "", err
	}
	switch n, err := o.child(dir, base); {
	case err == nil:
		n.trim()
		return nil, "", vfs.EEXIST
	case vfs.ToErrno(err) != vfs.ENOENT:
		dir.trim()
		return nil, "", err
	}
	if err := o.copyUp(dir, false); err != nil {
		dir.trim()
		return nil, "", err
	}
	return dir, base, nil
}

// enter makes the node of what was just made in the upper.
func (o *FS) enter(dir *node, base string, info vfs.Info) *node {
	n := &node{mode: info.Mode.Type(), up: true, ino: upperIno(info.Ino), dev: o.dev}
	n.attach(dir, base)
	return n
}

// make runs an operation of the upper that makes name.
func (o *FS) make(name string, op func() error) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	dir, base, err := o.vacant(name)
	if err != nil {
		return err
	}
	if err := op(); err != nil {
		return err
	}
	info, err := o.upper.Lstat(name)
	if err == nil {
		o.enter(dir, base, info)
	}
	return err
}

// Mkdir makes a directory; see vfs.FS.
func (o *FS) Mkdir(name string, perm fs.FileMode) error {
	return o.make(name, func() error { return o.upper.Mkdir(name, perm) })
}

// Symlink makes a link; see vfs.FS.
func (o *FS) Symlink(target, newname string) error {
	return o.make(newname, func() error { return o.upper.Symlink(target, newname) })
}

// Unlink removes a file; see vfs.FS.
func (o *FS) Unlink(name string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	n, err := o.node(name)
	switch {
	case err != nil:
		return err
	case n.isDir():
		n.trim()
		return vfs.EISDIR
	}
	if n.up {
		if err := o.upper.Unlink(name); err != nil {
			return err
		}
	}
	n.detach()
	return nil
}

// Rmdir removes an empty directory; see vfs.FS.
func (o *FS) Rmdir(name string) error {
	if name == "." {
		return vfs.EBUSY
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	n, err := o.node(name)
	if err != nil {
		return err
	}
	defer n.trim()
	if !n.isDir() {
		return vfs.ENOTDIR
	}
	if err := o.empty(n); err != nil {
		return err
	}
	if n.up {
		if err := o.upper.Rmdir(name); err != nil {
			return err
		}
	}
	n.detach()
	return nil
}

// Link gives a file a second name; see vfs.FS. The file is copied up.
func (o *FS) Link(oldname, newname string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	n, err := o.node(oldname)
	if err != nil {
		return err
	}
	defer n.trim()
	dir, base, err := o.vacant(newname)
	switch {
	case err != nil:
		return err
	case n.isDir():
		return vfs.EPERM
	}
	if err := o.copyUp(n, false); err != nil {
		return err
	}
	if err := o.upper.Link(oldname, newname); err != nil {
		return err
	}
	twin := &node{mode: n.mode, up: true, ino: n.ino, dev: n.dev}
	twin.attach(dir, base)
	return nil
}

// Chmod sets permission bits; see vfs.FS.
func (o *FS) Chmod(name string, perm fs.FileMode) error {
	return o.change(name, func(n *node) error {
		if n.isLink() {
			return vfs.ELOOP
		}
		if err := o.copyUp(n, false); err != nil {
			return err
		}
		return o.upper.Chmod(name, perm)
	})
}

// Chtimes sets times; see vfs.FS.
func (o *FS) Chtimes(name string, atime, mtime int64) error {
	return o.change(name, func(n *node) error { return o.chtimes(n, atime, mtime) })
}

func (o *FS) chtimes(n *node, atime, mtime int64) error {
	if err := o.copyUp(n, false); err != nil {
		return err
	}
	return o.upper.Chtimes(n.path(), atime, mtime)
}

func (o *FS) change(name string, op func(n *node) error) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	n, err := o.node(name)
	if err != nil {
		return err
	}
	defer n.trim()
	return op(n)
}
