package wasi_test

import (
	"context"
	"errors"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"agentsandbox/core/wasi"
)

// exit is what a host function throws to end the guest.
type exit struct{}

func (exit) Error() string { return "exit" }

// processKey is where the context of a run has its process.
type processKey struct{}

// runner runs modules on wazero, with as little around it as there can be.
type runner struct {
	wazero.Runtime
	copies bool // hide the view of the guest's memory
}

func newRunner(ctx context.Context, config wazero.RuntimeConfig, copies bool) (runner, error) {
	r := runner{wazero.NewRuntimeWithConfig(ctx, config), copies}
	err := r.provide(ctx, wasi.Module, wasi.Functions())
	return r, errors.Join(err, r.provide(ctx, wasi.ExtensionModule, wasi.Extensions()))
}

func (r runner) provide(ctx context.Context, module string, functions []wasi.Function) error {
	b := r.NewHostModuleBuilder(module)
	for _, f := range functions {
		call := func(ctx context.Context, mod api.Module, stack []uint64) {
			p := ctx.Value(processKey{}).(*wasi.Process)
			f.Call(ctx, p, linear{mod.Memory(), r.copies}, stack)
			if f.Exits || p.Interrupted() {
				panic(exit{})
			}
		}
		b.NewFunctionBuilder().
			WithGoModuleFunction(api.GoModuleFunc(call), types(f.Params), types(f.Results)).
			Export(f.Name)
	}
	_, err := b.Instantiate(ctx)
	return err
}

func types(letters string) []api.ValueType {
	out := []api.ValueType{}
	for _, c := range letters {
		if c == 'I' {
			out = append(out, api.ValueTypeI64)
		} else {
			out = append(out, api.ValueTypeI32)
		}
	}
	return out
}

// run runs a command module from start to end.
func (r runner) run(ctx context.Context, wasm []byte, p *wasi.Process) (uint32, error) {
	ctx = experimental.WithCompilationWorkers(ctx, 2)
	code, err := r.CompileModule(ctx, wasm)
	if err != nil {
		return 0, err
	}
	defer code.Close(ctx)
	config := wazero.NewModuleConfig().WithName("").WithStartFunctions()
	ctx = context.WithValue(ctx, processKey{}, p)
	mod, err := r.InstantiateModule(ctx, code, config)
	if err != nil {
		return 0, err
	}
	defer mod.Close(ctx)
	_, err = mod.ExportedFunction("_start").Call(ctx)
	if status, exited := p.Exited(); exited {
		return status, nil
	}
	return 0, err
}

// linear is the memory of a module; one that has none is empty.
type linear struct {
	m      api.Memory
	copies bool
}

func (l linear) Read(p []byte, off uint32) bool {
	l.copies = false
	b, ok := l.View(off, uint32(len(p)))
	copy(p, b)
	return ok
}
func (l linear) Write(off uint32, p []byte) bool { return l.m != nil && l.m.Write(off, p) }
func (l linear) Size() uint64 {
	if l.m == nil {
		return 0
	}
	return uint64(l.m.Size())
}
func (l linear) View(off, n uint32) ([]byte, bool) {
	if l.m == nil || l.copies {
		return nil, false
	}
	return l.m.Read(off, n)
}
