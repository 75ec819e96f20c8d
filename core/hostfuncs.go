package core

import (
	"context"
	"errors"
	"fmt"

	"agentsandbox/core/abi"
	"agentsandbox/core/engine"
	"agentsandbox/core/wasi"
)

// process is the host's side of one run of a guest: what Call.Host holds.
type process struct {
	wasi  *wasi.Process
	meter meter
	fetch abi.State
}

// Fetch implements abi.Host.
func (p *process) Fetch() *abi.State { return &p.fetch }

// exitError ends a guest that called proc_exit.
type exitError struct{ code uint32 }

func (e exitError) Error() string { return fmt.Sprintf("exit status %d", e.code) }

// hostFunctions lists what guests may import: WASI, the host functions of
// module "sandbox", and the call of an empty fuel counter.
func hostFunctions() []engine.HostFunc {
	hosts := []engine.HostFunc{{Module: "sandbox", Name: fuelFunc, Call: refill}}
	for _, f := range abi.Functions() {
		hosts = append(hosts, interruptible(f))
	}
	for _, f := range wasi.Functions() {
		hosts = append(hosts, wasiFunc("wasi_snapshot_preview1", f))
	}
	for _, f := range wasi.Extensions() {
		hosts = append(hosts, wasiFunc("sandbox", f))
	}
	return hosts
}

func refill(c *engine.Call, _ []uint64) error {
	return c.Host.(*process).meter.refill(c.Instance)
}

// interruptible ends the guest after a call that the end of its command cut
// short, lest it take that for an answer and go on.
func interruptible(f engine.HostFunc) engine.HostFunc {
	call := f.Call
	if !f.Blocks {
		return f
	}
	f.Call = func(c *engine.Call, stack []uint64) error {
		if err := call(c, stack); err != nil {
			return err
		}
		return c.Host.(*process).meter.expired()
	}
	return f
}

// wasiFunc binds a WASI function to the process that a call belongs to.
func wasiFunc(module string, f wasi.Function) engine.HostFunc {
	call := f.Call
	exits := f.Exits
	return engine.HostFunc{
		Module: module, Name: f.Name, Params: f.Params, Results: f.Results, Blocks: f.Blocks,
		Call: func(c *engine.Call, stack []uint64) error {
			p := c.Host.(*process)
			call(c.Ctx, p.wasi, c.Memory, stack)
			switch {
			case exits:
				code, _ := p.wasi.Exited()
				return exitError{code}
			case p.wasi.Interrupted():
				return p.meter.interruption()
			}
			return nil
		},
	}
}

// interruption is why a call that blocked was cut short.
func (m *meter) interruption() error {
	if err := m.expired(); err != nil {
		return err
	}
	return errCanceled
}

// outcome reads how a run ended into a result. It returns an error only for
// what is no guest's doing.
func (p *process) outcome(r *Result, status uint64, err error) error {
	var (
		exit  exitError
		limit *LimitError
		trap  *engine.Trap
	)
	switch {
	case err == nil:
		r.ExitCode = int(uint32(status) & 0xff)
		r.Exited = status&sessionExited != 0
	case errors.As(err, &exit):
		r.ExitCode = int(exit.code & 0xff)
	case errors.As(err, &limit):
		r.Limit, r.ExitCode = limit, limitExit(limit.Kind)
	case errors.Is(err, errCanceled):
		r.Canceled, r.ExitCode = true, ExitLimit
	case errors.As(err, &trap) && trap.Kind == engine.StackOverflow:
		// The engine's own ceiling came first.
		r.Limit, r.ExitCode = &LimitError{Kind: LimitStack, Max: p.meter.stack.limit}, limitExit(LimitStack)
	case errors.As(err, &trap) && trap.Kind != engine.HostPanic:
		r.Trap, r.ExitCode = string(trap.Kind), ExitTrap
	default:
		return fmt.Errorf("run guest: %w", err)
	}
	return nil
}

// sessionExited is set in the status of a session's command after which the
// shell is gone.
const sessionExited = 0x100

func limitExit(kind LimitKind) int {
	switch kind {
	case LimitTime:
		return ExitTimeout
	case LimitStack:
		return ExitTrap
	}
	return ExitLimit
}

// withDeadline gives ctx the deadline of the meter, with a cause that tells it
// from the caller's own.
func (m *meter) withDeadline(ctx context.Context) (context.Context, context.CancelFunc) {
	if m.deadline.IsZero() {
		return context.WithCancel(ctx)
	}
	return context.WithDeadlineCause(ctx, m.deadline, errDeadline)
}
