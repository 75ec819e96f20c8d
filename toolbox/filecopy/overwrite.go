package filecopy

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"agentsandbox/toolbox/filemode"
	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// clear looks at what is at dst, and takes it out of the way or reports why
// not. ok says whether to go on.
func (c *Copier) clear(j *job) (ok bool, err error) {
	if j.isNew {
		return true, nil
	}
	if err := c.lookOld(j); err != nil {
		c.fail("cannot stat %s: %s", tool.Quote(j.dst), tool.ErrText(err))
		return false, nil
	}
	if !j.exists {
		return true, nil
	}
	if distinct, done := c.sameFile(j); !distinct {
		if !done {
			c.fail("%s and %s are the same file", tool.Quote(j.src), tool.Quote(j.dst))
		}
		return false, nil
	}
	if !c.wanted(j) || !c.allowed(j) {
		return false, nil
	}
	return c.makeWay(j)
}

// lookOld finds out what dst is: a link as such where it would be replaced, or
// what it leads to where that would be written.
func (c *Copier) lookOld(j *job) error {
	stat := c.x.Stat
	if c.Move || c.Symlink || c.Link || c.Remove || c.Backups.Enabled() || !j.info.Mode.IsRegular() {
		stat = c.x.Lstat
	}
	info, err := stat(j.dst)
	switch vfs.ToErrno(err) {
	case 0:
		j.old, j.exists = info, true
	case vfs.ENOENT:
	case vfs.ELOOP, vfs.ENOTDIR:
		if vfs.ToErrno(err) == vfs.ENOTDIR && strings.HasSuffix(j.dst, "/") {
			return nil // what makes the file says what is wrong
		}
		if vfs.ToErrno(err) == vfs.ELOOP && c.Force {
			j.exists = true
			j.old, _ = c.x.Lstat(j.dst)
			return nil
		}
		return err
	default:
		return err
	}
	return nil
}

// sameFile looks for src and dst being one: distinct says whether to go on, done
// that there is nothing to do and to say.
func (c *Copier) sameFile(j *job) (distinct, done bool) {
	same := idOf(j.info) == idOf(j.old)
	if !same && !c.leadsTo(j) {
		return true, false
	}
	if same && c.Link {
		return false, true
	}
	oneName := c.sameName(j.src, j.dst)
	switch {
	case c.Backups.Enabled():
		return !oneName || c.Force && !c.Move && !j.info.IsDir(), false
	case c.Remove:
		return !oneName, false
	case same && c.Move && !oneName && j.info.Mode&fs.ModeSymlink != 0:
		return true, false
	case !same:
		return c.replacesLink(j), false
	}
	return false, false
}

// leadsTo reports whether one of the two is a link to the other.
func (c *Copier) leadsTo(j *job) bool {
	if j.info.Mode&fs.ModeSymlink == 0 && j.old.Mode&fs.ModeSymlink == 0 {
		return false
	}
	src, err := c.x.Stat(j.src)
	if err != nil {
		return false
	}
	dst, err := c.x.Stat(j.dst)
	return err == nil && idOf(src) == idOf(dst)
}

// replacesLink reports whether to go on where src and dst are two files, one
// of which is a link to the other: if it is dst, which is then replaced.
func (c *Copier) replacesLink(j *job) bool {
	if j.info.Mode&fs.ModeSymlink != 0 {
		return j.old.Mode&fs.ModeSymlink != 0
	}
	return c.Move || c.Symlink || c.Link
}

// sameName reports whether both are one name in one directory.
func (c *Copier) sameName(a, b string) bool {
	if tool.Base(a) != tool.Base(b) {
		return false
	}
	one, err := c.x.FS.Stat(path.Dir(strings.TrimRight(c.x.Abs(a), "/")))
	if err != nil {
		return false
	}
	other, err := c.x.FS.Stat(path.Dir(strings.TrimRight(c.x.Abs(b), "/")))
	return err == nil && idOf(one) == idOf(other)
}

// wanted applies --update, --no-clobber and --interactive.
func (c *Copier) wanted(j *job) bool {
	if c.Update && !j.info.IsDir() && j.old.Mtime >= j.info.Mtime {
		return false
	}
	if j.info.IsDir() && !c.Move {
		return true
	}
	switch c.Overwrite {
	case Never:
		return false
	case Ask:
		return c.x.Confirm("%s", c.question(j))
	}
	if c.Move && !c.Force && j.old.Mode&fs.ModeSymlink == 0 && j.old.Mode&0o200 == 0 && c.x.IsTerminal(0) {
		return c.x.Confirm("%s", c.question(j))
	}
	return true
}

// question asks whether to overwrite dst.
func (c *Copier) question(j *job) string {
	if j.old.Mode&0o200 != 0 || j.old.Mode&fs.ModeSymlink != 0 {
		return fmt.Sprintf("overwrite %s? ", tool.Quote(j.dst))
	}
	bits := filemode.Of(j.old.Mode)
	if c.Move || c.Force || c.Remove {
		return fmt.Sprintf("replace %s, overriding mode %04o (%s)? ", tool.Quote(j.dst), uint32(bits), bits)
	}
	return fmt.Sprintf("unwritable %s (mode %04o, %s); try anyway? ", tool.Quote(j.dst), uint32(bits), bits)
}

// allowed refuses to put files over directories, and what was just made.
func (c *Copier) allowed(j *job) bool {
	srcDir, oldDir := j.info.IsDir(), j.old.IsDir()
	switch {
	case srcDir && !oldDir && !(c.Move && c.Backups.Enabled()):
		c.fail("cannot overwrite non-directory %s with directory %s", tool.Quote(j.dst), tool.Quote(j.src))
	case j.operand && c.made[idOf(j.old)] && !(srcDir && oldDir):
		c.fail("will not overwrite just-created %s with %s", tool.Quote(j.dst), tool.Quote(j.src))
	case !srcDir && oldDir && !(c.Move && c.Backups.Enabled()):
		c.fail("cannot overwrite directory %s with non-directory", tool.Quote(j.dst))
	default:
		return true
	}
	return false
}

// makeWay saves or removes dst where it is to be replaced, not written over.
func (c *Copier) makeWay(j *job) (ok bool, err error) {
	if c.Backups.Enabled() && !(j.info.IsDir() && j.old.IsDir() && !c.Move) {
		return c.save(j), nil
	}
	if j.old.IsDir() || c.Move {
		return true, nil
	}
	shared := c.PreserveLinks && j.old.Nlink > 1
	replaced := c.Follow == FollowNone && !j.info.Mode.IsRegular()
	asLink := c.Symlink || c.Link
	if c.Remove || shared || replaced || asLink && c.Force || c.Recursive && j.info.Mode&fs.ModeSymlink != 0 && c.Follow != FollowAll {
		return c.unlink(j)
	}
	return true, nil
}

// save renames dst to its backup.
func (c *Copier) save(j *job) bool {
	if c.Backups.Simple(j.dst, j.src) {
		c.fail("backing up %s might destroy source;  %s not %s", tool.Quote(j.dst), tool.Quote(j.src),
			map[bool]string{true: "moved", false: "copied"}[c.Move])
		return false
	}
	saved := c.Backups.Name(j.dst)
	if err := c.x.FS.Rename(c.x.Abs(j.dst), c.x.Abs(saved)); err != nil {
		c.fail("cannot backup %s: %s", tool.Quote(j.dst), tool.ErrText(err))
		return false
	}
	if idOf(j.info) == idOf(j.old) {
		j.src = saved
	}
	j.saved, j.exists = saved, false
	return true
}

// restore puts the backup back where dst could not be made.
func (c *Copier) restore(j *job) {
	if j.saved == "" {
		return
	}
	if err := c.x.FS.Rename(c.x.Abs(j.saved), c.x.Abs(j.dst)); err != nil {
		c.fail("cannot un-backup %s: %s", tool.Quote(j.dst), tool.ErrText(err))
	}
}

func (c *Copier) unlink(j *job) (ok bool, err error) {
	if err := c.x.FS.Unlink(c.x.Abs(j.dst)); err != nil && vfs.ToErrno(err) != vfs.ENOENT {
		c.fail("cannot remove %s: %s", tool.Quote(j.dst), tool.ErrText(err))
		return false, nil
	}
	j.exists = false
	if c.Verbose {
		return true, c.printf("removed %s\n", tool.Quote(j.dst))
	}
	return true, nil
}
