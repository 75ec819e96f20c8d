package jq

import (
	"bytes"
	"context"
	"io"
	"strconv"
	"strings"
)

// parser reads JSON values from a stream, one after the other.
type parser struct {
	ctx       context.Context
	r         io.Reader
	buf       []byte
	pos, end  int
	eof       bool
	started   bool
	line      int   // from 1
	lineStart int64 // offset of the line in the stream
	base      int64 // offset of buf[0] in the stream

	stack  []frame
	shapes []*shape // by depth: of the object that was read last
	next   any
	has    bool // next is a value
	token  []byte
}

// frame is an array or object that is open.
type frame struct {
	isObject bool
	arr      []any
	obj      *object
	key      string
	hasKey   bool
}

const blockSize = 64 << 10

func newParser(ctx context.Context, r io.Reader) *parser {
	return &parser{ctx: ctx, r: r, line: 1}
}

// syntaxError is what is wrong with JSON text.
type syntaxError struct{ msg string }

// Error implements error.
func (e *syntaxError) Error() string { return e.msg }

// fill reads more; it keeps nothing of what was read before pos.
func (p *parser) fill() error {
	if p.buf == nil {
		p.buf = make([]byte, blockSize)
	}
	p.base += int64(p.pos)
	p.end = copy(p.buf, p.buf[p.pos:p.end])
	p.pos = 0
	if err := p.ctx.Err(); err != nil {
		return err
	}
	if p.end == len(p.buf) {
		p.buf = append(p.buf, make([]byte, len(p.buf))...)
	}
	for range 100 {
		n, err := p.r.Read(p.buf[p.end:])
		p.end += n
		if err == io.EOF {
			p.eof = true
			return nil
		}
		if n > 0 || err != nil {
			return err
		}
	}
	return io.ErrNoProgress
}

// more makes sure that there is a byte at pos; ok is false at the end.
func (p *parser) more() (ok bool, err error) {
	for p.pos == p.end {
		if p.eof {
			return false, nil
		}
		if err := p.fill(); err != nil {
			return false, err
		}
	}
	return true, nil
}

// fail makes the error at the place reached.
func (p *parser) fail(msg string, atEOF bool) error {
	if atEOF {
		msg += " at EOF"
	}
	column := p.base + int64(p.pos) - p.lineStart
	return &syntaxError{msg + " at line " + strconv.Itoa(p.line) + ", column " + strconv.FormatInt(column, 10)}
}

func (p *parser) newline() {
	p.line++
	p.lineStart = p.base + int64(p.pos)
}

// value returns the next value; io.EOF at the end.
func (p *parser) value() (any, error) {
	if !p.started {
		p.started = true
		if err := p.skipBOM(); err != nil {
			return nil, err
		}
	}
	for {
		ok, err := p.more()
		if err != nil {
			return nil, err
		}
		if !ok {
			return p.finish()
		}
		if err := p.step(); err != nil {
			return nil, err
		}
		if p.complete() {
			v := p.next
			p.next, p.has = nil, false
			return v, nil
		}
	}
}

func (p *parser) skipBOM() error {
	for p.end-p.pos < 3 && !p.eof {
		if err := p.fill(); err != nil {
			return err
		}
	}
	if bytes.HasPrefix(p.buf[p.pos:p.end], []byte("\xef\xbb\xbf")) {
		p.pos += 3
		p.lineStart += 3
	}
	return nil
}

// finish is what holds at the end of the stream.
func (p *parser) finish() (any, error) {
	switch {
	case len(p.stack) > 0:
		p.stack = p.stack[:0]
		return nil, p.fail("Unfinished JSON term", true)
	case p.has:
		v := p.next
		p.next, p.has = nil, false
		return v, nil
	}
	return nil, io.EOF
}

// step handles what starts at pos.
func (p *parser) step() error {
	switch c := p.buf[p.pos]; c {
	case ' ', '\t', '\r', '\x1e':
		p.pos++
	case '\n':
		p.pos++
		p.newline()
	case '[', '{', ']', '}', ',', ':':
		p.pos++
		return p.punctuation(c)
	case '"':
		return p.text()
	default:
		return p.word()
	}
	return nil
}

// complete reports whether a value at the top is read.
func (p *parser) complete() bool { return p.has && len(p.stack) == 0 }

func (p *parser) punctuation(c byte) error {
	top := &frame{}
	if len(p.stack) > 0 {
		top = &p.stack[len(p.stack)-1]
	}
	switch c {
	case '[', '{':
		return p.open(c)
	case ':':
		return p.colon(top)
	case ',':
		return p.comma(top)
	case ']':
		return p.closeArray(top)
	}
	return p.closeObject(top)
}

func (p *parser) open(c byte) error {
	if len(p.stack) >= maxDepth {
		return p.fail("Exceeds depth limit for parsing", false)
	}
	if p.has {
		return p.fail("Expected separator between values", false)
	}
	f := frame{isObject: c == '{'}
	if f.isObject {
		s := p.shape()
		f.obj = &object{s: s, vals: make([]any, 0, min(len(s.keys), small))}
	}
	p.stack = append(p.stack, f)
	return nil
}

// shape is what the keys of an object at this depth are expected to be.
func (p *parser) shape() *shape {
	for len(p.shapes) <= len(p.stack) {
		p.shapes = append(p.shapes, &shape{})
	}
	return p.shapes[len(p.stack)]
}

func (p *parser) colon(top *frame) error {
	switch {
	case !p.has:
		return p.fail("Expected string key before ':'", false)
	case !top.isObject || top.hasKey:
		return p.fail("':' not as part of an object", false)
	}
	key, ok := p.next.(string)
	if !ok {
		return p.fail("Object keys must be strings", false)
	}
	top.key, top.hasKey = key, true
	p.next, p.has = nil, false
	return nil
}

func (p *parser) comma(top *frame) error {
	switch {
	case !p.has:
		return p.fail("Expected value before ','", false)
	case len(p.stack) == 0:
		return p.fail("',' not as part of an object or array", false)
	case top.isObject && !top.hasKey:
		return p.fail("Objects must consist of key:value pairs", false)
	}
	p.take(top)
	return nil
}

// take puts the value into the array or object that is open.
func (p *parser) take(top *frame) {
	if top.isObject {
		top.obj.put(top.key, p.next)
		top.hasKey = false
	} else {
		top.arr = append(top.arr, p.next)
	}
	p.next, p.has = nil, false
}

func (p *parser) closeArray(top *frame) error {
	switch {
	case len(p.stack) == 0 || top.isObject:
		return p.fail("Unmatched ']'", false)
	case p.has:
		p.take(top)
	case len(top.arr) > 0:
		return p.fail("Expected another array element", false)
	}
	if top.arr == nil {
		top.arr = []any{}
	}
	p.pop(top.arr)
	return nil
}

func (p *parser) closeObject(top *frame) error {
	switch {
	case len(p.stack) == 0:
		return p.fail("Unmatched '}'", false)
	case p.has && !top.hasKey:
		return p.fail("Objects must consist of key:value pairs", false)
	case p.has:
		p.take(top)
	case !top.isObject || top.hasKey:
		return p.fail("Unmatched '}'", false)
	case top.obj.len() > 0:
		return p.fail("Expected another key-value pair", false)
	}
	p.shapes[len(p.stack)-1] = top.obj.s
	p.pop(top.obj)
	return nil
}

func (p *parser) pop(v any) {
	p.stack = p.stack[:len(p.stack)-1]
	p.next, p.has = v, true
}

// give makes v the value that was read.
func (p *parser) give(v any) error {
	if p.has {
		return p.fail("Expected separator between values", false)
	}
	p.next, p.has = v, true
	return nil
}

// lines is how many lines have been taken up: those before the place reached,
// and the rest of its own.
func (p *parser) lines() int {
	for {
		if bytes.IndexByte(p.buf[p.pos:p.end], '\n') >= 0 {
			return p.line
		}
		if p.eof {
			break
		}
		end := p.end
		if err := p.fill(); err != nil || p.end == end {
			break
		}
	}
	return p.line - 1
}

// parseText reads the one value in a string.
func parseText(ctx context.Context, s string) (any, error) {
	p := newParser(ctx, strings.NewReader(s))
	v, err := p.value()
	if err == nil {
		if _, err = p.value(); err == io.EOF {
			return v, nil
		}
		if err == nil {
			err = &syntaxError{"Unexpected extra JSON values"}
		}
	}
	if err == io.EOF {
		err = &syntaxError{"Expected JSON value"}
	}
	return nil, err
}
