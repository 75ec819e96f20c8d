package image

import (
	"bytes"
	"errors"
	"slices"
	"testing"
)

// growing is a module whose exports grow its memory: one in a block whose type
// looks like the opcode, one twice. Its exports are added by the tests.
func growing(exports ...exportDesc) *Module {
	one := func(code ...byte) function { return function{typ: 0, code: append(code, opEnd)} }
	return &Module{
		limits: DefaultLimits(), dataCount: -1,
		types:    []funcType{{params: []ValType{I32}, results: []ValType{I32}}},
		memories: []memoryType{{limitsType{min: 1}}},
		funcs: []function{
			one(opBlock, emptyBlock, opNop, opEnd, opLocalGet, 0),
			one(opLocalGet, 0, opMemoryGrow, 0, opMemoryGrow, 0),
		},
		exports: append(exports, exportDesc{"plain", ExternFunc, 0}, exportDesc{"grow", ExternFunc, 1}),
	}
}

func exportNames(t *testing.T, wasm []byte) []string {
	t.Helper()
	m, err := Parse(wasm, DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range m.Inspect().Exports {
		names = append(names, e.Name)
	}
	return names
}

// What the guard does when it runs is in the suite enginetest.
func TestPrepareGuardsGrowth(t *testing.T) {
	m := growing()
	p, err := m.Prepare()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"plain", "grow", MemoryExport, MaxPagesGlobal, RefusedGlobal}
	if got := exportNames(t, p.Module); !slices.Equal(got, want) {
		t.Errorf("it exports %q, want %q", got, want)
	}
	parsed, err := Parse(p.Module, DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range [][]byte{
		{opBlock, emptyBlock, opNop, opEnd, opLocalGet, 0, opEnd},
		{opLocalGet, 0, opCall, 2, opCall, 2, opEnd},
	} {
		if got := parsed.funcs[i].code; !bytes.Equal(got, want) {
			t.Errorf("function %d is %x, want %x", i, got, want)
		}
	}
}

func TestPrepareLeavesTheRest(t *testing.T) {
	m := growing(exportDesc{"memory", ExternMemory, 0})
	m.funcs = m.funcs[:1]
	m.exports = m.exports[:2]
	p, err := m.Prepare()
	if err != nil {
		t.Fatal(err)
	}
	if got := exportNames(t, p.Module); !slices.Equal(got, []string{"memory", "plain"}) {
		t.Errorf("a module that never grows exports %q", got)
	}
}

// A guest must not be able to pass its own global off as the bound.
func TestPrepareReserved(t *testing.T) {
	for _, name := range []string{MaxPagesGlobal, RefusedGlobal, MemoryExport} {
		_, err := growing(exportDesc{name, ExternFunc, 0}).Prepare()
		var vet *VetError
		if !errors.As(err, &vet) || vet.Kind != Reserved {
			t.Errorf("export %q: %v", name, err)
		}
	}
}

func TestDetachStart(t *testing.T) {
	m := growing()
	if m.DetachStart("begin") {
		t.Error("a start function was found where there is none")
	}
	m.types = append(m.types, funcType{})
	m.funcs = append(m.funcs, function{typ: 1, code: []byte{opEnd}})
	m.hasStart, m.start = true, 2
	if !m.DetachStart("begin") {
		t.Fatal("the start function was not found")
	}
	parsed, err := Parse(m.Encode(), DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	info := parsed.Inspect()
	if last := info.Exports[len(info.Exports)-1]; info.HasStart || last.Name != "begin" || len(last.Params) != 0 {
		t.Errorf("start %v, last export %v", info.HasStart, last)
	}
}
