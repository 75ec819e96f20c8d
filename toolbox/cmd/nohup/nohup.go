/*
Package nohup runs a command that a hangup does not end.

	nohup COMMAND [ARG]...

Where standard output is a terminal it goes to the end of nohup.out. It exits
as COMMAND does; 125 if it fails itself, 126 if COMMAND cannot be run, 127 if
there is none.
*/
package nohup

import (
	"context"

	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	flags := tool.NewFlags(x)
	flags.Usage, flags.Posix = 125, true
	argv, err := flags.Parse()
	if err != nil {
		return err
	}
	if len(argv) == 0 {
		return flags.Errorf("missing operand")
	}
	child := *x
	if x.IsTerminal(0) {
		child.Stdin = tool.StreamFile(nil, nil)
		x.Errorf("ignoring input")
	}
	if x.IsTerminal(1) {
		out, err := x.OpenAppend("nohup.out")
		if err != nil {
			return x.Fail(125, "failed to open %s: %s", tool.Quote("nohup.out"), tool.ErrText(err))
		}
		defer out.Close()
		x.Errorf("appending output to %s", tool.Quote("nohup.out"))
		child.Stdout = out
		if x.IsTerminal(2) {
			child.Stderr = out
		}
	}
	status, err := x.Spawn(ctx, &child, argv)
	if err != nil {
		x.Errorf("failed to run command %s: %s", tool.Quote(argv[0]), tool.ErrText(err))
	}
	return tool.Exit(status)
}
