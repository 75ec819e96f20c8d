/*
Package nproc prints how many processors there are: one.

	nproc [--all] [--ignore=N]

	--all       those installed
	--ignore=N  leave out N, but not the last one
*/
package nproc

import (
	"context"
	"fmt"
	"strconv"

	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(_ context.Context, x *tool.Exec) error {
	flags := tool.NewFlags(x)
	flags.Bool(0, "all")
	flags.Func(0, "ignore", func(s string) error {
		if _, err := strconv.ParseUint(s, 10, 64); err != nil {
			return fmt.Errorf("invalid number: %s", tool.QuoteText(s))
		}
		return nil
	})
	operands, err := flags.Parse()
	if err != nil {
		return err
	}
	if len(operands) > 0 {
		return flags.Errorf("extra operand %s", tool.QuoteText(operands[0]))
	}
	_, err = fmt.Fprintln(x.Stdout, "1")
	return err
}
