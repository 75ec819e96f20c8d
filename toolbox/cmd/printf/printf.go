/*
Package printf prints its arguments as a format says.

	printf FORMAT [ARGUMENT]...

FORMAT holds plain text, escapes and conversions; it is used again while
arguments are left, and missing arguments are empty or 0.

Escapes: \" \\ \a \b \c (no further output) \e \f \n \r \t \v, \NNN (octal),
\xHH, \uHHHH, \UHHHHHHHH.

Conversions: %d %i %u %o %x %X (integers, also 0x10, 010 and 'c), %e %f %g %a
(floating point), %s, %c, %b (a string with escapes, octal as \0NNN), %q (a
string quoted for the shell), %%; with flags, width and precision as in C, "*"
for either taken from the arguments.
*/
package printf

import (
	"context"
	"fmt"

	"agentsandbox/toolbox/printf"
	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(_ context.Context, x *tool.Exec) error {
	args := x.Args
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		x.Errorf("missing operand")
		fmt.Fprintf(x.Stderr, "Try '%s --help' for more information.\n", x.Name)
		return tool.Exit(1)
	}
	if len(x.Args) == 1 && x.Args[0] == "--help" {
		return tool.ErrHelp
	}
	warn := func(msg string) { x.Errorf("%s", msg) }
	out := tool.WriteErrors(x.Stdout, "write error")
	status, err := printf.Format(out, args[0], args[1:], printf.Options{Warn: warn})
	if err != nil {
		return err
	}
	return tool.Exit(status)
}
