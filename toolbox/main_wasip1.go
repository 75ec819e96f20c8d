package main

import (
	"context"
	"io"
	"strings"

	"agentsandbox/toolbox/boot"
	"agentsandbox/toolbox/cmd"
	"agentsandbox/toolbox/sandboxabi"
	"agentsandbox/toolbox/shell"
	"agentsandbox/toolbox/tool"
	"agentsandbox/toolbox/wasifs"
)

func main() {}

//go:wasmexport prepare
func prepare() { boot.Ready(boot.Headroom, warm) }

//go:wasmexport prepare_small
func prepareSmall() { boot.Ready(boot.SmallHeadroom, warm) }

// warm runs commands ahead of the image: what Go finds out once is then known.
func warm() {
	for _, argv := range [][]string{
		{"echo", "warm"},
		{"sh", "-c", `for i in 1 2; do x=$(echo "$i" | cat); [ "$x" = "$i" ] && echo $((i+1)) >/dev/null; done`},
	} {
		x, _ := boot.NewWorld().Process()
		join(x)
		cmd.Run(context.Background(), x, argv)
	}
}

// What an instance starts with: the room for its first call, and a shell.
var (
	world = boot.NewWorld()
	ctx   = shell.NewSpare().With(context.Background())
)

// run runs argv once and returns its exit status.
//
//go:wasmexport run
func run() int32 {
	x, argv := world.Process()
	join(x)
	return int32(cmd.Run(ctx, x, argv))
}

// live is the shell of a session and its world: what was said at its first
// call holds for the others, but for their arguments.
var live struct {
	shell *shell.Shell
	x     *tool.Exec
	args  wasifs.List
}

// session runs the script argv[1] in the shell that lives on, with the rest as
// its positional parameters.
//
//go:wasmexport session
func session() int32 {
	if live.shell == nil {
		live.shell = newShell()
	}
	argv := live.args.Args()
	script := ""
	live.x.Args = nil
	if len(argv) > 1 {
		script = argv[1]
	}
	if len(argv) > 2 {
		live.x.Args = clones(argv[2:])
	}
	status := live.shell.Exec(ctx, live.x, script)
	if live.shell.Exited() {
		status |= exited
	}
	return int32(status)
}

// clones copies strings that stand in room which is used again.
func clones(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = strings.Clone(s)
	}
	return out
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

// How sessionState and sessionResume ended.
const (
	whole = iota
	inPart
	failed
)

// sessionState prints the state of the shell that lives on; nothing for one that
// has run nothing.
//
//go:wasmexport session_state
func sessionState() int32 {
	if live.shell == nil {
		return whole
	}
	data, all, err := live.shell.State()
	if err == nil {
		_, err = wasifs.Stream(1).Write(data)
	}
	return outcome(all, err)
}

// sessionResume starts the shell that lives on in the state that it reads.
//
//go:wasmexport session_resume
func sessionResume() int32 {
	live.shell = newShell()
	data, err := io.ReadAll(wasifs.Stream(0))
	if err != nil {
		return failed
	}
	return outcome(live.shell.Resume(data))
}

func outcome(all bool, err error) int32 {
	switch {
	case err != nil:
		return failed
	case !all:
		return inPart
	}
	return whole
}

// newShell makes the shell that lives on, and its world.
func newShell() *shell.Shell {
	live.x, _ = world.Process()
	join(live.x)
	return shell.New(ctx, live.x)
}

// join adds the ways out of a call to its world.
func join(x *tool.Exec) { x.Spawn, x.Fetch = cmd.Spawn, sandboxabi.Fetch }
