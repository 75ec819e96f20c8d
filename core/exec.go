package core

import (
	"context"
	"io"
	"path"
	"time"

	"agentsandbox/core/abi"
	"agentsandbox/core/wasi"
)

// Cmd is one command to run. The zero value of every field but Name is a
// default.
type Cmd struct {
	Name string   // a command of the toolbox, or a path to a script or program
	Args []string // without the name

	Stdin io.Reader // nil is empty
	// Stdout and Stderr get the output as it is written, instead of the
	// Result. They are called from one goroutine at a time, and may be the same.
	Stdout, Stderr io.Writer

	Env map[string]string // added to the sandbox's
	Dir string            // guest path; "" is /work, relative is below it

	// Lower limits than the sandbox's; 0 leaves the sandbox's.
	Timeout     time.Duration
	FuelLimit   uint64
	MemoryLimit uint64

	// Keep has a session's shell go on as it was before this command, if a limit,
	// a trap or the context ends it. To save the shell first takes as long as a
	// small command.
	Keep bool

	// Terminal reports whether descriptor 0, 1 or 2 is a terminal.
	Terminal func(fd int) bool
}

// Exec runs a command with arguments and returns how it ended.
func (s *Sandbox) Exec(ctx context.Context, name string, args ...string) (*Result, error) {
	return s.Run(ctx, Cmd{Name: name, Args: args})
}

// Shell runs a script in a shell of its own, as bash -c does.
func (s *Sandbox) Shell(ctx context.Context, script string) (*Result, error) {
	return s.Run(ctx, Cmd{Name: "bash", Args: []string{"-c", script}})
}

// ExecJS runs JavaScript, as node -e does.
func (s *Sandbox) ExecJS(ctx context.Context, code string) (*Result, error) {
	return s.Run(ctx, Cmd{Name: "node", Args: []string{"-e", code}})
}

// Run runs cmd in a fresh instance. An error means that it was not run; what
// a guest does wrong is in the Result. Several commands may run at once.
func (s *Sandbox) Run(ctx context.Context, cmd Cmd) (*Result, error) {
	done, err := s.enter()
	if err != nil {
		return nil, err
	}
	defer done()
	t, err := s.rt.toolbox(ctx, cmd.Name)
	if err != nil {
		return nil, err
	}
	r, err := s.newRun(ctx, &cmd)
	if err != nil {
		return nil, err
	}
	defer r.close()
	in, err := t.pool.get(r.ctx, &r.process, s, r.memory)
	if err != nil {
		return nil, err
	}
	defer t.pool.put(in)
	return r.invoke(in, t.info.Run)
}

// run is one command on its way.
type run struct {
	process
	ctx            context.Context
	cancel         context.CancelFunc
	unlink         func() bool // from the sandbox's end
	memory         uint64
	stdout, stderr *output
	begun          time.Time
}

// newRun checks cmd against the limits and prepares the guest's process.
func (s *Sandbox) newRun(ctx context.Context, cmd *Cmd) (*run, error) {
	config, err := s.processConfig(cmd)
	if err != nil {
		return nil, err
	}
	r := &run{begun: time.Now(), memory: lower(s.config.MemoryLimit, cmd.MemoryLimit)}
	r.stdout = newOutput(cmd.Stdout, s.config.Limits.Stdout)
	r.stderr = newOutput(cmd.Stderr, s.config.Limits.Stderr)
	config.Stdout, config.Stderr = r.stdout, r.stderr
	r.meter = meter{limit: int64(lower(s.config.FuelLimit, cmd.FuelLimit)) * FuelUnit, slice: s.rt.engine.Slice()}
	r.meter.stack = callStack{limit: s.config.Limits.Stack, gate: s.rt.deep}
	if timeout := lower(s.config.Timeout, cmd.Timeout); timeout > 0 {
		r.meter.timeout, r.meter.deadline = timeout, r.begun.Add(timeout)
	}
	r.ctx, r.cancel = r.meter.withDeadline(ctx)
	r.unlink = context.AfterFunc(s.life, r.cancel)
	r.meter.ctx = r.ctx
	r.wasi = wasi.NewProcess(config)
	if s.net != nil {
		r.fetch = abi.State{Doer: s.rt.guestFetch(s.net), MaxRequest: abi.RequestLimit(s.config.FetchPolicy.MaxRequestBody)}
	}
	r.fetch.AddStream, r.fetch.Whole = r.wasi.AddStream, !s.rt.guestWaits()
	return r, nil
}

// lower is the stricter of a sandbox's limit and a command's, where 0 and less
// are no limit.
func lower[T uint64 | time.Duration](limit, wanted T) T {
	if wanted > 0 && (limit <= 0 || wanted < limit) {
		return wanted
	}
	return limit
}

// invoke runs the guest's export and reads what came of it.
func (r *run) invoke(in pooled, export string) (*Result, error) {
	if !r.meter.start(in) {
		return nil, errNotMetered
	}
	values, err := in.Invoke(r.ctx, &r.process, export)
	var status uint64
	if len(values) > 0 {
		status = values[0]
	}
	result := &Result{
		Stdout: r.stdout.buf, StdoutTruncated: r.stdout.truncated,
		Stderr: r.stderr.buf, StderrTruncated: r.stderr.truncated,
	}
	if err := r.outcome(result, status, err); err != nil {
		return nil, err
	}
	if r.meter.stack.deep {
		in.Trim()
	}
	if in.MemoryRefused() && result.ExitCode != 0 && result.Limit == nil {
		result.Limit = &LimitError{Kind: LimitMemory, Max: int64(r.memory), Used: int64(in.Memory().Size())}
	}
	moved := r.wasi.Usage()
	result.Usage = Usage{
		Fuel: uint64(r.meter.used(in)) / FuelUnit, Wall: time.Since(r.begun),
		PeakMemory: in.Memory().Size(), BytesRead: uint64(moved.Read), BytesWritten: uint64(moved.Written),
	}
	return result, nil
}

func (r *run) close() {
	r.wasi.Close()
	r.meter.stack.close()
	r.unlink()
	r.cancel()
}

// processConfig is the guest's world: its arguments, environment, directory,
// files and streams.
func (s *Sandbox) processConfig(cmd *Cmd) (wasi.Config, error) {
	dir := path.Join(WorkPath, cmd.Dir)
	if path.IsAbs(cmd.Dir) {
		dir = path.Clean(cmd.Dir)
	}
	args := append(make([]string, 0, 1+len(cmd.Args)), cmd.Name)
	args = append(args, cmd.Args...)
	env := s.environ(cmd, dir)
	if err := s.config.Limits.checkArgs(args, env); err != nil {
		return wasi.Config{}, err
	}
	return wasi.Config{
		Args: args, Env: env, FS: s.files, Stdin: cmd.Stdin, Terminal: cmd.Terminal,
		MaxFiles: s.config.Limits.OpenFiles, Rand: s.config.Rand,
		Now: s.now, Monotonic: monotonic, Sleep: sleep,
	}, nil
}

// epoch is where the guests' monotonic clock starts.
var epoch = time.Now()

func monotonic() int64 { return int64(time.Since(epoch)) }

// environ is the guest's environment. Nothing of the host's is in it.
func (s *Sandbox) environ(cmd *Cmd, dir string) []string {
	env := make([]string, 0, len(s.env)+len(cmd.Env)+2)
	env = append(env, s.env...)
	for key, value := range cmd.Env {
		env = append(env, key+"="+value)
	}
	return append(env, "PWD="+dir, "TOOLBOX_CMD="+cmd.Name)
}

// checkArgs holds argv and environment to their limits.
func (l Limits) checkArgs(lists ...[]string) error {
	var bytes int64
	count := 0
	for _, list := range lists {
		count += len(list)
		for _, s := range list {
			bytes += int64(len(s)) + 1
		}
	}
	if bytes > l.Args {
		return &LimitError{Kind: LimitArgs, Max: l.Args, Used: bytes}
	}
	if count > l.ArgCount {
		return &LimitError{Kind: LimitArgs, Max: int64(l.ArgCount), Used: int64(count)}
	}
	return nil
}
