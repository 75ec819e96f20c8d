package platform

import (
	"errors"
	"testing"

	"agentsandbox/core/engine"
	"agentsandbox/core/engine/enginetest"
	"agentsandbox/core/image"
)

func TestEngine(t *testing.T) {
	enginetest.Run(t, func(t *testing.T, hosts []engine.HostFunc) engine.Engine {
		e, err := New(hosts)
		if err != nil {
			t.Fatal(err)
		}
		return e
	})
}

// THREAT[SE-03]: the number of a closed instance is given to the next one, and
// leads nowhere from the old one.
func TestClosedInstanceReachesNothing(t *testing.T) {
	e, err := New(nil)
	if err != nil {
		t.Fatal(err)
	}
	m := compiled(t, e, []byte("\x00asm\x01\x00\x00\x00\x05\x03\x01\x00\x01")) // a memory of a page
	first, err := m.Instantiate(t.Context(), nil, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	memory := first.Memory()
	first.Close()
	second, err := m.Instantiate(t.Context(), nil, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if memory.Write(0, []byte{1}) || memory.Read(make([]byte, 1), 0) || memory.Size() != 0 {
		t.Error("a closed instance has memory")
	}
	if _, err := first.Invoke(t.Context(), nil, "x"); !errors.Is(err, errClosed) {
		t.Errorf("Invoke of a closed instance: %v", err)
	}
	if second.Memory().Size() != pageSize {
		t.Error("a memory that is not exported is not found")
	}
}

func TestHostFunctionsThatCantBe(t *testing.T) {
	for name, h := range map[string]engine.HostFunc{
		"ten parameters":      {Params: "iiiiiiiiii"},
		"two results":         {Results: "ii"},
		"blocks, and is wide": {Params: "iI", Blocks: true},
	} {
		if _, err := New([]engine.HostFunc{h}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// A guest may call its own globals what ours are called, where they have no meaning,
// and make them something that JavaScript can't read or set.
func TestGlobalsOfTheGuestsOwn(t *testing.T) {
	const v128 = 0x7b
	e, err := New(nil)
	if err != nil {
		t.Fatal(err)
	}
	vector := append([]byte{v128, 0, 0xfd, 12}, make([]byte, 16)...)
	globals := append([]byte{2}, append(append(vector, opEnd), i32, 0, opI32Const, 7, opEnd)...)
	exports := append([]byte{2}, name(image.RefusedGlobal)...)
	exports = append(append(exports, 3, 0), append(name(image.MaxPagesGlobal), 3, 1)...)
	wasm := []byte("\x00asm\x01\x00\x00\x00")
	wasm = append(append(wasm, 6, byte(len(globals))), globals...)
	wasm = append(append(wasm, 7, byte(len(exports))), exports...)
	in, err := compiled(t, e, wasm).Instantiate(t.Context(), nil, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if in.MemoryRefused() || in.SetGlobal(image.RefusedGlobal, 1) || in.SetGlobal(image.MaxPagesGlobal, 1) {
		t.Error("a global that can't be had was read or set")
	}
	if v, ok := in.Global(image.MaxPagesGlobal); !ok || v != 7 {
		t.Errorf("the constant is %d, %v", v, ok)
	}
	in.SetMaxMemory(1 << 16)
}
