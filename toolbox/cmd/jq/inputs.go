package jq

import (
	"context"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"agentsandbox/toolbox/tool"
)

// inputs are the values that the program runs on: those in the files, one
// after the other.
type inputs struct {
	ctx    context.Context
	x      *tool.Exec
	files  []string
	raw    bool // lines are strings
	slurp  bool // all is one value
	stream bool // values are their events
	before func() error

	name   string // of the open file, "" for standard input
	open   bool
	used   bool // some file was opened
	r      io.Reader
	parser *parser
	lines  *tool.Lines
	count  int // lines read, when raw
	close  func() error
	events []any // waiting
	done   bool
	failed bool // a file could not be opened
	last   int  // lines of the file that was read last
}

// next returns the next value; io.EOF at the end.
func (in *inputs) next() (any, error) {
	switch {
	case in.slurp:
		return in.all()
	case in.stream:
		return in.event()
	}
	return in.one()
}

// one returns the next value, or line, of the files.
func (in *inputs) one() (any, error) {
	for {
		if !in.open {
			if ok, err := in.openNext(); !ok || err != nil {
				return nil, err
			}
		}
		v, err := in.read()
		if err == nil {
			return v, nil
		}
		if err != io.EOF {
			return nil, in.broken(err)
		}
		in.finish()
	}
}

func (in *inputs) read() (any, error) {
	if !in.raw {
		return in.parser.value()
	}
	text, whole, err := in.lines.NextText()
	if err != nil {
		return nil, err
	}
	if whole {
		in.count++
	}
	return valid(text), nil
}

func (in *inputs) finish() {
	in.last = in.line()
	in.open = false
	if in.close != nil {
		in.close()
	}
}

// broken says what is wrong with the input; nothing more is read.
func (in *inputs) broken(err error) error {
	in.files, in.open, in.done = nil, false, true
	var syntax *syntaxError
	if errors.As(err, &syntax) || in.ctx.Err() != nil {
		return err
	}
	name := in.name
	if name == "" {
		name = "<stdin>"
	}
	return &readError{"error: Could not read " + name + ": " + tool.ErrText(err)}
}

// readError is an error of reading.
type readError struct{ msg string }

// Error implements error.
func (e *readError) Error() string { return e.msg }

// openNext opens the next file; one that cannot be opened is reported.
func (in *inputs) openNext() (bool, error) {
	for {
		if in.done {
			return false, io.EOF
		}
		if len(in.files) == 0 {
			in.done = true
			return false, io.EOF
		}
		name := in.files[0]
		in.files = in.files[1:]
		f, closeFile, err := in.x.OpenInput(name)
		if err == nil {
			in.start(name, f, closeFile)
			return true, nil
		}
		in.failed = true
		if err := in.before(); err != nil {
			return false, err
		}
		in.x.Errorf("error: Could not open file %s: %s", name, tool.ErrText(err))
	}
}

func (in *inputs) start(name string, f *tool.File, closeFile func() error) {
	in.open, in.used, in.close, in.count = true, true, closeFile, 0
	if in.name = name; name == "-" {
		in.name = ""
	}
	in.r = flusher{f, in.before}
	if in.raw {
		in.lines = in.x.Lines(in.ctx, in.r, '\n')
		return
	}
	in.parser = newParser(in.ctx, in.r)
}

// flusher writes out what is buffered before it reads, which may block.
type flusher struct {
	r      io.Reader
	before func() error
}

// Read implements io.Reader.
func (f flusher) Read(p []byte) (int, error) {
	if err := f.before(); err != nil {
		return 0, err
	}
	return f.r.Read(p)
}

// line is how many lines of the current file were taken up.
func (in *inputs) line() int {
	switch {
	case !in.open:
		return in.last
	case in.raw:
		return in.count
	}
	return in.parser.lines()
}

// maxSlurp bounds what is read as one string.
const maxSlurp = tool.MaxHeld

// all returns everything as one value, once.
func (in *inputs) all() (any, error) {
	if in.done {
		return nil, io.EOF
	}
	if in.raw {
		return in.allText()
	}
	list := []any{}
	for {
		next := in.one
		if in.stream {
			next = in.event
		}
		v, err := next()
		if err == io.EOF {
			return list, nil
		}
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
}

func (in *inputs) allText() (any, error) {
	var b strings.Builder
	for {
		ok, err := in.openNext()
		if err == io.EOF {
			break
		}
		if !ok || err != nil {
			return nil, err
		}
		err = tool.Blocks(in.ctx, in.r, func(block []byte) error {
			if b.Len()+len(block) > maxSlurp {
				return errors.New("input too long")
			}
			b.Write(block)
			return nil
		})
		if err != nil {
			return nil, in.broken(err)
		}
		in.finish()
	}
	s := b.String()
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\ufffd")
	}
	return s, nil
}

// event returns the next event of --stream.
func (in *inputs) event() (any, error) {
	for len(in.events) == 0 {
		v, err := in.one()
		if err != nil {
			return nil, err
		}
		stream(nil, v, true, func(e any) error {
			in.events = append(in.events, e)
			return nil
		})
	}
	e := in.events[0]
	in.events = in.events[1:]
	return e, nil
}
