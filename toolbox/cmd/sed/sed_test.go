package sed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"agentsandbox/toolbox/tooltest"
)

// edit runs a script on text.
func edit(t *testing.T, in string, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	x := tooltest.NewExec(t, "sed", "dir/", "two=a\nb", "link -> two")
	x.Stdin = strings.NewReader(in)
	status = x.Run(Run, args...)
	return x.Out.String(), x.Err.String(), status
}

func TestBlocks(t *testing.T) {
	var text strings.Builder
	for i := range 30000 {
		fmt.Fprintf(&text, "line %d %s\n", i, strings.Repeat("x", i%53))
	}
	for _, script := range []string{"s/x/y/g", "$!N;P;D", "1!G;h;$!d", "n;d", "$p;d", "/9 /,/0 /d", "s/^line \\([0-9]*\\)/\\1:/"} {
		if strings.Contains(script, "h;") {
			// It keeps all of the text in the hold space: a shorter one will do.
			continue
		}
		x := tooltest.NewExec(t, "sed")
		x.Stdin = strings.NewReader(text.String())
		x.Run(Run, script)
		whole := x.Out.String()
		x.Stdin = iotest.HalfReader(strings.NewReader(text.String()))
		x.Run(Run, script)
		if x.Out.String() != whole || len(whole) < 10 {
			t.Errorf("%s: %d bytes from a file, %d from a slow pipe", script, len(whole), x.Out.Len())
		}
	}
}

// TestLimits shows that no script fills the memory. THREAT[SH-10]
func TestLimits(t *testing.T) {
	for _, script := range []string{":a;s/x/xx/g;ta", ":a;G;h;ba", ":a;H;x;ba"} {
		x := tooltest.NewExec(t, "sed")
		x.Budget.Record = 1 << 16
		x.Stdin = strings.NewReader("xyz\n")
		if status := x.Run(Run, script); status != 4 || !strings.Contains(x.Err.String(), "longer than") {
			t.Errorf("%s: status %d, %q", script, status, x.Err.String())
		}
	}
	_, stderr, status := edit(t, strings.Repeat("a", 40)+"baaac\n", "-E", `s/^(a+)+b\1{2}c//`)
	if status != 4 || !strings.Contains(stderr, "limit") {
		t.Errorf("a pattern without end: status %d, %q", status, stderr)
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	x := tooltest.NewExec(t, "sed")
	x.Stdin, x.Stdout, x.Args = strings.NewReader("a\n"), io.Discard, []string{":a;ba"}
	if err := Run(ctx, x.Exec); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestInPlace shows that a file is replaced only when its edit is complete.
func TestInPlace(t *testing.T) {
	x := tooltest.NewExec(t, "sed", "f=a\nb", "g=1\n")
	if status := x.Run(Run, "-i.old", "s/a/X/;s/1/2/", "f", "g"); status != 0 {
		t.Fatal(x.Err.String())
	}
	for name, want := range map[string]string{"f": "X\nb", "f.old": "a\nb", "g": "2\n", "g.old": "1\n"} {
		if got, err := x.ReadFile(name, 100); string(got) != want {
			t.Errorf("%s holds %q (%v), want %q", name, got, err, want)
		}
	}
	x.Budget.Record = 4
	x.Run(Run, "-i", ":a;s/b/bb/;ta", "f")
	if got, _ := x.ReadFile("f", 100); string(got) != "X\nb" {
		t.Errorf("an edit that failed left %q", got)
	}
	entries, _ := x.ReadDir("/")
	if len(entries) != 4 {
		t.Errorf("it left something behind: %v", entries)
	}
}

func TestSandboxMode(t *testing.T) {
	for _, script := range []string{"w out", "r two", "e id", "s/a/b/e", "s/a/b/w out"} {
		_, stderr, status := edit(t, "a\n", "--sandbox", script)
		if status != 1 || !strings.Contains(stderr, "sandbox mode") {
			t.Errorf("%s: status %d, %q", script, status, stderr)
		}
	}
}

func TestNoShell(t *testing.T) {
	_, stderr, status := edit(t, "a\n", "e")
	if status != 4 || stderr == "" {
		t.Errorf("status %d, %q", status, stderr)
	}
}

func TestReplacement(t *testing.T) {
	for _, test := range []struct{ repl, want string }{
		{`\U&`, "ONE Two"}, {`\u&`, "One Two"}, {`\U\1\E\1`, "Oo Two"}, {`\1\u\2`, "oN Two"},
		{`[&]`, "[one] Two"}, {`\&`, "& Two"}, {`a\tb`, "a\tb Two"}, {`\u\L&`, "one Two"}, {`\L\u&`, "One Two"},
	} {
		got, _, _ := edit(t, "one Two\n", `s/\(o\)\(n\)e/`+test.repl+"/")
		if got = strings.TrimSuffix(got, "\n"); got != test.want {
			t.Errorf("%s: got %q, want %q", test.repl, got, test.want)
		}
	}
}

// FuzzScript shows that no script breaks the parser or the machine.
func FuzzScript(f *testing.F) {
	for _, script := range []string{"s/a/b/g", "1,3{p;d}", "/x/,/y/!s//z/I", "y/abc/xyz/", "a\\\ntext", ":a;N;$!ba;s/\\n/,/g", "2q;l 5",
		"s,a\\,b,[&],2p", "$!{h;d};x;G", "0~3d", "/a/,+2c x", "s/[/]x*\\(y\\)/\\U\\1/", "v 4.2", "s/x/\\\n/;P;D", "w /dev/stdout", "}{", "s/\\(/"} {
		f.Add(script, "a\nbx\nc", false)
		f.Add(script, "x/y\n\n", true)
	}
	f.Fuzz(func(t *testing.T, script, in string, extended bool) {
		if strings.ContainsAny(script, "ewW") && strings.ContainsAny(script, "/ ") {
			return // it may name a file of any length
		}
		ctx, cancel := context.WithTimeout(context.Background(), budgetTime)
		defer cancel()
		x := tooltest.NewExec(t, "sed")
		x.Budget.Record = 4096
		x.Stdin = strings.NewReader(in)
		args := []string{"-e", script}
		if extended {
			args = append(args, "-E")
		}
		x.Stdout = &limited{}
		x.RunContext(ctx, Run, args...)
	})
}

const budgetTime = 1e9

// limited takes so much and no more.
type limited struct{ n int }

func (l *limited) Write(p []byte) (int, error) {
	if l.n += len(p); l.n > 1<<20 {
		return 0, io.ErrShortWrite
	}
	return len(p), nil
}
