/*
Package ln makes links.

	ln [-s] [OPTION]... [-T] TARGET LINK
	ln [-s] [OPTION]... TARGET
	ln [-s] [OPTION]... TARGET... DIRECTORY
	ln [-s] [OPTION]... -t DIRECTORY TARGET...

	-s, --symbolic              symbolic links, not second names
	-f, --force                 remove what is in the way
	-i, --interactive           ask before that
	-n, --no-dereference        LINK is no directory if it is a link to one
	-r, --relative              with -s: a target as seen from the link
	-L, --logical               follow TARGETs that are links
	-P, --physical              do not (the default)
	-t, --target-directory=DIR
	-T, --no-target-directory   LINK is a file, always
	-v, --verbose               say what is made
	-b, --backup[=CONTROL], -S, --suffix=SUFFIX  keep what was in the way
*/
package ln

import (
	"context"

	"agentsandbox/toolbox/backup"
	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	l := linker{x: x}
	targets, dir, link, err := l.parse()
	if err != nil {
		return err
	}
	for _, target := range targets {
		if err := ctx.Err(); err != nil {
			return err
		}
		name := link
		if dir != "" {
			name = tool.Join(dir, tool.Base(target))
		}
		if err := l.link(target, name); err != nil {
			return err
		}
	}
	return tool.Exit(l.status)
}

type linker struct {
	x                                    *tool.Exec
	symbolic, force, ask, noFollow       bool
	relative, logical, verbose, noTarget bool
	backups                              backup.Namer
	status                               int
}

// parse returns the targets and where their links go: below dir, or, of a
// single target, to link.
func (l *linker) parse() (targets []string, dir, link string, err error) {
	flags := tool.NewFlags(l.x)
	flags.BoolVar(&l.symbolic, true, 's', "symbolic")
	flags.Switch('f', "force", func() { l.force, l.ask = true, false })
	flags.Switch('i', "interactive", func() { l.force, l.ask = false, true })
	flags.BoolVar(&l.noFollow, true, 'n', "no-dereference")
	flags.BoolVar(&l.relative, true, 'r', "relative")
	flags.BoolVar(&l.logical, true, 'L', "logical")
	flags.BoolVar(&l.logical, false, 'P', "physical")
	flags.BoolVar(&l.noTarget, true, 'T', "no-target-directory")
	flags.BoolVar(&l.verbose, true, 'v', "verbose")
	flags.Switch('d', "directory", func() {})
	flags.Switch('F', "", func() {})
	into := flags.String('t', "target-directory", "")
	backups := backup.Define(l.x, flags)
	operands, err := flags.Parse()
	if err != nil {
		return nil, "", "", err
	}
	if len(operands) == 0 {
		return nil, "", "", flags.Errorf("missing file operand")
	}
	targets, dir, link, err = l.place(flags, operands, *into)
	if err != nil {
		return nil, "", "", err
	}
	if l.backups, err = backups.Namer(); err != nil {
		return nil, "", "", err
	}
	if l.relative && !l.symbolic {
		err = l.x.Fail(1, "cannot do --relative without --symbolic")
	}
	return targets, dir, link, err
}

// place sorts the operands into targets and where their links go.
func (l *linker) place(flags *tool.Flags, operands []string, into string) (targets []string, dir, link string, err error) {
	last := operands[len(operands)-1]
	switch {
	case l.noTarget && into != "":
		return nil, "", "", l.x.Fail(1, "cannot combine --target-directory and --no-target-directory")
	case l.noTarget && len(operands) == 1:
		return nil, "", "", flags.Errorf("missing destination file operand after %s", tool.Quote(last))
	case l.noTarget && len(operands) > 2:
		return nil, "", "", flags.Errorf("extra operand %s", tool.Quote(operands[2]))
	case l.noTarget:
		return operands[:1], "", last, nil
	case into != "":
		return operands, into, "", l.isDir(into)
	case len(operands) == 1:
		return operands, ".", "", nil
	}
	targets = operands[:len(operands)-1]
	err = l.directory(last)
	switch {
	case err == nil:
		return targets, last, "", nil
	case len(targets) == 1:
		return targets, "", last, nil
	}
	return nil, "", "", l.x.Fail(1, "target %s: %s", tool.Quote(last), tool.ErrText(err))
}

// directory returns nil if links may go below name.
func (l *linker) directory(name string) error {
	stat := l.x.Stat
	if l.noFollow {
		stat = l.x.Lstat
	}
	info, err := stat(name)
	if err == nil && !info.IsDir() {
		err = vfs.ENOTDIR
	}
	return err
}

func (l *linker) isDir(name string) error {
	info, err := l.x.Stat(name)
	switch {
	case err != nil:
		return l.x.Fail(1, "failed to access %s: %s", tool.Quote(name), tool.ErrText(err))
	case !info.IsDir():
		return l.x.Fail(1, "target %s is not a directory", tool.Quote(name))
	}
	return nil
}
