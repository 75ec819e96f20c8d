package printf

import (
	"fmt"
	"math"
	"strings"
)

// piece is a part of a compiled format.
type piece struct {
	kind kind
	text string // of a literal, note or fatal
	spec spec
}

type kind byte

const (
	literal kind = iota
	conversion
	note  // a diagnostic
	fatal // a diagnostic that ends the run
	stop  // \c
)

// spec is a conversion with what only formats have.
type spec struct {
	Spec
	starWidth, starPrec bool
	layout              string // of %(layout)T
}

// compiler turns a format into pieces; literal text is collected in lit.
type compiler struct {
	d      Dialect
	pieces []piece
	lit    []byte
}

func compile(format string, d Dialect) []piece {
	c := compiler{d: d}
	for i := 0; i < len(format); {
		rest := format[i:]
		n := strings.IndexAny(rest, `\%`)
		switch {
		case n < 0:
			n = len(rest)
			c.lit = append(c.lit, rest...)
		case n > 0:
			c.lit = append(c.lit, rest[:n]...)
		case rest[0] == '\\':
			n = 1 + c.escape(rest[1:])
		default:
			n = c.directive(rest)
		}
		i += n
	}
	c.flush()
	return c.pieces
}

func (c *compiler) flush() {
	if len(c.lit) > 0 {
		c.pieces = append(c.pieces, piece{kind: literal, text: string(c.lit)})
		c.lit = c.lit[:0]
	}
}

func (c *compiler) add(p piece) {
	c.flush()
	c.pieces = append(c.pieces, p)
}

func (c *compiler) escape(s string) int {
	e := c.d.escape(s, false)
	switch {
	case e.stop:
		c.add(piece{kind: stop})
	case e.msg != "" && c.d == GNU:
		c.add(piece{kind: fatal, text: e.msg})
	case e.msg != "":
		c.add(piece{kind: note, text: e.msg})
	}
	c.lit = append(c.lit, e.text...)
	return e.n
}

// directive compiles the conversion that s starts with, and returns its length.
func (c *compiler) directive(s string) int {
	if strings.HasPrefix(s, "%%") {
		c.lit = append(c.lit, '%')
		return 2
	}
	d := scan{s: s, i: 1, bash: c.d == Bash}
	sp := d.spec()
	switch {
	case sp.Verb == 0:
		c.add(piece{kind: fatal, text: c.d.noVerb(s)})
		return len(s)
	case sp.Verb == 'T' && !d.layoutOK:
		// bash prints what it did not understand and goes on behind it.
		c.add(piece{kind: note, text: fmt.Sprintf("warning: `%c': invalid time format specification", s[d.i])})
		c.lit = append(c.lit, s[:d.i]...)
		return d.i
	case !d.valid(sp):
		end := min(d.i+1, len(s))
		c.add(piece{kind: fatal, text: c.d.badVerb(s[:end])})
		return len(s)
	}
	c.add(piece{kind: conversion, spec: sp})
	return d.i + 1
}

// scan reads one conversion.
type scan struct {
	s        string
	i        int
	bash     bool
	layoutOK bool
	plain    bool // nothing between "%" and the verb
	group    bool // the flag '
	dot      bool
}

func (d *scan) peek() byte {
	if d.i < len(d.s) {
		return d.s[d.i]
	}
	return 0
}

func (d *scan) spec() spec {
	var s spec
	d.flags(&s.Spec)
	s.Width, s.starWidth = d.count()
	s.Prec = -1
	if d.peek() == '.' {
		d.i++
		d.dot = true
		if d.bash && d.peek() == '-' {
			d.i++
			d.count()
		} else {
			s.Prec, s.starPrec = d.count()
		}
	}
	for d.peek() != 0 && strings.IndexByte("hjlLtz", d.peek()) >= 0 {
		d.i++
	}
	d.plain = d.i == 1
	s.Verb = d.peek()
	if d.bash && s.Verb == '(' {
		s.Verb = 'T'
		d.layout(&s)
	}
	return s
}

func (d *scan) flags(s *Spec) {
	for {
		switch d.peek() {
		case '-':
			s.Minus = true
		case '+':
			s.Plus = true
		case ' ':
			s.Space = true
		case '#':
			s.Alt = true
		case '0':
			s.Zero = true
		case '\'':
			d.group = true
		case 'I':
			if d.bash {
				return
			}
		default:
			return
		}
		d.i++
	}
}

// count reads "*" or digits.
func (d *scan) count() (n int, star bool) {
	if d.peek() == '*' {
		d.i++
		return 0, true
	}
	return d.digits(), false
}

func (d *scan) digits() (n int) {
	for c := d.peek(); c >= '0' && c <= '9'; c = d.peek() {
		n = min(n*10+int(c-'0'), math.MaxInt32)
		d.i++
	}
	return n
}

// layout reads "(layout)T" up to before the T.
func (d *scan) layout(s *spec) {
	depth := 0
	for i := d.i; i < len(d.s); i++ {
		switch d.s[i] {
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth == 0 {
			if i+1 < len(d.s) && d.s[i+1] == 'T' {
				s.layout = d.s[d.i+1 : i]
				d.i, d.layoutOK = i+1, true
			}
			return
		}
	}
}

// valid reports whether the flags fit the verb, in coreutils' strict way or
// bash's lax one.
func (d *scan) valid(s spec) bool {
	if d.bash {
		return strings.IndexByte("diouxXeEfFgGaAscbqQnT", s.Verb) >= 0
	}
	allowed := "aAcdeEfFgGiosuxX"
	drop := func(when bool, verbs string) {
		if when {
			allowed = strings.Map(func(r rune) rune {
				if strings.ContainsRune(verbs, r) {
					return -1
				}
				return r
			}, allowed)
		}
	}
	drop(d.group, "aAceEosxX")
	drop(s.Alt, "cdisu")
	drop(s.Zero, "cs")
	drop(d.dot, "c")
	if d.plain {
		allowed += "bq"
	}
	return strings.IndexByte(allowed, s.Verb) >= 0
}

// noVerb is the diagnostic of a format that ends within a conversion.
func (d Dialect) noVerb(s string) string {
	if d == Bash {
		return "`" + s + "': missing format character"
	}
	return s + ": invalid conversion specification"
}

// badVerb is the diagnostic of a conversion s that there is none of.
func (d Dialect) badVerb(s string) string {
	if d == Bash {
		return "`" + s[len(s)-1:] + "': invalid format character"
	}
	return s + ": invalid conversion specification"
}

// ParseSpec reads the conversion that s, behind its "%", begins with: flags,
// width, precision, the modifier L and a verb. n is how many bytes it takes;
// Verb is 0 where s ends before it.
func ParseSpec(s string) (spec Spec, n int) {
	d := scan{s: s}
	d.flags(&spec)
	spec.Width = d.digits()
	spec.Prec = -1
	if d.peek() == '.' {
		d.i++
		spec.Prec = d.digits()
	}
	if d.peek() == 'L' {
		d.i++
	}
	spec.Verb = d.peek()
	return spec, min(d.i+1, len(s))
}
