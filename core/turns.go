package core

import "sync"

// turns gives a shell to one use at a time. Commands are let in one by one; each
// waits for what else is done with the shell, which is short.
type turns struct {
	mu      sync.Mutex
	ended   sync.Cond // a turn; of mu
	command bool      // one has a turn, or waits for it; guarded by mu
	taken   bool      // guarded by mu
}

func newTurns() *turns {
	t := &turns{}
	t.ended.L = &t.mu
	return t
}

// run takes a command's turn; ErrBusy if there is one already.
func (t *turns) run() (end func(), err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.command {
		return nil, ErrBusy
	}
	t.command = true
	t.wait()
	return func() { t.end(true) }, nil
}

// between takes a turn between commands; ErrBusy if there is one.
func (t *turns) between() (end func(), err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for t.taken && !t.command {
		t.ended.Wait()
	}
	if t.command {
		return nil, ErrBusy
	}
	t.taken = true
	return func() { t.end(false) }, nil
}

// any takes a turn after all that goes on.
func (t *turns) any() (end func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.wait()
	return func() { t.end(false) }
}

func (t *turns) wait() {
	for t.taken {
		t.ended.Wait()
	}
	t.taken = true
}

func (t *turns) end(command bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.taken = false
	if command {
		t.command = false
	}
	t.ended.Broadcast()
}
