package fetch

import (
	"context"
	"errors"
	"sync"
	"time"
)

// limiter lets a number of requests run at once, and a number start in a
// minute. Those beyond wait.
type limiter struct {
	slots chan struct{}

	mu     sync.Mutex
	starts []time.Time // of the last requests, a ring; guarded by mu
	next   int         // guarded by mu
}

func newLimiter(concurrent, perMinute int) *limiter {
	return &limiter{slots: make(chan struct{}, max(1, concurrent)), starts: make([]time.Time, max(1, perMinute))}
}

// errBusy is the error of who may not wait.
var errBusy = errors.New("too many requests at once, or in a minute: max_concurrent, max_requests_per_minute")

// enter waits for a slot, unless it is to be had now. leave gives it back.
func (l *limiter) enter(ctx context.Context, now bool) (leave func(), err error) {
	leave = func() { <-l.slots }
	if now {
		select {
		case l.slots <- struct{}{}:
			return leave, nil
		default:
			return nil, errBusy
		}
	}
	select {
	case l.slots <- struct{}{}:
		return leave, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// start waits until one more request may start. Turns are given in order; one
// that is given up is lost.
func (l *limiter) start(ctx context.Context, now bool) error {
	wait := time.Until(l.turn(time.Now()))
	switch {
	case wait <= 0:
		return nil
	case now:
		return errBusy
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (l *limiter) turn(now time.Time) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	if earliest := l.starts[l.next].Add(time.Minute); earliest.After(now) {
		now = earliest
	}
	l.starts[l.next] = now
	l.next = (l.next + 1) % len(l.starts)
	return now
}
