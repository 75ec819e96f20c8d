package wazero

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/tetratelabs/wazero/api"

	"agentsandbox/core/engine"
)

// instance is a running module. After a trap it is spent: wazero keeps the
// grown call stack of a function, and the guest's state is anyone's guess.
type instance struct {
	mod     api.Module
	mem     *linearMemory
	ctx     callContext
	funcs   map[string]api.Function
	globals map[string]api.Global
	start   []startValue
	spent   bool
	closed  bool
}

// startValue is what a global goes back to at a reset.
type startValue struct {
	global api.MutableGlobal
	value  uint64
}

// bind tells the instance its module, which a start function needs already.
func (in *instance) bind(mod api.Module) {
	in.mod = mod
	in.ctx.call.Memory = memory{mod.Memory()}
}

func (in *instance) Invoke(ctx context.Context, host any, export string, params ...uint64) ([]uint64, error) {
	fn, ok := in.funcs[export]
	if !ok {
		if fn = in.mod.ExportedFunction(export); fn == nil {
			return nil, fmt.Errorf("%w: %s", engine.ErrNoExport, export)
		}
		in.funcs[export] = fn
	}
	in.ctx.Context, in.ctx.call.Ctx, in.ctx.call.Host = ctx, ctx, host
	results, err := fn.Call(&in.ctx, params...)
	in.ctx.Context, in.ctx.call.Ctx, in.ctx.call.Host = nil, nil, nil
	if err != nil {
		in.spent = true
		return nil, callError(err)
	}
	return results, nil
}

func (in *instance) Memory() engine.Memory { return memory{in.mod.Memory()} }

func (in *instance) Global(name string) (uint64, bool) {
	g := in.global(name)
	if g == nil {
		return 0, false
	}
	return g.Get(), true
}

func (in *instance) SetGlobal(name string, value uint64) bool {
	g, ok := in.global(name).(api.MutableGlobal)
	if ok {
		g.Set(value)
	}
	return ok
}

func (in *instance) global(name string) api.Global {
	g, ok := in.globals[name]
	if !ok {
		g = in.mod.ExportedGlobal(name)
		in.globals[name] = g
	}
	return g
}

func (in *instance) SetMaxMemory(max uint64) {
	if in.mem != nil {
		in.mem.limit = max
	}
}

func (in *instance) MemoryRefused() bool { return in.mem != nil && in.mem.refused }

// Trim drops the functions, which have a stack each.
func (in *instance) Trim() { clear(in.funcs) }

func (in *instance) Reset() bool {
	if in.closed || in.spent || in.mem == nil || in.start == nil || !in.mem.reset() {
		in.Close()
		return false
	}
	for _, s := range in.start {
		s.global.Set(s.value)
	}
	return true
}

func (in *instance) Close() error {
	if in.closed {
		return nil
	}
	in.closed = true
	return in.mod.Close(context.Background())
}

// memory is wazero's memory as the seam has it.
type memory struct{ m api.Memory }

func (m memory) Read(p []byte, off uint32) bool {
	b, ok := m.View(off, uint32(len(p)))
	if ok {
		copy(p, b)
	}
	return ok
}

func (m memory) Write(off uint32, p []byte) bool { return m.m != nil && m.m.Write(off, p) }

// Size asks twice where wazero's 32-bit answer cannot tell 4 GiB from none.
func (m memory) Size() uint64 {
	if m.m == nil {
		return 0
	}
	if size := m.m.Size(); size != 0 {
		return uint64(size)
	}
	if pages, ok := m.m.Grow(0); ok {
		return uint64(pages) << 16
	}
	return 0
}

func (m memory) View(off, n uint32) ([]byte, bool) {
	if m.m == nil {
		return nil, false
	}
	return m.m.Read(off, n)
}

// callError finds what ended a guest in what wazero made of it.
func callError(err error) error {
	var u unwind
	if errors.As(err, &u) {
		return u.err
	}
	text := err.Error()
	for prefix, kind := range traps {
		if strings.HasPrefix(text, prefix) {
			return &engine.Trap{Kind: kind, Detail: text}
		}
	}
	kind := engine.OtherTrap
	if strings.Contains(text, "recovered by wazero") {
		kind = engine.HostPanic
	}
	return &engine.Trap{Kind: kind, Detail: text}
}

// traps maps the start of wazero's messages to ours.
var traps = map[string]engine.TrapKind{
	"wasm error: unreachable":                   engine.Unreachable,
	"wasm error: out of bounds memory access":   engine.MemoryBounds,
	"wasm error: invalid table access":          engine.TableBounds,
	"wasm error: indirect call type mismatch":   engine.IndirectCall,
	"wasm error: integer divide by zero":        engine.DivideByZero,
	"wasm error: integer overflow":              engine.IntegerOverflow,
	"wasm error: invalid conversion to integer": engine.InvalidToInteger,
	"wasm error: stack overflow":                engine.StackOverflow,
	"stack overflow":                            engine.StackOverflow,
}
