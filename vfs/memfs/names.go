package memfs

import (
	"io/fs"
	"strings"

	"agentsandbox/vfs"
)

// keptBits are the bits of a mode that a file may be given. Set-id bits mean
// nothing where there are no owners.
const keptBits = fs.ModePerm | fs.ModeSticky

// walk returns the inode that a name leads to.
func (f *FS) walk(name string) (*inode, error) {
	if name == "." {
		return f.node(rootIno), nil
	}
	return f.descend(name)
}

// descend is walk for any name but ".".
func (f *FS) descend(name string) (*inode, error) {
	n := f.node(rootIno)
	for rest, more := name, true; more; {
		var piece string
		piece, rest, more = strings.Cut(rest, "/")
		e, err := n.lookup(piece)
		if err != nil {
			return nil, err
		}
		n = f.node(e.ino)
	}
	return n, nil
}

// lookup finds a name in a directory.
func (n *inode) lookup(piece string) (entry, error) {
	if err := n.asDir(); err != nil {
		return entry{}, err
	}
	if e, ok := n.names.get(piece); ok {
		return e, nil
	}
	if err := vfs.CheckPiece(piece); err != nil {
		return entry{}, err
	}
	return entry{}, vfs.ENOENT
}

// place is where a name is or would be.
type place struct {
	dir   *inode // to be read only
	base  string
	entry // of the file there, if there is one
	found bool
}

// place finds where a name other than "." belongs; its directory must exist.
func (f *FS) place(name string) (p place, err error) {
	p.dir, p.base = f.node(rootIno), name
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		p.base = name[i+1:]
		if p.dir, err = f.descend(name[:i]); err != nil {
			return p, err
		}
	}
	p.entry, err = p.dir.lookup(p.base)
	p.found = err == nil
	if err == vfs.ENOENT {
		err = nil
	}
	return p, err
}

// vacant finds where a new name goes; EEXIST if it is taken.
func (f *FS) vacant(name string) (place, error) {
	if name == "." {
		return place{}, vfs.EEXIST
	}
	p, err := f.place(name)
	if err == nil && p.found {
		err = vfs.EEXIST
	}
	return p, err
}

// taken finds where an existing name is; ENOENT if it is not.
func (f *FS) taken(name string) (place, error) {
	p, err := f.place(name)
	if err == nil && !p.found {
		err = vfs.ENOENT
	}
	return p, err
}

// enter stores an inode under a vacant name.
func (f *FS) enter(p place, n *inode) {
	dir := f.edit(p.dir.ino)
	// The base alone, not the path that it is a piece of, is kept.
	dir.names.set(f.mark, strings.Clone(p.base), entry{n.ino, n.mode.Type()})
	if n.mode.IsDir() {
		dir.nlink++
	} else {
		n.nlink++
	}
	dir.changed(f.now())
}

// leave removes a name from its directory, but not what it led to.
func (f *FS) leave(p place) {
	dir := f.edit(p.dir.ino)
	dir.names.del(f.mark, p.base)
	if p.typ.IsDir() {
		dir.nlink--
	}
	dir.changed(f.now())
}

// remove removes a name and the file it led to, if that was its last.
func (f *FS) remove(p place) {
	f.leave(p)
	if !p.typ.IsDir() {
		f.drop(p.ino)
		return
	}
	n := f.edit(p.ino)
	n.nlink = 0
	n.ctime = f.now()
	f.forget(n)
}

// Lstat describes a file; see vfs.FS.
func (f *FS) Lstat(name string) (vfs.Info, error) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	n, err := f.walk(name)
	if err != nil {
		return vfs.Info{}, err
	}
	return n.info(f.dev), nil
}

// Mkdir makes a directory; see vfs.FS.
func (f *FS) Mkdir(name string, perm fs.FileMode) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	p, err := f.vacant(name)
	if err != nil {
		return err
	}
	n := f.newInode(fs.ModeDir | perm&keptBits)
	n.nlink = 2
	f.enter(p, n)
	return nil
}

// Symlink makes a link; see vfs.FS.
func (f *FS) Symlink(target, newname string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	p, err := f.vacant(newname)
	if err != nil {
		return err
	}
	n := f.newInode(fs.ModeSymlink | 0o777)
	n.target = strings.Clone(target)
	f.enter(p, n)
	return nil
}

// Readlink returns the text of a link; see vfs.FS.
func (f *FS) Readlink(name string) (string, error) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	n, err := f.walk(name)
	if err != nil {
		return "", err
	}
	if !n.isLink() {
		return "", vfs.EINVAL
	}
	return n.target, nil
}

// Unlink removes a name of a file; see vfs.FS.
func (f *FS) Unlink(name string) error {
	if name == "." {
		return vfs.EISDIR
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	p, err := f.taken(name)
	if err != nil {
		return err
	}
	if p.typ.IsDir() {
		return vfs.EISDIR
	}
	f.remove(p)
	return nil
}

// Rmdir removes an empty directory; see vfs.FS.
func (f *FS) Rmdir(name string) error {
	if name == "." {
		return vfs.EBUSY
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	p, err := f.taken(name)
	switch {
	case err != nil:
		return err
	case !p.typ.IsDir():
		return vfs.ENOTDIR
	case f.node(p.ino).names.len > 0:
		return vfs.ENOTEMPTY
	}
	f.remove(p)
	return nil
}

// Link gives a file a second name; see vfs.FS.
func (f *FS) Link(oldname, newname string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	n, err := f.walk(oldname)
	if err != nil {
		return err
	}
	p, err := f.vacant(newname)
	if err != nil {
		return err
	}
	if n.mode.IsDir() {
		return vfs.EPERM
	}
	n = f.edit(n.ino)
	f.enter(p, n)
	n.ctime = f.now()
	return nil
}

// Rename moves a file; see vfs.FS.
func (f *FS) Rename(oldname, newname string) error {
	if oldname == "." || newname == "." {
		return vfs.EBUSY
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	from, to, err := f.renaming(oldname, newname)
	if err != nil || to.found && to.ino == from.ino {
		return err
	}
	if to.found {
		if err := f.replaceable(from, to); err != nil {
			return err
		}
		f.remove(to)
	}
	f.leave(from)
	n := f.edit(from.ino)
	if !from.typ.IsDir() {
		n.nlink-- // enter counts the new name
	}
	f.enter(to, n)
	n.ctime = f.now()
	return nil
}

// renaming finds both ends of a rename, in the order in which Linux looks.
func (f *FS) renaming(oldname, newname string) (from, to place, err error) {
	from, err = f.place(oldname)
	if err != nil {
		return from, to, err
	}
	to, err = f.place(newname)
	switch {
	case err != nil:
	case !from.found:
		err = vfs.ENOENT
	case strings.HasPrefix(newname, oldname+"/"):
		err = vfs.EINVAL
	case strings.HasPrefix(oldname, newname+"/"):
		err = vfs.ENOTEMPTY
	}
	return from, to, err
}

// replaceable says whether a rename may put one file in the place of another.
func (f *FS) replaceable(from, to place) error {
	switch {
	case from.typ.IsDir() && !to.typ.IsDir():
		return vfs.ENOTDIR
	case to.typ.IsDir() && !from.typ.IsDir():
		return vfs.EISDIR
	case to.typ.IsDir() && f.node(to.ino).names.len > 0:
		return vfs.ENOTEMPTY
	}
	return nil
}

// Chmod sets permission bits; see vfs.FS.
func (f *FS) Chmod(name string, perm fs.FileMode) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	n, err := f.walk(name)
	if err != nil {
		return err
	}
	if n.isLink() {
		return vfs.ELOOP
	}
	n = f.edit(n.ino)
	n.mode = n.mode.Type() | perm&keptBits
	n.ctime = f.now()
	return nil
}

// Chtimes sets times; see vfs.FS.
func (f *FS) Chtimes(name string, atime, mtime int64) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	n, err := f.walk(name)
	if err != nil {
		return err
	}
	f.edit(n.ino).setTimes(atime, mtime, f.now())
	return nil
}
