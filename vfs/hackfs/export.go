package hackfs

import (
	"io/fs"
	"path"
	"strings"
	"time"

	"agentsandbox/vfs"
	"agentsandbox/vfs/hosterrno"

	"github.com/hack-pad/hackpadfs"
)

// Exported is a vfs.FS as package hackpadfs knows file systems. Names are
// those of io/fs; links are followed inside the file system, as package os
// would. Errors are *hackpadfs.PathError and *hackpadfs.LinkError around the
// host's errnos, which is what hackpadfs compares with.
type Exported struct {
	space vfs.Space
}

var _ interface {
	hackpadfs.OpenFileFS
	hackpadfs.CreateFS
	hackpadfs.MkdirFS
	hackpadfs.MkdirAllFS
	hackpadfs.RemoveFS
	hackpadfs.RemoveAllFS
	hackpadfs.RenameFS
	hackpadfs.StatFS
	hackpadfs.LstatFS
	hackpadfs.ChmodFS
	hackpadfs.ChtimesFS
	hackpadfs.ReadDirFS
	hackpadfs.SymlinkFS
	fs.ReadLinkFS
} = (*Exported)(nil)

// Export returns a file system for hackpadfs. It may be used from several
// goroutines if f may.
func Export(f vfs.FS) *Exported { return &Exported{vfs.Space{FS: f}} }

// top is the directory that names are relative to.
const top = "."

// pathErr makes the error of an operation on one name; nil for nil.
func pathErr(op, name string, err error) error {
	if err == nil {
		return nil
	}
	return &hackpadfs.PathError{Op: op, Path: name, Err: hosterrno.To(vfs.ToErrno(err))}
}

func linkErr(op, oldname, newname string, err error) error {
	if err == nil {
		return nil
	}
	return &hackpadfs.LinkError{Op: op, Old: oldname, New: newname, Err: hosterrno.To(vfs.ToErrno(err))}
}

// on runs an operation on a name, if it is one of io/fs.
func on(op, name string, do func() error) error {
	if !hackpadfs.ValidPath(name) {
		return pathErr(op, name, vfs.EINVAL)
	}
	return pathErr(op, name, do())
}

// Open opens a file for reading.
func (e *Exported) Open(name string) (hackpadfs.File, error) {
	return e.OpenFile(name, hackpadfs.FlagReadOnly, 0)
}

// Create makes a file, or cuts one to nothing, and opens it for both.
func (e *Exported) Create(name string) (hackpadfs.File, error) {
	return e.OpenFile(name, hackpadfs.FlagReadWrite|hackpadfs.FlagCreate|hackpadfs.FlagTruncate, 0o666)
}

// OpenFile opens a file as os.OpenFile does.
func (e *Exported) OpenFile(name string, flag int, perm hackpadfs.FileMode) (hackpadfs.File, error) {
	var h vfs.File
	err := on("open", name, func() (err error) {
		h, err = e.space.Open(top, name, ourFlags(flag), perm.Perm())
		return err
	})
	if err != nil {
		return nil, err
	}
	return &exportedFile{File: h, fs: e, name: name, append: flag&hackpadfs.FlagAppend != 0}, nil
}

func ourFlags(flag int) vfs.Flag {
	ours := vfs.Read
	switch flag & (hackpadfs.FlagWriteOnly | hackpadfs.FlagReadWrite) {
	case hackpadfs.FlagWriteOnly:
		ours = vfs.Write
	case hackpadfs.FlagReadWrite:
		ours = vfs.Read | vfs.Write
	}
	for theirs, f := range map[int]vfs.Flag{
		hackpadfs.FlagCreate: vfs.Create, hackpadfs.FlagExclusive: vfs.Exclusive, hackpadfs.FlagTruncate: vfs.Truncate,
	} {
		if flag&theirs != 0 {
			ours |= f
		}
	}
	return ours
}

// Mkdir makes a directory.
func (e *Exported) Mkdir(name string, perm hackpadfs.FileMode) error {
	return on("mkdir", name, func() error { return e.space.Mkdir(top, name, perm.Perm()) })
}

// MkdirAll makes a directory and those on the way to it.
func (e *Exported) MkdirAll(name string, perm hackpadfs.FileMode) error {
	if !hackpadfs.ValidPath(name) {
		return pathErr("mkdir", name, vfs.EINVAL)
	}
	for at := 0; at < len(name); at++ {
		if i := strings.IndexByte(name[at:], '/'); i >= 0 {
			at += i
		} else {
			at = len(name)
		}
		if err := e.mkdirOne(name[:at], perm); err != nil {
			return err
		}
	}
	return nil
}

// mkdirOne makes a directory if it is not there.
func (e *Exported) mkdirOne(name string, perm hackpadfs.FileMode) error {
	err := e.space.Mkdir(top, name, perm.Perm())
	if vfs.ToErrno(err) == vfs.EEXIST {
		info, serr := e.space.Stat(top, name)
		switch {
		case serr == nil && info.IsDir():
			err = nil
		case serr == nil:
			err = vfs.ENOTDIR
		}
	}
	return pathErr("mkdir", name, err)
}

// Remove removes a file or an empty directory.
func (e *Exported) Remove(name string) error {
	return on("remove", name, func() error { return e.remove(name) })
}

func (e *Exported) remove(name string) error {
	err := e.space.Unlink(top, name)
	if vfs.ToErrno(err) == vfs.EISDIR {
		err = e.space.Rmdir(top, name)
	}
	return err
}

// RemoveAll removes a file, or a directory and all that is in it; nothing, if
// there is nothing.
func (e *Exported) RemoveAll(name string) error {
	return on("removeall", name, func() error { return e.removeAll(name) })
}

func (e *Exported) removeAll(name string) error {
	err := e.remove(name)
	switch vfs.ToErrno(err) {
	case vfs.ENOENT:
		return nil
	case vfs.ENOTEMPTY, vfs.EBUSY:
	default:
		return err
	}
	list, err := e.list(name)
	if err != nil {
		return err
	}
	for _, entry := range list {
		if err := e.removeAll(path.Join(name, entry.Name)); err != nil {
			return err
		}
	}
	if name == top {
		return nil
	}
	return e.space.Rmdir(top, name)
}

// Rename moves a file or a directory. As in package os, a directory is not
// replaced.
func (e *Exported) Rename(oldname, newname string) error {
	if !hackpadfs.ValidPath(oldname) || !hackpadfs.ValidPath(newname) {
		return linkErr("rename", oldname, newname, vfs.EINVAL)
	}
	if info, err := e.space.Lstat(top, newname); err == nil && info.IsDir() {
		if _, err := e.space.Lstat(top, oldname); err != nil {
			return linkErr("rename", oldname, newname, err)
		}
		return linkErr("rename", oldname, newname, vfs.EEXIST)
	}
	return linkErr("rename", oldname, newname, e.space.Rename(top, oldname, top, newname))
}

// Stat describes a file, through a link.
func (e *Exported) Stat(name string) (hackpadfs.FileInfo, error) {
	return e.stat("stat", name, e.space.Stat)
}

// Lstat describes a file, a link as a link.
func (e *Exported) Lstat(name string) (hackpadfs.FileInfo, error) {
	return e.stat("lstat", name, e.space.Lstat)
}

func (e *Exported) stat(op, name string, stat func(dir, name string) (vfs.Info, error)) (hackpadfs.FileInfo, error) {
	var info vfs.Info
	err := on(op, name, func() (err error) {
		info, err = stat(top, name)
		return err
	})
	if err != nil {
		return nil, err
	}
	return fileInfo{path.Base(name), info}, nil
}

// Chmod sets permission bits, through a link.
func (e *Exported) Chmod(name string, mode hackpadfs.FileMode) error {
	return on("chmod", name, func() error { return e.space.Chmod(top, name, mode.Perm()) })
}

// Chtimes sets times, through a link. A zero time leaves that time alone.
func (e *Exported) Chtimes(name string, atime, mtime time.Time) error {
	return on("chtimes", name, func() error { return e.space.Chtimes(top, name, true, nanos(atime), nanos(mtime)) })
}

func nanos(t time.Time) int64 {
	if t.IsZero() {
		return vfs.Omit
	}
	return t.UnixNano()
}

// Symlink makes newname a link to the text oldname.
func (e *Exported) Symlink(oldname, newname string) error {
	if !hackpadfs.ValidPath(newname) {
		return linkErr("symlink", oldname, newname, vfs.EINVAL)
	}
	return linkErr("symlink", oldname, newname, e.space.Symlink(oldname, top, newname))
}

// ReadLink returns the text of a link.
func (e *Exported) ReadLink(name string) (target string, err error) {
	err = on("readlink", name, func() (err error) {
		target, err = e.space.Readlink(top, name)
		return err
	})
	return target, err
}

// ReadDir lists a directory.
func (e *Exported) ReadDir(name string) ([]hackpadfs.DirEntry, error) {
	h, err := e.Open(name)
	if err != nil {
		return nil, err
	}
	defer h.Close()
	return h.(*exportedFile).ReadDir(-1)
}

func (e *Exported) list(name string) ([]vfs.DirEntry, error) {
	h, err := e.space.Open(top, name, vfs.Read|vfs.Directory, 0)
	if err != nil {
		return nil, err
	}
	defer h.Close()
	return h.ReadDir()
}
