package grep

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"agentsandbox/toolbox/tool"
	"agentsandbox/toolbox/tooltest"
)

// search runs grep on text and returns what it printed and its exit status.
func search(t *testing.T, in io.Reader, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	x := tooltest.NewExec(t, "grep")
	x.Stdin = in
	status = x.Run(Run, args...)
	return x.Out.String(), x.Err.String(), status
}

// TestBlocks shows that nothing depends on how the input comes in.
func TestBlocks(t *testing.T) {
	var text strings.Builder
	for i := range 20000 {
		fmt.Fprintf(&text, "line %d %s\n", i, strings.Repeat("x", i%97))
	}
	long := strings.Repeat("y", 300_000) + " needle"
	text.WriteString(long)
	for _, args := range [][]string{
		{"-n", "7777"}, {"-c", "9$"}, {"-A2", "-B3", "-n", "line 4.00 "}, {"-b", "needle"}, {"-vc", "1"}, {"-m3", "-A2", "5 x*$"},
		{"-on", "[0-9]*99 "}, {"-v", "-B1", "line"}, {"-c", ""}, {"-nw", "19999"}, {"-E", "-n", "(1)(2)\\1"},
	} {
		whole, _, _ := search(t, strings.NewReader(text.String()), args...)
		halves, _, _ := search(t, iotest.HalfReader(strings.NewReader(text.String())), args...)
		if whole != halves {
			t.Errorf("grep %q: %d bytes from a file, %d from a slow pipe", args, len(whole), len(halves))
		}
		if len(whole) < 2 {
			t.Errorf("grep %q found nothing", args)
		}
	}
}

func TestLiveInput(t *testing.T) {
	r, w := io.Pipe()
	x := tooltest.NewExec(t, "grep")
	got := make(chan string)
	x.Stdin, x.Stdout, x.Args = r, chanWriter(got), []string{"a"}
	go tool.Main(context.Background(), tool.Command{Name: "grep", Run: Run}, x.Exec)
	go io.WriteString(w, "a1\nb\n")
	select {
	case s := <-got:
		if s != "a1\n" {
			t.Errorf("got %q", s)
		}
	case <-time.After(10 * time.Second):
		t.Error("a line that was found waits for more input")
	}
	w.Close()
	r.Close()
}

type chanWriter chan string

func (c chanWriter) Write(p []byte) (int, error) {
	c <- string(p)
	return len(p), nil
}

func TestLimits(t *testing.T) {
	x := tooltest.NewExec(t, "grep")
	x.Budget.Record = 1000
	x.Stdin = strings.NewReader(strings.Repeat("a", 1<<20))
	if status := x.Run(Run, "a"); status != 2 || x.Err.Len() == 0 {
		t.Errorf("a line beyond the budget: status %d, %q", status, x.Err.String())
	}
	_, stderr, status := search(t, strings.NewReader(strings.Repeat("a", 3000)+"c\n"), "-P", `^(a+)+(?!a|c)`)
	if status != 2 || !strings.Contains(stderr, "backtracking limit") {
		t.Errorf("a pattern without end: status %d, %q", status, stderr)
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	x := tooltest.NewExec(t, "grep")
	x.Stdin, x.Stdout, x.Args = strings.NewReader("a\n"), io.Discard, []string{"a"}
	if err := Run(ctx, x.Exec); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestFnmatch(t *testing.T) {
	for _, test := range []struct {
		glob, name string
		want       bool
	}{
		{"*.go", "a.go", true}, {"*.go", "a.goo", false}, {"*", "", true}, {"a?c", "abc", true}, {"a?c", "ac", false},
		{"[a-c]x", "bx", true}, {"[!a-c]x", "bx", false}, {"[]]", "]", true}, {"[a", "[a", true}, {`\*`, "*", true}, {`\*`, "x", false},
		{"a*b*c", "aXbYc", true}, {"a*b*c", "aXbY", false}, {"d/*", "d/e/f", true},
	} {
		if got := fnmatch(test.glob, test.name); got != test.want {
			t.Errorf("fnmatch(%q, %q) is %v", test.glob, test.name, got)
		}
	}
}

func TestFilter(t *testing.T) {
	var f filter
	f.add("*.c", true)
	f.add("x*", false)
	for name, skip := range map[string]bool{"a.c": false, "x.c": true, "a.h": true, "d/x.c": true} {
		if got := f.skipFile(name, false); got != skip {
			t.Errorf("%s: skip is %v", name, got)
		}
	}
	var d filter
	d.addDir("node_modules/")
	if !d.skipDir("a/node_modules", false) || d.skipDir("a/node", false) {
		t.Error("--exclude-dir does not look at the last part of a name")
	}
}
