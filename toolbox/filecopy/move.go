package filecopy

import (
	"io/fs"

	"agentsandbox/toolbox/remove"
	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// rename moves src to dst by renaming it, or by copying it where the two are on
// different file systems.
func (c *Copier) rename(j *job) error {
	switch err := c.x.FS.Rename(c.x.Abs(j.src), c.x.Abs(j.dst)); vfs.ToErrno(err) {
	case 0:
		c.remember(j)
		if c.Verbose {
			return c.say(j, "renamed ")
		}
		return nil
	case vfs.EXDEV:
		return c.across(j)
	case vfs.EINVAL:
		c.fail("cannot move %s to a subdirectory of itself, %s", tool.Quote(j.src), tool.Quote(j.dst))
	default:
		c.fail("cannot move %s to %s: %s", tool.Quote(j.src), tool.Quote(j.dst), tool.ErrText(err))
	}
	c.restore(j)
	return nil
}

// across moves src to another file system: it copies, and removes what it has
// copied whole.
func (c *Copier) across(j *job) error {
	if j.exists {
		if !c.removeOld(j) {
			c.restore(j)
			return nil
		}
		j.exists = false
	}
	failed := c.Failed
	c.Failed = false
	c.Recursive, c.Follow, c.PreserveLinks = true, FollowNone, true
	j.crossed = true
	err := c.create(j)
	whole := !c.Failed && err == nil
	c.Failed = c.Failed || failed
	if !whole || err != nil {
		return err
	}
	r := remove.Remover{Ctx: c.ctx, X: c.x, Recursive: true, Verbose: c.Verbose}
	err = r.Remove(j.src)
	c.Failed = c.Failed || r.Failed
	return err
}

func (c *Copier) removeOld(j *job) bool {
	drop := c.x.FS.Unlink
	if j.old.IsDir() && j.old.Mode&fs.ModeSymlink == 0 {
		drop = c.x.FS.Rmdir
	}
	err := drop(c.x.Abs(j.dst))
	if err != nil && vfs.ToErrno(err) != vfs.ENOENT {
		c.fail("inter-device move failed: %s to %s; unable to remove target: %s", tool.Quote(j.src), tool.Quote(j.dst), tool.ErrText(err))
		return false
	}
	return true
}
