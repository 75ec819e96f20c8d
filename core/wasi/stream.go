package wasi

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"syscall"

	"agentsandbox/vfs"
)

// Blocker is a reader or writer that knows whether it may block. One that does
// not is called directly, which is cheaper, and is all that a host can do that
// has no second thread to wait on.
type Blocker interface{ Blocks() bool }

func mayBlock(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case Blocker:
		return v.Blocks()
	case *bytes.Buffer, *bytes.Reader, *strings.Reader, *strings.Builder:
		return false
	}
	return v != io.Discard
}

// stream is a reader or a writer of the host's.
//
// What may block runs on a goroutine of its own, so that it can be given up
// when the context ends. The goroutine has a buffer of its own too, since guest
// memory may not be there any more when it comes back. There is one at most for
// each stream, and it ends with the Read or Write that it is for.
//
// THREAT[EN-08] a call that is blocked ends with its context.
type stream struct {
	r      io.Reader
	w      io.Writer
	blocks bool

	buf   []byte
	done  chan result // holds the result of the goroutine
	busy  bool        // there is a goroutine, or its result
	ahead []byte      // what was read and not yet asked for: a part of buf
	err   error       // what came after it
}

type result struct {
	n   int
	err error
}

// read reads what there is, and waits for it unless nonblock (EAGAIN).
func (s *stream) read(c call, p []byte, nonblock bool) (int, error) {
	switch {
	case len(p) == 0:
		return 0, nil
	case s.r == nil:
		return 0, io.EOF
	case !s.blocks:
		return readSome(s.r, p)
	}
	if !s.ready() && nonblock {
		return 0, vfs.EAGAIN
	}
	if err := s.wait(c); err != nil {
		return 0, err
	}
	return s.take(p)
}

// ready reports whether a read would return at once. If not, it has begun one.
func (s *stream) ready() bool {
	if s.r == nil || !s.blocks || s.filled() {
		return true
	}
	s.fetch()
	select {
	case res := <-s.done:
		s.settle(res)
		return true
	default:
		return false
	}
}

func (s *stream) filled() bool { return len(s.ahead) > 0 || s.err != nil }

// fetch begins to read ahead.
func (s *stream) fetch() {
	if s.busy {
		return
	}
	s.begin(blockSize)
}

// room makes the buffer and the channel of the goroutine.
func (s *stream) room() {
	if s.buf == nil {
		s.buf, s.done = make([]byte, blockSize), make(chan result, 1)
	}
}

// begin moves up to n bytes of the buffer on a goroutine.
func (s *stream) begin(n int) {
	s.room()
	s.busy = true
	r, w, buf, done := s.r, s.w, s.buf[:n], s.done
	go func() {
		var res result
		if w != nil {
			res.n, res.err = w.Write(buf)
		} else {
			res.n, res.err = readSome(r, buf)
		}
		done <- res
	}()
}

// wait waits until a read has ended, its own or one under way.
func (s *stream) wait(c call) error {
	if s.filled() {
		return nil
	}
	s.fetch()
	select {
	case res := <-s.done:
		s.settle(res)
		return nil
	case <-c.ctx.Done():
		return c.interrupted()
	}
}

// settle takes in the result of a read.
func (s *stream) settle(res result) {
	s.busy = false
	s.ahead, s.err = s.buf[:res.n], res.err
}

// take hands out what was read ahead. An end of file is told once: a terminal
// has more to read after one.
func (s *stream) take(p []byte) (int, error) {
	n := copy(p, s.ahead)
	s.ahead = s.ahead[n:]
	if n > 0 {
		return n, nil
	}
	err := s.err
	s.err = nil
	return 0, err
}

// available is how many bytes can be read at once, where that is known, and
// whether there is no more.
func (s *stream) available() (n int, eof bool) {
	switch r := s.r.(type) {
	case nil:
		return 0, true
	case interface{ Len() int }:
		return r.Len(), r.Len() == 0
	}
	return len(s.ahead), len(s.ahead) == 0 && s.err != nil
}

// write writes all of p unless there is an error or the context ends.
func (s *stream) write(c call, p []byte) (n int, err error) {
	switch {
	case s.w == nil:
		return len(p), nil
	case !s.blocks || c.ctx.Done() == nil:
		n, err = s.w.Write(p)
		return n, writeError(err)
	}
	for n < len(p) && err == nil {
		var k int
		k, err = s.send(c, p[n:min(len(p), n+blockSize)])
		n += k
	}
	return n, writeError(err)
}

// send writes one block on a goroutine.
func (s *stream) send(c call, p []byte) (int, error) {
	if s.busy { // a write that was given up; the guest should not be running
		return 0, c.interrupted()
	}
	s.room()
	s.begin(copy(s.buf, p))
	select {
	case res := <-s.done:
		s.busy = false
		return res.n, res.err
	case <-c.ctx.Done():
		return 0, c.interrupted()
	}
}

// readSome reads at least one byte, or returns an error.
func readSome(r io.Reader, p []byte) (int, error) {
	for range 100 {
		n, err := r.Read(p)
		if n > 0 || err != nil {
			return n, err
		}
	}
	return 0, io.ErrNoProgress
}

// writeError finds the broken pipe in what writers return for one.
func writeError(err error) error {
	if errors.Is(err, io.ErrClosedPipe) || errors.Is(err, syscall.EPIPE) {
		return vfs.EPIPE
	}
	return err
}
