package sleep

import (
	"context"
	"math"
	"testing"
	"time"

	"agentsandbox/toolbox/tooltest"
)

func TestRun(t *testing.T) {
	for _, c := range []struct {
		args []string
		want time.Duration
	}{
		{[]string{"1"}, time.Second},
		{[]string{"1", "2m"}, 121 * time.Second},
		{[]string{"0.25"}, 250 * time.Millisecond},
		{[]string{"infinity"}, math.MaxInt64},
		{[]string{"inf", "inf"}, math.MaxInt64},
	} {
		e := tooltest.NewExec(t, "sleep")
		var got time.Duration
		e.Sleep = func(_ context.Context, d time.Duration) error { got = d; return nil }
		if status := e.Run(Run, c.args...); status != 0 || got != c.want {
			t.Errorf("%v: status %d, %v, want %v", c.args, status, got, c.want)
		}
	}
}

func TestCancelled(t *testing.T) {
	e := tooltest.NewExec(t, "sleep")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if status := e.RunContext(ctx, Run, "inf"); status != 143 || e.Err.Len() > 0 {
		t.Errorf("status %d, %q", status, e.Err.String())
	}
}
