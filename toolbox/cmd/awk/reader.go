package awk

import (
	"bytes"
	"errors"
	"io"
	"unsafe"

	"agentsandbox/toolbox/regex"
)

// separatorMode is how records end.
type separatorMode uint8

const (
	endsChar separatorMode = iota
	endsBlankLines
	endsRegex
)

// recordSeparator is what RS says.
type recordSeparator struct {
	mode separatorMode
	char byte
	re   *regex.Regexp
}

// setSeparator takes over a new RS.
func (m *machine) setSeparator() {
	rs := m.text(m.special[sRS])
	letter := len(rs) == 1 && rs[0]|0x20 >= 'a' && rs[0]|0x20 <= 'z'
	switch {
	case rs == "":
		m.separator = recordSeparator{mode: endsBlankLines}
	case len(rs) == 1 && !(m.fold && letter):
		m.separator = recordSeparator{char: rs[0]}
	default:
		m.separator = recordSeparator{mode: endsRegex, re: m.regex(rs)}
	}
}

// reader reads records of one file, pipe or standard input. Records are strings of
// the bytes in buf, which are therefore never written again.
type reader struct {
	m          *machine
	in         io.Reader
	close      func() error
	buf        []byte
	start, end int
	eof        bool
}

const (
	firstSize = 4 << 10 // the first buffer: most inputs are small
	readSize  = 64 << 10
	leastRead = 512 // room for less is not worth a read
)

var errLongRecord = errors.New("record too long")

// fill reads more behind what is there, in a new buffer if there is no room. At the end
// it sets eof.
func (r *reader) fill() error {
	kept := r.end - r.start
	if kept > 16*r.m.limit {
		return errLongRecord
	}
	if len(r.buf)-r.end < leastRead {
		size := max(readSize, 2*kept)
		if len(r.buf) == 0 {
			size = firstSize
		}
		buf := make([]byte, size)
		r.start, r.end = 0, copy(buf, r.buf[r.start:r.end])
		r.buf = buf
	}
	if err := r.m.ctx.Err(); err != nil {
		return err
	}
	for range 100 {
		n, err := r.in.Read(r.buf[r.end:])
		r.end += n
		if err == io.EOF {
			r.eof = true
			return nil
		}
		if n > 0 || err != nil {
			return err
		}
	}
	return io.ErrNoProgress
}

// text is a part of the buffer.
func (r *reader) text(from, to int) string {
	return unsafe.String(unsafe.SliceData(r.buf[from:to]), to-from)
}

// buffered returns the next record, which c ends, if all of it has been read.
func (r *reader) buffered(c byte) (rec string, ok bool) {
	n := bytes.IndexByte(r.buf[r.start:r.end], c)
	if n < 0 {
		return "", false
	}
	rec = r.text(r.start, r.start+n)
	r.start += n + 1
	return rec, true
}

// next returns the next record and what ended it. At the end the error is
// io.EOF.
func (r *reader) next() (rec, ends string, err error) {
	switch sep := r.m.separator; sep.mode {
	case endsBlankLines:
		return r.paragraph()
	case endsRegex:
		return r.untilRegex(sep.re)
	default:
		return r.untilChar(sep.char)
	}
}

func (r *reader) untilChar(c byte) (rec, ends string, err error) {
	seen := 0
	for {
		if i := bytes.IndexByte(r.buf[r.start+seen:r.end], c); i >= 0 {
			n := seen + i
			rec = r.text(r.start, r.start+n)
			r.start += n + 1
			return rec, oneByte(c), nil
		}
		if r.eof {
			return r.rest("")
		}
		seen = r.end - r.start
		if err := r.fill(); err != nil {
			return "", "", err
		}
	}
}

// oneByte is the string of one byte, without making one.
func oneByte(c byte) string {
	if c == '\n' {
		return "\n"
	}
	return string([]byte{c})
}

// rest returns what is left at the end.
func (r *reader) rest(ends string) (string, string, error) {
	if r.start == r.end {
		return "", "", io.EOF
	}
	rec := r.text(r.start, r.end-len(ends))
	r.start = r.end
	return rec, ends, nil
}

func (r *reader) untilRegex(re *regex.Regexp) (rec, ends string, err error) {
	if re == nil {
		return "", "", io.EOF
	}
	for {
		text := r.buf[r.start:r.end]
		a, b, err := firstMatch(re, text)
		if err != nil {
			return "", "", err
		}
		// A match that ends where the buffer does may be longer.
		if a >= 0 && (b < len(text) || r.eof) {
			rec, ends = r.text(r.start, r.start+a), r.text(r.start+a, r.start+b)
			r.start += b
			return rec, ends, nil
		}
		if r.eof {
			return r.rest("")
		}
		if err := r.fill(); err != nil {
			return "", "", err
		}
	}
}

// firstMatch finds the first match that is not empty.
func firstMatch(re *regex.Regexp, text []byte) (a, b int, err error) {
	for from := 0; from <= len(text); from = a + 1 {
		a, b, err = re.FindIndex(text, from)
		if err != nil || a < 0 || b > a {
			return a, b, err
		}
	}
	return -1, -1, nil
}

// paragraph reads up to blank lines.
func (r *reader) paragraph() (rec, ends string, err error) {
	for {
		for r.start < r.end && r.buf[r.start] == '\n' {
			r.start++
		}
		if r.start < r.end || r.eof {
			break
		}
		if err := r.fill(); err != nil {
			return "", "", err
		}
	}
	for {
		text := r.buf[r.start:r.end]
		n := bytes.Index(text, []byte("\n\n"))
		after := n
		for after >= 0 && after < len(text) && text[after] == '\n' {
			after++
		}
		if n >= 0 && (after < len(text) || r.eof) {
			rec, ends = r.text(r.start, r.start+n), r.text(r.start+n, r.start+after)
			r.start += after
			return rec, ends, nil
		}
		if r.eof {
			return r.rest(string(text[len(bytes.TrimRight(text, "\n")):]))
		}
		if err := r.fill(); err != nil {
			return "", "", err
		}
	}
}
