package backup_test

import (
	"testing"

	"agentsandbox/toolbox/backup"
	"agentsandbox/toolbox/tool"
	"agentsandbox/toolbox/tooltest"
)

func TestName(t *testing.T) {
	files := []string{"a=", "b=", "b.~2~=", "b.~10~=", "b.~x~=", "d/c="}
	for _, c := range []struct {
		args, env []string
		dest      string
		want      string // "" is no backup
	}{
		{nil, nil, "a", ""},
		{[]string{"-b"}, nil, "a", "a~"},
		{[]string{"-b"}, nil, "b", "b.~11~"},
		{[]string{"--backup=simple"}, nil, "b", "b~"},
		{[]string{"--backup=never"}, nil, "b", "b~"},
		{[]string{"--backup=numbered"}, nil, "a", "a.~1~"},
		{[]string{"--backup=t"}, nil, "d/c", "d/c.~1~"},
		{[]string{"--backup=none"}, nil, "a", ""},
		{[]string{"--backup"}, []string{"VERSION_CONTROL=numbered"}, "a", "a.~1~"},
		{[]string{"-b", "-S", ".orig"}, nil, "a", "a.orig"},
		{[]string{"-S", ".bak"}, nil, "a", "a.bak"},
		{[]string{"-b"}, []string{"SIMPLE_BACKUP_SUFFIX=.old"}, "a", "a.old"},
		{[]string{"-b", "-S", "no/slash"}, nil, "a", "a~"},
	} {
		e := tooltest.NewExec(t, "cp", files...)
		e.Args, e.Env = c.args, c.env
		flags := tool.NewFlags(e.Exec)
		o := backup.Define(e.Exec, flags)
		if _, err := flags.Parse(); err != nil {
			t.Fatal(err)
		}
		n, err := o.Namer()
		if err != nil {
			t.Errorf("%v: %v", c.args, err)
			continue
		}
		got := ""
		if n.Enabled() {
			got = n.Name(c.dest)
		}
		if got != c.want {
			t.Errorf("%v %v of %s: %q, want %q", c.args, c.env, c.dest, got, c.want)
		}
	}
}
