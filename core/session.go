package core

import "context"

// Session is a shell that lives on between commands: working directory,
// variables, functions, aliases, options and background jobs persist. Each
// Exec is under the sandbox's limits as every command is.
//
// A command that a limit, a trap or a cancellation ends takes the shell with
// it: the Result has StateLost, the files stay, and the next Exec starts in a
// new shell; Cmd.Keep prevents that. A Session holds a WebAssembly instance until
// it is closed.
type Session struct {
	s *Sandbox

	turns *turns  // each method takes one
	in    *pooled // nil before the first Exec, when parked, and after state was lost
	state []byte  // of a shell that has no instance; nil for a new shell
	told  bool    // that state is not all there was
	gone  bool
}

// Session starts a shell that lives on.
func (s *Sandbox) Session() *Session { return &Session{s: s, turns: newTurns()} }

// Exec runs a script in the session's shell.
func (se *Session) Exec(ctx context.Context, script string) (*Result, error) {
	return se.Run(ctx, Cmd{Args: []string{script}})
}

// Run runs the script cmd.Args[0] with the rest as its positional parameters.
// Name is not used; Dir and Env count for the first command of a shell only.
// ErrBusy while another command of the session runs.
func (se *Session) Run(ctx context.Context, cmd Cmd) (*Result, error) {
	end, err := se.turns.run()
	if err != nil {
		return nil, err
	}
	defer end()
	done, err := se.s.enter()
	if err != nil {
		return nil, err
	}
	defer done()
	if se.gone {
		return nil, ErrDestroyed
	}
	t := se.s.rt.full
	if err := t.load(ctx); err != nil {
		return nil, err
	}
	cmd.Name = "bash"
	r, err := se.s.newRun(ctx, &cmd)
	if err != nil {
		return nil, err
	}
	defer r.close()
	whole, err := se.start(ctx, r)
	if err != nil {
		return nil, err
	}
	result, err := se.script(ctx, r, cmd.Keep)
	if err != nil {
		return nil, err
	}
	if !whole && !se.told {
		result.StateLost = true
	}
	se.told = result.StateLost
	return result, nil
}

// script runs the script in the shell. If it has to be ended, the next one goes on
// from the state before, where that is to be kept.
func (se *Session) script(ctx context.Context, r *run, keep bool) (*Result, error) {
	var before SessionState
	if keep {
		var err error
		before, err = se.snapshot(context.WithoutCancel(ctx))
		if se.in == nil {
			return nil, err
		}
		keep = err == nil
	}
	result, err := se.invoke(r, se.s.rt.full.info.Session)
	if err == nil && keep && result.StateLost {
		se.state, result.StateLost = before.Data, before.Partial
	}
	return result, err
}

// Dir is the shell's working directory; /work before the first command.
func (se *Session) Dir(ctx context.Context) string {
	defer se.turns.any()()
	if se.in == nil && se.state == nil || se.s.rt.full.info.Dir == "" {
		return WorkPath
	}
	r, err := se.s.newRun(ctx, &Cmd{Name: "bash"})
	if err != nil {
		return WorkPath
	}
	defer r.close()
	if _, err := se.start(ctx, r); err != nil {
		return WorkPath
	}
	result, err := se.invoke(r, se.s.rt.full.info.Dir)
	if err != nil {
		return WorkPath
	}
	return string(result.Stdout)
}

func (se *Session) invoke(r *run, export string) (*Result, error) {
	result, err := r.invoke(*se.in, export)
	killed := err != nil || result.Limit != nil || result.Trap != "" || result.Canceled
	if killed || result.Exited {
		_ = se.drop()
	}
	if err == nil {
		result.StateLost = killed
	}
	return result, err
}

// Close ends the shell. The sandbox and its files stay.
func (se *Session) Close() error {
	defer se.turns.any()()
	se.gone = true
	if se.in == nil {
		return nil
	}
	return se.drop()
}

// drop lets go of the instance.
func (se *Session) drop() error {
	in := se.in
	se.in = nil
	return in.Close()
}
