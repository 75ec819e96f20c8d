package main

import (
	"bytes"
	"context"
	"errors"
	"time"

	"agentsandbox/core"
	"agentsandbox/core/engine/platform"
	"agentsandbox/hosts/browser/wire"
)

// exec runs a command: sandbox, command -> result.
func (h *host) exec(call uint32, r *wire.Reader, w *wire.Writer) error {
	sb, err := h.sandbox(r)
	if err != nil {
		return err
	}
	return h.run(call, r, w, sb.Run)
}

// session starts a shell that lives on: sandbox -> its number.
func (h *host) session(_ uint32, r *wire.Reader, w *wire.Writer) error {
	sb, err := h.sandbox(r)
	if err != nil {
		return err
	}
	id := h.number()
	h.sessions[id] = sb.Session()
	w.Uint(id)
	return nil
}

// liveSession is the session whose number comes next.
func (h *host) liveSession(r *wire.Reader) (*core.Session, error) {
	if se, ok := h.sessions[r.Uint()]; ok {
		return se, nil
	}
	return nil, core.ErrDestroyed
}

// sessionExec runs a script in a session: session, command -> result.
func (h *host) sessionExec(call uint32, r *wire.Reader, w *wire.Writer) error {
	se, err := h.liveSession(r)
	if err != nil {
		return err
	}
	return h.run(call, r, w, se.Run)
}

// sessionDir: session -> its working directory.
func (h *host) sessionDir(_ uint32, r *wire.Reader, w *wire.Writer) error {
	se, err := h.liveSession(r)
	if err != nil {
		return err
	}
	w.String(se.Dir(context.Background()))
	return nil
}

// sessionClose: session. A second time does nothing.
func (h *host) sessionClose(_ uint32, r *wire.Reader, _ *wire.Writer) error {
	id := r.Uint()
	se, ok := h.sessions[id]
	if !ok {
		return nil
	}
	delete(h.sessions, id)
	return se.Close()
}

// cancel ends a call that runs: call.
func (h *host) cancel(_ uint32, r *wire.Reader, _ *wire.Writer) error {
	if stop := h.running[r.Uint()]; stop != nil {
		stop()
	}
	return nil
}

// track gives a call a context that the embedder can cancel.
func (h *host) track(call uint32) (context.Context, func()) {
	ctx, cancel := context.WithCancel(context.Background())
	h.running[call] = cancel
	return ctx, func() {
		cancel()
		delete(h.running, call)
	}
}

// run runs a command with whatever runs it.
func (h *host) run(call uint32, r *wire.Reader, w *wire.Writer, run func(context.Context, core.Cmd) (*core.Result, error)) error {
	cmd, err := h.readCmd(call, r)
	if err != nil {
		return err
	}
	ctx, done := h.track(call)
	defer done()
	defer h.endInput(call)
	result, err := run(ctx, cmd)
	if err == nil {
		writeResult(w, result)
	}
	return err
}

// Bits of a command's flags.
const (
	flagStdin    = 1 << iota // stdin is pulled
	flagStdout               // stdout is emitted
	flagStderr               // stderr is emitted
	flagTerminal             // descriptors 0 to 2 are a terminal
	flagKeep                 // a session's shell outlives the command's end
)

// readCmd reads a command.
func (h *host) readCmd(call uint32, r *wire.Reader) (core.Cmd, error) {
	cmd := core.Cmd{Name: r.String(), Args: r.Strings(), Dir: r.String(), Env: pairs(r.Strings())}
	cmd.Timeout, cmd.FuelLimit, cmd.MemoryLimit = milliseconds(r.Float()), whole(r.Float()), whole(r.Float())
	flags, stdin := r.Uint(), r.Bytes()
	switch {
	case r.Err() != nil:
		return cmd, r.Err()
	case flags&flagStdin != 0 && !platform.Suspends():
		return cmd, errStdin
	case flags&flagStdin != 0:
		in := &input{call: call, more: make(chan []byte, 1)}
		h.inputs[call] = in
		cmd.Stdin = in
	case len(stdin) > 0:
		cmd.Stdin = bytes.NewReader(stdin)
	}
	if flags&flagStdout != 0 {
		cmd.Stdout = emitter{call, 1}
	}
	if flags&flagStderr != 0 {
		cmd.Stderr = emitter{call, 2}
	}
	cmd.Keep = flags&flagKeep != 0
	if flags&flagTerminal != 0 {
		cmd.Terminal = func(int) bool { return true }
	}
	return cmd, nil
}

var errStdin = errors.New("stdin that is read while the command runs needs a host that can suspend WebAssembly (JSPI)")

// readConfig reads the options of a sandbox; 0 is the default of each.
func readConfig(r *wire.Reader) (core.Config, error) {
	config := core.Config{
		Env: pairs(r.Strings()), Timeout: milliseconds(r.Float()),
		MemoryLimit: whole(r.Float()), FuelLimit: whole(r.Float()),
		Limits: core.Limits{
			Stdout: int64(whole(r.Float())), Stderr: int64(whole(r.Float())),
			OpenFiles: int(whole(r.Float())), Files: int64(whole(r.Float())), Bytes: int64(whole(r.Float())),
			Depth: int(whole(r.Float())), Args: int64(whole(r.Float())), ArgCount: int(whole(r.Float())),
		},
	}
	var err error
	if config.FetchPolicy, err = readPolicy(r); err != nil {
		return config, err
	}
	return config, r.Err()
}

// pairs reads key, value, key, value, …
func pairs(list []string) map[string]string {
	if len(list) < 2 {
		return nil
	}
	out := make(map[string]string, len(list)/2)
	for i := 0; i+1 < len(list); i += 2 {
		out[list[i]] = list[i+1]
	}
	return out
}

// milliseconds is a duration; what is negative is none.
func milliseconds(f float64) time.Duration {
	if f < 0 {
		return -1
	}
	return time.Duration(whole(f)) * time.Millisecond
}

// whole is a number of JavaScript's where it is whole and exact, else 0, but for
// one between 0 and 1.
func whole(f float64) uint64 {
	if !(f > 0 && f < 1<<53) {
		return 0
	}
	return max(1, uint64(f))
}

func writeResult(w *wire.Writer, r *core.Result) {
	w.Uint(uint32(r.ExitCode))
	w.Bytes(r.Stdout)
	w.Bytes(r.Stderr)
	w.Uint(truths(r.StdoutTruncated, r.StderrTruncated, r.Canceled, r.StateLost, r.Exited))
	var limit core.LimitError
	if r.Limit != nil {
		limit = *r.Limit
	}
	w.String(string(limit.Kind))
	w.Float(float64(limit.Max))
	w.Float(float64(limit.Used))
	w.String(r.Trap)
	w.Float(float64(r.Usage.Fuel))
	w.Float(float64(r.Usage.Wall) / float64(time.Millisecond))
	w.Float(float64(r.Usage.PeakMemory))
	w.Float(float64(r.Usage.BytesRead))
	w.Float(float64(r.Usage.BytesWritten))
}

func truths(list ...bool) (bits uint32) {
	for i, set := range list {
		if set {
			bits |= 1 << i
		}
	}
	return bits
}
