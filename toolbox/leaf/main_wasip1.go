package main

import (
	"context"
	"slices"
	"strings"

	"agentsandbox/toolbox/boot"
	"agentsandbox/toolbox/tool"
)

func main() {}

// run runs argv once and returns its exit status. The host asks for no command
// that is not in the table.
//
//go:wasmexport run
func run() int32 {
	x, argv := boot.Process()
	i, ok := slices.BinarySearchFunc(table, argv[0], func(c tool.Command, name string) int {
		return strings.Compare(c.Name, name)
	})
	if !ok {
		x.Name = argv[0]
		x.Errorf("not a command of this image")
		return 127
	}
	x.Name, x.Args = argv[0], argv[1:]
	return int32(tool.Main(context.Background(), table[i], x))
}
