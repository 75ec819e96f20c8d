package core

import (
	"context"
	"errors"
	"time"

	"agentsandbox/core/engine"
)

// fuelGlobal is the counter that package image puts into a metered module, and
// fuelFunc what the module calls when the counter has run below zero.
const (
	fuelGlobal = "__fuel"
	fuelFunc   = "__fuel_exhausted"
)

// errCanceled ends a guest whose context was cancelled.
var errCanceled = errors.New("canceled")

// meter hands out fuel a slice at a time, and between two slices looks at the
// clock and the context: that is how limits reach a guest that never calls.
// The count of what was used is exact and the same on every engine.
type meter struct {
	ctx      context.Context
	limit    int64 // instructions
	slice    int64
	granted  int64
	deadline time.Time // zero for none
	timeout  time.Duration
	stack    callStack
}

// start puts the first slice into the instance. A module that is not metered
// has no counter, and is refused by whoever loads it.
func (m *meter) start(in engine.Instance) bool {
	m.stack.start(in)
	if m.granted > 0 {
		return true // a start function has begun
	}
	m.granted = min(m.slice, m.limit)
	return in.SetGlobal(fuelGlobal, uint64(m.granted))
}

// used is what the guest has used, in instructions.
func (m *meter) used(in engine.Instance) int64 {
	left, ok := in.Global(fuelGlobal)
	if !ok {
		return 0
	}
	return m.granted - int64(left)
}

// refill grants the next slice, and more of the stack where that is what the
// guest has run out of, or says why there is none.
func (m *meter) refill(in engine.Instance) error {
	if err := m.expired(); err != nil {
		return err
	}
	if err := m.stack.grow(m, in); err != nil {
		return err
	}
	left, _ := in.Global(fuelGlobal)
	used := m.granted - int64(left)
	if used >= m.limit {
		return &LimitError{Kind: LimitFuel, Max: m.limit / FuelUnit, Used: used / FuelUnit}
	}
	next := min(used+m.slice, m.limit)
	in.SetGlobal(fuelGlobal, uint64(next-used))
	m.granted = next
	return nil
}

// expired says which of time and context has ended the command, if one has.
func (m *meter) expired() error {
	if !m.deadline.IsZero() && !time.Now().Before(m.deadline) {
		return m.timeError()
	}
	switch err := m.ctx.Err(); {
	case err == nil:
		return nil
	case errors.Is(context.Cause(m.ctx), errDeadline):
		return m.timeError()
	}
	return errCanceled
}

// errDeadline is the cause of a context that ends at the command's deadline.
var errDeadline = errors.New("deadline of the command")

func (m *meter) timeError() error {
	ms := m.timeout.Milliseconds()
	return &LimitError{Kind: LimitTime, Max: ms, Used: ms}
}
