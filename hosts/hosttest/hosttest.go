// Package hosttest runs the transcripts of the toolbox through the hosts: the
// same cases that run natively beside the commands, in WebAssembly.
package hosttest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"testing"

	"agentsandbox/toolbox/tooltest"
)

// Host makes sandboxes for transcripts.
type Host interface {
	// Open makes a sandbox with the files laid below /work.
	Open(ctx context.Context, files []tooltest.File) (Sandbox, error)
}

// Sandbox runs the cases of one transcript, in order.
type Sandbox interface {
	// Run runs bash -c script in /work and returns what it printed.
	Run(ctx context.Context, script string) (tooltest.Output, error)
	// Close destroys the sandbox.
	Close(ctx context.Context) error
}

// Env is what transcripts find in the environment beside what all sandboxes have.
func Env() map[string]string { return map[string]string{"TZ": "UTC", "LC_ALL": "C.UTF-8"} }

// withEnv is Env and what is added to it.
func withEnv(more map[string]string) map[string]string {
	env := Env()
	maps.Copy(env, more)
	return env
}

// Open makes the host one of package tooltest.
func Open(h Host) tooltest.Open {
	return func(t *testing.T, files []tooltest.File) tooltest.Host {
		t.Helper()
		sb, err := h.Open(t.Context(), files)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := sb.Close(context.WithoutCancel(t.Context())); err != nil {
				t.Error(err)
			}
		})
		return bound{t.Context(), sb}
	}
}

type bound struct {
	ctx context.Context
	sb  Sandbox
}

// Run implements tooltest.Host.
func (b bound) Run(script string) (tooltest.Output, error) { return b.sb.Run(b.ctx, script) }

// Report is how the transcripts went on a host.
type Report struct {
	Passed, Total int
	Differences   []Difference
}

// Difference is a case that printed something else than it should have.
type Difference struct {
	Where string // FILE:LINE
	How   string
}

// Check runs transcripts on a host, so many at once. An error means that the
// host could not run one.
func Check(ctx context.Context, h Host, transcripts []*tooltest.Transcript, atOnce int) (Report, error) {
	var (
		all  Report
		errs []error
		mu   sync.Mutex // guards both
		wait sync.WaitGroup
	)
	room := make(chan struct{}, atOnce)
	for _, t := range transcripts {
		room <- struct{}{}
		wait.Go(func() {
			defer func() { <-room }()
			r, err := check(ctx, h, t)
			mu.Lock()
			defer mu.Unlock()
			all.add(r)
			errs = append(errs, err)
		})
	}
	wait.Wait()
	return all, errors.Join(errs...)
}

func (r *Report) add(more Report) {
	r.Passed += more.Passed
	r.Total += more.Total
	r.Differences = append(r.Differences, more.Differences...)
}

func check(ctx context.Context, h Host, t *tooltest.Transcript) (Report, error) {
	r := Report{Total: len(t.Cases)}
	sb, err := h.Open(ctx, tooltest.Layout(t.Files))
	if err != nil {
		return r, fmt.Errorf("%s: %w", t.Name, err)
	}
	for _, c := range t.Cases {
		got, err := sb.Run(ctx, c.Script)
		where := fmt.Sprintf("%s:%d", t.Name, c.Line)
		if err != nil {
			return r, errors.Join(fmt.Errorf("%s: %w", where, err), sb.Close(ctx))
		}
		if how := c.Diff(got); how != "" {
			r.Differences = append(r.Differences, Difference{where, how})
		} else {
			r.Passed++
		}
	}
	return r, sb.Close(ctx)
}
