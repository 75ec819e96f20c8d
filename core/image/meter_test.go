package image

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// loops is an endless loop and what else may run for ever.
func endless() *Module {
	m := newModule().withMemory(1)
	m.add("loop", 0, 0, 0, opLoop, emptyBlock, opBr, 0, opEnd)
	m.add("nested", 0, 0, 0, opLoop, emptyBlock, opLoop, emptyBlock, opBr, 1, opEnd, opEnd)
	m.add("if", 0, 0, 0, opLoop, emptyBlock, opI32Const, 1, opIf, emptyBlock, opBr, 1, opEnd, opEnd)
	m.add("table", 0, 0, 0, opLoop, emptyBlock, opI32Const, 9, opBrTable, 1, 0, 0, opEnd)
	m.add("value", 0, 0, 0, opI32Const, 1, opLoop, byte(m.typeOf(i32s(1), nil)), opDrop, opI32Const, 1, opBr, 0, opEnd)
	// A circle that costs next to nothing, in a loop all of whose other ways back have
	// just paid.
	paid := join(repeat(40, opI32Const, 0, opDrop), []byte{opI32Const, 0, opBrIf, 0})
	m.add("cheap", 0, 0, 0, join([]byte{opLoop, emptyBlock, opBlock, emptyBlock, opEnd, opI32Const, 1, opBrIf, 0},
		bytes.Repeat(paid, 9), []byte{opEnd})...)
	// Each calls itself at both ends, so that neither stack nor time would end it soon.
	self := byte(len(m.funcs))
	m.add("fork", 1, 0, 0, opLocalGet, 0, 0x45, opIf, emptyBlock, opReturn, opEnd,
		opLocalGet, 0, opI32Const, 1, opI32Sub, opCall, self, opLocalGet, 0, opI32Const, 1, opI32Sub, opCall, self)
	m.withTable(1, uint32(len(m.funcs)))
	m.add("indirect", 1, 0, 0, opLocalGet, 0, 0x45, opIf, emptyBlock, opReturn, opEnd,
		opLocalGet, 0, opI32Const, 1, opI32Sub, opI32Const, 0, opCallIndirect, byte(m.funcs[self].typ), 0,
		opLocalGet, 0, opI32Const, 1, opI32Sub, opI32Const, 0, opCallIndirect, byte(m.funcs[self].typ), 0)
	m.add("fill", 0, 0, 0, opLoop, emptyBlock, opI32Const, 0, opI32Const, 0, opI32Const, 0x80, 0x80, 0x04, 0xfc, 11, 0, opBr, 0, opEnd)
	m.add("grow", 0, 0, 0, opLoop, emptyBlock, opI32Const, 0, opMemoryGrow, 0, opDrop, opBr, 0, opEnd)
	return m
}

// chain is n functions, each of which calls the next twice and has neither loop nor
// recursion: it runs for 2^n calls.
func chain(n int) *Module {
	m := newModule()
	for i := range n {
		name := ""
		if i == 0 {
			name = "chain"
		}
		next := appendU32([]byte{opCall}, uint32(i+1))
		m.add(name, 0, 0, 0, join(next, next)...)
	}
	m.add("", 0, 0, 0)
	return m
}

// THREAT[EN-07] whatever runs for ever runs out of fuel.
func TestEndless(t *testing.T) {
	names := []string{"loop", "nested", "if", "table", "value", "cheap", "fork", "indirect", "fill", "grow", "chain"}
	for engine, config := range engines() {
		for _, name := range names {
			t.Run(engine+"/"+name, func(t *testing.T) {
				m := endless()
				if name == "chain" {
					m = chain(60)
				}
				g := start(t, config, metered(t, m.Encode(), MeterOptions{}))
				g.limit = 1_000_000
				var params []uint64
				if name == "fork" || name == "indirect" {
					params = []uint64{60}
				}
				_, err := g.call(name, params...)
				if !errors.Is(err, errFuel) {
					t.Fatalf("error %v, want %v", err, errFuel)
				}
				if left := int64(g.ExportedGlobal(FuelGlobal).Get()); left >= 0 || left < -100_000 {
					t.Errorf("%d units are left", left)
				}
			})
		}
	}
}

// Every function that works on a range is charged by its length.
func TestRangeCost(t *testing.T) {
	m := newModule().withMemory(64)
	m.data = []dataSegment{{passive: true, bytes: make([]byte, 8192)}}
	m.dataCount = 1
	m.withTable(1000, 0)
	m.elements = append(m.elements, element{flags: elemPassive, typ: FuncRef, funcs: make([]uint32, 1000)})
	m.tables[0].max, m.tables[0].hasMax = 1<<20, true
	zero := []byte{opI32Const, 0}
	n := []byte{opLocalGet, 0}
	m.add("memory.fill", 1, 0, 0, join(zero, zero, n, []byte{0xfc, 11, 0})...)
	m.add("memory.copy", 1, 0, 0, join(zero, zero, n, []byte{0xfc, 10, 0, 0})...)
	m.add("memory.init", 1, 0, 0, join(zero, zero, n, []byte{0xfc, 8, 0, 0})...)
	m.add("memory.grow", 1, 0, 0, join(n, []byte{opMemoryGrow, 0, opDrop})...)
	m.add("table.copy", 1, 0, 0, join(zero, zero, n, []byte{0xfc, 14, 0, 0})...)
	m.add("table.init", 1, 0, 0, join(zero, zero, n, []byte{0xfc, 12, 1, 0})...)
	m.add("table.fill", 1, 0, 0, join(zero, []byte{opRefNull, byte(FuncRef)}, n, []byte{0xfc, 17, 0})...)
	m.add("table.grow", 1, 0, 0, join([]byte{opRefNull, byte(FuncRef)}, n, []byte{0xfc, 15, 0, opDrop})...)
	wasm := metered(t, m.Encode(), MeterOptions{})
	for engine, config := range engines() {
		g := start(t, config, wasm)
		for name, perUnit := range map[string]float64{"memory.fill": 32, "memory.copy": 32, "memory.init": 32,
			"memory.grow": 1.0 / 64, "table.copy": 4, "table.init": 4, "table.fill": 4, "table.grow": 4} {
			const n = 640
			if got, want := g.cost(t, name, n)-g.cost(t, name, 0), int64(n/perUnit); got != want {
				t.Errorf("%s, %s of %d: %d units, want %d", engine, name, n, got, want)
			}
		}
	}
}

// The count is near the number of instructions: never below a part of them,
// nor much above.
func TestCostNearWork(t *testing.T) {
	body := []byte{opLocalGet, 0, opI32Const, 3, 0x6c, opI32Const, 7, 0x6a, 0x21, 0} // 6 instructions
	count := []byte{opLocalGet, 1, opI32Const, 1, opI32Sub, opLocalTee, 1}           // 4
	again := []byte{opBrIf, 0}
	head := []byte{opLocalGet, 0, 0x21, 1, opLoop, emptyBlock}
	m := newModule()
	m.add("tight", 1, 0, 1, join(head, body, count, again, []byte{opEnd})...)
	m.add("wide", 1, 0, 1, join(head, bytes.Repeat(body, 20), count, again, []byte{opEnd})...)
	skipped := join([]byte{opI32Const, 0, opIf, emptyBlock}, bytes.Repeat(body, 20), []byte{opEnd})
	m.add("skips", 1, 0, 1, join(head, bytes.Repeat(skipped, 5), count, again, []byte{opEnd})...)
	taken := join([]byte{opBlock, emptyBlock, opLocalGet, 0, opBrIf, 0}, body, []byte{opEnd})
	m.add("branches", 1, 0, 1, join(head, bytes.Repeat(taken, 50), count, again, []byte{opEnd})...)
	owing := join(bytes.Repeat(body, 5), []byte{opLoop, emptyBlock, opBlock, emptyBlock, opEnd, opEnd})
	m.add("owes", 1, 0, 1, join(head, bytes.Repeat(owing, 50), count, again, []byte{opEnd})...)
	m.add("leaf", 1, 1, 0, join(body, []byte{opLocalGet, 0})...)
	leaf := byte(len(m.funcs) - 1)
	m.add("calls", 1, 0, 1, join(head, []byte{opLocalGet, 0, opCall, leaf, 0x21, 0}, count, again, []byte{opEnd})...)
	g := start(t, wazero.NewRuntimeConfigInterpreter(), metered(t, m.Encode(), MeterOptions{}))
	for name, per := range map[string]float64{"tight": 11, "wide": 125, "skips": 15, "branches": 105 + 300, "calls": 15, "owes": 1505} {
		const n = 1000
		got := float64(g.cost(t, name, n)) / n
		low, high := per/4, per*2
		if name == "branches" {
			low = 105 / 2 // almost all are taken
		}
		if got < low || got > high {
			t.Errorf("%s: %.1f units for each turn of %.0f instructions", name, got, per)
		}
	}
}

// Everything that refers to a function by number follows the renumbering.
func TestRenumber(t *testing.T) {
	m := newModule()
	typ := m.typeOf(i32s(1), i32s(1))
	m.imports = []importDesc{{"env", "f", ExternFunc, typ}}
	m.importedFuncs = []uint32{typ}
	one := m.add("", 1, 1, 0, opLocalGet, 0, opI32Const, 1, 0x6a)
	m.add("direct", 1, 1, 0, opLocalGet, 0, opCall, byte(one))
	m.add("imported", 1, 1, 0, opLocalGet, 0, opCall, 0)
	m.add("indirect", 1, 1, 0, opLocalGet, 0, opI32Const, 1, opCallIndirect, byte(typ), 0)
	m.add("reference", 1, 1, 0, opI32Const, 0, opRefFunc, byte(one), opTableSet, 0, opLocalGet, 0, opI32Const, 0, opCallIndirect, byte(typ), 0)
	m.add("global", 1, 1, 0, opI32Const, 0, opGlobalGet, 0, opTableSet, 0, opLocalGet, 0, opI32Const, 0, opCallIndirect, byte(typ), 0)
	m.exports = append(m.exports, exportDesc{"passed on", ExternFunc, 0})
	m.globals = []global{{globalType{FuncRef, false}, constExpr{op: opRefFunc, x: one}}, {globalType{I32, true}, constOf(I32, 5)}}
	m.exports = append(m.exports, exportDesc{"state", ExternGlobal, 1})
	m.withTable(4, 0, one)
	m.elements = append(m.elements,
		element{flags: elemExprs, typ: FuncRef, offset: constOf(I32, 2), exprs: []constExpr{{op: opRefFunc, x: one}, {op: opRefNull, x: uint32(FuncRef)}}},
		element{flags: elemPassive | elemIndexed, typ: FuncRef, funcs: []uint32{one}})
	m.start, m.hasStart = m.add("", 0, 0, 0, opI32Const, 42, opGlobalSet, 1), true
	names := []byte{0, 2, 1, 'm', 1, 7, 2, 0, 1, 'f', byte(one), 1, 'g', 2, 6, 1, byte(one), 1, 0, 1, 'x'}
	m.customs = []custom{{"name", names, rank[secData]}, {".debug_line", []byte{1}, rank[secData]}, {"producers", nil, 0}}
	for engine, config := range engines() {
		for _, o := range []MeterOptions{{}, {Stack: 100}} {
			after := parse(t, metered(t, m.Encode(), o))
			g := start(t, config, after.Encode())
			for name, want := range map[string]uint64{"direct": 8, "imported": 1007, "indirect": 8, "reference": 8, "global": 8, "passed on": 1007} {
				got, err := g.call(name, 7)
				if err != nil || got[0] != want {
					t.Errorf("%s, %s: %v, %v, want %d", engine, name, got, err, want)
				}
			}
			if got := g.ExportedGlobal("state").Get(); got != 42 {
				t.Errorf("%s: the start function left %d", engine, got)
			}
			got, _ := after.Custom("name")
			if want := []byte{0, 2, 1, 'm', 1, 7, 2, 0, 1, 'f', 2, 1, 'g', 2, 6, 1, 2, 1, 0, 1, 'x'}; !bytes.Equal(got, want) {
				t.Errorf("names are %v, want %v", got, want)
			}
			if _, ok := after.Custom(".debug_line"); ok {
				t.Error("line numbers are kept")
			}
			if _, ok := after.Custom("producers"); !ok {
				t.Error("producers are dropped")
			}
		}
	}
}

// THREAT[EN-03] a name section that claims more than it has is refused.
func TestBadNames(t *testing.T) {
	for _, section := range [][]byte{{1}, {1, 5, 9}, {1, 0x80}, {1, 4, 1, 0, 9, 'x'}, {2, 3, 1, 0, 5},
		{1, 5, 0xff, 0xff, 0xff, 0x69, 0}, {1, 2, 0, 0}, {0, 2, 1, 0xff}} {
		if got := shiftNames(section, 0); len(got) != 0 && section[1] != 2 {
			t.Errorf("%v becomes %v", section, got)
		}
		m := newModule()
		m.SetCustom("name", section)
		if err := Vet(m.Encode(), DefaultLimits()); err == nil {
			t.Errorf("%v is accepted", section)
		}
	}
}

func TestMeterReserved(t *testing.T) {
	for name, change := range map[string]func(*Module){
		FuelGlobal:  func(m *Module) { m.addCounter(FuelGlobal, I64, 0) },
		StackGlobal: func(m *Module) { m.addCounter(StackGlobal, I32, 0) },
		FuelFunc: func(m *Module) {
			m.imports = []importDesc{{FuelModule, FuelFunc, ExternFunc, m.typeOf(nil, nil)}}
			m.importedFuncs = []uint32{m.typeOf(nil, nil)}
		},
	} {
		m := newModule()
		change(m)
		var vet *VetError
		if _, err := Meter(m.Encode()); !errors.As(err, &vet) || vet.Kind != Reserved {
			t.Errorf("%s: %v", name, err)
		}
	}
	wasm, err := Meter(endless().Encode())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Meter(wasm); err == nil {
		t.Error("metered twice")
	}
}

// A guest can't reach the counters that were added to it.
func TestCounterOutOfReach(t *testing.T) {
	m := newModule()
	m.add("f", 0, 0, 0, opI64Const, 0, opGlobalSet, 0)
	if err := Vet(m.Encode(), DefaultLimits()); err == nil {
		t.Error("a global that does not exist is accepted")
	}
}

// THREAT[EN-06] recursion of every kind is bounded, and what it took is given back.
func TestStack(t *testing.T) {
	m := newModule()
	typ := byte(m.typeOf(i32s(1), i32s(1)))
	down := []byte{opLocalGet, 0, 0x45, opIf, emptyBlock, opI32Const, 0, opReturn, opEnd, opLocalGet, 0, opI32Const, 1, opI32Sub}
	up := []byte{opI32Const, 1, opI32Add}
	self := m.add("self", 1, 1, 0, join(down, []byte{opCall, 0}, up)...)
	m.add("even", 1, 1, 0, join(down, []byte{opCall, byte(self + 2)}, up)...)
	m.add("odd", 1, 1, 0, join(down, []byte{opCall, byte(self + 1)}, up)...)
	indirect := m.add("indirect", 1, 1, 0, join(down, []byte{opI32Const, 0, opCallIndirect, typ, 0}, up)...)
	m.withTable(1, indirect)
	frame := uint64(parse(t, m.Encode()).funcs[self].frameBytes())
	wasm := metered(t, m.Encode(), MeterOptions{Stack: 1})
	for engine, config := range engines() {
		g := start(t, config, wasm)
		left := g.ExportedGlobal(StackGlobal).(api.MutableGlobal)
		for _, name := range []string{"self", "even", "odd", "indirect"} {
			left.Set(100 * frame)
			if got, err := g.call(name, 98); err != nil || got[0] != 98 {
				t.Errorf("%s, %s: %v, %v", engine, name, got, err)
			}
			if n := left.Get(); n != 100*frame {
				t.Errorf("%s, %s: %d is left of %d", engine, name, n, 100*frame)
			}
			if _, err := g.call(name, 103); !errors.Is(err, errStack) {
				t.Errorf("%s, %s, deeper than allowed: %v", engine, name, err)
			}
			if n := int32(left.Get()); n >= 0 || n < -3*int32(frame) {
				t.Errorf("%s, %s: %d is left in the end", engine, name, n)
			}
		}
	}
}

// THREAT[M7] what counts is the size of frames, and a chain of calls without
// recursion counts as well.
func TestStackOfFrames(t *testing.T) {
	for name, m := range map[string]*Module{"chain": chain(90_000), "locals": locals(t)} {
		g := parse(t, m.Encode())
		calls := g.callGraph()
		counted := 0
		for fn := range g.funcs {
			if calls.held[fn] > chainBound+g.funcs[fn].frameBytes() {
				t.Fatalf("%s: function %d holds %d", name, fn, calls.held[fn])
			}
			for at := calls.first[fn]; at < calls.first[fn+1]; at++ {
				if calls.counted[at] {
					counted += int(calls.held[fn])
				}
			}
		}
		total := 0
		for i := range g.funcs {
			total += int(g.funcs[i].frameBytes())
		}
		if counted < total-chainBound {
			t.Errorf("%s: %d of %d bytes are counted", name, counted, total)
		}
	}
}

// locals is a function of many locals that calls another of its kind.
func locals(t *testing.T) *Module {
	t.Helper()
	m := newModule()
	m.add("large", 0, 0, 40_000, opCall, 1)
	m.add("", 0, 0, 40_000, opCall, 2)
	m.add("", 0, 0, 0)
	return m
}

func ExampleModule_Meter() {
	m := newModule()
	m.add("answer", 0, 1, 0, opI32Const, 42)
	parsed, err := Parse(m.Encode(), DefaultLimits())
	if err == nil {
		err = parsed.Meter(MeterOptions{})
	}
	fmt.Println(parsed.Inspect().Imports[0].Module, parsed.Inspect().Exports[1].Name, err)
	// Output: sandbox __fuel <nil>
}
