package hackfs

import (
	"io/fs"
	"maps"
	"path"
	"strings"

	"agentsandbox/vfs"

	"github.com/hack-pad/hackpadfs"
)

// Open opens a file or directory; see vfs.FS.
func (f *Imported) Open(name string, flag vfs.Flag, perm fs.FileMode) (vfs.File, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	info, err := f.lstat(name)
	switch {
	case err == vfs.ENOENT && flag&vfs.Create != 0:
		return f.create(name, flag, perm)
	case err != nil:
		return nil, err
	}
	if err := vet(info, flag); err != nil {
		return nil, err
	}
	h := f.handle(name, flag, info)
	if err := h.prepare(); err != nil {
		h.release()
		return nil, err
	}
	return h, nil
}

// vet says whether a file that exists may be opened.
func vet(info vfs.Info, flag vfs.Flag) error {
	mode := info.Mode
	switch {
	case flag&vfs.Create != 0 && flag&vfs.Exclusive != 0:
		return vfs.EEXIST
	case mode&fs.ModeSymlink != 0:
		return vfs.ELOOP
	case mode.IsDir() && flag&(vfs.Write|vfs.Create|vfs.Truncate) != 0:
		return vfs.EISDIR
	case mode.IsDir():
		return nil
	case flag&vfs.Directory != 0:
		return vfs.ENOTDIR
	case !mode.IsRegular():
		return vfs.EACCES
	}
	return nil
}

// create makes a file and opens it.
func (f *Imported) create(name string, flag vfs.Flag, perm fs.FileMode) (vfs.File, error) {
	switch {
	case f.readOnly:
		return nil, vfs.EROFS
	case flag&vfs.Directory != 0:
		return nil, vfs.EINVAL
	}
	if err := f.vacant(name); err != nil {
		return nil, err
	}
	const both = hackpadfs.FlagReadWrite | hackpadfs.FlagCreate | hackpadfs.FlagExclusive
	file, err := hackpadfs.OpenFile(f.inner, name, both, perm.Perm())
	if err != nil {
		return nil, f.errno(err)
	}
	f.touched(path.Dir(name))
	h := f.handle(name, flag, vfs.Info{})
	h.opened.file, h.opened.writable = file, true
	return h, nil
}

// make runs an operation that makes name.
func (f *Imported) make(name string, op func() error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.vacant(name); err != nil {
		return err
	}
	if f.readOnly {
		return vfs.EROFS
	}
	err := f.errno(op())
	if err == nil {
		f.touched(path.Dir(name))
	}
	return err
}

// Mkdir makes a directory; see vfs.FS.
func (f *Imported) Mkdir(name string, perm fs.FileMode) error {
	return f.make(name, func() error { return hackpadfs.Mkdir(f.inner, name, perm.Perm()) })
}

// Symlink makes a link; ENOTSUP if there are none, or none that can be read.
func (f *Imported) Symlink(target, newname string) error {
	return f.make(newname, func() error {
		if f.readLink == nil {
			return vfs.ENOTSUP
		}
		return hackpadfs.Symlink(f.inner, target, newname)
	})
}

// Link fails: hackpadfs has no hard links.
func (f *Imported) Link(oldname, newname string) error {
	f.mu.Lock()
	info, err := f.lstat(oldname)
	f.mu.Unlock()
	if err != nil {
		return err
	}
	return f.make(newname, func() error {
		if info.IsDir() {
			return vfs.EPERM
		}
		return vfs.ENOTSUP
	})
}

// Unlink removes a file; see vfs.FS.
func (f *Imported) Unlink(name string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	info, err := f.lstat(name)
	switch {
	case err != nil:
		return err
	case info.IsDir():
		return vfs.EISDIR
	case f.readOnly:
		return vfs.EROFS
	}
	return f.remove(name)
}

// remove removes a file or an empty directory. If it is open it goes on
// without a name.
func (f *Imported) remove(name string) error {
	o := f.open[name]
	if o != nil {
		if err := o.orphan(f); err != nil {
			return err
		}
	}
	if err := hackpadfs.Remove(f.inner, name); err != nil {
		if o != nil {
			o.adopt()
		}
		return f.errno(err)
	}
	delete(f.open, name)
	delete(f.known, name)
	f.touched(path.Dir(name))
	return nil
}

// Rmdir removes an empty directory; see vfs.FS.
func (f *Imported) Rmdir(name string) error {
	if name == "." {
		return vfs.EBUSY
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	info, err := f.lstat(name)
	switch {
	case err != nil:
		return err
	case !info.IsDir():
		return vfs.ENOTDIR
	case f.readOnly:
		return vfs.EROFS
	}
	if err := f.empty(name); err != nil {
		return err
	}
	return f.remove(name)
}

func (f *Imported) empty(name string) error {
	list, err := f.list(name)
	if err == nil && len(list) > 0 {
		err = vfs.ENOTEMPTY
	}
	return err
}

// Rename moves a file or directory; see vfs.FS.
func (f *Imported) Rename(oldname, newname string) error {
	if oldname == "." || newname == "." {
		return vfs.EBUSY
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	target, err := f.renameable(oldname, newname)
	switch {
	case err != nil || oldname == newname:
		return err
	case f.readOnly:
		return vfs.EROFS
	}
	if _, ok := f.inner.(hackpadfs.RenameFS); !ok {
		return vfs.ENOTSUP
	}
	for name := range f.open {
		if name == oldname || strings.HasPrefix(name, oldname+"/") {
			f.drop(name) // its handle would bring the old name back
		}
	}
	if err := f.replace(oldname, newname, target); err != nil {
		return err
	}
	f.renamed(oldname, newname)
	f.touched(path.Dir(oldname))
	f.touched(path.Dir(newname))
	return nil
}

// replace renames over what is there. A directory is removed first: none of
// these file systems replaces one. A file that is open goes on without a name.
func (f *Imported) replace(oldname, newname string, target target) error {
	if target == targetDir {
		if err := f.remove(newname); err != nil {
			return err
		}
	}
	o := f.open[newname]
	if o != nil {
		if err := o.orphan(f); err != nil {
			return err
		}
	}
	if err := hackpadfs.Rename(f.inner, oldname, newname); err != nil {
		if o != nil {
			o.adopt()
		}
		return f.errno(err)
	}
	delete(f.open, newname)
	delete(f.known, newname)
	return nil
}

// target is what a rename replaces.
type target int

const (
	targetNone target = iota
	targetFile
	targetDir
)

// renameable checks both ends of a rename, in the order in which Linux looks,
// and says what is replaced.
func (f *Imported) renameable(oldname, newname string) (target, error) {
	from, ferr := f.lstat(oldname)
	if ferr != nil && ferr != vfs.ENOENT {
		return targetNone, ferr
	}
	to, terr := f.lstat(newname)
	switch {
	case ferr == nil && from.IsDir() && strings.HasPrefix(newname, oldname+"/"):
		return targetNone, vfs.EINVAL
	case terr != nil && terr != vfs.ENOENT:
		return targetNone, terr
	case ferr != nil:
		return targetNone, ferr
	case strings.HasPrefix(oldname, newname+"/"):
		return targetNone, vfs.ENOTEMPTY
	case terr != nil:
		return targetNone, f.vacant(newname)
	case oldname == newname:
		return targetNone, nil
	case from.IsDir() && !to.IsDir():
		return targetNone, vfs.ENOTDIR
	case to.IsDir() && !from.IsDir():
		return targetNone, vfs.EISDIR
	case to.IsDir():
		return targetDir, f.empty(newname)
	}
	return targetFile, nil
}

// renamed gives what is known by names the new ones.
func (f *Imported) renamed(oldname, newname string) {
	moved := func(name string) (string, bool) {
		rest, ok := strings.CutPrefix(name, oldname)
		return newname + rest, ok && (rest == "" || rest[0] == '/')
	}
	open, all := map[string]*opened{}, map[string]*known{}
	for name, o := range f.open {
		if to, ok := moved(name); ok {
			delete(f.open, name)
			o.name, open[to] = to, o
		}
	}
	for name, k := range f.known {
		if to, ok := moved(name); ok {
			delete(f.known, name)
			all[to] = k
		}
	}
	maps.Copy(f.open, open)
	maps.Copy(f.known, all)
}

// Chmod sets permission bits; see vfs.FS.
func (f *Imported) Chmod(name string, perm fs.FileMode) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	info, err := f.lstat(name)
	switch {
	case err != nil:
		return err
	case info.Mode&fs.ModeSymlink != 0:
		return vfs.ELOOP
	case f.readOnly:
		return vfs.EROFS
	}
	f.drop(name)
	return f.errno(hackpadfs.Chmod(f.inner, name, perm.Perm()))
}

// Chtimes sets times; see vfs.FS. Access times are not kept.
func (f *Imported) Chtimes(name string, atime, mtime int64) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.readOnly {
		if _, err := f.lstat(name); err != nil {
			return err
		}
		return vfs.EROFS
	}
	return f.setTimes(name, atime, mtime)
}
