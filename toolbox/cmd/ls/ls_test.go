package ls

import (
	"testing"

	"agentsandbox/toolbox/tooltest"
)

// terminal is a run whose output is a terminal of 40 columns.
func terminal(t *testing.T, files ...string) *tooltest.Exec {
	e := tooltest.NewExec(t, "ls", files...)
	e.Terminal = func(fd int) bool { return fd == 1 }
	e.Env = append(e.Env, "COLUMNS=40")
	return e
}

// Recorded from ls of coreutils 9.1 on a terminal of 40 columns.
func TestTerminal(t *testing.T) {
	e := terminal(t, "plain=", "sp ace=", "it's=", "new\nline=", "dir/", "x=", "long-name-of-a-file=", "é=")
	want := " dir\t\t       plain\n\"it's\"\t\t      'sp ace'\n long-name-of-a-file   x\n'new'$'\\n''line'       é\n"
	if status := e.Run(Run); status != 0 || e.Out.String() != want {
		t.Errorf("status %d\n%q, want\n%q", status, e.Out.String(), want)
	}
}

func TestColorAuto(t *testing.T) {
	e := terminal(t, "dir/", "f=")
	e.Run(Run, "--color=auto")
	if got, want := e.Out.String(), "\x1b[0m\x1b[01;34mdir\x1b[0m  f\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	e.Terminal = nil
	e.Run(Run, "--color=auto")
	if got, want := e.Out.String(), "dir\nf\n"; got != want {
		t.Errorf("no terminal: %q, want %q", got, want)
	}
}

func TestOwners(t *testing.T) {
	e := tooltest.NewExec(t, "ls", "f=data")
	e.Run(Run, "-l", "--author")
	if got, want := e.Out.String(), "total 4\n-rw-r--r-- 1 sandbox sandbox sandbox 4 Feb  3 04:05 f\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	e.Run(Run, "-n")
	if got, want := e.Out.String(), "total 4\n-rw-r--r-- 1 1000 1000 4 Feb  3 04:05 f\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// The year stands for the time of day from half a year on, and in the future.
func TestSixMonths(t *testing.T) {
	const now, day = tooltest.MTime, 86400
	for _, c := range []struct {
		at   int64
		want string
	}{
		{now, "Feb  3 04:05"},
		{now - 182*day, "Aug  5 04:05"},
		{now - 183*day, "Aug  4  2023"},
		{now + 1, "Feb  3  2024"},
	} {
		e := tooltest.NewExec(t, "ls", "f=")
		if err := e.FS.Chtimes("/f", true, c.at*1e9, c.at*1e9); err != nil {
			t.Fatal(err)
		}
		e.Run(Run, "-go", "f")
		if got, want := e.Out.String(), "-rw-r--r-- 1 0 "+c.want+" f\n"; got != want {
			t.Errorf("%d: %q, want %q", c.at-now, got, want)
		}
	}
}

func TestHyperlink(t *testing.T) {
	e := tooltest.NewExec(t, "ls", "d/a b=")
	e.Run(Run, "--hyperlink", "d")
	if got, want := e.Out.String(), "\x1b]8;;file://sandbox/d/a%20b\aa b\x1b]8;;\a\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestLinkLoop(t *testing.T) {
	e := tooltest.NewExec(t, "ls", "d/up -> ..")
	status := e.Run(Run, "-RL", "d")
	if got, want := e.Err.String(), "ls: d/up/d: not listing already-listed directory\n"; status != 2 || got != want {
		t.Errorf("status %d, %q, want %q", status, got, want)
	}
}

func FuzzPalette(f *testing.F) {
	f.Add("di=01;34:*.go=\\e[1m:ln=target:^[=x", "a.go")
	f.Fuzz(func(t *testing.T, colors, name string) {
		e := tooltest.NewExec(t, "ls")
		e.Env = []string{"LS_COLORS=" + colors}
		if p := newPalette(e.Exec); p != nil {
			p.ofMode(name, 0o644, 1)
		}
	})
}
