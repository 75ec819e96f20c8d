package platform

import (
	"errors"
	"testing"

	"agentsandbox/core/engine"
	"agentsandbox/core/engine/enginetest"
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
