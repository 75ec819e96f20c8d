package wasi

import (
	"errors"
	"io/fs"

	"agentsandbox/vfs"
)

// Flags of path_open.
const (
	openCreate    = 1 << 0
	openDirectory = 1 << 1
	openExclusive = 1 << 2
	openTruncate  = 1 << 3
	allOpenFlags  = openCreate | openDirectory | openExclusive | openTruncate
)

func pathOpen(c call) vfs.Errno {
	perm := c.creationMode()
	a, follow, errno := c.lookup()
	if errno != success {
		return errno
	}
	flag, errno := c.openFlags(a.dropped)
	if errno != success {
		return errno
	}
	fd, errno := c.p.freeFD()
	switch {
	case errno != success:
		return errno
	case !c.fits(c.u32(8), 4):
		return vfs.EFAULT
	}
	d, err := c.open(a, flag, perm, follow)
	if err != nil {
		return vfs.ToErrno(err)
	}
	c.p.install(fd, d)
	return c.putU32(c.u32(8), fd)
}

// creationMode is the permissions of a file that path_open may make. The mode
// that was set for it is used up even if it makes none.
func (c call) creationMode() fs.FileMode {
	if c.u32(4)&openCreate == 0 {
		return 0
	}
	return c.p.mode(0o644)
}

// open opens a path as parameters 5 to 7 of path_open ask for it.
func (c call) open(a at, flag vfs.Flag, perm fs.FileMode, follow bool) (d descriptor, err error) {
	if !follow {
		flag |= vfs.NoFollow
	}
	file, err := a.space.Open(a.name, a.path, flag, perm)
	if err != nil {
		return d, err
	}
	base, inherit := rights(c.u64(5)), rights(c.u64(6))
	if std, ok := file.(interface{ Stdio() int }); ok {
		return c.p.duplicate(uint32(std.Stdio()), base, file.Close())
	}
	o, err := a.opened(file, follow)
	if err != nil {
		return d, errors.Join(err, file.Close())
	}
	o.flags = uint16(c.u32(7))
	if o.kind != directory {
		inherit = 0
	}
	return descriptor{open: o, base: base & o.supports(), inherit: inherit & inheritRights}, nil
}

// duplicate makes another descriptor of what is open as fd, which /dev/stdin
// and its like stand for.
func (p *Process) duplicate(fd uint32, base rights, err error) (descriptor, error) {
	d, errno := p.fd(fd)
	if errno != success {
		return descriptor{}, vfs.ENXIO
	}
	if err != nil {
		return descriptor{}, err
	}
	d.refs++
	return descriptor{open: d.open, base: d.base & base, inherit: d.inherit}, nil
}

// opened makes an open of a file, and finds its name if it is a directory.
func (a at) opened(file vfs.File, follow bool) (*open, error) {
	info, err := vfs.Opened(file)
	if err != nil {
		return nil, err
	}
	o := &open{refs: 1, kind: typeOf(info.Mode), file: file}
	if o.kind == directory {
		dir, err := a.space.Resolve(a.name, a.path, follow)
		if err != nil {
			return nil, err
		}
		o.name = dir.Name
	}
	return o, nil
}

// openFlags makes of parameters 4 to 7 of path_open what a file system
// understands; dropped is what may not be done through the directory.
func (c call) openFlags(dropped rights) (vfs.Flag, vfs.Errno) {
	how, want := c.u32(4), rights(c.u64(5))
	var flag vfs.Flag
	for bit, f := range [...]vfs.Flag{vfs.Create, vfs.Directory, vfs.Exclusive, vfs.Truncate} {
		if how&(1<<bit) != 0 {
			flag |= f
		}
	}
	if want&rightWrite != 0 || how&openTruncate != 0 {
		flag |= vfs.Write
	}
	if want&rightRead != 0 || flag&vfs.Write == 0 {
		flag |= vfs.Read
	}
	switch {
	case how&^allOpenFlags != 0 || c.u32(7)&^allFlags != 0:
		return 0, vfs.EINVAL
	case how&openDirectory != 0 && how&openCreate != 0:
		return 0, vfs.EINVAL
	case how&openTruncate != 0 && dropped&rightPathSetSize != 0:
		return 0, vfs.ENOTCAPABLE
	}
	return flag, success
}
