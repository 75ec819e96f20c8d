package regex

import (
	"strings"
	"unicode/utf8"
)

// bracket reads a bracket expression.
func (p *parser) bracket() (*node, error) {
	p.pos++
	negate := p.take("^")
	if p.pos == len(p.src) {
		return nil, errBadPat
	}
	var s set
	for first := true; first || p.peek() != ']'; first = false {
		if p.pos == len(p.src) {
			return nil, errBracket
		}
		var err error
		if s, err = p.bracketItem(s, first); err != nil {
			return nil, err
		}
		if p.pos == len(p.src) {
			return nil, errBracket
		}
	}
	p.pos++
	return one(p.finish(s.normal(), negate)), nil
}

// finish applies case, negation and the rule about newlines.
func (p *parser) finish(s set, negate bool) set {
	if p.flags&IgnoreCase != 0 {
		s = s.fold(!p.wide())
	}
	if negate {
		s = p.complement(s)
	}
	return p.cut(s)
}

// bracketItem reads a class, a character or a range.
func (p *parser) bracketItem(s set, first bool) (set, error) {
	if p.at("[:") {
		name, err := p.bracketName(':')
		if err != nil {
			return nil, err
		}
		named, err := p.namedClass(name)
		return append(s, named...), err
	}
	equiv := p.at("[=")
	lo, err := p.bracketChar()
	if err != nil {
		return nil, err
	}
	if equiv || !p.at("-") || p.pos+1 >= len(p.src) || p.src[p.pos+1] == ']' {
		return s.add(lo, lo), nil
	}
	p.pos++
	if p.at("[:") || p.at("[=") {
		return nil, errRange
	}
	hi, err := p.bracketChar()
	if err == nil && hi < lo {
		err = errRange
	}
	return s.add(lo, hi), err
}

func (p *parser) namedClass(name string) (set, error) {
	if p.flags&IgnoreCase != 0 && (name == "upper" || name == "lower") {
		name = "alpha"
	}
	s, ok := class(name, p.wide())
	if !ok {
		return nil, errClass
	}
	return s, nil
}

// bracketChar reads one end of a range.
func (p *parser) bracketChar() (rune, error) {
	switch {
	case p.at("[.") || p.at("[="):
		name, err := p.bracketName(p.src[p.pos+1])
		if err != nil {
			return 0, err
		}
		r, n := (&parser{src: name + "\x00", flags: p.flags}).decode(0)
		if name == "" || n != len(name) {
			return 0, errCollate
		}
		return r, nil
	case p.d.escapes && p.peek() == '\\' && p.pos+1 < len(p.src):
		p.pos++
		if r, ok := p.awkChar(); ok {
			return r, nil
		}
	}
	return p.next(), nil
}

// bracketName reads the name in [:name:], [.name.] or [=name=].
func (p *parser) bracketName(kind byte) (string, error) {
	rest := p.src[p.pos+2:]
	end := strings.Index(rest, string(kind)+"]")
	if end < 0 {
		return "", errBracket
	}
	p.pos += 2 + end + 2
	return rest[:end], nil
}

// awkEscape reads what awk knows behind a backslash besides GNU's operators;
// nil if it is none of that.
func (p *parser) awkEscape() *node {
	switch p.peek() {
	case 'y':
		p.pos++
		return assertion(wordEdge)
	case 'b':
		p.pos++
		return p.char('\b')
	}
	if r, ok := p.awkChar(); ok {
		return p.char(r)
	}
	return nil
}

var awkSimple = map[byte]rune{'a': 7, 'b': 8, 'f': 12, 'n': 10, 'r': 13, 't': 9, 'v': 11}

// awkChar reads an escape that stands for a character, behind its backslash.
func (p *parser) awkChar() (rune, bool) {
	c := p.peek()
	if r, ok := awkSimple[c]; ok {
		p.pos++
		return r, true
	}
	switch {
	case c >= '0' && c <= '7':
		return p.byteValue(8, 3), true
	case c == 'x' && p.pos+1 < len(p.src) && hexDigit(p.src[p.pos+1]) < 16:
		p.pos++
		return p.byteValue(16, 2), true
	}
	return 0, false
}

// byteValue reads up to most digits as a byte.
func (p *parser) byteValue(base, most int) rune {
	v := 0
	for i := 0; i < most && p.pos < len(p.src) && hexDigit(p.src[p.pos]) < base; i++ {
		v = v*base + hexDigit(p.src[p.pos])
		p.pos++
	}
	if v &= 0xff; v >= utf8.RuneSelf {
		return rawByte + rune(v)
	}
	return rune(v)
}

// hexDigit is the value of a digit, 99 if it is none.
func hexDigit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return 99
}
