/*
Package link makes a second name of a file.

	link FILE1 FILE2
*/
package link

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
	case len(names) == 1:
		return flags.Errorf("missing operand after %s", tool.QuoteText(names[0]))
	case len(names) > 2:
		return flags.Errorf("extra operand %s", tool.QuoteText(names[2]))
	}
	if err := x.FS.Link(x.Abs(names[0]), x.Abs(names[1]), false); err != nil {
		return x.Fail(1, "cannot create link %s to %s: %s", tool.Quote(names[1]), tool.Quote(names[0]), tool.ErrText(err))
	}
	return nil
}
