package xargs

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"

	"agentsandbox/toolbox/tool"
)

// runner runs commands, some at once.
type runner struct {
	options
	ctx   context.Context
	x     *tool.Exec
	slots chan int // free numbers of commands that run at once
	wg    sync.WaitGroup

	mu     sync.Mutex
	status int   // guarded by mu: what to exit with
	stop   error // guarded by mu: why to run no more
}

// mostAtOnce bounds -P (THREAT[SH-01]).
const mostAtOnce = 64

func newRunner(ctx context.Context, x *tool.Exec, o options) *runner {
	n := o.procs
	if n == 0 || n > mostAtOnce {
		n = mostAtOnce
	}
	r := &runner{options: o, ctx: ctx, x: x, slots: make(chan int, n)}
	for slot := range n {
		r.slots <- slot
	}
	if n > 1 {
		shared := *x
		shared.Stdout = &lockedWriter{w: x.Stdout}
		shared.Stderr = &lockedWriter{w: x.Stderr}
		r.x = &shared
	}
	return r
}

// lockedWriter lets commands that run at once write to one stream.
type lockedWriter struct {
	mu sync.Mutex
	w  io.Writer // guarded by mu
}

// Write writes p in one piece.
func (l *lockedWriter) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

// run runs one command, in the background where several may run. The error
// ends the run of xargs.
func (r *runner) run(argv []string) error {
	if r.verbose && !r.announced(argv) {
		return r.stopped()
	}
	var slot int
	select {
	case slot = <-r.slots:
	case <-r.ctx.Done():
		return r.ctx.Err()
	}
	if err := r.stopped(); err != nil {
		r.slots <- slot
		return err
	}
	if cap(r.slots) == 1 {
		r.spawn(argv, slot)
		return r.stopped()
	}
	r.wg.Go(func() { r.spawn(argv, slot) })
	return nil
}

// announced prints a command, asks if it is to be run, and reports whether.
func (r *runner) announced(argv []string) bool {
	words := make([]string, len(argv))
	for i, arg := range argv {
		words[i] = tool.QuoteName(arg, tool.QuoteShell, "")
	}
	line := strings.Join(words, " ")
	if !r.asks {
		fmt.Fprintln(r.x.Stderr, line)
		return true
	}
	fmt.Fprint(r.x.Stderr, line)
	tty, err := r.x.Open("/dev/tty")
	if err != nil {
		r.fail(1, "failed to open /dev/tty for reading: %s", tool.ErrText(err))
		return false
	}
	defer tty.Close()
	asker := *r.x
	asker.Stdin = tty
	fmt.Fprint(r.x.Stderr, "?...")
	return asker.Yes()
}

func (r *runner) stopped() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.stop
}

// spawn runs a command and takes note of how it ended.
func (r *runner) spawn(argv []string, slot int) {
	defer func() { r.slots <- slot }()
	child := *r.x
	child.Stdin = r.stdin
	if r.slotVar != "" {
		child.Env = append(child.Environ(), fmt.Sprintf("%s=%d", r.slotVar, slot))
	}
	if r.tty {
		if tty, err := r.x.Open("/dev/tty"); err == nil {
			defer tty.Close()
			child.Stdin = tty
		}
	}
	status, err := r.x.Spawn(r.ctx, &child, argv)
	switch {
	case err != nil && r.ctx.Err() != nil:
		r.note(0, r.ctx.Err())
	case err != nil:
		r.fail(status, "%s: %s", argv[0], tool.ErrText(err))
	case status == 255:
		r.fail(124, "%s: exited with status 255; aborting", argv[0])
	case status != 0:
		r.note(123, nil)
	}
}

// fail reports what ends the run.
func (r *runner) fail(status int, format string, args ...any) {
	r.note(status, r.x.Fail(status, format, args...))
}

// note remembers the exit status, and why to stop; what was noted first counts.
func (r *runner) note(status int, stop error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.status == 0 {
		r.status = status
	}
	if r.stop == nil {
		r.stop = stop
	}
}

// wait waits for the commands that run, and returns what to exit with.
func (r *runner) wait() error {
	r.wg.Wait()
	if err := r.stopped(); err != nil {
		return err
	}
	return tool.Exit(r.status)
}
