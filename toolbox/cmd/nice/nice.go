/*
Package nice runs a command with another priority, buffering or session, none of
which means anything in a sandbox: nice, ionice, setsid and stdbuf.

	nice [-n N] [COMMAND [ARG]...]
	ionice [-c CLASS] [-n LEVEL] [-t] [COMMAND [ARG]...]
	setsid [-cfw] COMMAND [ARG]...
	stdbuf [-i MODE] [-o MODE] [-e MODE] COMMAND [ARG]...

They exit as COMMAND does; 125 if they fail, 126 if COMMAND cannot be run, 127
if there is none. nice without COMMAND prints 0, the priority that all have.
*/
package nice

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	flags := tool.NewFlags(x)
	flags.Usage, flags.Posix = 125, true
	var none func() error // what is done without a command
	switch x.Name {
	case "ionice":
		flags.Usage = 1
		flags.String('c', "class", "")
		flags.String('n', "classdata", "")
		flags.String('p', "pid", "")
		flags.Bool('t', "ignore")
		none = func() error { return printLine(x, "none: prio 0") }
	case "setsid":
		flags.Usage = 1
		flags.Bool('c', "ctty")
		flags.Bool('f', "fork")
		flags.Bool('w', "wait")
		none = func() error { return flags.Errorf("no command specified") }
	case "stdbuf":
		none = defineModes(flags, x)
	default:
		none = definePriority(flags, x)
	}
	argv, err := flags.Parse()
	if err != nil {
		return err
	}
	if len(argv) == 0 || x.Name == "stdbuf" {
		if err := none(); err != nil || len(argv) == 0 {
			return err
		}
	}
	child := *x
	status, err := x.Spawn(ctx, &child, argv)
	if err != nil {
		named := tool.QuoteText(argv[0])
		switch x.Name {
		case "ionice", "setsid":
			x.Errorf("failed to execute %s: %s", argv[0], tool.ErrText(err))
		case "stdbuf":
			x.Errorf("failed to run command %s: %s", named, tool.ErrText(err))
		default:
			x.Errorf("%s: %s", named, tool.ErrText(err))
		}
	}
	return tool.Exit(status)
}

func printLine(x *tool.Exec, line string) error {
	_, err := fmt.Fprintln(x.Stdout, line)
	return err
}

func definePriority(flags *tool.Flags, x *tool.Exec) func() error {
	given := false
	set := func(v string) error {
		given = true
		if _, err := strconv.Atoi(v); err != nil {
			return x.Fail(125, "invalid adjustment %s", tool.QuoteText(v))
		}
		return nil
	}
	flags.Func('n', "adjustment", set)
	flags.Legacy = func(arg string) bool {
		number := strings.TrimLeft(arg[1:], "+-")
		return arg[0] == '-' && number != "" && strings.Trim(number, "0123456789") == "" && set(number) == nil
	}
	return func() error {
		if given {
			return flags.Errorf("a command must be given with an adjustment")
		}
		return printLine(x, "0")
	}
}

func defineModes(flags *tool.Flags, x *tool.Exec) func() error {
	given := false
	for _, o := range []struct {
		short byte
		long  string
	}{{'i', "input"}, {'o', "output"}, {'e', "error"}} {
		flags.Func(o.short, o.long, func(v string) error {
			given = true
			if v == "L" && o.short != 'i' {
				return nil
			}
			if v == "L" {
				return flags.Errorf("line buffering stdin is meaningless")
			}
			if _, err := tool.ParseSize(v, "EGkKMPTYZ0"); err != nil {
				return x.Fail(125, "invalid mode %s", tool.QuoteText(v))
			}
			return nil
		})
	}
	return func() error {
		if !given {
			return flags.Errorf("you must specify a buffering mode option")
		}
		return nil
	}
}
