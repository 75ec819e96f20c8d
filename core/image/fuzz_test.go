package image

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

func seeds(f *testing.F) {
	d := &dispatching{Rand: rand.New(rand.NewPCG(5, 6))}
	for range 20 {
		f.Add(d.module(1).Encode())
	}
	for _, wasm := range samples(f) {
		f.Add(wasm)
	}
	for _, wasm := range modules(f, specDir+"/v2", "internal/integration_test/fuzzcases") {
		if len(wasm) < 2048 {
			f.Add(wasm)
		}
	}
}

// fuzzLimits keep what the engine is given small.
func fuzzLimits() Limits {
	l := DefaultLimits()
	l.MemoryPages, l.TableElements, l.Locals, l.Work = 16, 1000, 1000, 50_000_000
	return l
}

// THREAT[EN-02] whatever is read can be written and read again, and errors are
// of one type.
func FuzzParse(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, wasm []byte) {
		m, err := Parse(wasm, fuzzLimits())
		if err != nil {
			if !errors.As(err, new(*VetError)) {
				t.Fatalf("the error is %T", err)
			}
			return
		}
		m.Inspect()
		once := m.Encode()
		again, err := Parse(once, fuzzLimits())
		if err != nil {
			t.Fatalf("what was written: %v", err)
		}
		if !bytes.Equal(again.Encode(), once) {
			t.Fatal("written twice it is another")
		}
	})
}

// THREAT[EN-02] a module that the engine takes is still taken after each
// change, and one that it refuses is not made good.
func FuzzMeter(f *testing.F) {
	ctx := context.Background()
	rt := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter().WithCoreFeatures(api.CoreFeaturesV2))
	defer rt.Close(ctx)
	valid := func(wasm []byte) error {
		c, err := rt.CompileModule(ctx, wasm)
		if err == nil {
			err = c.Close(ctx)
		}
		return err
	}
	seeds(f)
	f.Fuzz(func(t *testing.T, wasm []byte) {
		m, err := Parse(wasm, fuzzLimits())
		if err != nil {
			return
		}
		want := valid(wasm)
		if want != nil { // perhaps for a custom section, which no code depends on
			m.StripCustom(func(string) bool { return true })
			want = valid(m.Encode())
		}
		check := func(what string, wasm []byte) {
			if got := valid(wasm); (got == nil) != (want == nil) {
				t.Errorf("%s: %v, the original: %v", what, got, want)
			}
		}
		if err := m.Meter(MeterOptions{Stack: 100}); err != nil {
			return
		}
		check("metered", m.Encode())
		if _, err := m.ExportGlobals(); err == nil {
			check("with its globals", m.Encode())
		}
		if _, err := m.Split(); err == nil {
			check("split", m.Encode())
		}
		if stub, err := Stub(m.Encode(), fuzzLimits()); err == nil && want == nil {
			check("stub", stub)
		}
	})
}
