/*
Package less shows files: less and more. There is no terminal to turn pages on,
so all is written at once.

	less [OPTION]... [+COMMAND] [FILE]...
	more [OPTION]... [FILE]...

Without FILE it reads standard input. Options are taken and ignored.
*/
package less

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"

	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(_ context.Context, x *tool.Exec) error {
	if len(x.Args) == 1 && (x.Args[0] == "--version" || x.Args[0] == "--help") {
		return tool.Asked(x.Args[0][2:])
	}
	l := &pager{x: x, w: x.Writer(), more: x.Name == "more"}
	names := l.parse(x.Args)
	if len(names) == 0 {
		if x.IsTerminal(0) {
			fmt.Fprintf(x.Stderr, "Missing filename (\"less --help\" for help)\n")
			return tool.Exit(1)
		}
		names = []string{"-"}
	}
	for _, name := range names {
		if err := l.show(name, name != "-"); err != nil {
			return err
		}
	}
	return l.w.Flush()
}

type pager struct {
	x    *tool.Exec
	w    *bufio.Writer
	more bool
}

// withValue are the letters of less that take the next word.
const withValue = "bhjkoOpPtTxyzD\"#"

// parse takes all options: none is worth an error.
func (l *pager) parse(args []string) (names []string) {
	for i := 0; i < len(args); i++ {
		arg := args[i]
		switch {
		case arg == "--":
			return append(names, args[i+1:]...)
		case arg == "-" || arg == "" || arg[0] != '-' && arg[0] != '+':
			names = append(names, arg)
		case strings.HasPrefix(arg, "--"):
		case arg[0] == '-':
			for k, c := range arg[1:] {
				if strings.ContainsRune(withValue, c) && !l.more {
					if k == len(arg)-2 {
						i++
					}
					break
				}
			}
		}
	}
	return names
}

func (l *pager) show(name string, named bool) error {
	f, shut, err := l.x.OpenInput(name)
	if err == nil && !f.Stream() {
		if info, serr := f.Stat(); serr == nil && info.IsDir() {
			shut()
			return l.directory(name)
		}
	}
	if err != nil {
		return l.missing(name, err)
	}
	defer shut()
	if l.more && named {
		fmt.Fprintf(l.w, "::::::::::::::\n%s\n::::::::::::::\n", name)
	}
	_, err = io.Copy(l.w, f)
	return err
}

func (l *pager) directory(name string) error {
	if l.more {
		_, err := fmt.Fprintf(l.w, "\n*** %s: directory ***\n\n", name)
		return err
	}
	_, err := fmt.Fprintf(l.w, "%s is a directory\n", name)
	return err
}

func (l *pager) missing(name string, err error) error {
	if l.more {
		l.w.Flush()
		l.x.Errorf("cannot open %s: %s", name, tool.ErrText(err))
		return nil
	}
	_, err = fmt.Fprintf(l.w, "%s: %s\n", name, tool.ErrText(err))
	return err
}
