package wazero

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"agentsandbox/core/engine"
	"agentsandbox/core/image"
)

// module is compiled code and the memory that its instances start with.
type module struct {
	e        *Engine
	compiled wazero.CompiledModule
	image    *startImage    // nil without a memory of its own
	first    uint64         // bytes that the memory starts with
	globals  []image.Global // what a reset sets; nil if it can't
}

// Compile compiles the module, or finds its code in the cache.
func (e *Engine) Compile(ctx context.Context, p *image.Prepared) (engine.Module, error) {
	// A single worker of wazero's would not look at ctx between functions.
	ctx = experimental.WithCompilationWorkers(ctx, max(2, runtime.GOMAXPROCS(0)))
	out := &module{e: e, globals: p.Globals}
	var err error
	if e.cache != nil {
		out.compiled, out.image, err = e.cache.compile(ctx, e.rt, p)
	} else {
		out.compiled, out.image, err = compile(ctx, e.rt, p)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("compile module: %w", err), out.Close())
	}
	for _, m := range out.compiled.ExportedMemories() {
		out.first = uint64(m.Min()) << 16
	}
	return out, nil
}

// compile compiles a module in rt.
func compile(ctx context.Context, rt wazero.Runtime, p *image.Prepared) (wazero.CompiledModule, *startImage, error) {
	wasm, start, err := p.Code()
	if err != nil {
		return nil, nil, err
	}
	compiled, err := rt.CompileModule(ctx, wasm)
	if err != nil || !p.HasMemory {
		return compiled, nil, err
	}
	memory, err := newStartImage(start)
	if err != nil {
		return nil, nil, errors.Join(err, compiled.Close(ctx))
	}
	return compiled, memory, nil
}

// Instantiate makes an instance whose memory holds the start image.
func (m *module) Instantiate(ctx context.Context, host any, maxMemory uint64) (engine.Instance, error) {
	in := &instance{funcs: map[string]api.Function{}, globals: map[string]api.Global{}}
	in.ctx = callContext{Context: ctx, in: in, call: engine.Call{Ctx: ctx, Host: host, Instance: in}}
	if m.image != nil {
		if m.first > maxMemory {
			return nil, engine.TooLittleMemory(m.first, maxMemory)
		}
		back, err := m.image.back(maxMemory)
		if err != nil {
			return nil, err
		}
		in.mem = &linearMemory{back: back, limit: maxMemory}
		in.ctx.Context = experimental.WithMemoryAllocator(ctx, in.mem)
	}
	config := wazero.NewModuleConfig().WithName("").WithStartFunctions()
	mod, err := m.e.rt.InstantiateModule(&in.ctx, m.compiled, config)
	if err != nil {
		if in.mem != nil {
			in.mem.Free()
		}
		return nil, callError(err)
	}
	in.bind(mod)
	in.ctx.Context, in.ctx.call.Ctx, in.ctx.call.Host = nil, nil, nil
	if m.globals != nil {
		in.start = startValues(mod, m.globals)
	}
	return in, nil
}

func startValues(mod api.Module, globals []image.Global) []startValue {
	out := make([]startValue, 0, len(globals))
	for _, g := range globals {
		if g, ok := mod.ExportedGlobal(g.Export).(api.MutableGlobal); ok {
			out = append(out, startValue{g, g.Get()})
		}
	}
	return out
}

// Close frees the code; instances must have been closed.
func (m *module) Close() error {
	var err error
	if m.compiled != nil {
		err = m.compiled.Close(context.Background())
	}
	if m.image != nil {
		err = errors.Join(err, m.image.close())
	}
	return err
}
