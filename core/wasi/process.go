package wasi

import (
	"context"
	"errors"
	"io"
	"time"

	"agentsandbox/vfs"
)

// Config is all that a guest may see of the world.
type Config struct {
	Args, Env []string // Env as "KEY=value"

	// FS is the guest's file system; nil is none, and no preopens.
	FS vfs.FS
	// Preopens are the directories that the guest starts with, by their
	// absolute guest paths, as descriptors 3 and up. Nil is "/" alone. "/" is
	// the whole file system, where ".." at the top stays; any other confines
	// what is looked up through it.
	Preopens []string

	// Stdin, Stdout and Stderr are descriptors 0 to 2; nil is empty or discards.
	// One that is a [vfs.File] is a file with a position that starts at 0.
	// One that is a [Blocker], or a reader or writer in memory of the standard
	// library, says whether it may block; any other may, and is given up when
	// the context ends: its Read or Write then finishes in the background.
	// They are never closed.
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// Terminal reports whether descriptor fd (0 to 2) is one; nil is never.
	Terminal func(fd int) bool

	// Now is the time in nanoseconds since 1970, Monotonic that of a clock that
	// never goes back. Nil is a clock that stands still.
	Now, Monotonic func() int64
	// Resolution is how fine the guest's clocks are: a millisecond if not set.
	Resolution time.Duration
	// Sleep waits until d has passed or ctx ends, whichever comes first. Nil
	// takes no time: the guest's clocks are put forward instead.
	Sleep func(ctx context.Context, d time.Duration) error
	// Rand is where random_get reads; nil is ENOSYS.
	Rand io.Reader

	// MaxFiles is how many descriptors may be open: 1024 if not set.
	MaxFiles int
}

// DefaultMaxFiles is how many descriptors may be open unless configured.
const DefaultMaxFiles = 1024

// Usage is what a process has moved through its descriptors, in bytes.
type Usage struct{ Read, Written int64 }

// Process is the state of one run of a guest: what it was given, its
// descriptors, and how it ended. It is for one goroutine at a time.
type Process struct {
	cfg   Config
	fds   []descriptor
	usage Usage
	clock clocks
	umode uint32 // permissions of what is made next; noMode is the default

	exited      bool
	interrupted bool
	code        uint32

	// What follows is room, so that most processes are one allocation.
	first [8]descriptor
	opens [4]open
	iovs  []iovec
	iov   [4]iovec
	tmp   [64]byte
	buf   []byte
}

const noMode = ^uint32(0)

// NewProcess makes a process that has not run yet. A preopen that the file
// system does not have is found out when it is used.
func NewProcess(cfg Config) *Process {
	p := &Process{}
	p.start(cfg)
	return p
}

// Reset closes the process and makes a new one in its place. Readers and
// writers that it left blocked are not its own any more.
func (p *Process) Reset(cfg Config) error {
	err := p.Close()
	buf := p.buf
	*p = Process{buf: buf}
	p.start(cfg)
	return err
}

func (p *Process) start(cfg Config) {
	p.cfg = cfg
	if p.cfg.MaxFiles <= 0 {
		p.cfg.MaxFiles = DefaultMaxFiles
	}
	if p.cfg.Resolution <= 0 {
		p.cfg.Resolution = time.Millisecond
	}
	p.umode = noMode
	p.iovs = p.iov[:0]
	p.fds = p.first[:0]
	p.stdio()
	p.preopen()
}

// Exited reports whether the guest has called proc_exit, and its exit code.
func (p *Process) Exited() (code uint32, ok bool) { return p.code, p.exited }

// Interrupted reports whether the context ended while the guest was blocked
// in a call: the guest must not run on.
func (p *Process) Interrupted() bool { return p.interrupted }

// Usage returns what has been read and written so far.
func (p *Process) Usage() Usage { return p.usage }

// Close closes all descriptors. Calls on them fail with EBADF from then on.
func (p *Process) Close() error {
	var errs []error
	for fd := range p.fds {
		if p.fds[fd].open == nil {
			continue
		}
		if err := p.closeFD(uint32(fd)); err != success {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// block is a buffer of n bytes, blockSize at most, for one call. Most need few.
func (p *Process) block(n uint32) []byte {
	if n > uint32(len(p.buf)) {
		p.buf = make([]byte, max(n, min(4*n, blockSize)))
	}
	return p.buf[:n]
}
