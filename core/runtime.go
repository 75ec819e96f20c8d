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
	"fmt"
	"runtime"
	"slices"
	"sync"

	"agentsandbox/core/engine"
	"agentsandbox/core/guest"
	"agentsandbox/vfs/memfs"
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
	image  func() (*guest.Image, error)
	idle   int

	load    sync.Mutex
	toolbox *toolbox  // nil until first used; guarded by load
	root    *memfs.FS // what sandboxes fork; guarded by load
}

// toolbox is the compiled guest image and its waiting instances.
type toolbox struct {
	module engine.Module
	info   guest.Info
	pool   pool
}

// NewRuntime makes a runtime. The toolbox is compiled when first used, or by Warm.
func NewRuntime(ctx context.Context, c RuntimeConfig) (*Runtime, error) {
	e, err := newEngine(ctx, c, hostFunctions())
	if err != nil {
		return nil, err
	}
	rt := &Runtime{engine: e, image: builtin, idle: c.Idle}
	pick(&rt.idle, 2*runtime.GOMAXPROCS(0))
	if c.Toolbox != nil {
		rt.image = func() (*guest.Image, error) { return c.Toolbox, nil }
	}
	return rt, nil
}

// builtin is the image inside the program, read once.
var builtin = sync.OnceValues(guest.Toolbox)

// Default is the runtime that New uses, made at the first call with the zero
// RuntimeConfig.
var Default = sync.OnceValues(func() (*Runtime, error) {
	return NewRuntime(context.Background(), RuntimeConfig{})
})

// Engine tells which engine runs the guests.
func (rt *Runtime) Engine() string { return rt.engine.Name() }

// Warm compiles the toolbox now instead of at the first command.
func (rt *Runtime) Warm(ctx context.Context) error {
	_, err := rt.ready(ctx)
	return err
}

// Tools lists the commands of the toolbox, sorted.
func (rt *Runtime) Tools() []string {
	img, err := rt.image()
	if err != nil {
		return nil
	}
	return slices.Clone(img.Commands)
}

// ready returns the compiled toolbox. Concurrent first uses compile it once.
func (rt *Runtime) ready(ctx context.Context) (*toolbox, error) {
	rt.load.Lock()
	defer rt.load.Unlock()
	if rt.toolbox != nil {
		return rt.toolbox, nil
	}
	img, err := rt.image()
	if err != nil {
		return nil, err
	}
	module, err := rt.engine.Compile(ctx, img.Code)
	if err != nil {
		return nil, fmt.Errorf("toolbox image: %w", err)
	}
	rt.toolbox = &toolbox{module: module, info: img.Info, pool: pool{module: module, most: rt.idle}}
	return rt.toolbox, nil
}

// toolboxInfo is what the loaded toolbox says of itself.
func (rt *Runtime) toolboxInfo() guest.Info {
	rt.load.Lock()
	defer rt.load.Unlock()
	if rt.toolbox == nil {
		return guest.Info{}
	}
	return rt.toolbox.info
}

// Close frees the engine. No command of its sandboxes may be running.
func (rt *Runtime) Close() error {
	rt.load.Lock()
	defer rt.load.Unlock()
	var err error
	if t := rt.toolbox; t != nil {
		t.pool.close()
		err = t.module.Close()
		rt.toolbox = nil
	}
	return errors.Join(err, rt.engine.Close())
}
