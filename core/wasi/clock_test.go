package wasi_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"agentsandbox/core/wasi"
	"agentsandbox/vfs"
)

const realtime, monotonic = 0, 1

func (g *guest) time(clock uint64) int64 {
	g.Helper()
	g.must("clock_time_get", clock, 1, result)
	return int64(g.u64(result))
}

// THREAT[TM-01] clocks are coarse: a million looks within a second see no more
// than a thousand times.
func TestResolution(t *testing.T) {
	now := int64(1e18)
	tick := func() int64 { now += 1000; return now }
	g := newGuest(t, wasi.Config{Now: tick, Monotonic: tick})
	for clock := range uint64(2) {
		seen := map[int64]bool{}
		for range 10_000 { // 10 ms
			seen[g.time(clock)] = true
		}
		if len(seen) > 11 {
			t.Errorf("clock %d: %d distinct times in 10 ms", clock, len(seen))
		}
		g.must("clock_res_get", clock, result)
		if res := g.u64(result); res != 1e6 {
			t.Errorf("resolution %d", res)
		}
	}
	fine := newGuest(t, wasi.Config{Now: tick, Resolution: time.Microsecond})
	if a, b := fine.time(realtime), fine.time(realtime); b-a != 1000 {
		t.Errorf("configured finer: a step of %d ns", b-a)
	}
	for _, clock := range []uint64{2, 3, 4, 1<<32 - 1} {
		g.refuse(vfs.EINVAL, "clock_time_get", clock, 1, result)
		g.refuse(vfs.EINVAL, "clock_res_get", clock, result)
	}
}

func TestMonotonicNeverGoesBack(t *testing.T) {
	now := int64(5e9)
	g := newGuest(t, wasi.Config{Monotonic: func() int64 { now -= 1e9; return now }})
	last := g.time(monotonic)
	for range 5 {
		next := g.time(monotonic)
		if next < last {
			t.Fatalf("%d after %d", next, last)
		}
		last = next
	}
}

// A clock that is not there stands still, but not at 0 where it is monotonic,
// and sleep takes it forward.
func TestFrozen(t *testing.T) {
	g := newGuest(t, wasi.Config{})
	if a, b := g.time(monotonic), g.time(monotonic); a == 0 || a != b {
		t.Errorf("monotonic %d, then %d", a, b)
	}
	before := [2]int64{g.time(realtime), g.time(monotonic)}
	if events := g.poll(clockSub(1, monotonic, 3e9, 0)); len(events) != 1 {
		t.Fatalf("events %v", events)
	}
	for clock, was := range before {
		if passed := g.time(uint64(clock)) - was; passed != 3e9 {
			t.Errorf("clock %d: %d ns passed", clock, passed)
		}
	}
}

func TestSleepFails(t *testing.T) {
	g := newGuest(t, wasi.Config{Sleep: func(context.Context, time.Duration) error { return errors.New("no") }})
	g.subscribe(clockSub(1, monotonic, 1, 0))
	g.refuse(vfs.EIO, "poll_oneoff", vector, buffer, 1, result)
	if g.p.Interrupted() {
		t.Error("interrupted")
	}
}
