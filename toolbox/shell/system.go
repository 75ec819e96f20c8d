package shell

import (
	"context"
	"slices"
	"sync"
	"time"
)

// maxProcs bounds the processes of one system that live at once (THREAT[SH-01]).
const maxProcs = 256

// system is the processes of one run of the outermost shell and all that it
// starts, nested shells included. It may be used by several goroutines.
type system struct {
	ctx   context.Context // of the whole run
	start time.Time
	tree  sync.Mutex // guards which process was started from which

	mu      sync.Mutex
	nextPid int     // guarded by mu
	procs   []*proc // guarded by mu; alive
	refused int     // guarded by mu; how often there was no room for one more
	spare   *proc   // made ahead; guarded by mu
}

// firstPid is the process id of the outermost shell.
const firstPid = 1000

func newSystem() *system { return &system{nextPid: firstPid, procs: make([]*proc, 0, 8)} }

// spawn makes a process; nil when there are too many.
func (s *system) spawn(parent context.Context, ppid int) *proc {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.procs) >= maxProcs {
		s.refused++
		return nil
	}
	p := s.spare
	if s.spare = nil; p == nil {
		p = newProc()
	}
	p.sys, p.pid, p.ppid = s, s.nextPid, ppid
	s.nextPid++
	p.attach(parent)
	s.procs = append(s.procs, p)
	return p
}

// maxRefused is how often processes may fail to start before all are ended: a
// fork bomb would live on in those that are left (THREAT[SH-01]).
const maxRefused = 32

// exhausted ends every process but self once too many could not be started.
func (s *system) exhausted(self *proc) {
	s.mu.Lock()
	var procs []*proc
	if s.refused > maxRefused {
		for _, p := range s.procs {
			if p != self {
				procs = append(procs, p)
			}
		}
	}
	s.mu.Unlock()
	for _, p := range procs {
		p.signal(sigKILL)
	}
}

// takePid takes the number of a process that is none of its own.
func (s *system) takePid() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nextPid++
	return s.nextPid - 1
}

// find returns the living process pid.
func (s *system) find(pid int) *proc {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lookup(pid)
}

// lookup finds a living process. s.mu is held.
func (s *system) lookup(pid int) *proc {
	for _, p := range s.procs {
		if p.pid == pid {
			return p
		}
	}
	return nil
}

// end records how the process ended.
func (p *proc) end(status int) {
	p.mu.Lock()
	p.status = status
	p.mu.Unlock()
	p.cancel()
	p.release()
	p.sys.mu.Lock()
	p.sys.procs = slices.DeleteFunc(p.sys.procs, func(o *proc) bool { return o == p })
	parent := p.sys.lookup(p.ppid)
	p.sys.mu.Unlock()
	if parent != nil {
		parent.signal(sigCHLD)
	}
	close(p.done)
}

func (p *proc) exited() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

func (p *proc) result() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.status
}

// signal delivers sig: to its trap if it has one, else it ends the process.
func (p *proc) signal(sig int) {
	if sig == sigCONT {
		p.resume()
	}
	if p.take(sig) {
		p.cancel()
	}
}

// take notes a signal, and reports whether it ends the process.
func (p *proc) take(sig int) (ends bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	handled, has := p.trapped[sig]
	switch {
	case has && sig != sigKILL && sig != sigSTOP:
		if handled {
			p.pending = append(p.pending, sig)
			select {
			case p.wake <- struct{}{}:
			default:
			}
		}
		return false
	case stops(sig):
		p.halt()
		return false
	case defaultIgnored(sig):
		return false
	}
	p.killed = sig
	return true
}

// takeSignals returns the trapped signals that arrived.
func (p *proc) takeSignals() []int {
	p.mu.Lock()
	defer p.mu.Unlock()
	sigs := p.pending
	p.pending = nil
	return sigs
}

func (p *proc) killedBy() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.killed
}

// setTrap says what becomes of a signal; has is false for its default.
func (p *proc) setTrap(sig int, has, handled bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !has {
		delete(p.trapped, sig)
		return
	}
	if p.trapped == nil {
		p.trapped = map[int]bool{}
	}
	p.trapped[sig] = handled
}
