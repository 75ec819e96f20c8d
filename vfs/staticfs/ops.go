package staticfs

import (
	"io/fs"

	"agentsandbox/vfs"
)

// Open opens a file for reading; see vfs.FS. Writing and making files is EROFS.
func (f *FS) Open(name string, flag vfs.Flag, _ fs.FileMode) (vfs.File, error) {
	n, err := f.find(name)
	switch {
	case err == vfs.ENOENT && flag&vfs.Create != 0:
		return nil, f.vacant(name)
	case err != nil:
		return nil, err
	case flag&vfs.Create != 0 && flag&vfs.Exclusive != 0:
		return nil, vfs.EEXIST
	}
	return n.open(flag)
}

func (n *node) open(flag vfs.Flag) (vfs.File, error) {
	mode := n.info.Mode
	writes := flag&(vfs.Write|vfs.Truncate) != 0
	switch {
	case mode&fs.ModeSymlink != 0:
		return nil, vfs.ELOOP
	case mode.IsDir() && (writes || flag&vfs.Create != 0):
		return nil, vfs.EISDIR
	case !mode.IsDir() && flag&vfs.Directory != 0:
		return nil, vfs.ENOTDIR
	case n.Entry.Open != nil:
		return n.Entry.Open(flag)
	case writes:
		return nil, vfs.EROFS
	}
	return &file{node: n}, nil
}

// vacant is the error for a name that would be new: EROFS, if its directory is
// there at all.
func (f *FS) vacant(name string) error {
	n, err := f.find(parent(name))
	switch {
	case err != nil:
		return err
	case n.info.Mode&fs.ModeSymlink != 0:
		return vfs.ELOOP
	case !n.info.IsDir():
		return vfs.ENOTDIR
	}
	return vfs.EROFS
}

func parent(name string) string {
	for i := len(name) - 1; i > 0; i-- {
		if name[i] == '/' {
			return name[:i]
		}
	}
	return "."
}

// makes is the error for an operation that would make a file.
func (f *FS) makes(name string) error {
	switch _, err := f.find(name); err {
	case nil:
		return vfs.EEXIST
	case vfs.ENOENT:
		return f.vacant(name)
	default:
		return err
	}
}

// Lstat describes a file; see vfs.FS.
func (f *FS) Lstat(name string) (vfs.Info, error) {
	n, err := f.find(name)
	if err != nil {
		return vfs.Info{}, err
	}
	return n.info, nil
}

// Readlink returns the text of a link; see vfs.FS.
func (f *FS) Readlink(name string) (string, error) {
	n, err := f.find(name)
	switch {
	case err != nil:
		return "", err
	case n.info.Mode&fs.ModeSymlink == 0:
		return "", vfs.EINVAL
	}
	return n.Data, nil
}

// Unlink fails: EROFS.
func (f *FS) Unlink(name string) error {
	if name == "." {
		return vfs.EISDIR
	}
	return f.vacant(name) // Linux does not look whether it is there
}

// Rmdir fails: EROFS.
func (f *FS) Rmdir(name string) error {
	if name == "." {
		return vfs.EBUSY
	}
	return f.vacant(name)
}

// Mkdir fails: EROFS.
func (f *FS) Mkdir(name string, _ fs.FileMode) error { return f.makes(name) }

// Symlink fails: EROFS.
func (f *FS) Symlink(_, newname string) error { return f.makes(newname) }

// Link fails: EROFS.
func (f *FS) Link(oldname, newname string) error {
	if _, err := f.find(oldname); err != nil {
		return err
	}
	return f.makes(newname)
}

// Rename fails: EROFS.
func (f *FS) Rename(oldname, newname string) error {
	if oldname == "." || newname == "." {
		return vfs.EBUSY
	}
	if err := f.vacant(oldname); err != vfs.EROFS {
		return err
	}
	return f.vacant(newname)
}

// Chmod fails: EROFS.
func (f *FS) Chmod(name string, _ fs.FileMode) error {
	n, err := f.find(name)
	switch {
	case err != nil:
		return err
	case n.info.Mode&fs.ModeSymlink != 0:
		return vfs.ELOOP
	}
	return vfs.EROFS
}

// Chtimes fails: EROFS, unless it is to leave both times as they are.
func (f *FS) Chtimes(name string, atime, mtime int64) error {
	_, err := f.find(name)
	if err != nil || atime == vfs.Omit && mtime == vfs.Omit {
		return err
	}
	return vfs.EROFS
}
