package curl

import (
	"context"
	"io"
	"sync"
)

// How many transfers run at once with -Z; the network policy may let fewer.
const (
	defaultParallel = 50
	maxParallel     = 300
)

// inParallel runs all transfers, several at once. It returns the status of the
// last that failed.
func (r *runner) inParallel(ctx context.Context, ops []*config) int {
	begun := r.now()
	r.share()
	for _, c := range ops {
		r.openJar(c)
	}
	all, status := r.transfers(ops)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var mu sync.Mutex
	var wg sync.WaitGroup
	slots := make(chan struct{}, r.most)
	for _, t := range all {
		slots <- struct{}{}
		if ctx.Err() != nil {
			break
		}
		wg.Go(func() {
			defer func() { <-slots }()
			err := t.complete(ctx)
			mu.Lock()
			defer mu.Unlock()
			if err == nil || ctx.Err() != nil {
				return
			}
			status = r.report(err)
			if r.global.failEarly || err.fatal() {
				stop()
			}
		})
	}
	wg.Wait()
	for _, c := range ops {
		r.saveJar(c)
	}
	r.showTotals(all, r.now().Sub(begun))
	return status
}

// transfers lists those of all sets of options.
func (r *runner) transfers(ops []*config) (all []*transfer, status int) {
	for _, c := range ops {
		for _, spec := range c.urls {
			urls, err := r.expand(c, spec)
			if err != nil {
				return all, r.report(err)
			}
			for _, u := range urls {
				all = append(all, r.newTransfer(c, u))
			}
		}
	}
	return all, 0
}

// share lets several transfers write to the run's streams.
func (r *runner) share() {
	x := *r.x
	var mu sync.Mutex
	x.Stdout = &sharedWriter{&mu, x.Stdout}
	r.stderr = &sharedWriter{&mu, r.stderr}
	r.x = &x
}

// sharedWriter takes one Write at a time.
type sharedWriter struct {
	mu *sync.Mutex
	w  io.Writer
}

// Write implements io.Writer.
func (s *sharedWriter) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.w.Write(p)
}
