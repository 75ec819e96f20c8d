package image

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// Locals of the functions that the tests make: the place, how many stretches may
// still run, and one to play with.
const (
	place = iota
	budget
	spare
)

// dispatching makes functions in the form of Go's compiler, with jumps of all
// kinds: those that are known to lead forward, and those that only look so.
type dispatching struct {
	*rand.Rand
	blocks int
	budget bool // return when the budget is used up
}

// function returns the code of a function of two parameters.
func (d *dispatching) function() []byte {
	code := []byte{opLoop, emptyBlock}
	code = append(code, repeat(d.blocks, opBlock, emptyBlock)...)
	code = append(code, opLocalGet, place, opBrTable)
	code = appendU32(code, uint32(d.blocks-1))
	for i := range d.blocks {
		label := i
		if d.IntN(8) == 0 {
			label = d.IntN(d.blocks)
		}
		code = appendU32(code, uint32(label))
	}
	code = code[:len(code)-1]
	code = append(code, byte(d.blocks-1))
	for i := range d.blocks {
		code = append(code, opEnd)
		if d.budget {
			code = append(code, opLocalGet, budget, 0x45, opIf, emptyBlock, opReturn, opEnd,
				opLocalGet, budget, opI32Const, 1, opI32Sub, opLocalSet, budget)
		}
		for range d.IntN(4) {
			// The blocks that are still open, and the loop itself.
			code = append(code, d.piece(d.blocks-1-i)...)
		}
	}
	return append(code, opEnd)
}

// piece is some code from which the loop has the given label.
func (d *dispatching) piece(loop int) []byte {
	set := []byte{opI32Const, byte(d.IntN(d.blocks + 2)), opLocalSet, place}
	odd := []byte{opLocalGet, place, opLocalGet, budget, opI32Add, opI32Const, 1, 0x71}
	br := func(op byte, inner int) []byte { return []byte{op, byte(loop + inner)} }
	switch d.IntN(10) {
	case 0:
		return join(odd, []byte{opIf, emptyBlock}, set, br(opBr, 1), []byte{opEnd})
	case 1: // the place is set, but not at once
		return join(odd, []byte{opIf, emptyBlock}, set, []byte{opNop}, br(opBr, 1), []byte{opEnd})
	case 2: // another local
		return join(odd, []byte{opIf, emptyBlock, opI32Const, byte(d.blocks), opLocalSet, spare}, br(opBr, 1), []byte{opEnd})
	case 3: // not a constant
		return join(odd, []byte{opIf, emptyBlock, opLocalGet, spare, opLocalSet, place}, br(opBr, 1), []byte{opEnd})
	case 4:
		return join(odd, br(opBrIf, 0))
	case 5:
		return join([]byte{opBlock, emptyBlock}, set, odd, []byte{opBrTable, 1, 0, byte(loop + 1), 0, opEnd})
	case 6: // a block where one of the loop's was
		return join([]byte{opBlock, emptyBlock, opBlock, emptyBlock}, odd, []byte{opBrIf, 1}, set, br(opBr, 2), []byte{opEnd, opEnd})
	case 7: // a dispatch within the dispatch
		return join([]byte{opBlock, emptyBlock, opLoop, emptyBlock, opBlock, emptyBlock, opLocalGet, spare, opBrTable, 1, 0, 0, opEnd}, odd,
			[]byte{opBrIf, 1}, []byte{opI32Const, 0, opLocalSet, place}, br(opBr, 2), []byte{opEnd, opEnd})
	case 8:
		return []byte{opLocalGet, spare, opI32Const, 3, opI32Add, opLocalSet, spare}
	}
	return repeat(d.IntN(40), opLocalGet, spare, opI32Const, 3, opI32Add, opLocalSet, spare)
}

func (d *dispatching) module(functions int) *Module {
	m := newModule()
	for i := range functions {
		d.blocks = 1 + d.IntN(12)
		m.add(fmt.Sprint("f", i), 2, 0, 1, d.function()...)
	}
	return m
}

// THREAT[EN-07] no circle in the code is without a check, whatever form the code takes.
func TestDispatchEnds(t *testing.T) {
	const functions = 500
	d := &dispatching{Rand: rand.New(rand.NewPCG(1, 2))}
	m := d.module(functions)
	g := start(t, wazero.NewRuntimeConfigInterpreter().WithCloseOnContextDone(true), metered(t, m.Encode(), MeterOptions{}))
	ctx, cancel := context.WithTimeout(g.ctx, time.Minute)
	defer cancel()
	out := 0
	for i := range functions {
		for place := range uint64(13) {
			g.limit = 10_000
			g.ExportedGlobal(FuelGlobal).(api.MutableGlobal).Set(0)
			_, err := g.ExportedFunction(fmt.Sprint("f", i)).Call(ctx, place, 1)
			switch {
			case errors.Is(err, errFuel):
				out++
			case err != nil:
				t.Fatalf("f%d from %d: %v", i, place, err)
			}
		}
	}
	if out < functions {
		t.Errorf("only %d calls ran out of fuel", out)
	}
}

// The count is what was run, give or take a factor: nothing runs for free.
func TestDispatchCost(t *testing.T) {
	const functions, turns = 500, 300
	random := func() *Module {
		d := &dispatching{Rand: rand.New(rand.NewPCG(3, 4)), budget: true}
		return d.module(functions)
	}
	config := wazero.NewRuntimeConfigInterpreter()
	counted := start(t, config, exact(parse(t, random().Encode()), 1<<40).Encode())
	charged := start(t, config, metered(t, random().Encode(), MeterOptions{}))
	var sumExact, sumFuel int64
	for i := range functions {
		name := fmt.Sprint("f", i)
		counter := counted.ExportedGlobal("exact").(api.MutableGlobal)
		for place := range uint64(4) {
			counter.Set(0)
			if _, err := counted.call(name, place, turns); err != nil {
				t.Fatal(err)
			}
			want, got := int64(counter.Get()), charged.cost(t, name, place, turns)
			if got < want/4-slack || got > 3*want+20*slack {
				t.Errorf("%s from %d: %d units for %d instructions", name, place, got, want)
			}
			sumExact, sumFuel = sumExact+want, sumFuel+got
		}
	}
	if ratio := float64(sumFuel) / float64(sumExact); ratio < 0.8 || ratio > 1.6 {
		t.Errorf("%.2f units for an instruction", ratio)
	}
}

// Jumps that are known to lead forward are recognised: a function that has no
// others has no check but the one at its entry.
func TestDispatchForward(t *testing.T) {
	code := []byte{opLoop, emptyBlock, opBlock, emptyBlock, opBlock, emptyBlock, opLocalGet, 0, opBrTable, 1, 0, 1, opEnd,
		opI32Const, 1, opLocalSet, 0, opBr, 1, opEnd, opEnd}
	back := append([]byte(nil), code...)
	back[len(back)-7] = 0 // the place
	for name, c := range map[string]struct {
		code []byte
		want int
	}{"forward": {code, 0}, "back": {back, 1}} {
		m := newModule()
		m.add("f", 1, 0, 0, c.code...)
		parsed := parse(t, m.Encode())
		p := planner{m: parsed}
		p.plan(&parsed.funcs[0])
		checks := 0
		for _, e := range p.edits {
			if e.kind == editCheck || e.kind == editLoop || e.kind == editBack {
				checks++
			}
		}
		if checks != c.want {
			t.Errorf("%s: %d checks, want %d", name, checks, c.want)
		}
	}
}

// THREAT[EN-07] a frame as deep as a dispatching loop was, behind it, is none: what
// leads to its end is alive, and branches to it take its values along.
func TestDispatchLeft(t *testing.T) {
	dispatch := []byte{opLoop, emptyBlock, opBlock, emptyBlock, opLocalGet, 0, opBrTable, 0, 0, opEnd, opEnd}
	for name, c := range map[string]struct {
		code []byte
		want error
	}{
		"endless": {join(dispatch, []byte{opBlock, emptyBlock, opBr, 0, opEnd, opLoop, emptyBlock, opBr, 0, opEnd}), errFuel},
		"value":   {join(dispatch, []byte{opBlock, byte(I32), opI32Const, 1, opBr, 0, opEnd, opDrop}), nil},
		"second":  {join(dispatch, dispatch, []byte{opLoop, emptyBlock, opBr, 0, opEnd}), errFuel},
	} {
		m := newModule()
		m.add("f", 1, 0, 0, c.code...)
		config := wazero.NewRuntimeConfigInterpreter().WithCloseOnContextDone(true)
		g := start(t, config, metered(t, m.Encode(), MeterOptions{}))
		g.limit = 1000
		ctx, cancel := context.WithTimeout(g.ctx, 10*time.Second)
		defer cancel()
		if _, err := g.ExportedFunction("f").Call(ctx, 0); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}
