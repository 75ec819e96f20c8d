/*
Package tty prints the name of the terminal on standard input.

	tty [-s]

	-s, --silent, --quiet  print nothing, only exit

It exits with 1 where standard input is no terminal.
*/
package tty

import (
	"context"
	"fmt"

	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(_ context.Context, x *tool.Exec) error {
	flags := tool.NewFlags(x)
	flags.Usage = 2
	silent := flags.Bool('s', "silent")
	flags.BoolVar(silent, true, 0, "quiet")
	operands, err := flags.Parse()
	if err != nil {
		return err
	}
	if len(operands) > 0 {
		return flags.Errorf("extra operand %s", tool.QuoteText(operands[0]))
	}
	name, status := "not a tty", 1
	if x.IsTerminal(0) {
		name, status = "/dev/tty", 0
	}
	if !*silent {
		if _, err := fmt.Fprintln(x.Stdout, name); err != nil {
			return err
		}
	}
	return tool.Exit(status)
}
