package platform

import (
	"errors"
	"runtime"
	"slices"
	"testing"

	"agentsandbox/core/engine"
	"agentsandbox/core/image"
)

// THREAT[EN-06]: a guest that is almost out of stack calls the host, which needs
// more than is left. The overflow has to be the guest's: inside Go it would
// leave Go with a stack that was cut off.
func TestOverflowIsTheGuests(t *testing.T) {
	calls := 0
	e, err := New([]engine.HostFunc{{Module: "h", Name: "f", Call: func(*engine.Call, []uint64) error {
		if calls++; calls%16 == 0 && deepest(600) == 0 {
			return errors.New("impossible")
		}
		return nil
	}}})
	if err != nil {
		t.Fatal(err)
	}
	// The export "deep" calls h.f and then itself.
	wasm := slices.Concat([]byte("\x00asm\x01\x00\x00\x00"),
		[]byte{1, 4, 1, 0x60, 0, 0},
		[]byte{2, 7, 1, 1, 'h', 1, 'f', 0, 0},
		[]byte{3, 2, 1, 0},
		[]byte{7, 8, 1, 4, 'd', 'e', 'e', 'p', 0, 1},
		[]byte{10, 8, 1, 6, 0, opCall, 0, opCall, 1, opEnd})
	m := compiled(t, e, wasm)
	for range 3 {
		in, err := m.Instantiate(t.Context(), nil, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		_, err = in.Invoke(t.Context(), nil, "deep")
		var trap *engine.Trap
		if !errors.As(err, &trap) || trap.Kind != engine.StackOverflow {
			t.Errorf("got %v after %d calls", err, calls)
		}
		in.Close()
		runtime.GC() // which looks at every stack
	}
	if calls < 1000 {
		t.Errorf("only %d calls: the guest had hardly any stack", calls)
	}
}

// deepest uses as much stack as a host function may, and allocates.
func deepest(n int) int {
	b := make([]byte, 64+n)
	if n == 0 {
		return len(b)
	}
	return deepest(n-1) + len(b)
}

func compiled(t *testing.T, e *Engine, wasm []byte) engine.Module {
	t.Helper()
	parsed, err := image.Parse(wasm, image.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	p, err := parsed.Prepare()
	if err != nil {
		t.Fatal(err)
	}
	m, err := e.Compile(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}
