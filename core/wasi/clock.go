package wasi

import (
	"time"

	"agentsandbox/vfs"
)

// Clocks of a guest. The two that measure processor time are not kept.
const (
	clockRealtime  = 0
	clockMonotonic = 1
)

// clocks is what a process knows of time.
type clocks struct {
	latest  int64 // what the monotonic clock showed last
	skipped int64 // sleep that took no time; see Config.Sleep
}

func clockResGet(c call) vfs.Errno {
	if c.u32(0) > clockMonotonic {
		return vfs.EINVAL
	}
	return c.putU64(c.u32(1), uint64(c.p.cfg.Resolution))
}

func clockTimeGet(c call) vfs.Errno {
	if c.u32(0) > clockMonotonic {
		return vfs.EINVAL
	}
	return c.putU64(c.u32(2), uint64(c.p.time(c.u32(0))))
}

// time is what a clock shows, in nanoseconds.
func (p *Process) time(clock uint32) int64 {
	if clock == clockRealtime {
		return p.now()
	}
	return p.monotonic()
}

// now is the time since 1970, no finer than the guest may know it.
//
// THREAT[TM-01]
func (p *Process) now() int64 {
	t := p.clock.skipped
	if p.cfg.Now != nil {
		t += p.cfg.Now()
	}
	return t - t%int64(p.cfg.Resolution)
}

// monotonic is never 0, which Go guests take for a clock that is broken, and
// never goes back.
func (p *Process) monotonic() int64 {
	t := p.clock.skipped
	if p.cfg.Monotonic != nil {
		t += p.cfg.Monotonic()
	}
	resolution := int64(p.cfg.Resolution)
	p.clock.latest = max(p.clock.latest, t-t%resolution+resolution)
	return p.clock.latest
}

// sleep waits for d, or until the context ends.
func (c call) sleep(d time.Duration) vfs.Errno {
	if c.p.cfg.Sleep == nil {
		c.p.clock.skipped += int64(d)
	} else if err := c.p.cfg.Sleep(c.ctx, d); err != nil && c.ctx.Err() == nil {
		return vfs.ToErrno(err)
	}
	if c.ctx.Err() != nil {
		return c.interrupted()
	}
	return success
}
