package shell

import (
	"context"
	"io"
	"sync"

	"agentsandbox/vfs"
)

// pipeSize is the capacity of a pipe, as on Linux.
const pipeSize = 64 << 10

// pipe is a pipe within the process. A reader or writer that has to wait
// lets other goroutines run, which is what makes the stages of a pipeline
// take turns where there is one thread only.
type pipe struct {
	mu      sync.Mutex
	changed sync.Cond
	buf     []byte // guarded by mu; a ring
	start   int    // guarded by mu
	n       int    // guarded by mu; bytes in the ring
	noRead  bool   // guarded by mu; the reading end is closed
	noWrite bool   // guarded by mu; the writing end is closed
}

func newPipe() *pipe {
	p := &pipe{}
	p.changed.L = &p.mu
	return p
}

// wait sleeps until something changes or ctx ends. p.mu is held.
func (p *pipe) wait(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.changed.Broadcast()
	})
	p.changed.Wait()
	stop()
	return ctx.Err()
}

// read reads what is there, and waits while nothing is. io.EOF when the
// writing end is closed and all was read.
func (p *pipe) read(ctx context.Context, b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.n == 0 {
		if p.noWrite {
			return 0, io.EOF
		}
		if err := p.wait(ctx); err != nil {
			return 0, vfs.EINTR
		}
	}
	n := copy(b, p.buf[p.start:min(p.start+p.n, len(p.buf))])
	p.start = (p.start + n) % len(p.buf)
	p.n -= n
	if n < len(b) && p.n > 0 {
		m := copy(b[n:], p.buf[p.start:p.start+p.n])
		p.start += m
		p.n -= m
		n += m
	}
	p.changed.Broadcast()
	return n, nil
}

// write writes all of b, waiting for room. EPIPE once the reading end is closed.
func (p *pipe) write(ctx context.Context, b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	done := 0
	for {
		if p.noRead {
			return done, vfs.EPIPE
		}
		if len(b) == 0 {
			return done, nil
		}
		if p.n == pipeSize {
			if err := p.wait(ctx); err != nil {
				return done, vfs.EINTR
			}
			continue
		}
		n := p.put(b)
		b = b[n:]
		done += n
		p.changed.Broadcast()
	}
}

// put copies what fits into the ring, which grows up to pipeSize.
func (p *pipe) put(b []byte) int {
	if need := p.n + len(b); need > len(p.buf) && len(p.buf) < pipeSize {
		p.grow(min(max(need, 2*len(p.buf), 512), pipeSize))
	}
	n := min(len(b), len(p.buf)-p.n)
	end := (p.start + p.n) % len(p.buf)
	k := copy(p.buf[end:], b[:n])
	copy(p.buf, b[k:n])
	p.n += n
	return n
}

func (p *pipe) grow(size int) {
	buf := make([]byte, size)
	k := copy(buf, p.buf[p.start:min(p.start+p.n, len(p.buf))])
	copy(buf[k:], p.buf[:p.n-k])
	p.buf, p.start = buf, 0
}

func (p *pipe) closeRead() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.noRead = true
	p.buf, p.n = nil, 0
	p.changed.Broadcast()
}

func (p *pipe) closeWrite() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.noWrite = true
	p.changed.Broadcast()
}
