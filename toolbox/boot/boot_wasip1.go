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
	headroom      = 24 << 20
	smallHeadroom = 1 << 20
)

//go:wasmexport prepare
func prepare() { ready(headroom) }

//go:wasmexport prepare_small
func prepareSmall() { ready(smallHeadroom) }

// ready runs once, before the image is taken: it grows the heap, leaves it
// collected, and readies the allocator, whose first allocation of each size is
// a hundred times the price of the next.
func ready(headroom int) {
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

// Process is the world of one call, and argv: what the host says of it now.
func Process() (*tool.Exec, []string) {
	argv, env := wasifs.Args(), wasifs.Environ()
	x := &tool.Exec{
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
