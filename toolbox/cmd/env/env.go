/*
Package env runs a command in a changed environment, or prints the environment.

	env [OPTION]... [-] [NAME=VALUE]... [COMMAND [ARG]...]

	-i, --ignore-environment, -  start with none
	-u, --unset=NAME             without the variable
	-C, --chdir=DIR              in the directory
	-S, --split-string=S         take the words of S as arguments, for #! lines
	-0, --null                   end each variable with NUL, not a newline
	-v, --debug                  say what is done

It exits as COMMAND does; 125 if env fails, 126 if COMMAND cannot be run, 127
if there is none.
*/
package env

import (
	"context"
	"slices"
	"strings"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	e := runner{x: x, env: x.Environ(), dir: x.Dir, end: "\n"}
	operands, err := e.parse(x.Args)
	if err != nil {
		return err
	}
	if len(operands) > 0 && operands[0] == "-" {
		e.clear, operands = true, operands[1:]
	}
	e.unset()
	for len(operands) > 0 && strings.Contains(operands[0], "=") {
		e.set(operands[0])
		operands = operands[1:]
	}
	if len(operands) == 0 {
		return e.print()
	}
	return e.run(ctx, operands)
}

type runner struct {
	x            *tool.Exec
	env          []string
	dir          string
	chdir        string
	end          string
	clear, debug bool
	unsets, sets []string
}

func (e *runner) parse(args []string) ([]string, error) {
	flags := tool.NewFlags(e.x)
	flags.Usage, flags.Posix = 125, true
	flags.BoolVar(&e.clear, true, 'i', "ignore-environment")
	flags.Func('u', "unset", func(s string) error { e.unsets = append(e.unsets, s); return nil })
	flags.Func('C', "chdir", func(s string) error { e.chdir = s; return nil })
	flags.Switch('0', "null", func() { e.end = "\x00" })
	flags.BoolVar(&e.debug, true, 'v', "debug")
	for _, name := range []string{"block-signal", "default-signal", "ignore-signal"} {
		flags.Optional(0, name, "", func(string) error { return nil })
	}
	flags.Bool(0, "list-signal-handling")
	var split *string
	flags.Func('S', "split-string", func(s string) error { split = &s; return nil })
	operands, err := flags.ParseArgs(args)
	if err != nil || split == nil {
		return operands, err
	}
	words, err := e.split(*split)
	if err != nil {
		return nil, err
	}
	return e.parse(append(words, operands...))
}

func (e *runner) unset() {
	if e.clear {
		e.env = nil
	}
	for _, name := range e.unsets {
		e.remove(name)
	}
}

func (e *runner) remove(name string) {
	e.env = slices.DeleteFunc(e.env, func(entry string) bool { return strings.HasPrefix(entry, name+"=") })
}

func (e *runner) set(entry string) {
	e.sets = append(e.sets, entry)
	name, _, _ := strings.Cut(entry, "=")
	for i, old := range e.env {
		if strings.HasPrefix(old, name+"=") {
			e.env[i] = entry
			return
		}
	}
	e.env = append(e.env, entry)
}

func (e *runner) print() error {
	if e.chdir != "" {
		return e.usage("must specify command with --chdir (-C)")
	}
	out := e.x.Writer()
	for _, entry := range e.env {
		out.WriteString(entry + e.end)
	}
	return out.Flush()
}

func (e *runner) usage(message string) error {
	flags := tool.NewFlags(e.x)
	flags.Usage = 125
	return flags.Errorf("%s", message)
}

func (e *runner) run(ctx context.Context, argv []string) error {
	x := e.x
	if e.end == "\x00" {
		return e.usage("cannot specify --null (-0) with command")
	}
	if e.chdir != "" {
		dir, err := x.RealPath(e.chdir, tool.AllExists)
		if err == nil {
			err = isDir(x, dir)
		}
		if err != nil {
			return x.Fail(125, "cannot change directory to %s: %s", tool.Quote(e.chdir), tool.ErrText(err))
		}
		e.dir = dir
	}
	if e.debug {
		e.explain(argv)
	}
	child := *x
	child.Env, child.Dir = e.env, e.dir
	status, err := x.Spawn(ctx, &child, argv)
	if err != nil {
		x.Errorf("%s: %s", tool.QuoteText(argv[0]), tool.ErrText(err))
		if vfs.ToErrno(err) == vfs.ENOENT && strings.Contains(argv[0], " ") {
			x.Errorf("use -[v]S to pass options in shebang lines")
		}
	}
	return tool.Exit(status)
}

func isDir(x *tool.Exec, dir string) error {
	info, err := x.FS.Stat(dir)
	if err == nil && !info.IsDir() {
		return vfs.ENOTDIR
	}
	return err
}
