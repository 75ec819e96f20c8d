package date

import (
	"testing"

	"agentsandbox/toolbox/tooltest"
)

func TestNow(t *testing.T) {
	for _, c := range []struct {
		tz, want string
		args     []string
	}{
		{"UTC", "Sat Feb  3 04:05:06 UTC 2024\n", nil},
		{"America/New_York", "Fri Feb  2 23:05:06 EST 2024\n", nil},
		{"America/New_York", "Sat Feb  3 04:05:06 UTC 2024\n", []string{"-u"}},
		{"Asia/Kolkata", "09:35 +0530\n", []string{"+%H:%M %z"}},
		{"UTC", "2024-02-02\n", []string{"-d", "yesterday", "+%F"}},
		{"UTC", "2024-02-05\n", []string{"-d", "next monday", "+%F"}},
	} {
		e := tooltest.NewExec(t, "date")
		e.Env = []string{"TZ=" + c.tz}
		if status := e.Run(Run, c.args...); status != 0 || e.Out.String() != c.want {
			t.Errorf("TZ=%s date %v: status %d, %q, want %q", c.tz, c.args, status, e.Out.String(), c.want)
		}
	}
}

// The clock cannot be set; date says what it would have set it to, as GNU's.
func TestSetIsRefused(t *testing.T) {
	for _, args := range [][]string{{"-s", "2024-01-01"}, {"--set=now"}, {"010203042024"}, {"01020304.05"}} {
		e := tooltest.NewExec(t, "date")
		status := e.Run(Run, args...)
		if got, want := e.Err.String(), "date: cannot set date: Operation not permitted\n"; status != 1 || got != want || e.Out.Len() == 0 {
			t.Errorf("date %v: status %d, %q, %q", args, status, got, e.Out.String())
		}
	}
	e := tooltest.NewExec(t, "date")
	for _, arg := range []string{"99999999", "0102030", "x", "1.5"} {
		if status := e.Run(Run, arg); status != 1 || e.Err.String() != "date: invalid date '"+arg+"'\n" {
			t.Errorf("date %s: status %d, %q", arg, status, e.Err.String())
		}
	}
}
