package filecopy

import (
	"io"
	"io/fs"
	"strings"

	"agentsandbox/toolbox/filemode"
	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

const blockSize = 128 << 10

// regular copies the data of a file.
func (c *Copier) regular(j *job) bool {
	in, err := c.x.OpenFile(j.src, vfs.Read, 0)
	if err != nil {
		c.fail("cannot open %s for reading: %s", tool.Quote(j.src), tool.ErrText(err))
		return false
	}
	defer in.Close()
	out, ok := c.openNew(j)
	if !ok {
		return false
	}
	ok = c.AttributesOnly || c.data(j, in, out)
	if err := out.Close(); err != nil && ok {
		c.fail("failed to close %s: %s", tool.Quote(j.dst), tool.ErrText(err))
		ok = false
	}
	return ok && c.attributes(j)
}

// openNew opens dst for writing, and makes it if it is not there.
func (c *Copier) openNew(j *job) (*tool.File, bool) {
	flag := vfs.Write
	if !c.AttributesOnly {
		flag |= vfs.Truncate
	}
	if j.exists {
		f, err := c.x.OpenFile(j.dst, flag, 0)
		if err == nil {
			return f, true
		}
		if !c.Force {
			c.fail("cannot create regular file %s: %s", tool.Quote(j.dst), tool.ErrText(err))
			return nil, false
		}
		if ok, _ := c.unlink(j); !ok {
			return nil, false
		}
	}
	f, err := c.x.OpenFile(j.dst, vfs.Write|vfs.Create|vfs.Exclusive, j.info.Mode.Perm())
	switch {
	case err == nil:
		return f, true
	case vfs.ToErrno(err) == vfs.EEXIST && c.dangling(j):
		c.fail("not writing through dangling symlink %s", tool.Quote(j.dst))
		return nil, false
	case vfs.ToErrno(err) == vfs.EISDIR && strings.HasSuffix(j.dst, "/"):
		err = vfs.ENOTDIR
	case vfs.ToErrno(err) == vfs.EEXIST:
		// A device of this run (/dev/stdout), which Lstat does not know.
		if f, err = c.x.OpenFile(j.dst, flag, 0); err == nil {
			return f, true
		}
	}
	c.fail("cannot create regular file %s: %s", tool.Quote(j.dst), tool.ErrText(err))
	return nil, false
}

func (c *Copier) dangling(j *job) bool {
	info, err := c.x.Lstat(j.dst)
	if err != nil || info.Mode&fs.ModeSymlink == 0 {
		return false
	}
	_, err = c.x.Stat(j.dst)
	return err != nil
}

// data copies what in holds, in big blocks.
func (c *Copier) data(j *job, in, out *tool.File) bool {
	if c.buf == nil {
		c.buf = make([]byte, blockSize)
	}
	for {
		if c.ctx.Err() != nil {
			return false
		}
		n, err := in.Read(c.buf)
		if n > 0 {
			if _, err := out.Write(c.buf[:n]); err != nil {
				c.fail("error writing %s: %s", tool.Quote(j.dst), tool.ErrText(err))
				return false
			}
		}
		switch {
		case err == io.EOF:
			return true
		case err != nil:
			c.fail("error reading %s: %s", tool.Quote(j.src), tool.ErrText(err))
			return false
		}
	}
}

// attributes gives dst the times and permissions of src, as far as asked for.
func (c *Copier) attributes(j *job) bool {
	dst := c.x.Abs(j.dst)
	if c.PreserveTimes || c.Move {
		if err := c.x.FS.Chtimes(dst, true, j.info.Atime, j.info.Mtime); err != nil {
			c.fail("preserving times for %s: %s", tool.Quote(j.dst), tool.ErrText(err))
		}
	}
	switch {
	case c.PreserveMode || c.Move:
		return c.chmod(j, j.info.Mode)
	case c.DefaultMode && !j.exists:
		mode := fs.FileMode(0o666)
		if j.info.IsDir() {
			mode = 0o777
		}
		return c.chmod(j, mode&^c.x.Umask)
	}
	return true
}

func (c *Copier) chmod(j *job, mode fs.FileMode) bool {
	err := c.x.FS.Chmod(c.x.Abs(j.dst), filemode.Of(mode).Mode())
	if err != nil {
		c.fail("preserving permissions for %s: %s", tool.Quote(j.dst), tool.ErrText(err))
	}
	return err == nil
}

// link makes dst a second name of the file to.
func (c *Copier) link(to string, j *job) bool {
	err := c.x.FS.Link(c.x.Abs(to), c.x.Abs(j.dst), c.follows(j))
	if vfs.ToErrno(err) == vfs.EEXIST && (c.Overwrite == Ask || c.Force || c.Recursive) {
		if ok, _ := c.unlink(j); !ok {
			return false
		}
		err = c.x.FS.Link(c.x.Abs(to), c.x.Abs(j.dst), c.follows(j))
	}
	if err != nil {
		c.fail("cannot create hard link %s to %s: %s", tool.Quote(j.dst), tool.Quote(to), tool.ErrText(err))
	}
	return err == nil
}

// symlinkTo makes dst a symbolic link to src.
func (c *Copier) symlinkTo(j *job) bool {
	if !strings.HasPrefix(j.src, "/") && strings.Contains(strings.TrimPrefix(j.dst, "./"), "/") {
		c.fail("%s: can make relative symbolic links only in current directory", tool.QuoteFile(j.dst))
		return false
	}
	if err := c.x.FS.Symlink(j.src, c.x.Abs(j.dst)); err != nil {
		c.fail("cannot create symbolic link %s to %s: %s", tool.Quote(j.dst), tool.Quote(j.src), tool.ErrText(err))
		return false
	}
	return true
}

// symlink copies a link as a link.
func (c *Copier) symlink(j *job) bool {
	target, err := c.x.FS.Readlink(c.x.Abs(j.src))
	if err != nil {
		c.fail("cannot read symbolic link %s: %s", tool.Quote(j.src), tool.ErrText(err))
		return false
	}
	if err := c.x.FS.Symlink(target, c.x.Abs(j.dst)); err != nil {
		c.fail("cannot create symbolic link %s: %s", tool.Quote(j.dst), tool.ErrText(err))
		return false
	}
	if c.PreserveTimes || c.Move {
		// That a link keeps no times of its own is no failure.
		_ = c.x.FS.Chtimes(c.x.Abs(j.dst), false, j.info.Atime, j.info.Mtime)
	}
	return true
}
