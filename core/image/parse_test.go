package image

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

// samples are modules that together have every kind of section.
func samples(t testing.TB) map[string][]byte {
	t.Helper()
	all := map[string][]byte{"endless": endless().Encode(), "growing": growing().Encode()}
	m := newModule().withMemory(1).withData(8, "text").withTable(2)
	m.start, m.hasStart = m.add("start", 0, 0, 3, opI32Const, 0, 0x21, 0), true
	m.globals = []global{{globalType{I64, true}, constOf(I64, 1<<40)}, {globalType{F64, false}, constOf(F64, 1)}}
	m.customs = []custom{{"name", []byte{0, 2, 1, 'm'}, rank[secData]}}
	m.dataCount = 1
	all["sections"] = m.Encode()
	for name, wasm := range modules(t, "examples", "imports/wasi_snapshot_preview1", "testdata") {
		if len(wasm) < 4096 {
			all[name] = wasm
		}
	}
	return all
}

// THREAT[EN-01] no prefix of a good module is one, but where a section ends.
func TestPrefixes(t *testing.T) {
	for name, wasm := range samples(t) {
		ends := sectionEnds(wasm)
		for n := range wasm {
			_, err := Parse(wasm[:n:n], DefaultLimits())
			if err == nil && !ends[n] {
				t.Errorf("%s: the first %d of %d bytes are accepted", name, n, len(wasm))
			}
			if err != nil && !errors.As(err, new(*VetError)) {
				t.Errorf("%s: the error of %d bytes is %T", name, n, err)
			}
		}
	}
}

func sectionEnds(wasm []byte) map[int]bool {
	ends := map[int]bool{8: true}
	for r := (reader{buf: wasm, pos: 8}); !r.done(); ends[r.pos] = true {
		r.byte()
		r.take(r.u32())
	}
	return ends
}

// THREAT[EN-01] a module with a byte changed is refused or can be metered and
// written; what is written can be read again.
func TestFlips(t *testing.T) {
	for name, wasm := range samples(t) {
		for i := range wasm {
			for _, flip := range []byte{0x01, 0x80, 0xff, 0x40} {
				changed := bytes.Clone(wasm)
				changed[i] ^= flip
				m, err := Parse(changed, DefaultLimits())
				if err != nil {
					continue
				}
				if err := m.Meter(MeterOptions{Stack: 9}); err != nil {
					continue
				}
				if _, err := Parse(m.Encode(), DefaultLimits()); err != nil && !overLimit(err) {
					t.Errorf("%s with byte %d changed by %#x: %v", name, i, flip, err)
				}
			}
		}
	}
}

func overLimit(err error) bool {
	var vet *VetError
	return errors.As(err, &vet) && vet.Kind == OverLimit
}

// What is read and written comes out the same the second time, and says the
// same.
func TestRoundTrip(t *testing.T) {
	for name, wasm := range modules(t, specDir+"/v2", "examples", "imports") {
		m, err := Parse(wasm, roomy())
		if err != nil {
			continue
		}
		once := m.Encode()
		if len(once) > len(wasm)+8 { // a table's maximum may be added
			t.Errorf("%s: %d bytes become %d", name, len(wasm), len(once))
		}
		again, err := Parse(once, roomy())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !bytes.Equal(again.Encode(), once) {
			t.Errorf("%s is another after it was written twice", name)
		}
	}
}

// THREAT[EN-13] features that we do not run are refused by name.
func TestUnsupported(t *testing.T) {
	code := func(code ...byte) []byte {
		m := newModule().withMemory(1)
		m.add("f", 0, 0, 0, code...)
		return m.Encode()
	}
	section := func(id byte, body ...byte) []byte {
		return appendBytes(append([]byte(header), id), body)
	}
	for _, c := range []struct {
		want string
		wasm []byte
	}{
		{"threads (atomic instructions) are not supported", code(0xfe, 0x03, 0)},
		{"threads (shared memory) are not supported", section(secMemory, 1, 3, 1, 1)},
		{"memory64 is not supported", section(secMemory, 1, 4, 1)},
		{"multi-memory is not supported", code(opI32Const, 0, 0x28, 0x42, 1, 0, opDrop)},
		{"multi-memory is not supported", code(0x3f, 1, opDrop)},
		{"exceptions are not supported", section(secTag, 1, 0, 0)},
		{"exceptions are not supported", code(0x06, 0x40, opEnd)},
		{"exceptions are not supported", code(0x1f, 0x40, 0, opEnd)},
		{"exceptions are not supported", code(0x08, 0)},
		{"tail calls are not supported", code(0x12, 0)},
		{"tail calls are not supported", code(0x13, 0, 0)},
		{"typed function references are not supported", code(0x14, 0)},
		{"garbage collection is not supported", code(0xfb, 0)},
		{"garbage collection is not supported", section(secType, 1, 0x5f, 0)},
		{"relaxed SIMD is not supported", code(0xfd, 0x80, 0x02)},
		{"extended constant expressions are not supported", section(secGlobal, 1, byte(I32), 0, opI32Const, 1, opI32Const, 1, opI32Add, opEnd)},
		{"typed function references are not supported", section(secTable, 1, 0x40, 0, 0x70, 0, 1, opRefNull, 0x70, opEnd)},
	} {
		err := Vet(c.wasm, DefaultLimits())
		var vet *VetError
		if !errors.As(err, &vet) || vet.Kind != Unsupported || !strings.HasSuffix(err.Error(), c.want) {
			t.Errorf("error %v, want %s", err, c.want)
		}
	}
}

// THREAT[EN-01] what is wrong is named with its place.
func TestMalformed(t *testing.T) {
	code := func(code ...byte) []byte {
		m := newModule()
		m.add("f", 0, 0, 1, code...)
		return m.Encode()
	}
	module := func(rest ...byte) []byte { return append([]byte(header), rest...) }
	for _, c := range []struct {
		want string
		wasm []byte
	}{
		{"wasm: not a WebAssembly 1 module", nil},
		{"wasm: not a WebAssembly 1 module", []byte("\x00asm\x0d\x00\x01\x00")},
		{"wasm: length out of bounds at offset 0xa", module(secType, 9)},
		{"wasm: malformed section id at offset 0xa", module(99, 0)},
		{"wasm: section out of order at offset 0xd", module(secMemory, 1, 0, secType, 1, 0)},
		{"wasm: section out of order at offset 0xd", module(secType, 1, 0, secType, 1, 0)},
		{"wasm: vector longer than its section at offset 0xe", module(secType, 1, 0, secFunction, 1, 100)},
		{"wasm: section longer than its contents at offset 0xb", module(secType, 2, 0, 0)},
		{"wasm: integer representation too long at offset 0xf", module(secType, 6, 0x80, 0x80, 0x80, 0x80, 0x80, 0)},
		{"wasm: integer too large at offset 0xf", module(secType, 6, 0x80, 0x80, 0x80, 0x80, 0x10, 0)},
		{"wasm: functions without code", module(secType, 4, 1, 0x60, 0, 0, secFunction, 2, 1, 0)},
		{"wasm: function 0: illegal opcode", code(0xff)},
		{"wasm: function 0: unexpected end", code(opBlock, emptyBlock)},
		{"wasm: function 0: code behind the end of a function", code(opEnd)},
		{"wasm: function 0: unknown or misplaced else", code(opElse)},
		{"wasm: function 0: unknown or misplaced label", code(opBr, 1)},
		{"wasm: function 0: unknown or misplaced local", code(opLocalGet, 1, opDrop)},
		{"wasm: function 0: unknown or misplaced global", code(opGlobalGet, 0, opDrop)},
		{"wasm: function 0: unknown or misplaced function", code(opCall, 1)},
		{"wasm: function 0: unknown or misplaced table", code(opI32Const, 0, 0x25, 0, opDrop)},
		{"wasm: function 0: unknown or misplaced memory", code(0x3f, 0, opDrop)},
		{"wasm: function 0: unknown or misplaced data segment", code(0xfc, 9, 0)},
		{"wasm: function 0: unknown or misplaced element segment", code(0xfc, 13, 0)},
		{"wasm: function 0: unknown type", code(opBlock, 9, opEnd)},
	} {
		err := Vet(c.wasm, DefaultLimits())
		var vet *VetError
		if !errors.As(err, &vet) || vet.Kind != Malformed || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("error %v, want %s", err, c.want)
		}
	}
}

// THREAT[EN-05] [EN-09] what names two things at once, or nothing, is refused.
func TestLinkage(t *testing.T) {
	for want, change := range map[string]func(*Module){
		`duplicate export "f"`: func(m *Module) { m.add("f", 0, 0, 0); m.add("f", 0, 0, 0) },
		`export "g" of an unknown global`: func(m *Module) {
			m.exports = []exportDesc{{"g", ExternGlobal, 0}}
		},
		"unknown start function":                         func(m *Module) { m.hasStart = true },
		"start function with parameters or results":      func(m *Module) { m.start, m.hasStart = m.add("", 1, 0, 0), true },
		"data count and data section disagree":           func(m *Module) { m.dataCount = 7 },
		"too many memories: 2 (limit 1)":                 func(m *Module) { m.memories = make([]memoryType, 2) },
		"too many tables: 100 (limit 16)":                func(m *Module) { m.tables = make([]tableType, 100) },
		"too many table elements: 100001 (limit 100000)": func(m *Module) { m.withTable(50_000).withTable(50_001) },
	} {
		m := newModule()
		change(m)
		for i := range m.tables {
			m.tables[i].elem = FuncRef
		}
		if err := Vet(m.Encode(), DefaultLimits()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}
