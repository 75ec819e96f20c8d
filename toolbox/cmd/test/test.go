/*
Package test evaluates an expression: it exits with 0 if it is true, with 1 if
it is false, and with 2 if it is wrong.

	test EXPRESSION
	[ EXPRESSION ]

Files: -e -f -d -h -L -s -r -w -x -b -c -p -S -g -u -k -O -G -N FILE, and FILE
-nt, -ot, -ef FILE. Strings: -n -z STRING, STRING = == != < > STRING. Integers:
-eq -ne -lt -le -gt -ge. A descriptor that is a terminal: -t FD. A variable that
is set: -v NAME. Together: ! EXPR, EXPR -a EXPR, EXPR -o EXPR, ( EXPR ).
*/
package test

import (
	"context"

	"agentsandbox/toolbox/testexpr"
	"agentsandbox/toolbox/tool"
)

// Run runs the command, by the name of test or of [.
func Run(_ context.Context, x *tool.Exec) error {
	args := x.Args
	var err error
	if x.Name == "[" {
		args, err = testexpr.Bracket(args)
	}
	if err != nil {
		return x.Fail(2, "%s", err)
	}
	v, err := testexpr.Eval(args, host{x})
	switch {
	case err != nil:
		return x.Fail(2, "%s", err)
	case !v:
		return tool.Exit(1)
	}
	return nil
}

// host answers for a command, which has variables of the environment only, and
// no options.
type host struct{ *tool.Exec }

// Terminal implements testexpr.Host.
func (h host) Terminal(fd int) bool { return h.IsTerminal(fd) }

// Option implements testexpr.Host: a command knows no options of the shell.
func (h host) Option(string) bool { return false }

// IsRef implements testexpr.Host: a command has no name references.
func (h host) IsRef(string) bool { return false }

// IsSet implements testexpr.Host: the variables are those of the environment.
func (h host) IsSet(name string) bool {
	_, ok := h.LookupEnv(name)
	return ok
}
