package core

import (
	"context"
	"fmt"
	"math/rand/v2"

	"agentsandbox/core/image"
	"agentsandbox/core/wasi"
	"agentsandbox/vfs/memfs"
)

// State is what a guest holds between two calls.
type State struct {
	Memory  []byte
	Globals []uint64 // as bits, in the order of Prepared.Globals
}

// Initialise runs functions of a metered module in order, in an empty world,
// and returns the state that they leave. It is how guest images are made; the
// clock stands still and its randomness is fixed, so equal modules give equal
// states. What a guest draws in a run it draws anew.
func Initialise(ctx context.Context, p *image.Prepared, exports ...string) (State, error) {
	e, err := newEngine(ctx, RuntimeConfig{Engine: "interpreter"}, hostFunctions())
	if err != nil {
		return State{}, err
	}
	defer e.Close()
	m, err := e.Compile(ctx, p)
	if err != nil {
		return State{}, err
	}
	defer m.Close()
	host := &process{meter: meter{ctx: ctx, limit: DefaultFuelLimit * FuelUnit, slice: e.Slice(), stack: callStack{limit: DefaultStack}}}
	host.wasi = wasi.NewProcess(wasi.Config{
		Args: []string{"toolbox"}, FS: memfs.New(memfs.Config{}),
		Rand: rand.NewChaCha8([32]byte{}),
	})
	defer host.wasi.Close()
	in, err := m.Instantiate(ctx, host, DefaultMemoryLimit)
	if err != nil {
		return State{}, err
	}
	defer in.Close()
	host.meter.start(in)
	for _, export := range exports {
		if _, err := in.Invoke(ctx, host, export); err != nil {
			return State{}, fmt.Errorf("initialise: %s: %w", export, err)
		}
	}
	state := State{Memory: make([]byte, in.Memory().Size())}
	in.Memory().Read(state.Memory, 0)
	for _, g := range p.Globals {
		v, _ := in.Global(g.Export)
		state.Globals = append(state.Globals, v)
	}
	return state, nil
}
