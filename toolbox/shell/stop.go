package shell

const (
	sigCONT = 18
	sigSTOP = 19
	sigTSTP = 20
	sigTTIN = 21
	sigTTOU = 22
)

// stops reports whether the signal stops a process that has no trap for it.
func stops(sig int) bool { return sig >= sigSTOP && sig <= sigTTOU }

// halt stops the process and all that it has started: they go no further than
// their next command, read or write. The outermost shell goes on, as there is
// nobody who could make it.
func (p *proc) halt() {
	if p.ppid == 1 {
		return
	}
	p.sys.tree.Lock()
	defer p.sys.tree.Unlock()
	p.below(func(q *proc) {
		if q.goOn == nil {
			q.goOn = make(chan struct{})
			q.halted.Store(true)
		}
	})
}

// resume undoes halt.
func (p *proc) resume() {
	p.sys.tree.Lock()
	defer p.sys.tree.Unlock()
	p.below(func(q *proc) {
		if q.goOn != nil {
			close(q.goOn)
			q.goOn = nil
			q.halted.Store(false)
		}
	})
}

// below does something to the process and to all that it has started. sys.tree
// is held.
func (p *proc) below(do func(*proc)) {
	do(p)
	for kid := p.kids; kid != nil; kid = kid.next {
		kid.below(do)
	}
}

// pause waits while the process is stopped.
func (p *proc) pause() {
	for p.halted.Load() && !p.over.Load() {
		p.sys.tree.Lock()
		goOn := p.goOn
		p.sys.tree.Unlock()
		if goOn == nil {
			return
		}
		select {
		case <-goOn:
		case <-p.Done():
		}
	}
}
