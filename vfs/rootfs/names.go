package rootfs

import (
	"io/fs"
	"strings"

	"agentsandbox/vfs"
)

// Lstat describes a file; see vfs.FS.
func (f *FS) Lstat(name string) (vfs.Info, error) {
	var info vfs.Info
	err := f.at(name, false, func(d dir, base string) (err error) {
		info, err = d.lstat(base)
		return err
	})
	return f.show(info), err
}

// Mkdir makes a directory; see vfs.FS.
func (f *FS) Mkdir(name string, perm fs.FileMode) error {
	if name == "." {
		return vfs.EEXIST
	}
	return f.at(name, false, func(d dir, base string) error { return d.mkdir(base, perm&fs.ModePerm) })
}

// Symlink makes a link to any text; see vfs.FS.
func (f *FS) Symlink(target, newname string) error {
	switch {
	case target == "":
		return vfs.ENOENT
	case strings.IndexByte(target, 0) >= 0:
		return vfs.EINVAL
	case newname == ".":
		return vfs.EEXIST
	}
	return f.at(newname, true, func(d dir, base string) error { return d.symlink(target, base) })
}

// Readlink returns the text of a link; see vfs.FS.
func (f *FS) Readlink(name string) (string, error) {
	if name == "." {
		return "", vfs.EINVAL
	}
	var target string
	err := f.at(name, false, func(d dir, base string) (err error) {
		target, err = d.readlink(base)
		return err
	})
	return target, err
}

// Unlink removes a name of a file; see vfs.FS.
func (f *FS) Unlink(name string) error {
	if name == "." {
		return vfs.EISDIR
	}
	return f.at(name, false, func(d dir, base string) error {
		info, err := d.lstat(base)
		switch {
		case err != nil:
			return err
		case info.IsDir():
			return vfs.EISDIR
		}
		if err := d.unlink(base); err != nil {
			return err
		}
		f.links.removed(info)
		return nil
	})
}

// Rmdir removes an empty directory; see vfs.FS.
func (f *FS) Rmdir(name string) error {
	if name == "." {
		return vfs.EBUSY
	}
	return f.at(name, false, func(d dir, base string) error {
		info, err := d.lstat(base)
		switch {
		case err != nil:
			return err
		case !info.IsDir():
			return vfs.ENOTDIR
		}
		return d.rmdir(base)
	})
}

// Rename moves a file; see vfs.FS.
func (f *FS) Rename(oldname, newname string) error {
	if oldname == "." || newname == "." {
		return vfs.EBUSY
	}
	return f.atBoth(oldname, newname, func(from dir, oldbase string, to dir, newbase string) error {
		source, err := from.lstat(oldbase)
		switch {
		case err != nil:
			return err
		case strings.HasPrefix(newname, oldname+"/"):
			return vfs.EINVAL
		}
		target, err := to.lstat(newbase)
		if err := from.rename(oldbase, to, newbase); err != nil {
			return err
		}
		if err == nil && (target.Ino != source.Ino || target.Dev != source.Dev) {
			f.links.removed(target)
		}
		return nil
	})
}

// Link gives a file a second name; see vfs.FS.
func (f *FS) Link(oldname, newname string) error {
	return f.atBoth(oldname, newname, func(from dir, oldbase string, to dir, newbase string) error {
		before, err := from.lstat(oldbase)
		if err != nil {
			return err
		}
		if _, err := to.lstat(newbase); err == nil || newname == "." {
			return vfs.EEXIST
		}
		if before.IsDir() {
			return vfs.EPERM
		}
		if err := from.link(oldbase, to, newbase); err != nil {
			return err
		}
		if after, err := to.lstat(newbase); err == nil {
			f.links.added(before, after)
		}
		return nil
	})
}

// Chmod sets permission bits; see vfs.FS.
func (f *FS) Chmod(name string, perm fs.FileMode) error {
	return f.change(name, func(d dir, base string, info vfs.Info) error {
		if info.Mode&fs.ModeSymlink != 0 {
			return vfs.ELOOP
		}
		return d.chmod(base, perm&fs.ModePerm)
	})
}

// Chtimes sets times; see vfs.FS.
func (f *FS) Chtimes(name string, atime, mtime int64) error {
	return f.change(name, func(d dir, base string, _ vfs.Info) error {
		return d.chtimes(base, atime, mtime)
	})
}

// change runs an operation that changes what describes a file. The inode of a
// file that the host has linked is not ours to change.
func (f *FS) change(name string, op func(d dir, base string, info vfs.Info) error) error {
	return f.at(name, false, func(d dir, base string) error {
		info, err := d.lstat(base)
		switch {
		case err != nil:
			return err
		case f.links.foreign(info):
			return vfs.EPERM
		case info.Mode&fs.ModeType&^(fs.ModeDir|fs.ModeSymlink) != 0:
			return vfs.EPERM
		}
		return op(d, base, info)
	})
}
