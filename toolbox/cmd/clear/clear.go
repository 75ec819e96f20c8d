/*
Package clear clears the terminal.

	clear [-x]

	-x  keep what has scrolled out of sight
*/
package clear

import (
	"context"
	"fmt"
	"io"

	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(_ context.Context, x *tool.Exec) error {
	flags := tool.NewFlags(x)
	keep := flags.Bool('x', "")
	flags.String('T', "", "")
	if _, err := flags.Parse(); err != nil {
		return err
	}
	switch x.Getenv("TERM") {
	case "":
		fmt.Fprintln(x.Stderr, "TERM environment variable not set.")
		return tool.Exit(1)
	case "dumb":
		return tool.Exit(1) // it cannot be cleared
	}
	out := "\x1b[H\x1b[2J"
	if !*keep {
		out += "\x1b[3J"
	}
	_, err := io.WriteString(x.Stdout, out)
	return err
}
