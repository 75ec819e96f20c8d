/*
Package chmod changes the permissions of files.

	chmod [-Rcvf] MODE[,MODE]... FILE...
	chmod [-Rcvf] --reference=RFILE FILE...

MODE is octal, or [ugoa]*([-+=]([rwxXst]*|[ugo]))+.

	-R, --recursive      directories with all that is in them
	-v, --verbose        say what is done
	-c, --changes        the same, only for what changes
	-f, --silent, --quiet
	--reference=RFILE    the permissions of RFILE
	--preserve-root      refuse / with -R; --no-preserve-root is the default
*/
package chmod

import (
	"context"
	"fmt"
	"io/fs"
	"strings"

	"agentsandbox/toolbox/filemode"
	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	c := changer{ctx: ctx, x: x}
	files, err := c.parse()
	if err != nil {
		return err
	}
	for _, name := range files {
		if err := c.operand(name); err != nil {
			return err
		}
	}
	return tool.Exit(c.status)
}

type changer struct {
	ctx                       context.Context
	x                         *tool.Exec
	change                    filemode.Change
	recursive, silent, guards bool
	verbose, changes          bool
	dashed                    bool // the mode looked like an option
	status                    int
}

func (c *changer) parse() ([]string, error) {
	flags := tool.NewFlags(c.x)
	flags.BoolVar(&c.recursive, true, 'R', "recursive")
	flags.Switch('v', "verbose", func() { c.verbose, c.changes = true, false })
	flags.Switch('c', "changes", func() { c.verbose, c.changes = false, true })
	flags.BoolVar(&c.silent, true, 'f', "silent")
	flags.BoolVar(&c.silent, true, 0, "quiet")
	flags.BoolVar(&c.guards, true, 0, "preserve-root")
	flags.BoolVar(&c.guards, false, 0, "no-preserve-root")
	ref := flags.String(0, "reference", "")
	mode := ""
	flags.Legacy = func(arg string) bool {
		if arg[0] != '-' || strings.Trim(arg[1:], "rwxXstugoa=+,01234567-") != "" || arg[1] == '-' {
			return false
		}
		if mode != "" {
			mode += ","
		}
		mode, c.dashed = mode+arg, true
		return true
	}
	operands, err := flags.Parse()
	if err != nil {
		return nil, err
	}
	if *ref != "" {
		return c.reference(flags, *ref, operands)
	}
	if mode == "" && len(operands) > 0 {
		mode, operands = operands[0], operands[1:]
	}
	if len(operands) == 0 {
		if mode == "" || c.dashed {
			return nil, flags.Errorf("missing operand")
		}
		return nil, flags.Errorf("missing operand after %s", tool.QuoteText(mode))
	}
	change, ok := filemode.Parse(mode)
	if !ok {
		return nil, flags.Errorf("invalid mode: %s", tool.QuoteText(mode))
	}
	c.change = change
	return operands, nil
}

func (c *changer) reference(flags *tool.Flags, ref string, files []string) ([]string, error) {
	if len(files) == 0 {
		return nil, flags.Errorf("missing operand")
	}
	info, err := c.x.Stat(ref)
	if err != nil {
		return nil, c.x.Fail(1, "failed to get attributes of %s: %s", tool.Quote(ref), tool.ErrText(err))
	}
	c.change = filemode.Exactly(filemode.Of(info.Mode))
	return files, nil
}

// operand changes one file that was named; a link there is followed.
func (c *changer) operand(name string) error {
	info, err := c.x.Stat(name)
	if err != nil {
		if link, linkErr := c.x.Lstat(name); linkErr == nil && link.Mode&fs.ModeSymlink != 0 {
			c.fail("cannot operate on dangling symlink %s", tool.Quote(name))
		} else {
			c.fail("cannot access %s: %s", tool.Quote(name), tool.ErrText(err))
		}
		if c.verbose {
			return c.say("%s could not be accessed\n", tool.Quote(name))
		}
		return nil
	}
	if c.recursive && c.guards && isRoot(c.x, info) {
		c.fail("it is dangerous to operate recursively on %s", tool.Quote(name))
		c.x.Errorf("use --no-preserve-root to override this failsafe")
		return nil
	}
	return c.tree(name, info)
}

func isRoot(x *tool.Exec, info vfs.Info) bool {
	root, err := x.FS.Lstat("/")
	return err == nil && root.Ino == info.Ino && root.Dev == info.Dev
}

// tree changes a file, and with -R what is below it. The error is one of
// writing what was done, or the end of the context; others are reported.
func (c *changer) tree(name string, info vfs.Info) error {
	if err := c.ctx.Err(); err != nil {
		return err
	}
	if err := c.file(name, info); err != nil || !c.recursive || !info.IsDir() {
		return err
	}
	entries, err := c.x.ReadDir(name)
	if err != nil {
		c.fail("cannot read directory %s: %s", tool.Quote(name), tool.ErrText(err))
		return nil
	}
	for _, e := range entries {
		if err := c.below(strings.TrimSuffix(name, "/") + "/" + e.Name); err != nil {
			return err
		}
	}
	return nil
}

func (c *changer) below(name string) error {
	info, err := c.x.Lstat(name)
	switch {
	case err != nil:
		c.fail("cannot access %s: %s", tool.Quote(name), tool.ErrText(err))
		return nil
	case info.Mode&fs.ModeSymlink != 0:
		if c.verbose {
			return c.say("neither symbolic link %s nor referent has been changed\n", tool.Quote(name))
		}
		return nil
	}
	return c.tree(name, info)
}

func (c *changer) file(name string, info vfs.Info) error {
	old := filemode.Of(info.Mode)
	bits := c.change.Apply(old, info.IsDir(), filemode.Of(c.x.Umask))
	if err := c.x.FS.Chmod(c.x.Abs(name), bits.Mode()); err != nil {
		c.fail("changing permissions of %s: %s", tool.Quote(name), tool.ErrText(err))
		return c.failed(name, old, bits)
	}
	if err := c.report(name, old, bits); err != nil {
		return err
	}
	if naive := c.change.Apply(old, info.IsDir(), 0); c.dashed && bits&^naive != 0 {
		c.status = 1
		c.x.Errorf("%s: new permissions are %s, not %s", tool.QuoteFile(name), bits, naive)
	}
	return nil
}

func (c *changer) report(name string, old, bits filemode.Bits) error {
	switch {
	case old != bits && (c.verbose || c.changes):
		return c.say("mode of %s changed from %04o (%s) to %04o (%s)\n", tool.Quote(name), uint32(old), old, uint32(bits), bits)
	case old == bits && c.verbose:
		return c.say("mode of %s retained as %04o (%s)\n", tool.Quote(name), uint32(old), old)
	}
	return nil
}

func (c *changer) failed(name string, old, bits filemode.Bits) error {
	if !c.verbose {
		return nil
	}
	return c.say("failed to change mode of %s from %04o (%s) to %04o (%s)\n", tool.Quote(name), uint32(old), old, uint32(bits), bits)
}

func (c *changer) say(format string, args ...any) error {
	_, err := fmt.Fprintf(c.x.Stdout, format, args...)
	return err
}

func (c *changer) fail(format string, args ...any) {
	if !c.silent {
		c.x.Errorf(format, args...)
	}
	c.status = 1
}
