/*
Package unlink removes the name of a file.

	unlink FILE
*/
package unlink

import (
	"context"

	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(_ context.Context, x *tool.Exec) error {
	flags := tool.NewFlags(x)
	names, err := flags.Parse()
	switch {
	case err != nil:
		return err
	case len(names) == 0:
		return flags.Errorf("missing operand")
	case len(names) > 1:
		return flags.Errorf("extra operand %s", tool.QuoteText(names[1]))
	}
	if err := x.FS.Unlink(x.Abs(names[0])); err != nil {
		return x.Fail(1, "cannot unlink %s: %s", tool.Quote(names[0]), tool.ErrText(err))
	}
	return nil
}
