//go:build !js

package main

import (
	"slices"
	"testing"
	"time"

	"agentsandbox/hosts/api/apitest"
)

// TestTimes prints how long commands take.
func TestTimes(t *testing.T) {
	_, c := start(t, "", nil)
	box := create(t, c, nil)
	for name, body := range map[string]apitest.Object{
		"in a session": {"script": "echo hi"}, "in a sandbox": {"command": []string{"echo", "hi"}},
	} {
		t.Logf("a warm exec %s: %v (median of 30)", name, median(t, 30, func() error {
			_, err := c.Exec(t.Context(), box, body)
			return err
		}))
	}
	t.Logf("an exec in a sandbox of its own: %v (median of 5)", median(t, 5, func() error {
		_, err := c.Script(t.Context(), "/v1", "echo hi")
		return err
	}))
	t.Logf("a new sandbox: %v (median of 5)", median(t, 5, func() error {
		_, err := c.Create(t.Context(), nil)
		return err
	}))
}

func median(t *testing.T, n int, do func() error) time.Duration {
	t.Helper()
	times := make([]time.Duration, n)
	for i := range times {
		from := time.Now()
		if err := do(); err != nil {
			t.Fatal(err)
		}
		times[i] = time.Since(from)
	}
	slices.Sort(times)
	return times[n/2].Round(10 * time.Microsecond)
}
