/*
Package arch prints the name of the machine's architecture.

	arch
*/
package arch

import (
	"context"
	"fmt"

	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(_ context.Context, x *tool.Exec) error {
	flags := tool.NewFlags(x)
	operands, err := flags.Parse()
	if err != nil {
		return err
	}
	if len(operands) > 0 {
		return flags.Errorf("extra operand %s", tool.QuoteText(operands[0]))
	}
	_, err = fmt.Fprintln(x.Stdout, tool.Machine)
	return err
}
