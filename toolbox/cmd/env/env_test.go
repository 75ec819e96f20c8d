package env

import (
	"context"
	"strings"
	"testing"

	"agentsandbox/toolbox/tool"
	"agentsandbox/toolbox/tooltest"
)

func TestEnvironmentOfCommand(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"A=1 cmd", "HOME=/h X=2 A=1"},
		{"-u X cmd", "HOME=/h"},
		{"-i A=1 B=2 A=3 cmd", "A=3 B=2"},
		{"- cmd", ""},
		{"HOME= cmd", "HOME= X=2"},
	} {
		e := tooltest.NewExec(t, "env")
		e.Env = []string{"HOME=/h", "X=1", "X=2"}
		got := "not run"
		e.Spawn = func(_ context.Context, x *tool.Exec, argv []string) (int, error) {
			got = strings.Join(x.Env, " ")
			return 0, nil
		}
		if e.Run(Run, strings.Fields(c.args)...); got != c.want {
			t.Errorf("env %s: %q, want %q", c.args, got, c.want)
		}
	}
}

func FuzzSplit(f *testing.F) {
	for _, s := range []string{`A=1 sh -c "echo \$A"`, `a\_b 'c d' # e`, `${HOME} \c`, `"\"`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e := tooltest.NewExec(t, "env")
		e.Spawn = func(context.Context, *tool.Exec, []string) (int, error) { return 0, nil }
		e.Run(Run, "-S", s)
	})
}
