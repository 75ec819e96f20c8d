package filecopy

import (
	"slices"

	"agentsandbox/toolbox/tool"
)

// dir copies a directory with all that is in it. The directory that an operand
// became is not copied again when it is met in there (THREAT[SH-10]).
func (c *Copier) dir(j *job) error {
	switch {
	case slices.Contains(c.above, idOf(j.info)):
		c.fail("cannot copy cyclic symbolic link %s", tool.Quote(j.src))
		return nil
	case !j.operand && c.into == idOf(j.info):
		c.fail("cannot copy a directory, %s, into itself, %s", tool.Quote(c.top.src), tool.Quote(c.top.dst))
		return nil
	}
	if j.operand {
		c.top = j
	}
	made := !j.exists
	if made {
		if ok, err := c.mkdir(j); !ok || err != nil {
			return err
		}
	}
	c.noteDir(j)
	if c.OneFS && j.info.Dev != c.root {
		return nil
	}
	c.above = append(c.above, idOf(j.info))
	err := c.entries(j, made)
	c.above = c.above[:len(c.above)-1]
	if err != nil {
		return err
	}
	c.finish(j, made)
	return nil
}

// noteDir remembers the directory that an operand is copied to.
func (c *Copier) noteDir(j *job) {
	if !j.operand {
		return
	}
	c.remember(j)
	if info, err := c.x.Stat(j.dst); err == nil {
		c.into = idOf(info)
	}
}

// mkdir makes the directory dst such that files can be put into it.
func (c *Copier) mkdir(j *job) (ok bool, err error) {
	mode := j.info.Mode.Perm()
	if c.DefaultMode {
		mode = 0o777
	}
	if err := c.x.FS.Mkdir(c.x.Abs(j.dst), mode&^c.x.Umask|0o700); err != nil {
		c.fail("cannot create directory %s: %s", tool.Quote(j.dst), tool.ErrText(err))
		return false, nil
	}
	switch {
	case !c.Verbose:
		return true, nil
	case c.Move:
		return true, c.printf("created directory %s\n", tool.Quote(j.dst))
	}
	return true, c.say(j, "")
}

func (c *Copier) entries(j *job, made bool) error {
	entries, err := c.x.ReadDir(j.src)
	if err != nil {
		c.fail("cannot access %s: %s", tool.Quote(j.src), tool.ErrText(err))
		return nil
	}
	for _, e := range entries {
		one := job{src: tool.Join(j.src, e.Name), dst: tool.Join(j.dst, e.Name), isNew: made, crossed: j.crossed}
		if err := c.copy(&one); err != nil {
			return err
		}
	}
	return nil
}

// finish sets what a directory gets once it is filled.
func (c *Copier) finish(j *job, made bool) {
	if c.PreserveMode || c.PreserveTimes || c.Move {
		c.attributes(j)
	}
	want := j.info.Mode.Perm() &^ c.x.Umask
	if c.DefaultMode {
		want = 0o777 &^ c.x.Umask
	}
	if made && !c.PreserveMode && !c.Move && want != want|0o700 {
		c.chmod(j, want)
	}
}
