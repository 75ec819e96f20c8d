package getdate

import (
	"math"
	"strings"
)

// kind is what a token is.
type kind int

const (
	end      kind = iota
	number        // 12
	signed        // +12, - 12
	decimal       // 1.5, signed or not
	month         // value 1..12
	weekday       // value 0..6
	unit          // of time; value many of scale
	shift         // today, yesterday: value days
	ordinal       // last, this, next, third: value
	ago           // value -1, or 1 for hence
	meridian      // value 0 for am, 12 for pm
	zoneName      // value minutes east
	letterT       // between date and time, or a zone
	summer        // DST
	other         // a character: value
	bad
)

// token is one piece of a date.
type token struct {
	kind   kind
	value  int64
	digits int   // of a number
	nanos  int64 // of a decimal, 0 or more: it adds to value
	minus  bool  // of a signed or decimal
	local  bool  // of a zone: one of the time zone in force
	signed bool  // of a decimal
	scale  scale // of a unit
}

// scale is what a unit counts.
type scale int

const (
	years scale = iota
	months
	days
	hours
	minutes
	seconds
)

// lexer cuts a string into tokens.
type lexer struct {
	s     string
	zones []localZone
}

// localZone is a name of the time zone that is in force.
type localZone struct {
	name    string
	minutes int64
}

// tokens cuts all of s.
func (l *lexer) tokens() []token {
	var out []token
	for {
		t := l.next()
		if t.kind == end || t.kind == bad {
			return append(out, t)
		}
		out = append(out, t)
	}
}

func (l *lexer) next() token {
	for {
		l.s = strings.TrimLeft(l.s, " \t\n\v\f\r")
		if l.s == "" {
			return token{kind: end}
		}
		switch c := l.s[0]; {
		case isDigit(c):
			return l.number(0)
		case c == '-' || c == '+':
			if t, ok := l.sign(); ok {
				return t
			}
		case isAlpha(c):
			return l.word()
		case c == '(':
			l.comment()
		default:
			l.s = l.s[1:]
			return token{kind: other, value: int64(c)}
		}
	}
}

// sign reads a signed number; a sign with none behind it says nothing.
func (l *lexer) sign() (token, bool) {
	c := l.s[0]
	l.s = strings.TrimLeft(l.s[1:], " \t\n\v\f\r")
	if l.s == "" || !isDigit(l.s[0]) {
		return token{}, false
	}
	return l.number(c), true
}

// comment skips what stands in parentheses, to the end if they do not close.
func (l *lexer) comment() {
	depth := 0
	for i := range len(l.s) {
		switch l.s[i] {
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth == 0 {
			l.s = l.s[i+1:]
			return
		}
	}
	l.s = ""
}

func (l *lexer) number(sign byte) token {
	t := token{kind: number, minus: sign == '-', signed: sign != 0}
	if sign != 0 {
		t.kind = signed
	}
	for ; l.s != "" && isDigit(l.s[0]); l.s = l.s[1:] {
		if t.value > (math.MaxInt64-9)/10 {
			return token{kind: bad}
		}
		t.value = t.value*10 + int64(l.s[0]-'0')
		t.digits++
	}
	if t.minus {
		t.value = -t.value
	}
	if len(l.s) > 1 && (l.s[0] == '.' || l.s[0] == ',') && isDigit(l.s[1]) {
		l.fraction(&t)
	}
	return t
}

// fraction reads the digits behind the point: nanoseconds, cut (towards the
// past, whatever the sign).
func (l *lexer) fraction(t *token) {
	t.kind = decimal
	l.s = l.s[1:]
	unit, lost := int64(1e8), false
	for ; l.s != "" && isDigit(l.s[0]); l.s = l.s[1:] {
		d := int64(l.s[0] - '0')
		lost = lost || unit == 0 && d != 0
		t.nanos += d * unit
		unit /= 10
	}
	if !t.minus {
		return
	}
	if lost {
		t.nanos++
	}
	if t.nanos > 0 {
		t.value--
		t.nanos = 1e9 - t.nanos
	}
}

func (l *lexer) word() token {
	n := 0
	for n < len(l.s) && (isAlpha(l.s[n]) || l.s[n] == '.') {
		n++
	}
	word := strings.ToUpper(l.s[:n])
	l.s = l.s[n:]
	if t, ok := l.lookup(word); ok {
		return t
	}
	return token{kind: bad}
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
func isAlpha(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
