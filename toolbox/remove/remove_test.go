package remove_test

import (
	"context"
	"strings"
	"testing"

	"agentsandbox/toolbox/cmd/rm"
	"agentsandbox/toolbox/tooltest"
	"agentsandbox/vfs"
	"agentsandbox/vfs/faultfs"
	"agentsandbox/vfs/memfs"
)

// An agent that types rm -rf / loses nothing.
func TestRootIsKept(t *testing.T) {
	for _, name := range []string{"/", "//", "/d/../", "/root-link/"} {
		e := tooltest.NewExec(t, "rm", "d/f=1", "root-link -> /")
		status := e.Run(rm.Run, "-rf", name)
		if status != 1 || !strings.Contains(e.Err.String(), "it is dangerous to operate recursively on ") &&
			!strings.Contains(e.Err.String(), "refusing to remove") {
			t.Errorf("%s: status %d, %q", name, status, e.Err.String())
		}
		if _, err := e.Stat("/d/f"); err != nil {
			t.Errorf("%s: the files are gone", name)
		}
	}
	e := tooltest.NewExec(t, "rm", "d/f=1")
	e.Run(rm.Run, "-rf", "/")
	want := "rm: it is dangerous to operate recursively on '/'\nrm: use --no-preserve-root to override this failsafe\n"
	if got := e.Err.String(); got != want {
		t.Errorf("said %q, want %q", got, want)
	}
}

func TestNoPreserveRoot(t *testing.T) {
	e := tooltest.NewExec(t, "rm", "d/f=1")
	status := e.Run(rm.Run, "-rf", "--no-preserve-root", "/")
	if got, want := e.Err.String(), "rm: cannot remove '/': Device or resource busy\n"; status != 1 || got != want {
		t.Errorf("status %d, %q, want %q", status, got, want)
	}
	if entries, err := e.ReadDir("/"); err != nil || len(entries) > 0 {
		t.Errorf("left: %v, %v", entries, err)
	}
}

func TestProtectedFileIsAskedFor(t *testing.T) {
	e := tooltest.NewExec(t, "rm", "f=data")
	e.Terminal = func(int) bool { return true }
	if err := e.FS.Chmod("/f", 0o444); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		answer string
		gone   bool
	}{{"n\n", false}, {"y\n", true}} {
		e.Stdin = strings.NewReader(c.answer)
		if status := e.Run(rm.Run, "f"); status != 0 {
			t.Errorf("status %d", status)
		}
		if got, want := e.Err.String(), "rm: remove write-protected regular file 'f'? "; got != want {
			t.Errorf("asked %q, want %q", got, want)
		}
		if _, err := e.Lstat("f"); (err != nil) != c.gone {
			t.Errorf("answer %q: %v", c.answer, err)
		}
	}
}

// What cannot be removed is reported once, and the directories above it stay.
func TestFailureBelow(t *testing.T) {
	inner := memfs.New(memfs.Config{})
	for _, dir := range []string{"d", "d/sub"} {
		if err := inner.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	f, err := inner.Open("d/sub/f", vfs.Write|vfs.Create, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	e := tooltest.NewExecOn(faultfs.New(inner, faultfs.Fault{Op: "Unlink", Err: vfs.EPERM}), "rm")
	status := e.Run(rm.Run, "-rf", "d")
	if got, want := e.Err.String(), "rm: cannot remove 'd/sub/f': Operation not permitted\n"; status != 1 || got != want {
		t.Errorf("status %d, %q, want %q", status, got, want)
	}
}

func TestCancelled(t *testing.T) {
	e := tooltest.NewExec(t, "rm", "d/f=1")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if status := e.RunContext(ctx, rm.Run, "-rf", "d"); status != 143 {
		t.Errorf("status %d", status)
	}
	if _, err := e.Stat("d/f"); err != nil {
		t.Error("removed all the same")
	}
}
