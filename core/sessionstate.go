package core

import (
	"bytes"
	"context"
)

// SessionState is what of a session's shell can outlive its instance: directory,
// variables, functions, aliases, options and traps.
type SessionState struct {
	// Data is for Session.Resume of this version of the toolbox. It is nil for a
	// shell that has run nothing.
	Data []byte
	// Partial reports that there is more, which will be lost: background jobs, or
	// redirections of the shell itself.
	Partial bool
}

// How the guest's exports that save and resume a shell end.
const (
	stateWhole = iota
	stateInPart
)

// State returns the shell's state. ErrBusy while a command of the session runs.
func (se *Session) State(ctx context.Context) (SessionState, error) {
	end, err := se.turns.between()
	if err != nil {
		return SessionState{}, err
	}
	defer end()
	return se.save(ctx)
}

func (se *Session) save(ctx context.Context) (SessionState, error) {
	done, err := se.s.enter()
	if err != nil {
		return SessionState{}, err
	}
	defer done()
	if se.in == nil {
		return SessionState{Data: se.state}, nil
	}
	return se.snapshot(ctx)
}

// snapshot is the state of a shell that has an instance, which is gone if the
// shell had to be ended.
func (se *Session) snapshot(ctx context.Context) (SessionState, error) {
	r, err := se.s.newRun(ctx, &Cmd{Name: "bash"})
	if err != nil {
		return SessionState{}, err
	}
	defer r.close()
	r.stdout.left = unlimited
	result, err := se.invoke(r, se.s.rt.full.info.State)
	switch {
	case err != nil:
		return SessionState{}, err
	case result.StateLost || result.ExitCode > stateInPart:
		return SessionState{}, ErrNoState
	}
	return SessionState{result.Stdout, result.ExitCode == stateInPart}, nil
}

// Memory is how many bytes the shell's instance holds; 0 if it has none.
// ErrBusy while a command of the session runs.
func (se *Session) Memory() (uint64, error) {
	end, err := se.turns.between()
	if err != nil {
		return 0, err
	}
	defer end()
	if se.in == nil {
		return 0, nil
	}
	return se.in.Memory().Size(), nil
}

// Resume has the next command run in a shell of the given state instead of the
// one that there is. If the state can't be made use of, or was partial, that command's
// Result has StateLost. ErrBusy while a command of the session runs.
func (se *Session) Resume(data []byte) error {
	end, err := se.turns.between()
	if err != nil {
		return err
	}
	defer end()
	if se.gone {
		return ErrDestroyed
	}
	se.state = data
	if se.in != nil {
		return se.drop()
	}
	return nil
}

// Park frees the shell's instance; the next command goes on from its state. One
// whose state is partial stays as it is, with ErrNoState, unless force is set.
// ErrBusy while a command of the session runs.
func (se *Session) Park(ctx context.Context, force bool) error {
	end, err := se.turns.between()
	if err != nil {
		return err
	}
	defer end()
	if se.in == nil {
		return nil
	}
	state, err := se.save(ctx)
	if err != nil {
		return err
	}
	if state.Partial && !force {
		return ErrNoState
	}
	se.state = state.Data
	return se.drop()
}

// start sees to it that there is a shell, and reports whether it is all that it
// was before it was parked.
func (se *Session) start(ctx context.Context, r *run) (whole bool, err error) {
	if se.in != nil {
		return true, nil
	}
	if se.state == nil {
		return true, se.open(r)
	}
	status, err := se.resume(ctx, r)
	if err != nil {
		return false, err
	}
	se.state = nil
	if status > stateInPart {
		return false, se.open(r)
	}
	return status == stateWhole, nil
}

// open takes an instance for a shell.
func (se *Session) open(r *run) error {
	in, err := se.s.rt.full.pool.get(r.ctx, &r.process, se.s, r.memory)
	if err == nil {
		se.in = &in
	}
	return err
}

// resume takes an instance and starts a shell there from the state.
func (se *Session) resume(ctx context.Context, r *run) (status int, err error) {
	first, err := se.s.newRun(ctx, &Cmd{Name: "bash", Stdin: bytes.NewReader(se.state)})
	if err != nil {
		return 0, err
	}
	defer first.close()
	if err := se.open(r); err != nil {
		return 0, err
	}
	result, err := se.invoke(first, se.s.rt.full.info.Resume)
	switch {
	case err != nil:
		return 0, err
	case result.Canceled:
		return 0, context.Cause(ctx)
	case result.ExitCode > stateInPart && se.in != nil:
		_ = se.drop()
	}
	return result.ExitCode, nil
}
