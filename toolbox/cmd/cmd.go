// Package cmd is the table of the toolbox: which commands there are, and how
// one is found and run.
package cmd

import (
	"context"
	"slices"
	"strings"

	"agentsandbox/toolbox/cmd/echo"
	"agentsandbox/toolbox/tool"
)

// Table lists the commands by name, sorted. A command is one folder beside
// this file and one line here.
var Table = []tool.Command{
	{Name: "echo", Run: echo.Run},
}

// Lookup finds a command by name.
func Lookup(name string) (tool.Command, bool) {
	i, ok := slices.BinarySearchFunc(Table, name, func(c tool.Command, name string) int {
		return strings.Compare(c.Name, name)
	})
	if !ok {
		return tool.Command{}, false
	}
	return Table[i], true
}

// Run runs argv as a process of its own would be: found, run, its error
// printed. It returns the exit status, 127 if there is no such command.
func Run(ctx context.Context, x *tool.Exec, argv []string) int {
	c, ok := Lookup(argv[0])
	if !ok {
		x.Errorf("command not found: %s", argv[0])
		return 127
	}
	x.Name, x.Args = argv[0], argv[1:]
	return tool.Main(ctx, c, x)
}
