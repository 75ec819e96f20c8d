package core

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"
)

func sessionWant(t *testing.T, s *Session, script, out string) *Result {
	t.Helper()
	r, err := s.Exec(t.Context(), script)
	if err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	if string(r.Stdout) != out {
		t.Errorf("%s: stdout %q, stderr %q, want %q", script, r.Stdout, r.Stderr, out)
	}
	return r
}

func TestSession(t *testing.T) {
	sb := newSandbox(t, Config{})
	s := sb.Session()
	defer s.Close()
	if got := s.Dir(t.Context()); got != "/work" {
		t.Errorf("Dir = %q", got)
	}
	sessionWant(t, s, "mkdir d; cd d; x=5; f() { echo f$1; }; alias g='echo alias'; set -o pipefail; false", "")
	sessionWant(t, s, "echo $?; pwd; echo $x; f 1", "1\n/work/d\n5\nf1\n")
	sessionWant(t, s, "shopt -s expand_aliases\ng here", "alias here\n")
	sessionWant(t, s, "echo a | cat > file; cat file; shopt -qo pipefail && echo on", "a\non\n")
	if got := s.Dir(t.Context()); got != "/work/d" {
		t.Errorf("Dir = %q", got)
	}
	if r := sessionWant(t, s, "exit 3", ""); r.ExitCode != 3 || !r.Exited {
		t.Errorf("exit: %+v", r)
	}
	sessionWant(t, s, "echo $x; pwd", "\n/work\n")
}

// A limit takes the shell, says so, and leaves the files.
func TestSessionLimit(t *testing.T) {
	sb := newSandbox(t, Config{Timeout: 100 * time.Millisecond, FuelLimit: 1e12})
	s := sb.Session()
	defer s.Close()
	sessionWant(t, s, "x=5; echo kept >file", "")
	r, err := s.Exec(t.Context(), "while :; do :; done")
	if err != nil || !r.StateLost || r.Limit == nil || r.Limit.Kind != LimitTime {
		t.Errorf("%+v, %v", r, err)
	}
	if r := sessionWant(t, s, "echo [$x]; cat file", "[]\nkept\n"); r.StateLost {
		t.Error("the new shell is said to be lost")
	}
}

// THREAT[RL-04]: what is ended does not take a shell with it that is to be kept.
func TestSessionKept(t *testing.T) {
	sb := newSandbox(t, Config{FuelLimit: 1e12})
	s := sb.Session()
	defer s.Close()
	ends := map[string]func(script string) *Result{
		"time": func(script string) *Result {
			r, err := s.Run(t.Context(), Cmd{Args: []string{script}, Timeout: 100 * time.Millisecond, Keep: true})
			if err != nil || r.Limit == nil || r.Limit.Kind != LimitTime {
				t.Fatalf("%+v, %v", r, err)
			}
			return r
		},
		"cancel": func(script string) *Result {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(100*time.Millisecond, cancel)
			r, err := s.Run(ctx, Cmd{Args: []string{script}, Keep: true})
			if err != nil || !r.Canceled {
				t.Fatalf("%+v, %v", r, err)
			}
			return r
		},
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			if err := s.Resume(nil); err != nil {
				t.Fatal(err)
			}
			const forever = "while :; do :; done"
			if r := end(forever); r.StateLost {
				t.Error("a new shell had nothing to lose")
			}
			sessionWant(t, s, "mkdir -p d; cd d; x=5; f() { echo f$1; }", "")
			for range 2 {
				if r := end("x=6; " + forever); r.StateLost {
					t.Error("the state is said to be lost")
				}
				if r := sessionWant(t, s, "pwd; echo $x; f 1", "/work/d\n5\nf1\n"); r.StateLost {
					t.Error("the state is said to be lost, later")
				}
			}
			sessionWant(t, s, "sleep 100 &", "")
			if r := end(forever); !r.StateLost {
				t.Error("the job was lost, and nobody told")
			}
			if r := sessionWant(t, s, "jobs; echo $x", "5\n"); r.StateLost {
				t.Error("told twice")
			}
		})
	}
}

func TestSessionsApart(t *testing.T) {
	sb := newSandbox(t, Config{})
	a, b := sb.Session(), sb.Session()
	defer b.Close()
	sessionWant(t, a, "x=a; echo shared >f", "")
	sessionWant(t, b, "echo [$x]; cat f", "[]\nshared\n")
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Exec(t.Context(), "echo"); !errors.Is(err, ErrDestroyed) {
		t.Errorf("Exec after Close: %v", err)
	}
}

// THREAT[RL-04]: a shell goes on from its state, in the same session or in another.
func TestSessionParked(t *testing.T) {
	sb := newSandbox(t, Config{})
	s := sb.Session()
	defer s.Close()
	if err := s.Park(t.Context(), false); err != nil {
		t.Errorf("parking a shell that has run nothing: %v", err)
	}
	sessionWant(t, s, "mkdir d; cd d; x=5; export y=$'\\xff'; f() { echo f$1; }; alias g='echo alias'; set -o pipefail; false", "")
	if memory, err := s.Memory(); err != nil || memory == 0 {
		t.Errorf("it holds %d bytes, %v", memory, err)
	}
	for range 2 {
		if err := s.Park(t.Context(), false); err != nil {
			t.Fatal(err)
		}
	}
	if memory, err := s.Memory(); err != nil || memory != 0 {
		t.Errorf("parked, it holds %d bytes, %v", memory, err)
	}
	state, err := s.State(t.Context())
	if err != nil || state.Partial || len(state.Data) == 0 {
		t.Fatalf("%+v, %v", state, err)
	}
	if got := s.Dir(t.Context()); got != "/work/d" {
		t.Errorf("Dir = %q", got)
	}
	if err := s.Park(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	other := sb.Session()
	defer other.Close()
	if err := other.Resume(state.Data); err != nil {
		t.Fatal(err)
	}
	for _, s := range []*Session{s, other} {
		r := sessionWant(t, s, "echo $?; pwd; echo $x; f 1; shopt -s expand_aliases\ng here", "1\n/work/d\n5\nf1\nalias here\n")
		if r.StateLost {
			t.Error("the state is said to be lost")
		}
	}
}

// What a state can't hold is told.
func TestSessionParkedInPart(t *testing.T) {
	sb := newSandbox(t, Config{})
	s := sb.Session()
	defer s.Close()
	sessionWant(t, s, "x=5; sleep 100 &", "")
	if err := s.Park(t.Context(), false); !errors.Is(err, ErrNoState) {
		t.Errorf("%v", err)
	}
	if r := sessionWant(t, s, "jobs | grep -c sleep", "1\n"); r.StateLost {
		t.Error("lost though it was not parked")
	}
	if err := s.Park(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	if r := sessionWant(t, s, "jobs; echo $x", "5\n"); !r.StateLost {
		t.Error("the job was lost, and nobody told")
	}
	sessionWant(t, s, "echo $x", "5\n")
	if err := s.Resume([]byte("{")); err != nil {
		t.Fatal(err)
	}
	if r := sessionWant(t, s, "echo [$x]", "[]\n"); !r.StateLost {
		t.Error("the state was lost, and nobody told")
	}
}

// A command waits while the shell is saved or parked, and is refused only for
// another command.
func TestSessionTurns(t *testing.T) {
	s := newSandbox(t, Config{}).Session()
	defer s.Close()
	ctx, cancel := context.WithCancel(t.Context())
	var others sync.WaitGroup
	for range 3 {
		others.Go(func() {
			for ctx.Err() == nil {
				_, err := s.State(context.WithoutCancel(ctx))
				if err = errors.Join(err, s.Park(context.WithoutCancel(ctx), true)); err != nil && !errors.Is(err, ErrBusy) {
					t.Error(err)
				}
			}
		})
	}
	for i := range 20 {
		sessionWant(t, s, "echo $((n++))", fmt.Sprintln(i))
	}
	cancel()
	others.Wait()
}
