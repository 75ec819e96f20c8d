//go:build !js

package fetch

import (
	"context"
	"io"
	"sync"
	"sync/atomic"
	"time"
)

// rateWindow is over how long a body's rate is taken.
const rateWindow = 10 * time.Second

// watch ends an exchange that stalls: no header in time, no byte of the body
// for long, or too few of them. Only the time counts in which a byte is waited
// for: who reads slowly is not held to it.
type watch struct {
	cancel  context.CancelCauseFunc
	target  string
	idle    time.Duration
	minRate int64
	bytes   atomic.Int64 // of the body, as they came

	mu    sync.Mutex
	timer *time.Timer // guarded by mu
	stage string      // of what is waited for, "" for nothing; guarded by mu

	// Since the rate was last looked at; the reader's alone.
	waited time.Duration
	seen   int64
}

// wait starts the wait of a stage.
func (w *watch) wait(stage string, limit time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stage = stage
	if w.timer == nil {
		w.timer = time.AfterFunc(limit, w.expire)
		return
	}
	w.timer.Reset(limit)
}

// stop ends the wait.
func (w *watch) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stage = ""
	if w.timer != nil {
		w.timer.Stop()
	}
}

func (w *watch) expire() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stage != "" {
		w.cancel(w.timeout(w.stage))
	}
}

func (w *watch) timeout(stage string) error {
	return &Error{Kind: KindTimeout, Stage: stage, Target: w.target}
}

// read reads of the body, and counts what came.
func (w *watch) read(r io.Reader, p []byte) (int, error) {
	w.wait(StageIdle, w.idle)
	begun := time.Now()
	n, err := r.Read(p)
	w.stop()
	w.bytes.Add(int64(n))
	w.waited += time.Since(begun)
	if err == nil && w.minRate > 0 && w.waited >= rateWindow {
		err = w.measure()
	}
	return n, err
}

// measure holds the body to its least rate.
func (w *watch) measure() error {
	got := w.bytes.Load()
	if float64(got-w.seen) < float64(w.minRate)*w.waited.Seconds() {
		err := w.timeout(StageRate)
		w.cancel(err)
		return err
	}
	w.seen, w.waited = got, 0
	return nil
}
