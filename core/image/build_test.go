package image

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// Modules of the tests are made as the structures that Encode writes.

func newModule() *Module { return &Module{limits: DefaultLimits(), dataCount: -1} }

// add adds a function of the given type (parameters, results, and more locals, all
// i32), and exports it if it has a name. The code comes without its last end.
func (m *Module) add(export string, params, results, locals int, code ...byte) uint32 {
	f := function{typ: m.typeOf(i32s(params), i32s(results)), code: append(bytes.Clone(code), opEnd)}
	if locals > 0 {
		f.groups, f.decls = 1, append(appendU32(nil, uint32(locals)), byte(I32))
	}
	m.funcs = append(m.funcs, f)
	index := uint32(m.funcCount() - 1)
	if export != "" {
		m.exports = append(m.exports, exportDesc{export, ExternFunc, index})
	}
	return index
}

// i32s is n times i32.
func i32s(n int) []ValType { return slices.Repeat([]ValType{I32}, n) }

func (m *Module) withMemory(pages uint32) *Module {
	m.memories = []memoryType{{limitsType{min: pages}}}
	m.exports = append(m.exports, exportDesc{"memory", ExternMemory, 0})
	return m
}

func (m *Module) withTable(min uint32, funcs ...uint32) *Module {
	m.tables = append(m.tables, tableType{FuncRef, limitsType{min: min}})
	m.elements = append(m.elements, element{typ: FuncRef, offset: constOf(I32, 0), funcs: funcs})
	return m
}

func (m *Module) withData(offset uint32, b string) *Module {
	m.data = append(m.data, dataSegment{offset: constOf(I32, uint64(offset)), bytes: []byte(b)})
	return m
}

// repeat is n times the code.
func repeat(n int, code ...byte) []byte { return bytes.Repeat(code, n) }

func join(code ...[]byte) []byte { return bytes.Join(code, nil) }

// parse reads a module that has to be good.
func parse(t testing.TB, wasm []byte) *Module {
	t.Helper()
	m, err := Parse(wasm, DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// metered reads, meters and writes a module that has to be good.
func metered(t testing.TB, wasm []byte, o MeterOptions) []byte {
	t.Helper()
	m := parse(t, wasm)
	if err := m.Meter(o); err != nil {
		t.Fatal(err)
	}
	return m.Encode()
}

var errFuel = errors.New("out of fuel")

// guest is a running module, and what its fuel is limited to.
type guest struct {
	api.Module
	ctx   context.Context
	limit int64
}

// engines are the configurations that the tests run modules with.
func engines() map[string]wazero.RuntimeConfig {
	return map[string]wazero.RuntimeConfig{
		"compiler":    wazero.NewRuntimeConfig(),
		"interpreter": wazero.NewRuntimeConfigInterpreter(),
	}
}

// start instantiates a module whose imports are the fuel function and
// "env.f", which takes and gives an i32.
func start(t testing.TB, config wazero.RuntimeConfig, wasm []byte) *guest {
	t.Helper()
	g := &guest{ctx: context.Background(), limit: 1 << 40}
	rt := wazero.NewRuntimeWithConfig(g.ctx, config.WithMemoryLimitPages(2048))
	t.Cleanup(func() { rt.Close(g.ctx) })
	fuel := func(_ context.Context, m api.Module, _ []uint64) {
		checkStack(m)
		left := m.ExportedGlobal(FuelGlobal).(api.MutableGlobal)
		if g.limit <= 0 {
			panic(errFuel)
		}
		left.Set(left.Get() + uint64(g.limit))
		g.limit = 0
	}
	_, err := rt.NewHostModuleBuilder(FuelModule).NewFunctionBuilder().
		WithGoModuleFunction(api.GoModuleFunc(fuel), nil, nil).Export(FuelFunc).Instantiate(g.ctx)
	if err != nil {
		t.Fatal(err)
	}
	_, err = rt.NewHostModuleBuilder("env").NewFunctionBuilder().
		WithFunc(func(x uint32) uint32 { return x + 1000 }).Export("f").Instantiate(g.ctx)
	if err != nil {
		t.Fatal(err)
	}
	g.Module, err = rt.InstantiateWithConfig(g.ctx, wasm, wazero.NewModuleConfig().WithStartFunctions())
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// checkStack ends a guest that has no call stack left.
func checkStack(m api.Module) {
	if g := m.ExportedGlobal(StackGlobal); g != nil && int32(g.Get()) < 0 {
		panic(errStack)
	}
}

var errStack = errors.New("out of stack")

func (g *guest) call(export string, params ...uint64) ([]uint64, error) {
	return g.ExportedFunction(export).Call(g.ctx, params...)
}

// cost is the fuel that a call takes.
func (g *guest) cost(t testing.TB, export string, params ...uint64) int64 {
	t.Helper()
	left := g.ExportedGlobal(FuelGlobal).(api.MutableGlobal)
	const plenty = 1 << 40
	left.Set(plenty)
	if _, err := g.call(export, params...); err != nil {
		t.Fatal(err)
	}
	return plenty - int64(left.Get())
}
