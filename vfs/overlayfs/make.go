package overlayfs

import (
	"io/fs"
	"strconv"

	"agentsandbox/vfs"
)

// create makes, or replaces, one file of a commit.
func (c *commit) create(s step) error {
	info, err := c.fs.infoOf(s.now)
	if err != nil {
		return err
	}
	if s.Dir {
		return c.directory(s, info)
	}
	if err := c.makeWay(s.Path); err != nil {
		return err
	}
	temp, err := c.temp(s, info)
	if err != nil {
		return err
	}
	if err := c.to.Rename(temp, s.Path); err != nil {
		c.to.Unlink(temp)
		return err
	}
	// A rename of one name of a file over another leaves both.
	if _, known := c.linked[info.Ino]; known {
		c.to.Unlink(temp)
	}
	if info.Nlink > 1 && s.now.source() == "" {
		c.linked[info.Ino] = s.Path
	}
	return nil
}

// makeWay removes a directory, which is empty by now, where a file goes.
func (c *commit) makeWay(path string) error {
	was, err := c.to.Lstat(path)
	switch {
	case vfs.ToErrno(err) == vfs.ENOENT:
		return nil
	case err != nil || !was.IsDir():
		return err
	}
	if err := c.to.Rmdir(path); err != nil {
		return err
	}
	c.recount(path, +1)
	return nil
}

// recount keeps the links of a directory right when the lower, of which they
// are the difference, gets a directory there (-1) or loses one (+1).
func (c *commit) recount(path string, by int) {
	if !c.lands {
		return
	}
	parent, _ := split(path)
	if n, _, err := c.fs.find(parent); err == nil && n != nil && n.lower != "" {
		n.links += by
	}
}

// infoOf describes a file of the merged tree.
func (o *FS) infoOf(v view) (vfs.Info, error) {
	if v.node != nil {
		return o.info(v.node)
	}
	info, err := o.lower.Lstat(v.lower)
	return fromLower(info), err
}

// directory makes a directory, or gives one its mode.
func (c *commit) directory(s step, info vfs.Info) error {
	was, err := c.to.Lstat(s.Path)
	if err == nil && !was.IsDir() {
		if err = c.to.Unlink(s.Path); err == nil {
			err = vfs.ENOENT
		}
	}
	if vfs.ToErrno(err) == vfs.ENOENT {
		if err = c.to.Mkdir(s.Path, info.Mode.Perm()|0o700); err == nil {
			c.recount(s.Path, -1)
		}
	}
	c.times = append(c.times, s)
	return err
}

// setTimes gives a directory its mode and times when all is in it.
func (c *commit) setTimes(s step) error {
	info, err := c.fs.infoOf(s.now)
	if err != nil {
		return err
	}
	if err := setMode(c.to, s.Path, info.Mode); err != nil {
		return err
	}
	return c.to.Chtimes(s.Path, info.Atime, info.Mtime)
}

// temp makes the new version of a file under a name of its own beside it.
func (c *commit) temp(s step, info vfs.Info) (string, error) {
	dir, base := split(s.Path)
	if len(base) > vfs.MaxName-16 {
		base = base[:vfs.MaxName-16]
	}
	const tries = 100
	for i := range tries {
		name := join(dir, "."+base+".new"+strconv.Itoa(i))
		err := c.version(s, info, name)
		switch {
		case err == nil:
			return name, nil
		case vfs.ToErrno(err) != vfs.EEXIST:
			return "", err
		}
	}
	return "", errTemp
}

// version makes a file that has another file's content, mode and times.
func (c *commit) version(s step, info vfs.Info, name string) error {
	if first, ok := c.linked[info.Ino]; ok {
		err := c.to.Link(first, name)
		if err == nil || vfs.ToErrno(err) == vfs.EEXIST {
			return err
		}
	}
	layer, from := c.fs.lower, s.now.source()
	if from == "" {
		layer, from = c.fs.upper, s.Path
	}
	var err error
	if info.Mode&fs.ModeSymlink != 0 {
		err = copyLink(c.to, name, layer, from)
	} else {
		err = copyWhole(c.to, name, info, layer, from)
	}
	if vfs.ToErrno(err) == vfs.EEXIST {
		return err
	}
	if err == nil {
		err = c.to.Chtimes(name, info.Atime, info.Mtime)
		if info.Mode&fs.ModeSymlink != 0 {
			err = nil // not every system can set those of a link
		}
	}
	if err != nil {
		c.to.Unlink(name)
	}
	return err
}

func copyLink(to vfs.FS, name string, layer vfs.FS, from string) error {
	target, err := layer.Readlink(from)
	if err != nil {
		return err
	}
	return to.Symlink(target, name)
}

func copyWhole(to vfs.FS, name string, info vfs.Info, layer vfs.FS, from string) error {
	h, err := to.Open(name, vfs.Write|vfs.Create|vfs.Exclusive, info.Mode.Perm())
	if err != nil {
		return err
	}
	err = copyData(h, layer, from)
	if cerr := h.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = setMode(to, name, info.Mode)
	}
	return err
}
