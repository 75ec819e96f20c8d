/*
Package install copies files and sets their permissions.

	install [OPTION]... [-T] SOURCE DEST
	install [OPTION]... SOURCE... DIRECTORY
	install [OPTION]... -t DIRECTORY SOURCE...
	install [OPTION]... -d DIRECTORY...

	-d, --directory            make directories
	-D                         make the directories above DEST, or -t's
	-m, --mode=MODE            permissions as for chmod, not rwxr-xr-x
	-p, --preserve-timestamps
	-C, --compare              leave alone what is the same already
	-t, --target-directory=DIR; -T, --no-target-directory
	-b, --backup[=CONTROL], -S, --suffix=SUFFIX  keep what is overwritten
	-v, --verbose              say what is done
	-c, -s, -o OWNER, -g GROUP, -Z, --strip-program: taken and ignored
*/
package install

import (
	"bytes"
	"context"
	"fmt"
	"path"

	"agentsandbox/toolbox/backup"
	"agentsandbox/toolbox/filecopy"
	"agentsandbox/toolbox/filemode"
	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	i := installer{x: x, mode: filemode.Exactly(0o755)}
	i.opts = filecopy.Options{Remove: true, Follow: filecopy.FollowAll}
	operands, err := i.parse()
	if err != nil {
		return err
	}
	if i.dirs {
		for _, dir := range operands {
			if err := i.makeDir(dir, true); err != nil {
				return err
			}
		}
		return tool.Exit(i.status)
	}
	c := filecopy.New(ctx, x, i.opts)
	for _, source := range operands {
		if err := i.file(c, source, i.to.Of(source)); err != nil {
			return err
		}
	}
	if c.Failed {
		i.status = 1
	}
	return tool.Exit(i.status)
}

// installer is one run of the command.
type installer struct {
	x                      *tool.Exec
	opts                   filecopy.Options
	mode                   filemode.Change
	dirs, leading, compare bool
	to                     filecopy.Target
	status                 int
}

func (i *installer) parse() ([]string, error) {
	flags := tool.NewFlags(i.x)
	flags.BoolVar(&i.dirs, true, 'd', "directory")
	flags.BoolVar(&i.leading, true, 'D', "")
	flags.BoolVar(&i.compare, true, 'C', "compare")
	flags.BoolVar(&i.opts.PreserveTimes, true, 'p', "preserve-timestamps")
	flags.BoolVar(&i.opts.Verbose, true, 'v', "verbose")
	flags.Func('m', "mode", func(s string) error {
		change, ok := filemode.Parse(s)
		if !ok {
			return fmt.Errorf("invalid mode %s", tool.Quote(s))
		}
		i.mode = change
		return nil
	})
	for _, ignored := range []struct {
		short byte
		long  string
	}{{'c', ""}, {'s', "strip"}, {'Z', ""}} {
		flags.Switch(ignored.short, ignored.long, func() {})
	}
	flags.String('o', "owner", "")
	flags.String('g', "group", "")
	flags.String(0, "strip-program", "")
	backups := backup.Define(i.x, flags)
	place := filecopy.DefinePlace(i.x, flags)
	operands, err := flags.Parse()
	if err != nil {
		return nil, err
	}
	if i.opts.Backups, err = backups.Namer(); err != nil {
		return nil, err
	}
	if i.dirs {
		if len(operands) == 0 {
			return nil, flags.Errorf("missing file operand")
		}
		return operands, nil
	}
	if i.leading && *place.Into != "" {
		if err := i.makeDir(*place.Into, false); err != nil {
			return nil, err
		}
	}
	operands, i.to, err = place.Sort(operands)
	return operands, err
}

// makeDir makes a directory with those above it. The error is one of standard
// output; others are reported.
func (i *installer) makeDir(dir string, last bool) error {
	for end := 1; end <= len(dir); end++ {
		if end < len(dir) && (dir[end] != '/' || dir[end-1] == '/') {
			continue
		}
		if ok, err := i.oneDir(dir[:end]); !ok || err != nil {
			return err
		}
	}
	if last {
		bits := i.mode.Apply(0, true, 0)
		if err := i.x.FS.Chmod(i.x.Abs(dir), bits.Mode()); err != nil {
			i.fail("cannot change permissions of %s: %s", tool.Quote(dir), tool.ErrText(err))
		}
	}
	return nil
}

func (i *installer) oneDir(dir string) (ok bool, err error) {
	err = i.x.FS.Mkdir(i.x.Abs(dir), 0o755)
	switch {
	case err == nil && i.opts.Verbose:
		_, err = fmt.Fprintf(i.x.Stdout, "%s: creating directory %s\n", i.x.Name, tool.Quote(dir))
		return true, err
	case err == nil:
		return true, nil
	}
	if vfs.ToErrno(err) == vfs.EEXIST {
		info, statErr := i.x.Stat(dir)
		if statErr == nil && info.IsDir() {
			return true, nil
		}
	}
	i.fail("cannot create directory %s: %s", tool.Quote(dir), tool.ErrText(err))
	return false, nil
}

// file installs one file.
func (i *installer) file(c *filecopy.Copier, source, dest string) error {
	info, err := i.x.Stat(source)
	switch {
	case err != nil:
		i.fail("cannot stat %s: %s", tool.Quote(source), tool.ErrText(err))
		return nil
	case info.IsDir():
		i.fail("omitting directory %s", tool.Quote(source))
		return nil
	}
	if i.leading && i.to.Dir == "" && path.Dir(dest) != "." {
		if err := i.makeDir(path.Dir(dest), false); err != nil {
			return err
		}
	}
	if i.compare && i.same(source, dest, info) {
		return nil
	}
	failed := c.Failed
	c.Failed = false
	err = c.Copy(source, dest)
	if err == nil && !c.Failed {
		bits := i.mode.Apply(0, false, 0)
		if err := i.x.FS.Chmod(i.x.Abs(dest), bits.Mode()); err != nil {
			i.fail("cannot change permissions of %s: %s", tool.Quote(dest), tool.ErrText(err))
		}
	}
	c.Failed = c.Failed || failed
	return err
}

// maxCompare bounds the files that -C compares.
const maxCompare = 16 << 20

// same reports whether dest is what it would become.
func (i *installer) same(source, dest string, info vfs.Info) bool {
	old, err := i.x.Lstat(dest)
	if err != nil || !old.Mode.IsRegular() || old.Size != info.Size || filemode.Of(old.Mode) != i.mode.Apply(0, false, 0) {
		return false
	}
	a, err := i.x.ReadFile(source, maxCompare)
	if err != nil {
		return false
	}
	b, err := i.x.ReadFile(dest, maxCompare)
	return err == nil && bytes.Equal(a, b)
}

func (i *installer) fail(format string, args ...any) {
	i.x.Errorf(format, args...)
	i.status = 1
}
