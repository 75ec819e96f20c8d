package df

import (
	"testing"

	"agentsandbox/toolbox/tooltest"
)

func TestRun(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, "Filesystem     1K-blocks  Used Available Use% Mounted on\nsandbox           524288     0    524288   0% /\n"},
		{[]string{"-h"}, "Filesystem      Size  Used Avail Use% Mounted on\nsandbox         512M     0  512M   0% /\n"},
		{[]string{"-T", "-m", "."}, "Filesystem     Type  1M-blocks  Used Available Use% Mounted on\nsandbox        ramfs       512     0       512   0% /\n"},
		{[]string{"-P", "f"}, "Filesystem     1024-blocks  Used Available Capacity Mounted on\nsandbox             524288     0    524288       0% /\n"},
		{[]string{"-i"}, "Filesystem     Inodes IUsed  IFree IUse% Mounted on\nsandbox        100000     0 100000    0% /\n"},
		{[]string{"--output=source,target"}, "Filesystem     Mounted on\nsandbox        /\n"},
	} {
		e := tooltest.NewExec(t, "df", "f=")
		if status := e.Run(Run, c.args...); status != 0 || e.Out.String() != c.want {
			t.Errorf("df %v: status %d\n%s, want\n%s", c.args, status, &e.Out, c.want)
		}
	}
	e := tooltest.NewExec(t, "df")
	if status := e.Run(Run, "nope"); status != 1 || e.Err.String() != "df: nope: No such file or directory\n" || e.Out.Len() > 0 {
		t.Errorf("status %d, %q, %q", status, e.Err.String(), e.Out.String())
	}
}
