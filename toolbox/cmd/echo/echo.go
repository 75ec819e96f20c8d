/*
Package echo writes its arguments to standard output.

	echo [-neE] [STRING]...

Arguments are separated by single spaces and followed by a newline.

	-n  no newline at the end
	-e  interpret backslash escapes
	-E  do not interpret them (the default)

Escapes: \\ \a \b \c (no further output) \e \f \n \r \t \v, \0NNN (octal), \xHH.
*/
package echo

import (
	"context"
	"io"
	"strings"

	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(_ context.Context, x *tool.Exec) error {
	args, newline, escapes := options(x.Args)
	out := strings.Join(args, " ")
	if escapes {
		var stop bool
		out, stop = tool.Unescape(out, tool.EscapeEcho)
		newline = newline && !stop
	}
	if newline {
		out += "\n"
	}
	_, err := io.WriteString(x.Stdout, out)
	return err
}

// options strips the leading arguments that are made of n, e and E alone; any
// other is text.
func options(args []string) (rest []string, newline, escapes bool) {
	newline = true
	for len(args) > 0 {
		arg := args[0]
		if len(arg) < 2 || arg[0] != '-' || strings.Trim(arg[1:], "neE") != "" {
			break
		}
		for _, c := range arg[1:] {
			switch c {
			case 'n':
				newline = false
			case 'e':
				escapes = true
			case 'E':
				escapes = false
			}
		}
		args = args[1:]
	}
	return args, newline, escapes
}
