package main

import (
	"context"
	"slices"
	"strings"

	"agentsandbox/toolbox/boot"
	"agentsandbox/toolbox/cmd/echo"
	"agentsandbox/toolbox/tool"
)

func main() {}

//go:wasmexport prepare
func prepare() { boot.Ready(boot.Headroom, warm) }

//go:wasmexport prepare_small
func prepareSmall() { boot.Ready(boot.SmallHeadroom, warm) }

// warm runs a command ahead of the image: what Go finds out once is then known.
func warm() {
	x, _ := boot.NewWorld().Process()
	x.Name, x.Args = "echo", []string{"warm"}
	tool.Main(context.Background(), tool.Command{Name: "echo", Run: echo.Run}, x)
}

// world is the room for the one call of an instance.
var world = boot.NewWorld()

// run runs argv once and returns its exit status. The host asks for no command
// that is not in the table.
//
//go:wasmexport run
func run() int32 {
	x, argv := world.Process()
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
