// Package core is the sandbox: what a program embeds to let an agent run
// commands that can harm nothing.
//
// A [Runtime] holds the engine, the compiled toolbox and a pool of instances;
// one serves a whole process. A [Sandbox] is a file system, an environment and
// limits; it is cheap, and there may be thousands. [Sandbox.Exec] runs one
// command in a fresh WebAssembly instance; a [Session] keeps an instance with
// a shell in it.
//
//	sb, err := core.New(core.Config{WorkDir: "project", Overlay: true})
//	result, err := sb.Exec(ctx, "grep", "-rn", "TODO", ".")
package core

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"

	"agentsandbox/core/engine"
	"agentsandbox/core/guest"
	"agentsandbox/vfs/memfs"
	"agentsandbox/vfs/procfs"
)

// RuntimeConfig says how guests are run. The zero value is the fastest engine
// of the machine with the built-in toolbox and no cache on disk.
type RuntimeConfig struct {
	// Engine is "", "compiler" or "interpreter" (natively).
	Engine string
	// CacheDir keeps compiled code between processes; "" keeps none. It must
	// be the user's alone.
	CacheDir string
	// Toolbox is the guest that commands run in; nil is the built-in one.
	Toolbox *guest.Image
	// Idle is how many instances wait for the next command; 0 is two per core.
	Idle int
	// OnCompile is called before the toolbox is compiled, which takes seconds
	// where CacheDir does not hold it.
	OnCompile func()
}

// Runtime runs guests for any number of sandboxes. Methods may be called from
// several goroutines.
type Runtime struct {
	engine engine.Engine
	full   *toolbox // the shell and all commands
	leaf   *toolbox // small commands, loaded on their own; nil with a toolbox given
	deep   chan struct{}

	mu   sync.Mutex
	root *memfs.FS    // what sandboxes fork; guarded by mu
	proc *procfs.Tree // set with root
}

// NewRuntime makes a runtime. The toolbox is compiled when first used, or by Warm.
func NewRuntime(ctx context.Context, c RuntimeConfig) (*Runtime, error) {
	e, err := newEngine(ctx, c, hostFunctions())
	if err != nil {
		return nil, err
	}
	idle := c.Idle
	pick(&idle, 2*runtime.GOMAXPROCS(0))
	rt := &Runtime{engine: e, deep: newGate()}
	if c.Toolbox != nil {
		given := func() (*guest.Image, error) { return c.Toolbox, nil }
		rt.full = newToolbox(e, given, idle)
		return rt, nil
	}
	rt.full, rt.leaf = newToolbox(e, builtin, idle), newToolbox(e, builtinLeaf, idle)
	return rt, nil
}

// The images inside the program, each read once.
var (
	builtin     = sync.OnceValues(guest.Toolbox)
	builtinLeaf = sync.OnceValues(guest.Leaf)
)

// Default is the runtime that New uses, made at the first call with the zero
// RuntimeConfig.
var Default = sync.OnceValues(func() (*Runtime, error) {
	return NewRuntime(context.Background(), RuntimeConfig{})
})

// Engine tells which engine runs the guests.
func (rt *Runtime) Engine() string { return rt.engine.Name() }

// Warm compiles the toolbox now instead of at the first command.
func (rt *Runtime) Warm(ctx context.Context) error {
	if err := rt.full.load(ctx); err != nil || rt.leaf == nil {
		return err
	}
	if err := rt.leaf.load(ctx); !errors.Is(err, ErrNoToolbox) {
		return err
	}
	return nil
}

// Tools lists the commands of the toolbox, sorted.
func (rt *Runtime) Tools() []string {
	img, err := rt.full.image()
	if err != nil {
		return nil
	}
	return slices.Clone(img.Commands)
}

// toolbox returns the loaded image that runs a command.
func (rt *Runtime) toolbox(ctx context.Context, command string) (*toolbox, error) {
	t := rt.full
	if rt.leaf != nil && rt.leaf.answers(command) {
		t = rt.leaf
	}
	return t, t.load(ctx)
}

// Close frees the engine. No command of its sandboxes may be running.
func (rt *Runtime) Close() error {
	err := rt.full.close()
	if rt.leaf != nil {
		err = errors.Join(err, rt.leaf.close())
	}
	return errors.Join(err, rt.engine.Close())
}
