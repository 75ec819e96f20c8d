package bc

import (
	"bufio"
	"io"
)

// kind is a kind of token. Operators and punctuation of one character are
// themselves.
type kind int

const (
	tokEOF kind = iota + 256
	tokNumber
	tokString
	tokName
	tokKeyword
	tokAssign // text is the operator: "" for =
	tokStep   // ++ or --
	tokRel
	tokAnd
	tokOr
)

type token struct {
	kind kind
	text string
	line int // after it was read
}

// lexer reads tokens of one stream.
type lexer struct {
	name   string
	r      *bufio.Reader
	line   int
	before func() error // is called before the stream is asked for a line
	bad    []syntaxError
	begun  bool // something of a line was read
}

// syntaxError is what is wrong with a line.
type syntaxError struct {
	line int
	text string
}

// Error is the text.
func (e syntaxError) Error() string { return e.text }

var keywords = map[string]bool{"define": true, "if": true, "else": true, "while": true, "for": true, "break": true,
	"continue": true, "halt": true, "quit": true, "return": true, "auto": true, "print": true, "length": true,
	"scale": true, "sqrt": true, "read": true, "random": true, "ibase": true, "obase": true, "last": true,
	"limits": true, "void": true}

func (l *lexer) read() (byte, error) {
	if l.r.Buffered() == 0 {
		if err := l.before(); err != nil {
			return 0, err
		}
	}
	return l.r.ReadByte()
}

func (l *lexer) peek() byte {
	if l.r.Buffered() == 0 {
		if l.before() != nil {
			return 0
		}
	}
	b, err := l.r.Peek(1)
	if err != nil {
		return 0
	}
	return b[0]
}

// next reads a token. Characters that mean nothing are kept in bad, and passed over.
func (l *lexer) next() (token, error) {
	for {
		c, err := l.read()
		if err == io.EOF {
			return token{tokEOF, "", l.line}, nil
		}
		if err != nil {
			return token{}, err
		}
		switch {
		case c == ' ' || c == '\t' || c == '\r':
		case c == '\\' && l.peek() == '\n':
			l.read()
			l.line++
		case c == '\n':
			l.line++
			return token{'\n', "\n", l.line}, nil
		case c == '#':
			for l.peek() != '\n' && l.peek() != 0 {
				l.read()
			}
		case c == '/' && l.peek() == '*':
			if err := l.comment(); err != nil {
				return token{}, err
			}
		case c == '"':
			if t, ok := l.str(); ok {
				return t, nil
			}
		case c >= 'a' && c <= 'z':
			return l.word(c), nil
		case c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c == '.':
			return l.number(c)
		default:
			if t, ok := l.operator(c); ok {
				return t, nil
			}
			l.bad = append(l.bad, syntaxError{l.line, "illegal character: " + printable(c)})
		}
	}
}

func printable(c byte) string {
	if c < ' ' || c > '~' {
		return "\\" + string([]byte{'0' + c>>6, '0' + c>>3&7, '0' + c&7})
	}
	return string(c)
}

func (l *lexer) comment() error {
	l.read()
	var last byte
	for {
		c, err := l.read()
		switch {
		case err == io.EOF:
			l.bad = append(l.bad, syntaxError{l.line, "EOF encountered in a comment."})
			return nil
		case err != nil:
			return err
		case c == '\n':
			l.line++
		case c == '/' && last == '*':
			return nil
		}
		last = c
	}
}

func (l *lexer) str() (token, bool) {
	var s []byte
	line := l.line
	for {
		c, err := l.read()
		if err != nil {
			l.bad = append(l.bad, syntaxError{line, "illegal character: \""})
			return token{}, false
		}
		if c == '"' {
			return token{tokString, string(s), l.line}, true
		}
		if c == '\n' {
			l.line++
		}
		s = append(s, c)
	}
}

func (l *lexer) word(c byte) token {
	s := []byte{c}
	for {
		c := l.peek()
		if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_') {
			break
		}
		l.read()
		s = append(s, c)
	}
	if keywords[string(s)] {
		return token{tokKeyword, string(s), l.line}
	}
	return token{tokName, string(s), l.line}
}

// number reads digits with a point; a point alone is the name last.
func (l *lexer) number(c byte) (token, error) {
	s := []byte{c}
	point := c == '.'
	for {
		c := l.peek()
		switch {
		case c == '\\':
			if next, err := l.r.Peek(2); err != nil || next[1] != '\n' {
				return token{tokNumber, string(s), l.line}, nil
			}
			l.read()
			l.read()
			l.line++
			continue
		case c == '.' && !point:
			point = true
		case c >= '0' && c <= '9' || c >= 'A' && c <= 'Z':
		case len(s) == 1 && s[0] == '.':
			return token{tokKeyword, "last", l.line}, nil
		default:
			return token{tokNumber, string(s), l.line}, nil
		}
		l.read()
		s = append(s, c)
	}
}

func (l *lexer) operator(c byte) (token, bool) {
	second := l.peek()
	two := func(k kind, text string) (token, bool) {
		l.read()
		return token{k, text, l.line}, true
	}
	switch {
	case c == '&' && second == '&':
		return two(tokAnd, "&&")
	case c == '|' && second == '|':
		return two(tokOr, "||")
	case (c == '=' || c == '!' || c == '<' || c == '>') && second == '=':
		return two(tokRel, string(c)+"=")
	case (c == '+' || c == '-') && second == c:
		return two(tokStep, string(c))
	}
	switch c {
	case '+', '-', '*', '/', '%', '^':
		if second == '=' {
			return two(tokAssign, string(c))
		}
		return token{kind(c), string(c), l.line}, true
	case '<', '>':
		return token{tokRel, string(c), l.line}, true
	case '=':
		return token{tokAssign, "", l.line}, true
	case '(', ')', '{', '}', '[', ']', ';', ',', '!', '&':
		return token{kind(c), string(c), l.line}, true
	}
	return token{}, false
}
