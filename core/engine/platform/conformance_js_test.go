package platform

import (
	"context"
	"errors"
	"testing"

	"agentsandbox/core/engine"
	"agentsandbox/core/image"
	"agentsandbox/core/wasi"
	"agentsandbox/core/wasi/conformance"
	"agentsandbox/vfs"
	"agentsandbox/vfs/memfs"
)

func TestConformance(t *testing.T) {
	e, err := New(wasiHosts())
	if err != nil {
		t.Fatal(err)
	}
	name := Name + ", without suspension"
	if Suspends() {
		name = Name
	}
	fresh := func(testing.TB) vfs.FS { return memfs.New(memfs.Config{}) }
	conformance.Suite(t, name, fresh, func(ctx context.Context, wasm []byte, p *wasi.Process) (uint32, error) {
		return runCommand(ctx, e, wasm, p)
	})
}

// errExit ends a guest that has exited.
var errExit = errors.New("exit")

// wasiHosts are WASI's functions for a Host that is a *wasi.Process.
func wasiHosts() []engine.HostFunc {
	var hosts []engine.HostFunc
	add := func(module string, f wasi.Function) {
		hosts = append(hosts, engine.HostFunc{
			Module: module, Name: f.Name, Params: f.Params, Results: f.Results, Blocks: f.Blocks,
			Call: func(c *engine.Call, stack []uint64) error {
				p := c.Host.(*wasi.Process)
				f.Call(c.Ctx, p, c.Memory, stack)
				if _, exited := p.Exited(); exited || p.Interrupted() {
					return errExit
				}
				return nil
			},
		})
	}
	for _, f := range wasi.Functions() {
		add(wasi.Module, f)
	}
	for _, f := range wasi.Extensions() {
		add(wasi.ExtensionModule, f)
	}
	return hosts
}

// runCommand runs a command module from start to end.
func runCommand(ctx context.Context, e *Engine, wasm []byte, p *wasi.Process) (uint32, error) {
	parsed, err := image.Parse(wasm, image.DefaultLimits())
	if err != nil {
		return 0, err
	}
	prepared, err := parsed.Prepare()
	if err != nil {
		return 0, err
	}
	m, err := e.Compile(ctx, prepared)
	if err != nil {
		return 0, err
	}
	defer m.Close()
	in, err := m.Instantiate(ctx, p, 1<<30)
	if err != nil {
		return 0, err
	}
	defer in.Close()
	_, err = in.Invoke(ctx, p, "_start")
	if status, exited := p.Exited(); exited {
		return status, nil
	}
	return 0, err
}
