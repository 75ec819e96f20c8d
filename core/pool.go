package core

import (
	"context"
	"sync"

	"agentsandbox/core/engine"
)

// pool keeps instances that were reset for the next command. An instance
// belongs to one command at a time, and none of its state outlives a reset,
// where it goes to another sandbox also none of what no guest of ours changes.
type pool struct {
	module engine.Module
	most   int

	mu     sync.Mutex
	idle   []pooled // guarded by mu
	closed bool     // guarded by mu
}

// pooled is an instance, the room that its memory has, and whose it is or was.
type pooled struct {
	engine.Instance
	reserve uint64
	owner   *Sandbox
}

// get returns an instance for a sandbox, whose memory may grow to maxMemory bytes.
func (p *pool) get(ctx context.Context, host any, owner *Sandbox, maxMemory uint64) (pooled, error) {
	in, ok := p.take(maxMemory)
	if !ok {
		in, err := p.module.Instantiate(ctx, host, maxMemory)
		return pooled{in, maxMemory, owner}, err
	}
	in.SetMaxMemory(maxMemory)
	if s, ok := in.Instance.(engine.Scrubber); ok && in.owner != owner {
		s.Scrub()
	}
	in.owner = owner
	return in, nil
}

func (p *pool) take(maxMemory uint64) (pooled, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := len(p.idle) - 1; i >= 0; i-- {
		if in := p.idle[i]; in.reserve >= maxMemory && in.Memory().Size() <= maxMemory {
			p.idle = append(p.idle[:i], p.idle[i+1:]...)
			return in, true
		}
	}
	return pooled{}, false
}

// put resets an instance and keeps it, or closes it: if it can't be reset, or
// if enough are waiting.
func (p *pool) put(in pooled) {
	if !in.Reset() {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || len(p.idle) >= p.most {
		_ = in.Close()
		return
	}
	p.idle = append(p.idle, in)
}

func (p *pool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for _, in := range p.idle {
		_ = in.Close()
	}
	p.idle = nil
}
