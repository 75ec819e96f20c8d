package main

import (
	"context"
	"io"

	"agentsandbox/toolbox/boot"
	"agentsandbox/toolbox/cmd"
	"agentsandbox/toolbox/sandboxabi"
	"agentsandbox/toolbox/shell"
	"agentsandbox/toolbox/tool"
	"agentsandbox/toolbox/wasifs"
)

func main() {}

// run runs argv once and returns its exit status.
//
//go:wasmexport run
func run() int32 {
	x, argv := process()
	return int32(cmd.Run(context.Background(), x, argv))
}

// live is the shell of a session and its world: what was said at its first
// call holds for the others, but for their arguments.
var live struct {
	shell *shell.Shell
	x     *tool.Exec
}

// session runs the script argv[1] in the shell that lives on, with the rest as
// its positional parameters.
//
//go:wasmexport session
func session() int32 {
	var argv []string
	if live.shell == nil {
		live.x, argv = process()
		live.shell = shell.New(live.x)
	} else {
		argv = wasifs.Args()
	}
	script := ""
	live.x.Args = nil
	if len(argv) > 1 {
		script = argv[1]
	}
	if len(argv) > 2 {
		live.x.Args = argv[2:]
	}
	status := live.shell.Exec(context.Background(), live.x, script)
	if live.shell.Exited() {
		status |= exited
	}
	return int32(status)
}

// exited is set in the status of a session's script that ended the shell.
const exited = 0x100

// sessionDir prints the working directory of the shell that lives on.
//
//go:wasmexport session_dir
func sessionDir() int32 {
	if live.shell != nil {
		io.WriteString(wasifs.Stream(1), live.shell.Dir())
	}
	return 0
}

// process is the world of one call, with the ways out of it.
func process() (*tool.Exec, []string) {
	x, argv := boot.Process()
	x.Spawn, x.Fetch = cmd.Spawn, sandboxabi.Fetch
	return x, argv
}
