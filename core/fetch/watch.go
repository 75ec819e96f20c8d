//go:build !js

package fetch

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// rateWindow is over how long a body's rate is taken.
const rateWindow = 10 * time.Second

// watch ends an exchange that stalls: no header in time, no byte of the body
// for long, or too few of them.
type watch struct {
	cancel context.CancelCauseFunc
	target string
	bytes  atomic.Int64 // of the body, as they came

	mu      sync.Mutex
	timer   *time.Timer // of the header, then of idleness; guarded by mu
	rate    *time.Timer // guarded by mu
	idle    time.Duration
	seen    int64 // bytes at the last look; only the rate timer's
	stopped bool  // guarded by mu
}

func (w *watch) expire(stage string) func() {
	return func() { w.cancel(&Error{Kind: KindTimeout, Stage: stage, Target: w.target}) }
}

// header starts the wait for the header.
func (w *watch) header(limit time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.timer != nil {
		w.timer.Stop()
	}
	if !w.stopped {
		w.timer = time.AfterFunc(limit, w.expire(StageHeader))
	}
}

// body ends the wait for the header and starts that for the body.
func (w *watch) body(idle time.Duration, minRate int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.timer != nil {
		w.timer.Stop()
	}
	w.idle = idle
	w.timer = time.AfterFunc(idle, w.expire(StageIdle))
	if minRate > 0 {
		w.rate = time.AfterFunc(rateWindow, func() { w.measure(minRate) })
	}
}

func (w *watch) measure(minRate int64) {
	got := w.bytes.Load()
	if got-w.seen < minRate*int64(rateWindow/time.Second) {
		w.expire(StageRate)()
		return
	}
	w.seen = got
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.stopped {
		w.rate.Reset(rateWindow)
	}
}

// progress counts bytes of the body.
func (w *watch) progress(n int) {
	w.bytes.Add(int64(n))
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.timer != nil && !w.stopped {
		w.timer.Reset(w.idle)
	}
}

func (w *watch) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stopped = true
	for _, t := range []*time.Timer{w.timer, w.rate} {
		if t != nil {
			t.Stop()
		}
	}
}
