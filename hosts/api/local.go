package api

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"agentsandbox/core"
)

// LocalConfig says how Local keeps sandboxes. A zero number is its default.
type LocalConfig struct {
	Runtime *core.Runtime
	Sandbox core.Config // what each starts from

	Most int           // sandboxes; 1,000
	Idle time.Duration // one that was not used for longer is destroyed; 0 is never

	// Shells is how many hold an instance while they run nothing; the others wait
	// as their state. One of more bytes than ShellMemory does not hold its own.
	Shells      int    // 16
	ShellMemory uint64 // 48 MiB

	// Files is how many bytes of files all sandboxes may hold in memory before
	// requests that could add some are refused; 0 is no limit.
	Files int64
	// Dir keeps the files in /work and the state of the shells from one process to
	// the next; "" keeps them in memory.
	Dir string
	// Now tells the time; time.Now if nil.
	Now func() time.Time
}

// Local is the Store of a process.
type Local struct {
	config LocalConfig
	unlock func() // of the folder; nil without one

	mu     sync.Mutex
	boxes  map[string]*box // guarded by mu
	making int             // sandboxes that are being made; guarded by mu
}

// box is a sandbox of a store.
type box struct {
	id    string
	entry atomic.Pointer[Entry] // nil while it is only in its folder

	open  sync.Mutex // held while the folder is read or written
	saved []byte     // the state of the shell in the folder; guarded by open

	users int       // guarded by Local.mu
	used  time.Time // guarded by Local.mu
	shell bool      // it holds an instance; guarded by Local.mu
}

// NewLocal makes a store, with the sandboxes that are in its folder.
func NewLocal(c LocalConfig) (*Local, error) {
	defaults(&c.Most, 1000)
	defaults(&c.Shells, 16)
	defaults(&c.ShellMemory, 48<<20)
	if c.Now == nil {
		c.Now = time.Now
	}
	l := &Local{config: c, boxes: map[string]*box{}}
	if c.Dir == "" {
		return l, nil
	}
	return l, l.openDir()
}

func defaults[T int | uint64](v *T, fallback T) {
	if *v == 0 {
		*v = fallback
	}
}

// Create implements Store. The id has 128 random bits.
func (l *Local) Create(q Spec) (string, error) {
	var bits [16]byte
	if _, err := rand.Read(bits[:]); err != nil {
		return "", err
	}
	if err := l.reserve(); err != nil {
		return "", err
	}
	x := &box{id: hex.EncodeToString(bits[:])}
	err := l.make(x, q)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.making--
	if err != nil {
		return "", err
	}
	x.used = l.config.Now()
	l.boxes[x.id] = x
	return x.id, nil
}

// reserve takes the place of a sandbox that is about to be made.
func (l *Local) reserve() error {
	l.Expire()
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.boxes)+l.making >= l.config.Most {
		return ErrFull
	}
	l.making++
	return nil
}

func (l *Local) make(x *box, q Spec) error {
	if l.config.Dir != "" {
		return l.makeFolder(x, q)
	}
	sb, err := Make(l.config.Runtime, l.config.Sandbox, q)
	if err == nil {
		x.entry.Store(&Entry{Sandbox: sb, Session: sb.Session(), box: x})
	}
	return err
}

// Use implements Store.
func (l *Local) Use(id string) (*Entry, error) {
	l.mu.Lock()
	x, ok := l.boxes[id]
	if ok {
		x.users++
	}
	l.mu.Unlock()
	if !ok {
		return nil, ErrUnknown
	}
	e, err := l.load(x)
	if err != nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		x.users--
	}
	return e, err
}

// load opens a sandbox that is only in its folder so far.
func (l *Local) load(x *box) (*Entry, error) {
	if e := x.entry.Load(); e != nil {
		return e, nil
	}
	x.open.Lock()
	defer x.open.Unlock()
	if e := x.entry.Load(); e != nil {
		return e, nil
	}
	return l.reopen(x)
}

// Save implements Store.
func (l *Local) Save(e *Entry) error {
	if l.config.Dir == "" {
		return nil
	}
	return l.saveShell(e)
}

// Release implements Store.
func (l *Local) Release(e *Entry) {
	memory, err := e.Session.Memory()
	if err == nil && memory > l.config.ShellMemory {
		_ = e.Session.Park(context.Background(), false) // else it stays as it is
		memory, err = e.Session.Memory()
	}
	l.mu.Lock()
	x := e.box
	x.users--
	x.used = l.config.Now()
	x.shell = err != nil || memory > 0
	l.mu.Unlock()
	l.parkMost()
}

// parkMost parks the shells that are too many, those first that were not used for
// longest, and those last that lose something by it.
func (l *Local) parkMost() {
	idle, most := l.tooMany()
	parked := map[*box]bool{}
	for _, force := range []bool{false, true} {
		for _, x := range idle {
			if len(parked) < most && !parked[x] && x.entry.Load().Session.Park(context.Background(), force) == nil {
				parked[x] = true
			}
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, x := range idle {
		x.users--
		x.shell = !parked[x]
	}
}

// tooMany are the shells that are idle, and how many of them are to be parked. They
// are in use until then.
func (l *Local) tooMany() (idle []*box, most int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	shells := 0
	for _, x := range l.boxes {
		if x.shell {
			shells++
			if x.users == 0 {
				idle = append(idle, x)
			}
		}
	}
	if shells <= l.config.Shells {
		return nil, 0
	}
	slices.SortFunc(idle, func(x, y *box) int { return x.used.Compare(y.used) })
	for _, x := range idle {
		x.users++
	}
	return idle, shells - l.config.Shells
}

// Room reports ErrOverloaded if the files of the sandboxes take too much memory.
func (l *Local) Room() error {
	if l.config.Files <= 0 {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	var sum int64
	for _, x := range l.boxes {
		if e := x.entry.Load(); e != nil {
			sum += e.Sandbox.Stored()
		}
	}
	if sum > l.config.Files {
		return ErrOverloaded
	}
	return nil
}

// Delete implements Store.
func (l *Local) Delete(id string) error {
	l.mu.Lock()
	x, ok := l.boxes[id]
	delete(l.boxes, id)
	l.mu.Unlock()
	if !ok {
		return ErrUnknown
	}
	return l.destroy(x)
}

func (l *Local) destroy(x *box) error {
	x.open.Lock()
	defer x.open.Unlock()
	return errors.Join(x.end(), l.removeFolder(x))
}

// end ends what runs in the sandbox; its folder stays.
func (x *box) end() error {
	e := x.entry.Load()
	if e == nil {
		return nil
	}
	return errors.Join(e.Sandbox.Destroy(), e.Session.Close())
}

// Expire destroys the sandboxes that were idle for too long.
func (l *Local) Expire() {
	if l.config.Idle <= 0 {
		return
	}
	now := l.config.Now()
	var gone []*box
	l.mu.Lock()
	for id, x := range l.boxes {
		if x.users == 0 && now.Sub(x.used) > l.config.Idle {
			delete(l.boxes, id)
			gone = append(gone, x)
		}
	}
	l.mu.Unlock()
	for _, x := range gone {
		_ = l.destroy(x) // nobody waits for it
	}
}

// Run calls Expire from time to time, until ctx ends.
func (l *Local) Run(ctx context.Context) {
	if l.config.Idle <= 0 {
		return
	}
	tick := time.NewTicker(max(l.config.Idle/10, time.Second))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			l.Expire()
		}
	}
}

// Close ends all sandboxes. What is in the folder stays there.
func (l *Local) Close() {
	l.mu.Lock()
	boxes := l.boxes
	l.boxes = map[string]*box{}
	l.mu.Unlock()
	for _, x := range boxes {
		x.open.Lock()
		_ = x.end() // nobody waits for it
		x.open.Unlock()
	}
	if l.unlock != nil {
		l.unlock()
	}
}
