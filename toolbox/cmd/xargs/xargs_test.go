package xargs

import (
	"context"
	"strings"
	"sync"
	"testing"

	"agentsandbox/toolbox/tool"
	"agentsandbox/toolbox/tooltest"
	"agentsandbox/vfs"
)

// spawned is a run whose commands are noted, not run.
func spawned(t *testing.T, in string, do func(argv []string) (int, error)) (*tooltest.Exec, func() []string) {
	e := tooltest.NewExec(t, "xargs")
	e.Stdin = strings.NewReader(in)
	var mu sync.Mutex
	var runs []string
	e.Spawn = func(_ context.Context, x *tool.Exec, argv []string) (int, error) {
		mu.Lock()
		runs = append(runs, strings.Join(argv, " "))
		mu.Unlock()
		if do != nil {
			return do(argv)
		}
		return 0, nil
	}
	return e, func() []string { return runs }
}

// As many commands run at once as -P says: each waits here for the others.
func TestParallel(t *testing.T) {
	var together sync.WaitGroup
	together.Add(3)
	e, runs := spawned(t, "a b c", func([]string) (int, error) {
		together.Done()
		together.Wait()
		return 0, nil
	})
	if status := e.Run(Run, "-P3", "-n1", "cmd"); status != 0 || len(runs()) != 3 {
		t.Errorf("status %d, runs %q", status, runs())
	}
}

func TestParallelSlots(t *testing.T) {
	e, _ := spawned(t, "a b c d", nil)
	var mu sync.Mutex
	seen := map[string]bool{}
	e.Spawn = func(_ context.Context, x *tool.Exec, _ []string) (int, error) {
		mu.Lock()
		defer mu.Unlock()
		seen[x.Getenv("SLOT")] = true
		return 0, nil
	}
	e.Run(Run, "-P2", "-n1", "--process-slot-var=SLOT", "cmd")
	for slot := range seen {
		if slot != "0" && slot != "1" {
			t.Errorf("slot %q", slot)
		}
	}
}

func TestStatus(t *testing.T) {
	for _, c := range []struct {
		status int
		err    error
		want   int
		runs   int
		said   string
	}{
		{0, nil, 0, 3, ""},
		{1, nil, 123, 3, ""},
		{125, nil, 123, 3, ""},
		{255, nil, 124, 1, "xargs: cmd: exited with status 255; aborting\n"},
		{126, vfs.EACCES, 126, 1, "xargs: cmd: Permission denied\n"},
		{127, vfs.ENOENT, 127, 1, "xargs: cmd: No such file or directory\n"},
	} {
		e, runs := spawned(t, "a b c", func([]string) (int, error) { return c.status, c.err })
		if got := e.Run(Run, "-n1", "cmd"); got != c.want || len(runs()) != c.runs || e.Err.String() != c.said {
			t.Errorf("%d, %v: status %d after %d runs, %q", c.status, c.err, got, len(runs()), e.Err.String())
		}
	}
}

// Commands have nothing to read, but for items from a file.
func TestStdin(t *testing.T) {
	e := tooltest.NewExec(t, "xargs", "list=a\n")
	var got []any
	e.Spawn = func(_ context.Context, x *tool.Exec, _ []string) (int, error) {
		got = append(got, x.Stdin)
		return 0, nil
	}
	e.Run(Run, "cmd")
	e.Run(Run, "-a", "list", "cmd")
	if len(got) != 2 || got[0] == any(e.Stdin) || got[1] != any(e.Stdin) {
		t.Errorf("stdin of the commands: %v", got)
	}
}

func TestCancelled(t *testing.T) {
	e, runs := spawned(t, "a b", nil)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if status := e.RunContext(ctx, Run, "-n1", "cmd"); status != 143 || len(runs()) > 0 {
		t.Errorf("status %d, runs %q", status, runs())
	}
}

func FuzzInput(f *testing.F) {
	f.Add("a 'b c' \"d\\\" e\\\n f\n\n", "")
	f.Add("x\x00y", "-0")
	f.Add(" lead  trail \nnext", "-I{}")
	f.Fuzz(func(t *testing.T, in, option string) {
		e, _ := spawned(t, in, nil)
		args := []string{"-L1", "cmd"}
		if option == "-0" || option == "-I{}" {
			args[0] = option
		}
		e.Run(Run, args...)
	})
}
