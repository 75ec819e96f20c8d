package shell

import (
	"bytes"
	"context"
	"io"
	"sync"
	"sync/atomic"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// openFile is an open file description: what descriptors share after a dup,
// its position included. It is closed with the last descriptor. It may be used
// by several goroutines.
type openFile struct {
	refs atomic.Int32

	file     *tool.File // of a file
	r        io.Reader  // of a stream that is no pipe
	w        io.Writer
	rpipe    *pipe // reading end
	wpipe    *pipe // writing end
	sink     *sink // of a command substitution
	name     string
	access   vfs.Flag // Read, Write
	borrowed bool     // the file is another's to close
	fdDev    bool     // a process substitution: closed behind the command

	rmu   sync.Mutex
	ahead []byte // guarded by rmu; read from a stream and not yet taken
	err   error  // guarded by rmu; what the stream ended with
	wmu   sync.Mutex
}

func (f *openFile) ref() *openFile {
	f.refs.Add(1)
	return f
}

// close drops one reference.
func (f *openFile) close() {
	if f.refs.Add(-1) > 0 {
		return
	}
	switch {
	case f.file != nil:
		if !f.borrowed {
			f.file.Close()
		}
	case f.rpipe != nil:
		f.rpipe.closeRead()
	case f.wpipe != nil:
		f.wpipe.closeWrite()
	case f.sink != nil:
		f.sink.close()
	}
}

// seekable reports whether the file has a position that can move.
func (f *openFile) seekable() bool { return f.file != nil && !f.file.Stream() }

func (f *openFile) read(ctx context.Context, b []byte) (int, error) {
	if f.access&vfs.Read == 0 {
		return 0, vfs.EBADF
	}
	f.rmu.Lock()
	defer f.rmu.Unlock()
	if len(f.ahead) > 0 {
		n := copy(b, f.ahead)
		f.ahead = f.ahead[n:]
		return n, nil
	}
	return f.readRaw(ctx, b)
}

// readRaw reads past what was read ahead. f.rmu is held.
func (f *openFile) readRaw(ctx context.Context, b []byte) (int, error) {
	switch {
	case f.file != nil:
		f.wmu.Lock()
		defer f.wmu.Unlock()
		return f.file.Read(b)
	case f.rpipe != nil:
		return f.rpipe.read(ctx, b)
	case f.r != nil:
		return f.r.Read(b)
	}
	return 0, io.EOF
}

// fill reads ahead and returns what is there to be taken with discard; io.EOF
// at the end. Only the shell's own reading of lines does this.
func (f *openFile) fill(ctx context.Context) ([]byte, error) {
	if f.access&vfs.Read == 0 {
		return nil, vfs.EBADF
	}
	f.rmu.Lock()
	defer f.rmu.Unlock()
	if len(f.ahead) > 0 {
		return f.ahead, nil
	}
	buf := make([]byte, 4096)
	n, err := f.readRaw(ctx, buf)
	f.ahead = buf[:n]
	if n > 0 {
		err = nil
	} else if err == nil {
		err = io.EOF
	}
	return f.ahead, err
}

// discard takes n of the bytes that fill returned.
func (f *openFile) discard(n int) {
	f.rmu.Lock()
	defer f.rmu.Unlock()
	f.ahead = f.ahead[n:]
}

// settle gives what was read ahead back to a file that can seek, so that a
// command which opens it anew, or seeks, sees the right position.
func (f *openFile) settle() {
	f.rmu.Lock()
	defer f.rmu.Unlock()
	if len(f.ahead) > 0 && f.seekable() {
		f.file.Seek(int64(-len(f.ahead)), io.SeekCurrent)
		f.ahead = nil
	}
}

// retarget makes a stream of the host lead elsewhere.
func (f *openFile) retarget(r io.Reader, w io.Writer) {
	f.rmu.Lock()
	defer f.rmu.Unlock()
	f.wmu.Lock()
	defer f.wmu.Unlock()
	f.r, f.w, f.ahead = r, w, nil
}

// forget drops what was read ahead.
func (f *openFile) forget() {
	f.rmu.Lock()
	f.ahead = nil
	f.rmu.Unlock()
}

func (f *openFile) write(ctx context.Context, b []byte) (int, error) {
	if f.access&vfs.Write == 0 {
		return 0, vfs.EBADF
	}
	switch {
	case f.wpipe != nil:
		return f.wpipe.write(ctx, b)
	case f.sink != nil:
		return f.sink.Write(b)
	}
	f.wmu.Lock()
	defer f.wmu.Unlock()
	if f.file != nil {
		return f.file.Write(b)
	}
	return f.w.Write(b)
}

// sink collects what a command substitution prints, up to a limit. It may be
// used by several goroutines.
type sink struct {
	mu     sync.Mutex
	buf    bytes.Buffer // guarded by mu
	over   bool         // guarded by mu
	closed chan struct{}
}

// maxCapture bounds what one command substitution may collect (THREAT[SH-05]).
const maxCapture = 16 << 20

func newSink() *sink { return &sink{closed: make(chan struct{})} }

// Write implements io.Writer.
func (s *sink) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.buf.Len()+len(b) > maxCapture {
		s.over = true
		return 0, vfs.EPIPE
	}
	return s.buf.Write(b)
}

func (s *sink) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed != nil {
		close(s.closed)
	}
}

// stream is an open file as a command gets it: bound to the context of the
// process that uses it.
type stream struct {
	ctx context.Context
	f   *openFile
}

// Read implements io.Reader.
func (s stream) Read(b []byte) (int, error) {
	s.pause()
	return s.f.read(s.ctx, b)
}

// pause waits while the process is stopped.
func (s stream) pause() {
	if p, ok := s.ctx.(*proc); ok && p.halted.Load() {
		p.pause()
	}
}

// Write fails once the process has ended: what it still says is lost.
func (s stream) Write(b []byte) (int, error) {
	s.pause()
	if s.ctx.Err() != nil {
		return 0, vfs.EPIPE
	}
	return s.f.write(s.ctx, b)
}

// Seek moves the position of the file behind the descriptor, which all that
// share it see; ESPIPE for a stream.
func (s stream) Seek(offset int64, whence int) (int64, error) {
	if !s.f.seekable() {
		return 0, vfs.ESPIPE
	}
	s.f.settle()
	s.f.wmu.Lock()
	defer s.f.wmu.Unlock()
	return s.f.file.Seek(offset, whence)
}

// Stat describes the file behind the descriptor; ESPIPE for a stream.
func (s stream) Stat() (vfs.Info, error) {
	if !s.f.seekable() {
		return vfs.Info{}, vfs.ESPIPE
	}
	return s.f.file.Stat()
}

// fds is the descriptor table of one shell process: nil where none is open.
type fds struct{ open []*openFile }

// maxFds bounds the descriptors of one process.
const maxFds = 1024

func (t *fds) get(fd int) *openFile {
	if fd < 0 || fd >= len(t.open) {
		return nil
	}
	return t.open[fd]
}

// set puts f, whose reference it takes over, at fd. One that is out of range is
// closed.
func (t *fds) set(fd int, f *openFile) {
	if old := t.get(fd); old != nil {
		old.close()
	}
	if fd < 0 || fd >= maxFds || f == nil && fd >= len(t.open) {
		f.drop()
		return
	}
	if fd >= len(t.open) {
		t.open = append(t.open, make([]*openFile, fd+1-len(t.open))...)
	}
	t.open[fd] = f
}

// free finds the lowest descriptor from low on that is not open.
func (t *fds) free(low int) int {
	for t.get(low) != nil {
		low++
	}
	return low
}

// list is the open descriptors in order.
func (t *fds) list() []int {
	var out []int
	for fd, f := range t.open {
		if f != nil {
			out = append(out, fd)
		}
	}
	return out
}

func (t *fds) clone() fds {
	open := make([]*openFile, len(t.open), max(len(t.open), 4))
	for fd, f := range t.open {
		if f != nil {
			open[fd] = f.ref()
		}
	}
	return fds{open}
}

func (t *fds) closeAll() {
	for fd, f := range t.open {
		if f != nil {
			f.close()
			t.open[fd] = nil
		}
	}
}
