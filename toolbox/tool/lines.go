package tool

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"agentsandbox/toolbox/sweep"
)

const (
	firstBlock = 4 << 10  // what a reader starts with: most inputs are small
	fullBlock  = 64 << 10 // what it grows to once reads fill the block
)

// Lines reads the records of a stream: lines, or what another byte ends. It
// allocates nothing per record, and refuses one longer than its limit. Not for
// use from several goroutines.
type Lines struct {
	// BeforeRead, if not nil, is called before the stream is asked for more,
	// which may block: the place to flush output.
	BeforeRead func() error

	ctx        context.Context
	r          io.Reader
	buf        []byte
	start, end int
	delim      byte
	limit      int
	err        error
}

// Lines reads records of r that end in delim, bounded by the budget of x.
func (x *Exec) Lines(ctx context.Context, r io.Reader, delim byte) *Lines {
	limit := x.Budget.Record
	if limit == 0 {
		limit = DefaultRecord
	}
	return &Lines{ctx: ctx, r: r, delim: delim, limit: limit}
}

// Next returns the next record with its delimiter, which only the last may
// lack. The slice is valid until the next call. At the end the error is
// io.EOF.
func (l *Lines) Next() ([]byte, error) {
	seen := 0
	for {
		if i := bytes.IndexByte(l.buf[l.start+seen:l.end], l.delim); i >= 0 {
			return l.take(seen + i + 1), nil
		}
		seen = l.end - l.start
		if l.err != nil {
			return l.rest()
		}
		if seen > l.limit {
			return nil, fmt.Errorf("line longer than %d bytes", l.limit)
		}
		l.read()
		seen = min(seen, l.end-l.start)
	}
}

// Whole returns the records that have been read whole, at least one, with their
// delimiters. nil says that Next is to be asked: at the end, for a last record without
// a delimiter, and for errors.
func (l *Lines) Whole() []byte {
	for seen := 0; ; {
		if i := sweep.LastIndexByte(l.buf[l.start+seen:l.end], l.delim); i >= 0 {
			return l.take(seen + i + 1)
		}
		seen = l.end - l.start
		if l.err != nil || seen > l.limit {
			return nil
		}
		l.read()
	}
}

// read fills and keeps the error. What was read of a record that broke off is not one.
func (l *Lines) read() {
	if l.err = l.fill(); l.err != nil && l.err != io.EOF {
		l.start = l.end
	}
}

// NextText is Next without the delimiter; whole reports whether there was one.
func (l *Lines) NextText() (text []byte, whole bool, err error) {
	rec, err := l.Next()
	if n := len(rec); n > 0 && rec[n-1] == l.delim {
		return rec[:n-1], true, err
	}
	return rec, false, err
}

// Buffered returns what has been read and not yet returned; it is valid until
// the next call.
func (l *Lines) Buffered() []byte { return l.buf[l.start:l.end] }

func (l *Lines) take(n int) []byte {
	rec := l.buf[l.start : l.start+n]
	l.start += n
	return rec
}

// rest returns the last record, which has no delimiter, and then the error.
func (l *Lines) rest() ([]byte, error) {
	if l.start == l.end {
		return nil, l.err
	}
	return l.take(l.end - l.start), nil
}

// fill reads once, behind what is there.
func (l *Lines) fill() error {
	if err := l.ctx.Err(); err != nil {
		return err
	}
	if l.BeforeRead != nil {
		if err := l.BeforeRead(); err != nil {
			return err
		}
	}
	l.makeRoom()
	for range 100 {
		n, err := l.r.Read(l.buf[l.end:])
		l.end += n
		switch {
		case err != nil && err != io.EOF:
			return ReadError{err}
		case n > 0 || err != nil:
			return err
		}
	}
	return io.ErrNoProgress
}

// makeRoom moves what is left to the front, and grows the block if that, or
// the last read, filled it.
func (l *Lines) makeRoom() {
	kept := l.buf[l.start:l.end]
	size := len(l.buf)
	switch {
	case size == 0:
		size = firstBlock
	case len(kept) > size/2:
		size *= 2
	case size < fullBlock && l.end == size:
		size = fullBlock
	}
	to := l.buf
	if size != len(l.buf) {
		to = make([]byte, size)
	}
	l.end = copy(to, kept)
	l.buf, l.start = to, 0
}

// Blocks calls each with what r holds, a block at a time, until the end of the
// stream or an error. The slice is valid during the call.
func Blocks(ctx context.Context, r io.Reader, each func(block []byte) error) error {
	buf := make([]byte, firstBlock)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := r.Read(buf)
		if n > 0 {
			if err := each(buf[:n]); err != nil {
				return err
			}
		}
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return ReadError{err}
		case n == len(buf) && n < 2*fullBlock:
			buf = make([]byte, 2*fullBlock)
		}
	}
}
