package timeout

import (
	"context"
	"testing"
	"time"

	"agentsandbox/toolbox/tool"
	"agentsandbox/toolbox/tooltest"
	"agentsandbox/vfs"
)

// run is a run whose command is spawn, and whose time is up at once, or never.
func run(t *testing.T, expires bool, spawn func(ctx context.Context) (int, error), args ...string) (int, *tooltest.Exec) {
	e := tooltest.NewExec(t, "timeout")
	e.Spawn = func(ctx context.Context, _ *tool.Exec, _ []string) (int, error) { return spawn(ctx) }
	e.Sleep = func(ctx context.Context, _ time.Duration) error {
		if expires {
			return nil
		}
		<-ctx.Done()
		return ctx.Err()
	}
	return e.Run(Run, append(args, "10", "cmd")...), e
}

// waits is a command that runs until it is ended.
func waits(ctx context.Context) (int, error) {
	<-ctx.Done()
	return 143, nil
}

func TestExpires(t *testing.T) {
	for _, c := range []struct {
		args []string
		want int
		said string
	}{
		{nil, 124, ""},
		{[]string{"--preserve-status"}, 143, ""},
		{[]string{"-s", "KILL"}, 137, ""},
		{[]string{"-s", "INT", "-v"}, 124, "timeout: sending signal INT to command 'cmd'\n"},
		{[]string{"-s", "2", "--preserve-status"}, 130, ""},
	} {
		status, e := run(t, true, waits, c.args...)
		if status != c.want || e.Err.String() != c.said {
			t.Errorf("%v: status %d, %q", c.args, status, e.Err.String())
		}
	}
}

func TestEndsInTime(t *testing.T) {
	status, _ := run(t, false, func(context.Context) (int, error) { return 3, nil })
	if status != 3 {
		t.Errorf("status %d", status)
	}
	status, e := run(t, false, func(context.Context) (int, error) { return 127, vfs.ENOENT })
	if got, want := e.Err.String(), "timeout: failed to run command 'cmd': No such file or directory\n"; status != 127 || got != want {
		t.Errorf("status %d, %q", status, got)
	}
}

// A command that never rests sees by the clock alone that its time is up.
func TestBusyCommand(t *testing.T) {
	e := tooltest.NewExec(t, "timeout")
	now := e.Now()
	e.Now = func() time.Time { now = now.Add(time.Second); return now }
	e.Sleep = func(ctx context.Context, _ time.Duration) error { <-ctx.Done(); return ctx.Err() }
	e.Spawn = func(ctx context.Context, _ *tool.Exec, _ []string) (int, error) {
		for range 100 {
			if ctx.Err() != nil {
				return 143, nil
			}
		}
		return 0, nil
	}
	if status := e.Run(Run, "5", "cmd"); status != 124 {
		t.Errorf("status %d", status)
	}
}

func TestOuterCancel(t *testing.T) {
	e := tooltest.NewExec(t, "timeout")
	ctx, cancel := context.WithCancel(context.Background())
	e.Sleep = func(ctx context.Context, _ time.Duration) error { <-ctx.Done(); return ctx.Err() }
	e.Spawn = func(ctx context.Context, _ *tool.Exec, _ []string) (int, error) {
		cancel()
		<-ctx.Done()
		return 143, nil
	}
	if status := e.RunContext(ctx, Run, "5", "cmd"); status != 143 {
		t.Errorf("status %d", status)
	}
}
