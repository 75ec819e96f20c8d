package image

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

// oneFunc is a module of one function with that many locals.
func oneFunc(locals int, code ...[]byte) []byte {
	m := newModule().withMemory(1)
	m.add("f", 0, 0, locals, join(code...)...)
	return m.Encode()
}

func funcs(n, locals int, code ...byte) []byte {
	m := newModule()
	for range n {
		m.add("", 0, 0, locals, code...)
	}
	return m.Encode()
}

// brTable is a br_table of n targets, all the innermost block.
func brTable(n int) []byte {
	return join(appendU32([]byte{opBlock, emptyBlock, opI32Const, 0, opBrTable}, uint32(n)), make([]byte, n+1), []byte{opEnd})
}

// nestedLoops is a nest of loops around which all locals live.
func nestedLoops(loops, locals int) []byte {
	code := repeat(loops, opLoop, emptyBlock)
	code = append(code, repeat(loops, opLocalGet, 0, opBrIf, 0, opEnd)...)
	for i := range locals {
		code = append(appendU32(append(code, opLocalGet), uint32(i)), opDrop)
	}
	return code
}

// liveLocals are locals that live across a row of blocks.
func liveLocals(ifs, locals int) []byte {
	var set, get []byte
	for i := range locals {
		set = appendU32(append(set, opI32Const, 1, opLocalSet), uint32(i))
		get = append(appendU32(append(get, opLocalGet), uint32(i)), opDrop)
	}
	return join(set, repeat(ifs, opLocalGet, 0, opIf, emptyBlock, opEnd), get)
}

func wide(values int) *Module {
	m := newModule()
	types := i32s(values)
	m.types = []funcType{{types, types}}
	return m
}

func with(change func(*Module)) []byte {
	m := newModule()
	change(m)
	return m.Encode()
}

// THREAT[M6] [M8] [M12] [EN-03] [EN-05] modules that take an engine's time or memory out of
// proportion to their size are refused before it sees them.
func TestBombs(t *testing.T) {
	for _, c := range []struct {
		name, what string
		wasm       []byte
	}{
		{"M6 table", "table elements", with(func(m *Module) { m.withTable(100_000_000) })},
		{"M12 memory", "pages of memory", with(func(m *Module) { m.withMemory(65536) })},
		{"M8 blocks", "nested blocks", oneFunc(0, repeat(20_000, opBlock, emptyBlock), repeat(20_000, opEnd))},
		{"M8 br_table", "targets of a br_table", oneFunc(0, brTable(100_000))},
		{"M8 locals", "locals", oneFunc(500_000)},
		{"M8 functions", "functions", funcs(100_001, 0)},
		{"many br_tables", "one function", oneFunc(0, repeat(40, brTable(10_000)...))},
		{"br_tables of few targets", "one function", oneFunc(0, repeat(4000, brTable(10)...))},
		{"locals of many functions", "the module", funcs(20_000, 49_000)},
		{"if after if", "one function", oneFunc(1, repeat(17_600, opLocalGet, 0, opIf, emptyBlock, opEnd))},
		{"loop after loop", "one function", oneFunc(1, repeat(100_000, opLoop, emptyBlock, opEnd))},
		{"nested loops", "one function", oneFunc(1, nestedLoops(4000, 0))},
		{"locals across blocks", "one function", oneFunc(1000, liveLocals(2000, 1000))},
		{"traps", "one function", oneFunc(1, repeat(10_000, opLocalGet, 0, opIf, emptyBlock, opUnreachable, opEnd))},
		{"fills", "one function", oneFunc(0, repeat(10_000, opI32Const, 0, opI32Const, 0, opI32Const, 1, 0xfc, 11, 0))},
		{"loops around locals", "one function", oneFunc(500, nestedLoops(500, 500))},
		{"wide calls", "one function", with(func(m *Module) {
			w := wide(1000)
			m.types = w.types
			m.funcs = []function{{typ: 0, code: append(repeat(100_000, opCall, 0), opEnd)}}
		})},
		{"wide blocks", "one function", with(func(m *Module) {
			m.types = wide(1000).types
			m.funcs = []function{{typ: 0, code: append(append(repeat(9000, opBlock, 0), repeat(9000, opEnd)...), opEnd)}}
		})},
		{"globals", "globals", with(func(m *Module) {
			m.globals = slices.Repeat([]global{{globalType{I32, true}, constOf(I32, 0)}}, 10_001)
		})},
		{"data", "data segments", with(func(m *Module) {
			m.data = slices.Repeat([]dataSegment{{passive: true}}, 100_001)
		})},
		{"elements", "element segments", with(func(m *Module) {
			m.elements = slices.Repeat([]element{{flags: elemPassive, typ: FuncRef}}, 10_001)
		})},
		{"parameters", "parameters", wide(1001).Encode()},
		{"custom", "bytes", with(func(m *Module) { m.SetCustom("x", make([]byte, 33<<20)) })},
		{"code", "bytes of code", oneFunc(0, repeat(1<<20, opNop))},
		{"types", "types", with(func(m *Module) { m.types = make([]funcType, 10_001) })},
		{"exports", "exports", with(func(m *Module) {
			m.add("", 0, 0, 0)
			m.exports = slices.Repeat([]exportDesc{{"x", ExternFunc, 0}}, 50_001)
		})},
		{"imports", "imports", with(func(m *Module) {
			m.typeOf(nil, nil)
			m.imports = slices.Repeat([]importDesc{{"x", "y", ExternFunc, 0}}, 10_001)
		})},
	} {
		err := Vet(c.wasm, DefaultLimits())
		var vet *VetError
		if !errors.As(err, &vet) || vet.Kind != OverLimit && vet.Kind != Slow || vet.What != c.what || vet.Used <= vet.Max {
			t.Errorf("%s: %v, want a limit of %s", c.name, err, c.what)
		}
		if err != nil && !strings.Contains(err.Error(), c.what) {
			t.Errorf("%s: the text is %q", c.name, err)
		}
	}
}

// THREAT[M8] [EN-03] what metering adds to compile is accounted for: a module that
// is quick to compile as it is may be refused when it is metered.
func TestMeteredWork(t *testing.T) {
	for name, wasm := range map[string][]byte{
		"calls": with(func(m *Module) {
			m.add("f", 0, 0, 0, repeat(20_000, opCall, 0)...)
		}),
		"indirect calls": with(func(m *Module) {
			m.withTable(1, 0)
			m.add("f", 0, 0, 0, repeat(20_000, opI32Const, 0, opCallIndirect, 0, 0)...)
		}),
		"loops": oneFunc(0, repeat(8000, opLoop, emptyBlock, opEnd)),
		"grows": oneFunc(0, repeat(20_000, opI32Const, 0, opMemoryGrow, 0, opDrop)),
	} {
		m, err := Parse(wasm, DefaultLimits())
		if err != nil {
			t.Errorf("%s: %v before it is metered", name, err)
			continue
		}
		var vet *VetError
		if err := m.Meter(MeterOptions{Stack: 1 << 20}); !errors.As(err, &vet) || vet.Kind != Slow {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// THREAT[EN-01] a length that is claimed takes no memory.
func TestClaimsAllocateNothing(t *testing.T) {
	for name, body := range map[string][]byte{
		"types":  {secType, 6, 0x80, 0xad, 0xe2, 0x04, 0x60, 0}, // 10 million
		"params": {secType, 4, 1, 0x60, 0xe7, 0x07},
		"name":   {secImport, 7, 1, 0xff, 0xff, 0xff, 0xff, 0x0f, 0},
	} {
		wasm := append([]byte(header), body...)
		bytes := testing.Benchmark(func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				if Vet(wasm, DefaultLimits()) == nil {
					b.Fatal("accepted")
				}
			}
		}).AllocedBytesPerOp()
		if bytes > 8<<10 {
			t.Errorf("%s: %d bytes", name, bytes)
		}
	}
}

// THREAT[EN-05] a table grows no further than the limit.
func TestTableMaximum(t *testing.T) {
	for _, c := range []struct{ declared, want limitsType }{
		{limitsType{min: 5}, limitsType{5, 100_000, true}},
		{limitsType{5, 1 << 31, true}, limitsType{5, 100_000, true}},
		{limitsType{5, 9, true}, limitsType{5, 9, true}},
		{limitsType{min: 100_000}, limitsType{100_000, 100_000, true}},
	} {
		m := newModule()
		m.tables = []tableType{{FuncRef, c.declared}}
		m.exports = []exportDesc{{"t", ExternTable, 0}}
		got := parse(t, parse(t, m.Encode()).Encode()).Inspect().Exports[0]
		if got.Min != c.want.min || got.Max != c.want.max || got.HasMax != c.want.hasMax {
			t.Errorf("%+v becomes %+v", c.declared, got)
		}
	}
}
