package boot

import (
	"context"
	"path"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"agentsandbox/toolbox/tool"
	"agentsandbox/toolbox/wasifs"
)

// How much memory an image has ready, so that small commands never grow theirs:
// an instance that grew can't be reset. The small one is for engines that reset by
// copying, where every page costs.
const (
	Headroom      = 24 << 20
	SmallHeadroom = 1 << 20
)

// stackFrames of a kilobyte each are how deep the stack is while the image is
// made: what Go has grown once need not be grown again, which means copying all
// frames. New goroutines start with the average of what the collector sees.
const stackFrames = 56

// spareGoroutines wait, with their stacks, for the stages of pipelines.
const spareGoroutines = 4

// Ready runs once, before the image is taken: it grows heap and stack, leaves
// the heap collected, and readies the allocator, whose first allocation of each
// size is a hundred times the price of the next. warm does what the program
// itself wants to have done ahead.
func Ready(headroom int, warm func()) {
	debug.SetGCPercent(400)
	ballast := make([]byte, headroom)
	runtime.KeepAlive(ballast)
	ballast = nil
	warm()
	deep(stackFrames, runtime.GC)
	for size := 8; size <= 32<<10; size += max(8, size/8) {
		keep = make([]byte, size)
		keepPointers = make([]*byte, size/8)
	}
	keep, keepPointers = nil, nil
	done := make(chan bool)
	for range spareGoroutines {
		go func() { done <- true }()
	}
	for range spareGoroutines {
		<-done
	}
}

// What Ready allocates is stored here, so that it is on the heap.
var (
	keep         []byte
	keepPointers []*byte
)

// deep calls f below n frames of a kilobyte.
//
//go:noinline
func deep(n int, f func()) byte {
	var frame [1 << 10]byte
	if n == 0 {
		f()
		return 0
	}
	return deep(n-1, f) + frame[n]
}

// World is the room for one call, made before the image is taken: most calls
// then allocate little.
type World struct {
	args, env wasifs.List
	exec      *tool.Exec
}

// NewWorld makes a world for one call.
func NewWorld() *World {
	return &World{args: wasifs.NewList(64, 2048), env: wasifs.NewList(64, 2048), exec: new(tool.Exec)}
}

// Process is the world of one call, and argv: what the host says of it now. It
// may be called once.
func (w *World) Process() (*tool.Exec, []string) {
	argv, env := w.args.Args(), w.env.Environ()
	x := w.exec
	*x = tool.Exec{
		Dir: "/", FS: wasifs.FS{}, Umask: 0o022,
		Stdin: wasifs.Stream(0), Stdout: wasifs.Stream(1), Stderr: wasifs.Stream(2),
		Now: time.Now, Sleep: sleep, Rand: wasifs.Rand{}, Terminal: wasifs.Terminal,
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
