/*
Package printenv prints the environment.

	printenv [-0] [VARIABLE]...

Without VARIABLE, all of it as NAME=VALUE; else the values of those named.

	-0, --null  end each with NUL, not a newline

It exits with 1 if a variable is not set.
*/
package printenv

import (
	"context"
	"strings"

	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(_ context.Context, x *tool.Exec) error {
	flags := tool.NewFlags(x)
	flags.Usage, flags.Posix = 2, true
	end := "\n"
	flags.Switch('0', "null", func() { end = "\x00" })
	names, err := flags.Parse()
	if err != nil {
		return err
	}
	out := x.Writer()
	status := 0
	if len(names) == 0 {
		for _, entry := range x.Environ() {
			out.WriteString(entry + end)
		}
	}
	for _, name := range names {
		value, ok := x.LookupEnv(name)
		if !ok || strings.Contains(name, "=") {
			status = 1
			continue
		}
		out.WriteString(value + end)
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return tool.Exit(status)
}
