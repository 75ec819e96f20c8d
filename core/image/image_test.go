package image

import (
	"crypto/sha256"
	"reflect"
	"strings"
	"testing"
)

func TestInspect(t *testing.T) {
	m := newModule()
	typ := m.typeOf(i32s(2), i32s(1))
	m.imports = []importDesc{{"env", "f", ExternFunc, typ}, {"env", "t", ExternTable, 0}, {"env", "m", ExternMemory, 0}, {"env", "g", ExternGlobal, 0}}
	m.importedFuncs = []uint32{typ}
	m.importedTables = []tableType{{ExternRef, limitsType{1, 2, true}}}
	m.importedMemories = []memoryType{{limitsType{3, 4, true}}}
	m.importedGlobals = []globalType{{F32, true}}
	m.add("f", 1, 0, 0)
	m.addCounter("g", I64, 7)
	m.exports = append(m.exports, exportDesc{"memory", ExternMemory, 0}, exportDesc{"env.t", ExternTable, 0})
	want := Info{
		Imports: []Import{
			{"env", "f", Extern{Kind: ExternFunc, Params: i32s(2), Results: i32s(1)}},
			{"env", "t", Extern{Kind: ExternTable, Type: ExternRef, Min: 1, Max: 2, HasMax: true}},
			{"env", "m", Extern{Kind: ExternMemory, Min: 3, Max: 4, HasMax: true}},
			{"env", "g", Extern{Kind: ExternGlobal, Type: F32, Mutable: true}},
		},
		Exports: []Export{
			{"f", Extern{Kind: ExternFunc, Params: i32s(1), Results: []ValType{}}},
			{"g", Extern{Kind: ExternGlobal, Type: I64, Mutable: true}},
			{"memory", Extern{Kind: ExternMemory, Min: 3, Max: 4, HasMax: true}},
			{"env.t", Extern{Kind: ExternTable, Type: ExternRef, Min: 1, Max: 2, HasMax: true}},
		},
		Memory: &MemoryInfo{3, 4, true, true},
	}
	if got := parse(t, m.Encode()).Inspect(); !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%+v, want\n%+v", got, want)
	}
}

// A stub has the shape of its module, and says which one it stands for.
func TestStub(t *testing.T) {
	wasm := stateful().Encode()
	stub, err := Stub(wasm, DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	of, from := parse(t, wasm), parse(t, stub)
	if !reflect.DeepEqual(of.Inspect(), from.Inspect()) {
		t.Errorf("%+v is not %+v", from.Inspect(), of.Inspect())
	}
	sum := sha256.Sum256(wasm)
	if got, _ := from.Custom(SourceSection); string(got) != string(sum[:]) {
		t.Errorf("the sum is %x", got)
	}
	from.hasStart = false
	for engine, config := range engines() {
		if _, err := start(t, config, from.Encode()).call("passive"); err == nil || !strings.Contains(err.Error(), "unreachable") {
			t.Errorf("%s: %v", engine, err)
		}
	}
}

func TestCustom(t *testing.T) {
	m := parse(t, newModule().withMemory(1).Encode())
	m.SetCustom("agentsandbox.test", []byte("one"))
	m.SetCustom("agentsandbox.test", []byte("two"))
	m.SetCustom("name", []byte{0, 1, 0})
	m = parse(t, m.Encode())
	if got, ok := m.Custom("agentsandbox.test"); !ok || string(got) != "two" {
		t.Errorf("%q, %v", got, ok)
	}
	m.StripCustom(DebugSection)
	if _, ok := m.Custom("name"); ok {
		t.Error("the names are still there")
	}
	if _, ok := m.Custom("agentsandbox.test"); !ok {
		t.Error("too much is gone")
	}
}

func TestDebugSection(t *testing.T) {
	for name, want := range map[string]bool{".debug_info": true, "name": true, "producers": true, "reloc.CODE": true, "agentsandbox.x": false, "target_features": false} {
		if got := DebugSection(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
