// Package filecopy copies and moves files as cp, mv and install do: what may
// overwrite what, in which order, and in which words it is refused.
package filecopy

import (
	"context"
	"fmt"
	"io/fs"

	"agentsandbox/toolbox/backup"
	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// Follow says which links are copied as what they lead to.
type Follow int

// All links (where nothing is copied recursively), none, those that are named
// on the command line, and all.
const (
	FollowFiles Follow = iota
	FollowNone
	FollowOperands
	FollowAll
)

// Overwrite says what to do where there is a file already.
type Overwrite int

// Overwrite it; ask first; leave it.
const (
	Always Overwrite = iota
	Ask
	Never
)

// Options are those of cp and mv.
type Options struct {
	Move           bool // rename where that can be done, else copy and remove
	Recursive      bool
	Follow         Follow
	Overwrite      Overwrite
	Force          bool // remove a file that can not be opened, and try again
	Remove         bool // --remove-destination
	Update         bool // only if newer
	Verbose        bool
	Link           bool // make hard links
	Symlink        bool // make symbolic links
	PreserveMode   bool
	DefaultMode    bool // --no-preserve=mode
	PreserveTimes  bool
	PreserveLinks  bool // files that are one stay one
	AttributesOnly bool
	CopyContents   bool // of devices and pipes, in a recursive copy
	OneFS          bool // stay on one file system
	Backups        backup.Namer
}

// Copier copies files in one run of a command. It remembers what it made. Not
// for use from several goroutines.
type Copier struct {
	Options
	// Failed is set once something could not be copied; what, was reported.
	Failed bool

	ctx     context.Context
	x       *tool.Exec
	sources map[fileID]bool   // operands
	made    map[fileID]bool   // what was made of operands
	copies  map[fileID]string // where a file was copied to, to link it again
	above   []fileID          // the directories being copied
	top     *job              // the operand being copied, if it is a directory
	into    fileID            // the directory that it is copied to
	root    uint64            // the device of the operand
	buf     []byte
}

// fileID tells files apart.
type fileID struct{ dev, ino uint64 }

func idOf(info vfs.Info) fileID { return fileID{info.Dev, info.Ino} }

// New returns a Copier for one run.
func New(ctx context.Context, x *tool.Exec, o Options) *Copier {
	return &Copier{Options: o, ctx: ctx, x: x,
		sources: map[fileID]bool{}, made: map[fileID]bool{}, copies: map[fileID]string{}}
}

// Copy copies or moves the operand src to be dst. The error ends the run: it
// is one of the context or of standard output. Others are reported.
func (c *Copier) Copy(src, dst string) error {
	j := job{src: src, dst: dst, operand: true}
	return c.copy(&j)
}

// job is one file to copy.
type job struct {
	src, dst string
	operand  bool
	info     vfs.Info // of src
	old      vfs.Info // of dst, if exists
	exists   bool
	isNew    bool   // dst is in a directory just made
	saved    string // the backup of dst
	crossed  bool   // on its way to another file system
}

func (c *Copier) copy(j *job) error {
	if err := c.ctx.Err(); err != nil {
		return err
	}
	if !c.look(j) {
		return nil
	}
	if ok, err := c.clear(j); !ok || err != nil {
		return err
	}
	if c.Move && !j.crossed {
		return c.rename(j)
	}
	return c.create(j)
}

// look finds out what src is, and refuses what is not copied.
func (c *Copier) look(j *job) bool {
	stat := c.x.Stat
	if !c.follows(j) {
		stat = c.x.Lstat
	}
	info, err := stat(j.src)
	if err != nil {
		c.fail("cannot stat %s: %s", tool.Quote(j.src), tool.ErrText(err))
		return false
	}
	j.info = info
	if info.IsDir() && !c.Recursive && !c.Move {
		c.fail("-r not specified; omitting directory %s", tool.Quote(j.src))
		return false
	}
	return !j.operand || c.firstTime(j)
}

// follows reports whether src is copied as what it leads to, if it is a link.
func (c *Copier) follows(j *job) bool {
	switch c.Follow {
	case FollowAll:
		return true
	case FollowOperands:
		return j.operand
	case FollowFiles:
		return !c.Recursive && !c.Move
	}
	return false
}

// firstTime reports whether an operand is new, and warns if it is not.
func (c *Copier) firstTime(j *job) bool {
	c.root = j.info.Dev
	id := idOf(j.info)
	if !c.sources[id] {
		c.sources[id] = true
		return true
	}
	if c.Backups.Enabled() && !j.info.IsDir() || c.Move {
		return true
	}
	kind := "file"
	if j.info.IsDir() {
		kind = "directory"
	} else if !c.madeAlready(j.dst) {
		return true
	}
	c.x.Errorf("warning: source %s %s specified more than once", kind, tool.Quote(j.src))
	return false
}

func (c *Copier) madeAlready(dst string) bool {
	info, err := c.x.Lstat(dst)
	return err == nil && c.made[idOf(info)]
}

// create makes dst, which is not there or may be overwritten.
func (c *Copier) create(j *job) error {
	mode := j.info.Mode
	if c.Verbose && !mode.IsDir() {
		verb := ""
		if j.crossed {
			verb = "copied "
		}
		if err := c.say(j, verb); err != nil {
			return err
		}
	}
	if to, ok := c.linkedTo(j); ok {
		c.link(to, j)
		return nil
	}
	var ok bool
	switch {
	case mode.IsDir():
		return c.dir(j)
	case c.Symlink:
		ok = c.symlinkTo(j)
	case c.Link:
		ok = c.link(j.src, j)
	case mode&fs.ModeSymlink != 0:
		ok = c.symlink(j)
	case mode.IsRegular() || c.CopyContents || !c.Recursive:
		ok = c.regular(j)
	default:
		c.fail("%s has unknown file type", tool.Quote(j.src))
	}
	if !ok {
		c.restore(j)
		return nil
	}
	c.remember(j)
	return nil
}

// remember notes what was made.
func (c *Copier) remember(j *job) {
	info, err := c.x.Lstat(j.dst)
	if err != nil {
		return
	}
	if j.operand {
		c.made[idOf(info)] = true
	}
}

// linkedTo is where the same file was copied to before, if it is to be the
// same there.
func (c *Copier) linkedTo(j *job) (string, bool) {
	if !c.PreserveLinks || j.info.IsDir() || j.info.Nlink < 2 {
		return "", false
	}
	id := idOf(j.info)
	to, ok := c.copies[id]
	if !ok {
		c.copies[id] = j.dst
	}
	return to, ok
}

// say prints what is copied.
func (c *Copier) say(j *job, verb string) error {
	kept := ""
	if j.saved != "" {
		kept = fmt.Sprintf(" (backup: %s)", tool.Quote(j.saved))
	}
	return c.printf("%s%s -> %s%s\n", verb, tool.Quote(j.src), tool.Quote(j.dst), kept)
}

func (c *Copier) printf(format string, args ...any) error {
	_, err := fmt.Fprintf(c.x.Stdout, format, args...)
	return err
}

func (c *Copier) fail(format string, args ...any) {
	c.x.Errorf(format, args...)
	c.Failed = true
}
