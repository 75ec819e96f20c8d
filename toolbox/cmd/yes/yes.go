/*
Package yes writes a line until it is stopped.

	yes [STRING]...

The line is the STRINGs with spaces between them, or "y".
*/
package yes

import (
	"context"
	"strings"

	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	words, err := tool.NewFlags(x).Parse()
	if err != nil {
		return err
	}
	if len(words) == 0 {
		words = []string{"y"}
	}
	line := strings.Join(words, " ") + "\n"
	block := []byte(strings.Repeat(line, max(1, 16<<10/len(line))))
	w := tool.WriteErrors(x.Stdout, "standard output")
	for ctx.Err() == nil {
		if _, err := w.Write(block); err != nil {
			return err
		}
	}
	return ctx.Err()
}
