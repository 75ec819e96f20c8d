package main

import (
	"context"
	"crypto/rand"
	"io"
	"path"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"agentsandbox/toolbox/cmd"
	"agentsandbox/toolbox/sandboxabi"
	"agentsandbox/toolbox/shell"
	"agentsandbox/toolbox/tool"
	"agentsandbox/toolbox/wasifs"
)

func main() {}

// headroom is how much memory the image has ready, so that small commands
// never grow theirs: an instance that grew can't be reset.
const headroom = 24 << 20

// prepare runs once, before the image is taken: it grows the heap, leaves it
// collected, and readies the allocator, whose first allocation of each size is
// a hundred times the price of the next.
//
//go:wasmexport prepare
func prepare() {
	debug.SetGCPercent(400)
	ballast := make([]byte, headroom)
	runtime.KeepAlive(ballast)
	ballast = nil
	runtime.GC()
	for size := 8; size <= 32<<10; size += max(8, size/8) {
		keep = make([]byte, size)
		keepPointers = make([]*byte, size/8)
	}
	keep, keepPointers = nil, nil
}

// What prepare allocates is stored here, so that it is on the heap.
var (
	keep         []byte
	keepPointers []*byte
)

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

// process is the world of one call: what the host says of it now.
func process() (*tool.Exec, []string) {
	argv, env := wasifs.Args(), wasifs.Environ()
	x := &tool.Exec{
		Dir: "/", FS: wasifs.FS{}, Umask: 0o022,
		Stdin: wasifs.Stream(0), Stdout: wasifs.Stream(1), Stderr: wasifs.Stream(2),
		Now: time.Now, Sleep: sleep, Rand: rand.Reader, Terminal: wasifs.Terminal,
		Fetch: sandboxabi.Fetch,
	}
	name, kept := "", env[:0]
	for _, e := range env {
		if value, ok := strings.CutPrefix(e, "TOOLBOX_CMD="); ok {
			name = value
			continue
		}
		if dir, ok := strings.CutPrefix(e, "PWD="); ok {
			x.Dir = path.Clean(dir)
		}
		kept = append(kept, e)
	}
	x.Env = kept
	x.Spawn = cmd.Spawn
	if name != "" && len(argv) > 0 {
		argv[0] = name
	}
	if len(argv) == 0 {
		argv = []string{name}
	}
	return x, argv
}

// sleep lets the other goroutines run meanwhile.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
