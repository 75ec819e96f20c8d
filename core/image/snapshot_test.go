package image

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero/api"
)

// stateful is a module whose start function changes memory and globals, and
// that reads a passive segment at run time.
func stateful() *Module {
	m := newModule().withMemory(2).withData(16, "hello").withData(18, "LL")
	m.data = slices.Insert(m.data, 1, dataSegment{passive: true, bytes: []byte("passive")})
	m.dataCount = 3
	m.globals = []global{
		{globalType{I32, true}, constOf(I32, 1)},
		{globalType{I64, false}, constOf(I64, 2)},
		{globalType{F64, true}, constOf(F64, 3)},
		{globalType{I64, true}, constOf(I64, 4)},
		{globalType{F32, true}, constOf(F32, 5)},
	}
	code := join(
		[]byte{opI32Const, 7, opGlobalSet, 0},
		append([]byte{opF64Const}, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f), []byte{opGlobalSet, 2}, // a NaN
		[]byte{opI64Const, 0x7f, opGlobalSet, 3},            // -1
		[]byte{opI32Const, 0xc0, 0, 0x41, 0x21, 0x3a, 0, 0}, // mem[64] = '!'
	)
	m.start, m.hasStart = m.add("", 0, 0, 0, code...), true
	m.add("passive", 0, 1, 0, opI32Const, 0, opI32Const, 0, opI32Const, 4, 0xfc, 8, 1, 0, opI32Const, 0, 0x28, 0, 0)
	m.add("dropped", 0, 0, 0, opI32Const, 0, opI32Const, 0, opI32Const, 1, 0xfc, 8, 0, 0)
	return m
}

func bitsOf(g *guest, globals []Global) []uint64 {
	var bits []uint64
	for _, x := range globals {
		bits = append(bits, g.ExportedGlobal(x.Export).Get())
	}
	return bits
}

// A snapshot starts where the module that it was taken from stood.
func TestSnapshot(t *testing.T) {
	for _, meter := range []bool{false, true} {
		for engine, config := range engines() {
			t.Run(fmt.Sprintf("%s metered=%v", engine, meter), func(t *testing.T) {
				m := parse(t, stateful().Encode())
				if meter {
					if err := m.Meter(MeterOptions{Stack: 10}); err != nil {
						t.Fatal(err)
					}
				}
				globals, err := m.ExportGlobals()
				if err != nil {
					t.Fatal(err)
				}
				wasm := m.Encode()
				first := start(t, config, wasm)
				memory, _ := first.Memory().Read(0, first.Memory().Size())
				bits := bitsOf(first, globals)

				m = parse(t, wasm) // as if it came from a file
				if err := m.Snapshot(bytes.Clone(memory), bits); err != nil {
					t.Fatal(err)
				}
				second := start(t, config, m.Encode())
				again, _ := second.Memory().Read(0, second.Memory().Size())
				if !bytes.Equal(again, memory) {
					t.Error("the memory is another")
				}
				if got := bitsOf(second, globals); !slices.Equal(got, bits) {
					t.Errorf("globals %x, want %x", got, bits)
				}
				if m.Inspect().HasStart {
					t.Error("the start function is still there")
				}
				if got, err := second.call("passive"); err != nil || api.DecodeU32(got[0]) != binary.LittleEndian.Uint32([]byte("pass")) {
					t.Errorf("the passive segment: %v, %v", got, err)
				}
				if _, err := second.call("dropped"); err == nil {
					t.Error("an active segment can be read")
				}
			})
		}
	}
}

func TestSnapshotGrown(t *testing.T) {
	m := parse(t, newModule().withMemory(1).Encode())
	memory := make([]byte, 3*pageSize)
	memory[2*pageSize+5] = 1
	if err := m.Snapshot(memory, nil); err != nil {
		t.Fatal(err)
	}
	if got := m.Inspect().Memory.Min; got != 3 {
		t.Errorf("the memory begins with %d pages", got)
	}
	if got := len(m.Encode()); got > 100 {
		t.Errorf("a byte takes %d", got)
	}
}

func TestSnapshotRefused(t *testing.T) {
	memory := make([]byte, pageSize)
	for name, c := range map[string]struct {
		m       *Module
		memory  []byte
		globals []uint64
	}{
		"pages":     {newModule().withMemory(1), memory[1:], nil},
		"no memory": {newModule(), memory, nil},
		"none":      {newModule().withMemory(1), nil, nil},
		"globals":   {newModule().withMemory(1), memory, []uint64{1}},
		"tables": {func() *Module {
			m := newModule().withMemory(1).withTable(1)
			m.add("", 0, 0, 0, opI32Const, 0, opRefNull, byte(FuncRef), opTableSet, 0)
			return m
		}(), memory, nil},
		"imported": {func() *Module {
			m := newModule()
			m.imports = []importDesc{{"a", "b", ExternMemory, 0}}
			m.importedMemories = []memoryType{{limitsType{min: 1}}}
			return m
		}(), memory, nil},
	} {
		if err := parse(t, c.m.Encode()).Snapshot(c.memory, c.globals); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// The segments of a snapshot hold the memory, however many runs it has.
func TestRuns(t *testing.T) {
	sparse := make([]byte, 8*pageSize)
	for i := 0; i < len(sparse); i += 100 {
		sparse[i] = byte(i/100) | 1
	}
	end := make([]byte, pageSize)
	end[pageSize-1] = 1
	for name, memory := range map[string][]byte{"zeros": make([]byte, pageSize), "sparse": sparse, "end": end, "full": bytes.Repeat([]byte{1}, pageSize)} {
		for _, limit := range []uint64{100_000, 10, 1} {
			m := newModule()
			m.limits.DataSegments = limit
			runs := m.runs(memory)
			if uint64(len(runs)) > limit {
				t.Errorf("%s: %d runs", name, len(runs))
			}
			var s Start
			for i := range runs {
				off, _ := constI32(&runs[i].offset)
				s.Segments = append(s.Segments, Segment{off, runs[i].bytes})
			}
			got := s.Bytes()
			if want := bytes.TrimRight(memory, "\x00"); !bytes.Equal(got, want) {
				t.Errorf("%s, limit %d: the runs hold something else", name, limit)
			}
		}
	}
}

// Split takes out of a module what it starts with.
func TestSplit(t *testing.T) {
	m := parse(t, stateful().Encode())
	s, err := m.Split()
	if err != nil {
		t.Fatal(err)
	}
	if got := string(s.Bytes()[16:]); s.Pages != 2 || got != "heLLo" {
		t.Errorf("%d pages with %q", s.Pages, got)
	}
	for engine, config := range engines() {
		g := start(t, config, m.Encode())
		memory, _ := g.Memory().Read(0, 64)
		if !bytes.Equal(memory, make([]byte, 64)) {
			t.Errorf("%s: something is left in the memory", engine)
		}
		if _, err := g.call("passive"); err != nil {
			t.Errorf("%s: %v", engine, err)
		}
		if _, err := g.call("dropped"); err == nil {
			t.Errorf("%s: an active segment can be read", engine)
		}
	}
	if again, err := m.Split(); err != nil || len(again.Segments) != 0 {
		t.Errorf("split again: %v, %v", again.Segments, err)
	}
}

func TestSplitRefused(t *testing.T) {
	imported := newModule()
	imported.imports = []importDesc{{"a", "b", ExternGlobal, 0}}
	imported.importedGlobals = []globalType{{I32, false}}
	imported.withMemory(1).data = []dataSegment{{offset: constExpr{op: opGlobalGet}, bytes: []byte{1}}}
	for want, m := range map[string]*Module{
		"data segment 0 is out of bounds": newModule().withMemory(1).withData(pageSize-1, "xx"),
		"data segment 1 is out of bounds": newModule().withMemory(1).withData(0, "x").withData(math.MaxUint32, ""),
		"whose place is not a constant":   imported,
	} {
		if _, err := parse(t, m.Encode()).Split(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}

func TestExportGlobals(t *testing.T) {
	m := parse(t, stateful().Encode())
	want := []Global{{"__g0", I32, 0}, {"__g1", F64, 2}, {"__g2", I64, 3}, {"__g3", F32, 4}}
	for range 2 {
		if got, err := m.ExportGlobals(); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%v, %v, want %v", got, err, want)
		}
	}
	m = parse(t, m.Encode())
	if err := m.Meter(MeterOptions{Stack: 1}); err != nil {
		t.Fatal(err)
	}
	if got, err := m.ExportGlobals(); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("metered: %v, %v, want %v", got, err, want)
	}
}

func TestExportGlobalsRefused(t *testing.T) {
	for name, change := range map[string]func(*Module){
		"a name of ours": func(m *Module) {
			m.addCounter("x", I32, 0)
			m.add("__g0", 0, 0, 0)
		},
		"a reference": func(m *Module) {
			m.globals = []global{{globalType{FuncRef, true}, constExpr{op: opRefNull, x: uint32(FuncRef)}}}
		},
		"a vector": func(m *Module) {
			m.globals = []global{{globalType{V128, true}, constExpr{op: opV128Const, imm: make([]byte, 16)}}}
		},
		"an import": func(m *Module) {
			m.imports = []importDesc{{"a", "b", ExternGlobal, 0}}
			m.importedGlobals = []globalType{{I32, true}}
		},
	} {
		m := newModule()
		change(m)
		if got, err := parse(t, m.Encode()).ExportGlobals(); err == nil {
			t.Errorf("%s: %v", name, got)
		}
	}
}
