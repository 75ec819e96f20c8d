package wasi

import (
	"io/fs"
	"strings"

	"agentsandbox/vfs"
)

// at is a path as a guest names it: from a directory that it has open.
type at struct {
	*descriptor
	space vfs.Space
	path  string
}

// at reads a directory descriptor from parameter dir, and a path from
// parameters i and i+1.
func (c call) at(dir, i int) (at, vfs.Errno) {
	d, errno := c.dirFD(dir)
	if errno != success {
		return at{}, errno
	}
	name, errno := c.path(i)
	return at{d, d.space(c.p), name}, errno
}

// lookup reads what several functions begin with: a directory, lookup flags,
// of which the only one is to follow a final link, and a path.
func (c call) lookup() (a at, follow bool, errno vfs.Errno) {
	if a, errno = c.at(0, 2); errno == success && c.u32(1) > 1 {
		errno = vfs.EINVAL
	}
	return a, c.u32(1) == 1, errno
}

// absolute is a path that means the same from the root of the file system. It
// is needed where two paths may start from two directories, each of which
// confines its own. With walk, it is a name of the file system, or that and a
// slash, in any case.
func (a at) absolute(follow, walk bool) (string, error) {
	if !a.confined() && !walk {
		return a.path, nil
	}
	p, err := a.space.Resolve(a.name, a.path, follow)
	if p.Dir {
		p.Name += "/"
	}
	return p.Name, err
}

// mode is the permissions of what is made next, once.
func (p *Process) mode(usual fs.FileMode) fs.FileMode {
	if p.umode == noMode {
		return usual
	}
	mode := permissions(p.umode)
	p.umode = noMode
	return mode
}

func pathCreateDirectory(c call) vfs.Errno {
	mode := c.p.mode(0o755)
	a, errno := c.at(0, 1)
	if errno != success {
		return errno
	}
	return vfs.ToErrno(a.space.Mkdir(a.name, a.path, mode))
}

func pathFilestatGet(c call) vfs.Errno {
	a, follow, errno := c.lookup()
	if errno != success {
		return errno
	}
	stat := a.space.Lstat
	if follow {
		stat = a.space.Stat
	}
	info, err := stat(a.name, a.path)
	if err != nil {
		return vfs.ToErrno(err)
	}
	return c.putInfo(c.u32(4), info)
}

func pathFilestatSetTimes(c call) vfs.Errno {
	a, follow, errno := c.lookup()
	if errno != success {
		return errno
	}
	atime, mtime, errno := c.times(4)
	if errno != success {
		return errno
	}
	return vfs.ToErrno(a.space.Chtimes(a.name, a.path, follow, atime, mtime))
}

func pathLink(c call) vfs.Errno {
	from, follow, errno := c.lookup()
	if errno != success {
		return errno
	}
	to, errno := c.at(4, 5)
	if errno != success {
		return errno
	}
	return vfs.ToErrno(c.p.between(from, to, follow, false, func(s vfs.Space, a, b string) error {
		return s.Link(".", a, follow, ".", b)
	}))
}

func pathRename(c call) vfs.Errno {
	from, errno := c.at(0, 1)
	if errno != success {
		return errno
	}
	to, errno := c.at(3, 4)
	if errno != success {
		return errno
	}
	walk := c.p.keepsDirs()
	return vfs.ToErrno(c.p.between(from, to, false, walk, func(s vfs.Space, a, b string) error {
		err := s.Rename(".", a, ".", b)
		if err == nil && walk {
			c.p.renamed(strings.TrimSuffix(a, "/"), strings.TrimSuffix(b, "/"))
		}
		return err
	}))
}

// between calls op with two paths from the root; see absolute.
func (p *Process) between(from, to at, follow, walk bool, op func(s vfs.Space, from, to string) error) error {
	a, err := from.absolute(follow, walk)
	if err != nil {
		return err
	}
	b, err := to.absolute(false, walk)
	if err != nil {
		return err
	}
	return op(vfs.Space{FS: p.cfg.FS}, a, b)
}

func pathReadlink(c call) vfs.Errno {
	a, errno := c.at(0, 1)
	if errno != success {
		return errno
	}
	target, err := a.space.Readlink(a.name, a.path)
	if err != nil {
		return vfs.ToErrno(err)
	}
	if !c.fits(c.u32(3), c.u32(4)) || !c.fits(c.u32(5), 4) {
		return vfs.EFAULT
	}
	n, errno := c.putString(c.u32(3), c.u32(4), target)
	if errno != success {
		return errno
	}
	return c.putU32(c.u32(5), n)
}

func pathRemoveDirectory(c call) vfs.Errno {
	a, errno := c.at(0, 1)
	if errno != success {
		return errno
	}
	return vfs.ToErrno(a.space.Rmdir(a.name, a.path))
}

// pathSymlink refuses a target that would lead out of a directory that
// confines.
func pathSymlink(c call) vfs.Errno {
	target, errno := c.path(0)
	if errno != success {
		return errno
	}
	a, errno := c.at(2, 3)
	switch {
	case errno != success:
		return errno
	case target != "" && target[0] == '/' && a.confined():
		return vfs.EPERM
	}
	return vfs.ToErrno(a.space.Symlink(target, a.name, a.path))
}

func pathUnlinkFile(c call) vfs.Errno {
	a, errno := c.at(0, 1)
	if errno != success {
		return errno
	}
	return vfs.ToErrno(a.space.Unlink(a.name, a.path))
}
