package shell

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// proc is one process: a subshell, a background command, a stage of a
// pipeline, or the outermost shell.
//
// It is the context of what the process does, which ends when the process is
// to end: by a signal, or with the process or context that it was started
// from. A context of its own is cheaper by far than those of package context:
// a script starts thousands.
type proc struct {
	sys  *system
	pid  int
	ppid int
	done chan struct{} // closed when it has ended

	files []*openFile // the descriptors that a program it runs inherits

	over   atomic.Bool // it is to end
	halted atomic.Bool // it is stopped

	base   context.Context // where its values come from
	life   int             // counts the contexts that it has lived in
	detach func() bool     // from the end of base, unless base is a proc

	// What follows is guarded by sys.tree.
	parent     *proc // base, if that is a proc
	kids       *proc // processes whose parent it is, in a list
	prev, next *proc // in the list of the parent
	reason     error // why it is to end
	stop       chan struct{}
	goOn       chan struct{} // closed when a stopped process may go on
	ends       map[*ending]bool

	mu      sync.Mutex
	status  int           // guarded by mu
	killed  int           // guarded by mu; the signal that ends it
	pending []int         // guarded by mu; trapped signals that arrived
	trapped map[int]bool  // guarded by mu; true: handled, false: ignored
	wake    chan struct{} // signalled when pending grows
}

func newProc() *proc { return &proc{done: make(chan struct{}), wake: make(chan struct{}, 1)} }

// ending is what package context wants to have done at the end of a process.
type ending struct{ do func() }

type procKey struct{}

// procOf is the process that ctx belongs to, nil outside of a shell.
func procOf(ctx context.Context) *proc {
	if p, ok := ctx.(*proc); ok {
		return p
	}
	p, _ := ctx.Value(procKey{}).(*proc)
	return p
}

// attach makes the process end with base.
func (p *proc) attach(base context.Context) {
	p.base = base
	if parent, ok := base.(*proc); ok && parent.sys == p.sys {
		p.adopt(parent)
		return
	}
	if base.Done() != nil {
		life := p.life
		p.detach = context.AfterFunc(base, func() { p.endBy(base.Err(), life) })
	}
}

// adopt makes the process one of the parent's.
func (p *proc) adopt(parent *proc) {
	p.sys.tree.Lock()
	defer p.sys.tree.Unlock()
	if parent.over.Load() {
		p.reason = parent.reason
		p.over.Store(true)
		return
	}
	p.parent, p.next = parent, parent.kids
	if p.next != nil {
		p.next.prev = p
	}
	parent.kids = p
}

// release undoes attach.
func (p *proc) release() {
	if p.detach != nil {
		p.detach()
		p.detach = nil
	}
	p.sys.tree.Lock()
	defer p.sys.tree.Unlock()
	p.unlink()
}

// unlink takes the process off its parent's list. sys.tree is held.
func (p *proc) unlink() {
	switch {
	case p.parent == nil:
		return
	case p.prev != nil:
		p.prev.next = p.next
	default:
		p.parent.kids = p.next
	}
	if p.next != nil {
		p.next.prev = p.prev
	}
	p.parent, p.prev, p.next = nil, nil, nil
}

// cancel ends the context of the process, and of those started from it.
func (p *proc) cancel() {
	p.sys.tree.Lock()
	todo := p.mark(context.Canceled, nil)
	p.sys.tree.Unlock()
	for _, e := range todo {
		e.do()
	}
}

// endBy ends the context for a reason, if it is in that life still.
func (p *proc) endBy(reason error, life int) {
	p.sys.tree.Lock()
	var todo []*ending
	if p.life == life {
		todo = p.mark(reason, nil)
	}
	p.sys.tree.Unlock()
	for _, e := range todo {
		e.do()
	}
}

// mark notes the end of the process and of all below it, and appends what is
// to be done about it. sys.tree is held.
func (p *proc) mark(reason error, todo []*ending) []*ending {
	if p.over.Load() {
		return todo
	}
	p.reason = reason
	p.over.Store(true)
	if p.stop != nil {
		close(p.stop)
	}
	for e := range p.ends {
		todo = append(todo, e)
	}
	p.ends = nil
	for kid := p.kids; kid != nil; kid = kid.next {
		todo = kid.mark(reason, todo)
	}
	return todo
}

// renew makes the process live on in another context: the next call of a
// session.
func (p *proc) renew(base context.Context) {
	p.release()
	p.sys.tree.Lock()
	p.life++
	p.over.Store(false)
	p.reason, p.stop, p.ends = nil, nil, nil
	p.sys.tree.Unlock()
	p.attach(base)
}

// Deadline implements context.Context.
func (p *proc) Deadline() (time.Time, bool) { return p.base.Deadline() }

// Done implements context.Context.
func (p *proc) Done() <-chan struct{} {
	p.sys.tree.Lock()
	defer p.sys.tree.Unlock()
	if p.stop == nil {
		p.stop = make(chan struct{})
		if p.over.Load() {
			close(p.stop)
		}
	}
	return p.stop
}

// Err implements context.Context.
func (p *proc) Err() error {
	if !p.over.Load() {
		return nil
	}
	p.sys.tree.Lock()
	defer p.sys.tree.Unlock()
	return p.reason
}

// Value implements context.Context.
func (p *proc) Value(key any) any {
	if _, ok := key.(procKey); ok {
		return p
	}
	return p.base.Value(key)
}

// AfterFunc has f called once the context has ended. Package context looks for
// it.
func (p *proc) AfterFunc(f func()) (stop func() bool) {
	e := &ending{f}
	p.sys.tree.Lock()
	over := p.over.Load()
	if !over {
		if p.ends == nil {
			p.ends = map[*ending]bool{}
		}
		p.ends[e] = true
	}
	p.sys.tree.Unlock()
	if over {
		go f() // package context holds a lock that f takes
	}
	return func() bool {
		p.sys.tree.Lock()
		defer p.sys.tree.Unlock()
		waits := p.ends[e]
		delete(p.ends, e)
		return waits
	}
}
