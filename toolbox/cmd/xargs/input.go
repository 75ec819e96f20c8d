package xargs

import (
	"bytes"
	"context"
	"io"
	"strings"

	"agentsandbox/toolbox/tool"
)

// inputError is input that cannot be cut into items, in GNU's words.
type inputError string

// Error returns the words.
func (e inputError) Error() string { return string(e) }

const errTooLong = inputError("argument line too long")

// reader cuts the input into items.
type reader struct {
	options
	x      *tool.Exec
	lines  *tool.Lines
	line   []byte // what is left of the line being read
	ended  bool   // the input has ended; line has no newline
	warned bool   // of NUL
}

func newReader(ctx context.Context, x *tool.Exec, in io.Reader, o options) *reader {
	end := byte('\n')
	if o.delim >= 0 {
		end = byte(o.delim)
	}
	return &reader{options: o, x: x, lines: x.Lines(ctx, in, end)}
}

// next returns the next item, and whether a line ends behind it (with -L). The
// error is io.EOF at the end.
func (r *reader) next() (item string, lineEnd bool, err error) {
	if r.delim >= 0 {
		item, err = r.delimited()
		return item, true, err
	}
	item, lineEnd, err = r.word()
	if err == nil && r.hasEOF && item == r.eof {
		return "", false, io.EOF
	}
	return item, lineEnd, err
}

func (r *reader) delimited() (string, error) {
	text, _, err := r.lines.NextText()
	if err == nil && len(text) >= r.maxChars {
		err = errTooLong
	}
	return string(text), err
}

// fill reads the next line if the last is used up.
func (r *reader) fill() error {
	if len(r.line) > 0 {
		return nil
	}
	line, err := r.lines.Next()
	if err != nil {
		return err
	}
	if at := bytes.IndexByte(line, 0); at >= 0 && !r.warned {
		r.warned = true
		r.x.Errorf("WARNING: a NUL character occurred in the input.  It cannot be passed through in the argument list.  Did you mean to use the --null option?")
	}
	r.line = line
	return nil
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }
func isSpace(c byte) bool { return isBlank(c) || c >= '\n' && c <= '\r' }

// word reads an item with quotes: a word, or with -I a line.
func (r *reader) word() (item string, lineEnd bool, err error) {
	for {
		if err := r.fill(); err != nil {
			return "", false, err
		}
		rest := bytes.TrimLeftFunc(r.line, func(c rune) bool { return c < 0x80 && isSpace(byte(c)) })
		if r.line = rest; len(rest) > 0 {
			break
		}
	}
	var b strings.Builder
	for len(r.line) > 0 {
		c := r.line[0]
		r.line = r.line[1:]
		switch {
		case c == '\n':
			return r.take(&b, true)
		case isBlank(c) && r.replace == "":
			return r.take(&b, false) // the line goes on, also behind a newline
		case c == '\'' || c == '"':
			err = r.quoted(&b, c)
		case c == '\\':
			err = r.escaped(&b)
		default:
			b.WriteByte(c)
		}
		if err != nil {
			return "", false, err
		}
	}
	return r.take(&b, true)
}

// take returns an item, which ends at a NUL.
func (r *reader) take(b *strings.Builder, lineEnd bool) (string, bool, error) {
	item, _, _ := strings.Cut(b.String(), "\x00")
	if len(item) >= r.maxChars {
		return "", false, errTooLong
	}
	return item, lineEnd, nil
}

// quoted reads up to the closing quote, which has to be on the same line.
func (r *reader) quoted(b *strings.Builder, quote byte) error {
	at := bytes.IndexByte(r.line, quote)
	if at < 0 {
		kind := "single"
		if quote == '"' {
			kind = "double"
		}
		return inputError("unmatched " + kind + " quote; by default quotes are special to xargs unless you use the -0 option")
	}
	b.Write(r.line[:at])
	r.line = r.line[at+1:]
	return nil
}

// escaped takes the next character as it is, a newline, too.
func (r *reader) escaped(b *strings.Builder) error {
	if len(r.line) == 0 {
		return nil
	}
	b.WriteByte(r.line[0])
	r.line = r.line[1:]
	if len(r.line) > 0 {
		return nil
	}
	if err := r.fill(); err != nil && err != io.EOF {
		return err
	}
	return nil
}
