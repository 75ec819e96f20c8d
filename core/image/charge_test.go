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

// structured makes code of blocks, loops and branches without sense. Its
// conditions come from a number that changes from turn to turn.
type structured struct {
	*rand.Rand
	labels int // that are open, the function's too
	calls  int // how many functions there are to call
}

const seed, junk = 0, 1 // locals

// bit is a condition: n of 16 times it is true.
func (s *structured) bit() []byte {
	next := []byte{opLocalGet, seed, opI32Const, 13, 0x6c, opI32Const, byte(1 + s.IntN(60)), opI32Add, opLocalTee, seed}
	if s.IntN(3) == 0 {
		next = []byte{opLocalGet, seed}
	}
	return append(next, opI32Const, 4, 0x76, opI32Const, 15, 0x71, opI32Const, byte(s.IntN(17)), 0x48)
}

// constant is a condition that is always the same, for little.
func (s *structured) constant() []byte { return []byte{opI32Const, byte(min(1, s.IntN(8)))} }

func (s *structured) condition() []byte {
	if s.IntN(2) == 0 {
		return s.constant()
	}
	return s.bit()
}

func (s *structured) code(depth int) []byte {
	var code []byte
	for range s.IntN(6) {
		code = append(code, s.piece(depth)...)
	}
	return code
}

func (s *structured) piece(depth int) []byte {
	label := byte(s.IntN(s.labels))
	switch kind := s.IntN(12); {
	case kind < 4 && depth > 0:
		return s.nest([]byte{opBlock, opLoop, opLoop, opIf}[kind], depth)
	case kind == 4:
		return join(s.condition(), []byte{opBrIf, label})
	case kind == 6:
		return [][]byte{ // labels that nothing costs
			{opBlock, emptyBlock, opEnd}, {opLoop, emptyBlock, opBlock, emptyBlock, opEnd, opEnd},
		}[s.IntN(2)]
	case kind == 7 && s.calls > 0:
		return []byte{opLocalGet, seed, opCall, byte(s.IntN(s.calls))}
	case kind == 8:
		return join([]byte{opBlock, emptyBlock}, s.bit(), []byte{opBrTable, 2, label + 1, 0, byte(s.IntN(s.labels)) + 1, opEnd})
	}
	fill := []byte{opLocalGet, junk, opI32Const, 3, opI32Add, opLocalSet, junk}
	return repeat([]int{0, 0, 1, 9, 20}[s.IntN(5)], fill...)
}

func (s *structured) nest(op byte, depth int) []byte {
	var code []byte
	if op == opIf {
		code = s.condition()
	}
	code = append(code, op, emptyBlock)
	s.labels++
	code = append(code, s.code(depth-1)...)
	if op == opIf && s.IntN(2) == 0 {
		code = append(append(code, opElse), s.code(depth-1)...)
	}
	if op == opLoop && s.IntN(2) == 0 {
		code = append(append(code, s.condition()...), opBrIf, 0)
	}
	s.labels--
	return append(code, opEnd)
}

// module has functions that call those before them.
func (s *structured) module(functions int) *Module {
	m := newModule()
	for i := range functions {
		s.labels, s.calls = 1, min(i, 60)
		m.add(fmt.Sprint("f", i), 1, 0, 1, s.code(5)...)
	}
	return m
}

// exact has the module count, in the global "exact", what each instruction
// costs when it is run, and stop when that exceeds a limit.
func exact(m *Module, limit int64) *Module {
	counter := m.addCounter("exact", I64, 0)
	for i := range m.funcs {
		f := &m.funcs[i]
		var out []byte
		var in instr
		for r := (reader{buf: f.code}); !r.done(); {
			r.next(&in)
			if c := cost(in.op); c > 0 {
				out = appendU32(append(out, opGlobalGet), counter)
				out = appendS64(append(out, opI64Const), int64(c))
				out = appendU32(append(out, 0x7c, opGlobalSet), counter)
				out = appendU32(append(out, opGlobalGet), counter)
				out = appendS64(append(out, opI64Const), limit)
				out = append(out, 0x55, opIf, emptyBlock, opUnreachable, opEnd)
			}
			out = append(out, f.code[in.at:in.end]...)
		}
		f.code = out
	}
	return m
}

// THREAT[EN-07] whatever form code has, it is charged for what it does, give
// or take a factor: nothing runs for ever, or for free.
func TestChargeRandom(t *testing.T) {
	const (
		modules, functions = 60, 25
		limit              = 20_000
		under, above       = 6, 6 // how far off the count may be
	)
	var sumExact, sumFuel int64
	config := wazero.NewRuntimeConfigInterpreter().WithCloseOnContextDone(true)
	for round := range uint64(modules) {
		random := func() *Module {
			return (&structured{Rand: rand.New(rand.NewPCG(7, round))}).module(functions)
		}
		counted := start(t, config, exact(parse(t, random().Encode()), limit).Encode())
		charged := start(t, config, metered(t, random().Encode(), MeterOptions{Stack: 1000}))
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		for i := range functions {
			name := fmt.Sprint("f", i)
			counter := counted.ExportedGlobal("exact").(api.MutableGlobal)
			counter.Set(0)
			_, err := counted.call(name, round)
			work := int64(counter.Get())
			charged.limit = limit * above
			if err != nil { // it ran on
				charged.limit = limit/under - 2*slack
			}
			granted := charged.limit
			left := charged.ExportedGlobal(FuelGlobal).(api.MutableGlobal)
			left.Set(0)
			_, fuelErr := charged.ExportedFunction(name).Call(ctx, round)
			fuel := granted - int64(left.Get())
			switch {
			case (err != nil) != errors.Is(fuelErr, errFuel), err == nil && fuelErr != nil:
				t.Errorf("round %d, %s: %v with %d units, the original took %d instructions: %v", round, name, fuelErr, granted, work, err)
			case err == nil && charged.limit == 0 && (fuel < work/under-2*slack || fuel > work*above+8*slack):
				t.Errorf("round %d, %s: %d units for %d instructions", round, name, fuel, work)
			case err == nil && charged.limit == 0:
				sumExact, sumFuel = sumExact+work, sumFuel+fuel
			}
		}
		cancel()
	}
	if ratio := float64(sumFuel) / float64(sumExact); ratio < 0.7 || ratio > 1.6 {
		t.Errorf("%.2f units for an instruction", ratio)
	}
}
