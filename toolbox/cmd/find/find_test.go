package find

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"agentsandbox/toolbox/tool"
	"agentsandbox/toolbox/tooltest"
)

// spawned is a run whose commands are noted, not run; they exit with status.
func spawned(t *testing.T, status int, files ...string) (*tooltest.Exec, *[]string) {
	e := tooltest.NewExec(t, "find", files...)
	var runs []string
	e.Spawn = func(_ context.Context, x *tool.Exec, argv []string) (int, error) {
		runs = append(runs, x.Dir+": "+strings.Join(argv, " "))
		return status, nil
	}
	return e, &runs
}

func TestExecBatches(t *testing.T) {
	files := make([]string, maxBatchFiles+10)
	for i := range files {
		files[i] = fmt.Sprintf("d/f%05d=", i)
	}
	e, runs := spawned(t, 0, files...)
	if status := e.Run(Run, "d", "-type", "f", "-exec", "rm", "{}", "+"); status != 0 {
		t.Errorf("status %d: %s", status, &e.Err)
	}
	if len(*runs) != 2 {
		t.Fatalf("%d runs", len(*runs))
	}
	if got, want := (*runs)[1], "/: rm"; !strings.HasPrefix(got, want) || strings.Count(got, " d/f") != 10 {
		t.Errorf("the last run is %q", got)
	}
}

func TestExecDir(t *testing.T) {
	e, runs := spawned(t, 0, "a/x=", "a/b/y=", "a/b/z=")
	e.Run(Run, "a", "-type", "f", "-execdir", "ls", "{}", "+")
	want := "/a/b: ls ./y ./z|/a: ls ./x"
	if got := strings.Join(*runs, "|"); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestExecStatus(t *testing.T) {
	e, _ := spawned(t, 3, "f=")
	if status := e.Run(Run, "f", "-exec", "x", "{}", "+"); status != 1 {
		t.Errorf("a batch that fails: status %d", status)
	}
	if status := e.Run(Run, "f", "-exec", "x", "{}", ";", "-print"); status != 0 || e.Out.Len() > 0 {
		t.Errorf("a command that fails: status %d, %q", status, e.Out.String())
	}
}

// Commands that are pending run before -quit ends the walk.
func TestQuitRunsPending(t *testing.T) {
	e, runs := spawned(t, 0, "f=")
	e.Run(Run, "f", "-exec", "x", "{}", "+", "-quit")
	if len(*runs) != 1 {
		t.Errorf("runs: %q", *runs)
	}
}

func TestWarnings(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"f -name f -maxdepth 1", "find: warning: you have specified the global option -maxdepth after the argument -name, "},
		{"f -name a/b", "find: warning: '-name' matches against basenames only, "},
		{"f -path a/", "find: warning: -path a/ will not match anything because it ends with /.\n"},
		{"f -maxdepth 1 -name f", ""},
		{"f -nowarn -name a/b", ""},
	} {
		e := tooltest.NewExec(t, "find", "f=")
		e.Terminal = func(int) bool { return true }
		if e.Run(Run, strings.Fields(c.args)...); !strings.HasPrefix(e.Err.String(), c.want) || c.want == "" && e.Err.Len() > 0 {
			t.Errorf("find %s: %q, want %q", c.args, e.Err.String(), c.want)
		}
	}
}

// Ages are counted from the clock of the run.
func TestAges(t *testing.T) {
	const day = 86400
	for _, c := range []struct {
		age  int64 // of the file, in seconds
		test string
		want bool
	}{
		{0, "-mtime 0", true}, {day - 1, "-mtime 0", true}, {day, "-mtime 0", false}, {day, "-mtime 1", true},
		{2 * day, "-mtime +1", false}, {2*day + 1, "-mtime +1", true}, {day - 1, "-mtime -1", true}, {day + 1, "-mtime -1", false},
		{59, "-mmin 0", false}, {30, "-mmin 1", true}, {60, "-mmin 1", false}, {61, "-mmin +1", true}, {59, "-mmin -1", true},
		{4 * 3600, "-daystart -mtime 0", true}, {5 * 3600, "-daystart -mtime 0", false}, {5 * 3600, "-daystart -mtime 1", true},
		{3600, "-newermt 2024-02-03T03:00Z", true}, {3600, "-newermt 2024-02-03T04:00Z", false}, {3600, "-newermt yesterday", true},
	} {
		e := tooltest.NewExec(t, "find", "f=")
		at := (tooltest.MTime - c.age) * 1e9
		if err := e.FS.Chtimes("/f", true, at, at); err != nil {
			t.Fatal(err)
		}
		e.Run(Run, append([]string{"f"}, strings.Fields(c.test)...)...)
		if got := e.Out.Len() > 0; got != c.want {
			t.Errorf("%d seconds old, %s: %v (%s)", c.age, c.test, got, &e.Err)
		}
	}
}

func TestDeepExpression(t *testing.T) {
	e := tooltest.NewExec(t, "find")
	args := strings.Fields(strings.Repeat("( ", 100000))
	if status := e.Run(Run, args...); status != 1 {
		t.Errorf("status %d", status)
	}
}

func TestCancelled(t *testing.T) {
	e := tooltest.NewExec(t, "find", "d/f=")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if status := e.RunContext(ctx, Run, "d"); status != 143 {
		t.Errorf("status %d", status)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"-name *.go -o ( -type f,d ! -size +1k ) -print0", "-printf %p\\t%T@%-5s\\c", "-exec echo {} +", "-perm /u+x , -mtime -1.5",
		"-regextype sed -regex a\\|b", "-newermt @0 -ls", "( ( ! -not",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, expr string) {
		e, _ := spawned(t, 0, "d/f=", "l -> d")
		for arg := range strings.FieldsSeq(expr) {
			if strings.HasPrefix(arg, "-f") || arg == "-delete" || strings.HasPrefix(arg, "-ok") {
				return
			}
		}
		e.Run(Run, strings.Fields(expr)...)
	})
}
