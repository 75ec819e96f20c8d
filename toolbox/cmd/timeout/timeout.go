/*
Package timeout runs a command, and ends it when its time is up.

	timeout [OPTION]... DURATION COMMAND [ARG]...

DURATION is as that of sleep; 0 is without end.

	-s, --signal=SIGNAL        the signal to send: TERM, unless given
	-k, --kill-after=DURATION  KILL follows if it is still there
	--preserve-status          exit as COMMAND does, also when time is up
	-v, --verbose              say when a signal is sent
	--foreground               taken and ignored

It exits with 124 when time was up (137 with KILL), 125 if it fails itself, 126
if COMMAND cannot be run, 127 if there is none, else as COMMAND does. A command
of the sandbox cannot outlive the signal, whichever it is.
*/
package timeout

import (
	"context"
	"sync/atomic"
	"time"

	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	t := limiter{x: x, signal: 15}
	argv, err := t.parse()
	if err != nil {
		return err
	}
	status, expired, err := t.run(ctx, argv)
	switch {
	case err != nil && !expired:
		x.Errorf("failed to run command %s: %s", tool.QuoteText(argv[0]), tool.ErrText(err))
	case expired && (t.preserve || t.signal == 9):
		status = 128 + t.signal
	case expired:
		status = 124
	}
	return tool.Exit(status)
}

type limiter struct {
	x                 *tool.Exec
	limit             time.Duration
	signal            int
	preserve, verbose bool
}

func (t *limiter) parse() ([]string, error) {
	flags := tool.NewFlags(t.x)
	flags.Usage, flags.Posix = 125, true
	duration := func(s string, at *time.Duration) error {
		d, ok := tool.ParseDuration(s)
		if !ok {
			return flags.Errorf("invalid time interval %s", tool.QuoteText(s))
		}
		*at = d
		return nil
	}
	flags.Func('s', "signal", func(s string) error {
		n, ok := tool.Signal(s)
		if !ok {
			return flags.Errorf("%s: invalid signal", tool.QuoteText(s))
		}
		t.signal = n
		return nil
	})
	var after time.Duration
	flags.Func('k', "kill-after", func(s string) error { return duration(s, &after) })
	flags.BoolVar(&t.preserve, true, 0, "preserve-status")
	flags.BoolVar(&t.verbose, true, 'v', "verbose")
	flags.Bool(0, "foreground")
	operands, err := flags.Parse()
	if err != nil {
		return nil, err
	}
	if len(operands) < 2 {
		return nil, flags.Hint()
	}
	return operands[1:], duration(operands[0], &t.limit)
}

// run runs the command under its limit.
func (t *limiter) run(ctx context.Context, argv []string) (status int, expired bool, err error) {
	if t.limit == 0 {
		status, err = t.spawn(ctx, argv)
		return status, false, err
	}
	ctx, cancel := context.WithCancel(ctx)
	limited := &deadline{Context: ctx, now: t.x.Now, at: t.x.Now().Add(t.limit)}
	waiting, stop := context.WithCancel(ctx)
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		if t.x.Sleep(waiting, t.limit) == nil {
			limited.expire()
			if t.verbose {
				t.x.Errorf("sending signal %s to command %s", tool.SignalName(t.signal), tool.QuoteText(argv[0]))
			}
			cancel()
		}
	}()
	status, err = t.spawn(limited, argv)
	stop()
	<-watched
	cancel()
	return status, limited.expired.Load(), err
}

func (t *limiter) spawn(ctx context.Context, argv []string) (int, error) {
	child := *t.x
	return t.x.Spawn(ctx, &child, argv)
}

// deadline is a context that also looks at the clock when it is asked: a
// command that computes without pause leaves a timer no chance to run where
// there is one thread.
type deadline struct {
	context.Context
	now     func() time.Time
	at      time.Time
	expired atomic.Bool
}

func (d *deadline) expire() { d.expired.Store(true) }

// Deadline is when time is up.
func (d *deadline) Deadline() (time.Time, bool) { return d.at, true }

// Err is DeadlineExceeded once time is up.
func (d *deadline) Err() error {
	if err := d.Context.Err(); err != nil {
		return err
	}
	if d.now().Before(d.at) {
		return nil
	}
	d.expire()
	return context.DeadlineExceeded
}
