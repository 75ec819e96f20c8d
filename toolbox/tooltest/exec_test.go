package tooltest_test

import (
	"strings"
	"testing"

	"agentsandbox/toolbox/tool"
	"agentsandbox/toolbox/tooltest"
)

func TestRealPath(t *testing.T) {
	e := tooltest.NewExec(t, "x", "d/f=data", "l -> d/f", "ld -> d", "abs -> /d", "loop -> loop", "dang -> nope", "up -> ../../d")
	const all, parent, none = tool.AllExists, tool.ParentExists, tool.NoneExists
	for _, c := range []struct {
		name string
		need tool.Existence
		want string // a path, or the text of an error
	}{
		{"l", all, "/d/f"},
		{"ld/f", all, "/d/f"},
		{"ld/../l", all, "/d/f"},
		{"abs/./f", all, "/d/f"},
		{"up/f", all, "/d/f"},
		{"/", all, "/"},
		{"../..", all, "/"},
		{"nope", all, "No such file or directory"},
		{"nope", parent, "/nope"},
		{"dang", parent, "/nope"},
		{"dang", all, "No such file or directory"},
		{"nope/x", parent, "No such file or directory"},
		{"nope/x/../y", none, "/nope/y"},
		{"loop", all, "Too many levels of symbolic links"},
		{"loop", none, "/loop"},
		{"l/", all, "Not a directory"},
		{"l/x", parent, "Not a directory"},
		{"d/", all, "/d"},
		{"", all, "No such file or directory"},
	} {
		got, err := e.RealPath(c.name, c.need)
		if err != nil {
			got = tool.ErrText(err)
		}
		if got != c.want {
			t.Errorf("%q (%d): %s, want %s", c.name, c.need, got, c.want)
		}
	}
}

func TestConfirmReadsOneLine(t *testing.T) {
	e := tooltest.NewExec(t, "rm")
	e.Stdin = strings.NewReader("yes\nno\n\ny")
	for i, want := range []bool{true, false, false, true, false} {
		if got := e.Confirm("remove %s? ", "x"); got != want {
			t.Errorf("answer %d is %v", i, got)
		}
	}
	if !strings.HasPrefix(e.Err.String(), "rm: remove x? rm: ") {
		t.Errorf("asked %q", e.Err.String())
	}
}

func TestEnviron(t *testing.T) {
	e := tooltest.NewExec(t, "env")
	e.Env = []string{"A=1", "B=2", "A=3", "C="}
	if got := strings.Join(e.Environ(), " "); got != "A=3 B=2 C=" {
		t.Error(got)
	}
}

func TestPick(t *testing.T) {
	e := tooltest.NewExec(t, "ls")
	flags := tool.NewFlags(e.Exec)
	choices := []tool.Choice{{"always", "yes"}, {"auto", "tty"}, {"never"}}
	for word, want := range map[string]int{"always": 0, "y": 0, "au": 1, "n": 2} {
		if got, err := flags.Pick("--color", word, choices); err != nil || got != want {
			t.Errorf("%s: %d, %v", word, got, err)
		}
	}
	if _, err := flags.Pick("--color", "a", choices); tool.Status(err) != 1 {
		t.Errorf("ambiguous: %v", err)
	}
	if !strings.HasPrefix(e.Err.String(), "ls: ambiguous argument 'a' for '--color'\nValid arguments are:\n  - 'always', 'yes'\n") {
		t.Error(e.Err.String())
	}
}
