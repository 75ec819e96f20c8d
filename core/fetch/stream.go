package fetch

import (
	"bytes"
	"errors"
	"io"
	"sync"
)

// Stream is the body of an answer, read as it comes. Errors of Read but io.EOF
// are of the types of this package; once there was one, there are no others.
// It is for one goroutine at a time, save that Close may be called from any
// other, and ends a Read that waits.
type Stream interface {
	io.ReadCloser
	// Received counts the bytes of the body that came over the wire so far.
	Received() int64
}

// collect reads a response's stream to its end, as its body. What came before
// an error stays, but for a body that is longer than its limit.
func collect(resp *Response) error {
	if resp == nil || resp.Stream == nil {
		return nil
	}
	defer resp.Stream.Close()
	body, err := readAll(resp.Stream, resp.announced)
	if errKind(err) != KindBodySize {
		resp.Body = body
	}
	resp.BytesRead = resp.Stream.Received()
	resp.Stream = nil
	return err
}

// maxHint is how much is allocated at once because an answer announced it.
const maxHint = 8 << 20

// readAll is io.ReadAll that is told how much to expect.
func readAll(r io.Reader, announced int64) ([]byte, error) {
	buf := make([]byte, 0, max(512, min(announced, maxHint)+1))
	for {
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		switch {
		case err == io.EOF && len(buf) == 0:
			return nil, nil
		case err == io.EOF:
			return buf, nil
		case err != nil:
			return buf, err
		}
	}
}

// whole is a body that is there already, as a Stream. err comes after it.
type whole struct {
	bytes.Reader
	err      error
	received int64
}

// AsStream makes the Body of a response its Stream, where a Doer left it whole.
// err is what Do returned beside it, and comes after the body.
func (r *Response) AsStream(err error) {
	if r.Stream != nil {
		return
	}
	w := &whole{err: err, received: r.BytesRead}
	w.Reset(r.Body)
	r.Body, r.Stream = nil, w
}

// Read implements Stream.
func (w *whole) Read(p []byte) (int, error) {
	n, err := w.Reader.Read(p)
	if err == io.EOF && w.err != nil {
		err = w.err
	}
	return n, err
}

// Received implements Stream.
func (w *whole) Received() int64 { return w.received }

// Close implements Stream.
func (*whole) Close() error { return nil }

// answer is the Stream that a Client hands out: it scrubs what it gives, and
// says when it is over.
type answer struct {
	Stream
	scrub *scrubber // nil where nothing was injected

	once  sync.Once
	over  func(received int64, err error)
	after func() // called after over; nil is nothing
}

// Read implements Stream.
func (a *answer) Read(p []byte) (n int, err error) {
	if a.scrub != nil {
		n, err = a.scrub.read(a.Stream, p)
	} else {
		n, err = a.Stream.Read(p)
	}
	if err != nil {
		a.end(err)
	}
	return n, err
}

// Close implements Stream.
func (a *answer) Close() error {
	err := a.Stream.Close()
	a.end(nil)
	return err
}

// end tells once how the body ended: with io.EOF, an error, or, for nil, before
// it was read whole.
func (a *answer) end(err error) {
	a.once.Do(func() {
		if errors.Is(err, io.EOF) {
			err = nil
		}
		a.over(a.Received(), err)
		if a.after != nil {
			a.after()
		}
	})
}

// maxDrain is how much of a body that nobody wants is read so that its
// connection can serve again.
const maxDrain = 64 << 10

// drain lets go of a body that nobody wants.
func drain(s Stream) {
	_, _ = io.CopyN(io.Discard, s, maxDrain)
	_ = s.Close()
}
