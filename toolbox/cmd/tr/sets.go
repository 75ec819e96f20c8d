package tr

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"agentsandbox/toolbox/tool"
)

// set is a set of bytes.
type set [256]bool

func (s *set) complement() *set {
	var c set
	for i, in := range s {
		c[i] = !in
	}
	return &c
}

// element is a part of a SET.
type element struct {
	kind  elementKind
	lo    byte // of a range; the byte of others
	hi    byte // of a range
	count int  // of a repeat; 0 for as many as are needed
	class string
}

type elementKind byte

const (
	byteRange elementKind = iota
	repeat
	class
	equivalent
)

// char is one byte of a SET as written; one that was escaped has no other
// meaning than itself.
type char struct {
	c       byte
	escaped bool
}

// parser reads a SET.
type parser struct {
	chars []char
	list  []element
}

// parseSet reads a SET; warn is given what is doubtful in it.
func parseSet(s string, warn func(string)) ([]element, error) {
	p := parser{chars: unescape(s, warn)}
	for i := 0; i < len(p.chars); {
		n, err := p.element(i)
		if err != nil {
			return nil, err
		}
		i += n
	}
	return p.list, nil
}

func (p *parser) is(i int, c byte) bool {
	return i < len(p.chars) && p.chars[i].c == c && !p.chars[i].escaped
}

// element reads the element at i and returns how many chars it takes.
func (p *parser) element(i int) (int, error) {
	if i+2 < len(p.chars) {
		if p.is(i, '[') {
			if n, err := p.bracket(i); n > 0 || err != nil {
				return n, err
			}
		}
		if p.is(i+1, '-') {
			lo, hi := p.chars[i].c, p.chars[i+2].c
			if lo > hi {
				return 0, fmt.Errorf("range-endpoints of '%s-%s' are in reverse collating sequence order", show(lo), show(hi))
			}
			p.list = append(p.list, element{kind: byteRange, lo: lo, hi: hi})
			return 3, nil
		}
	}
	c := p.chars[i].c
	p.list = append(p.list, element{kind: byteRange, lo: c, hi: c})
	return 1, nil
}

// bracket reads [:class:], [=c=] or [c*n] at i; 0 if it is none of them.
func (p *parser) bracket(i int) (int, error) {
	if p.is(i+1, ':') || p.is(i+1, '=') {
		delim := p.chars[i+1].c
		for j := i + 2; j+1 < len(p.chars); j++ {
			if p.is(j, delim) && p.is(j+1, ']') {
				ok, err := p.named(delim, p.text(i+2, j))
				if err != nil && p.starred(i+2) {
					break
				}
				if ok || err != nil {
					return j + 2 - i, err
				}
			}
		}
	}
	return p.repeat(i)
}

func (p *parser) text(from, to int) string {
	b := make([]byte, 0, to-from)
	for _, c := range p.chars[from:to] {
		b = append(b, c.c)
	}
	return string(b)
}

// starred reports whether "*", digits and "]" stand at i, so that [:*3] is a
// repeated colon.
func (p *parser) starred(i int) bool {
	if !p.is(i, '*') {
		return false
	}
	for i++; i < len(p.chars) && p.chars[i].c >= '0' && p.chars[i].c <= '9'; i++ {
	}
	return p.is(i, ']')
}

func (p *parser) named(delim byte, name string) (bool, error) {
	switch {
	case name == "" && delim == ':':
		return false, errors.New("missing character class name '[::]'")
	case name == "":
		return false, errors.New("missing equivalence class character '[==]'")
	case delim == ':' && members(name) == nil:
		return false, fmt.Errorf("invalid character class %s", tool.QuoteText(name))
	case delim == ':':
		p.list = append(p.list, element{kind: class, class: name})
	case len(name) > 1:
		return false, fmt.Errorf("%s: equivalence class operand must be a single character", name)
	default:
		p.list = append(p.list, element{kind: equivalent, lo: name[0]})
	}
	return true, nil
}

func (p *parser) repeat(i int) (int, error) {
	if !p.is(i+2, '*') {
		return 0, nil
	}
	for j := i + 3; j < len(p.chars) && !p.chars[j].escaped; j++ {
		if !p.is(j, ']') {
			continue
		}
		digits := p.text(i+3, j)
		n, err := count(digits)
		if err != nil {
			return 0, fmt.Errorf("invalid repeat count %s in [c*n] construct", tool.QuoteText(digits))
		}
		p.list = append(p.list, element{kind: repeat, lo: p.chars[i+1].c, count: n})
		return j + 1 - i, nil
	}
	return 0, nil
}

// count reads a repeat count, octal if it begins with 0.
func count(digits string) (int, error) {
	if digits == "" {
		return 0, nil
	}
	base := 10
	if digits[0] == '0' {
		base = 8
	}
	n, err := strconv.ParseUint(digits, base, 62)
	return int(n), err
}

// show shows a byte in a message.
func show(c byte) string {
	if c < ' ' || c > '~' {
		return fmt.Sprintf(`\%03o`, c)
	}
	return string(rune(c))
}

func unescape(s string, warn func(string)) []char {
	chars := make([]char, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			chars = append(chars, char{c: s[i]})
			continue
		}
		i++
		if i == len(s) {
			warn("warning: an unescaped backslash at end of string is not portable")
			// It is not an escape, yet has no other meaning either.
			return append(chars, char{'\\', false})
		}
		if at := strings.IndexByte("abfnrtv", s[i]); at >= 0 {
			chars = append(chars, char{"\a\b\f\n\r\t\v"[at], true})
			continue
		}
		if s[i] < '0' || s[i] > '7' {
			chars = append(chars, char{s[i], true})
			continue
		}
		v, n := octal(s[i:])
		if v > 0xff {
			warn(fmt.Sprintf("warning: the ambiguous octal escape \\%s is being\n\tinterpreted as the 2-byte sequence \\0%s, %s",
				s[i:i+3], s[i:i+2], s[i+2:i+3]))
			v, n = v>>3, 2
		}
		chars = append(chars, char{byte(v), true})
		i += n - 1
	}
	return chars
}

func octal(s string) (v, n int) {
	for n < len(s) && n < 3 && s[n] >= '0' && s[n] <= '7' {
		v = v*8 + int(s[n]-'0')
		n++
	}
	return v, n
}

// members returns the bytes of a class in order; nil if there is no such class.
func members(name string) []byte {
	in := classes[name]
	if in == nil {
		return nil
	}
	var out []byte
	for c := range 256 {
		if in(byte(c)) {
			out = append(out, byte(c))
		}
	}
	return out
}

func digit(c byte) bool { return c >= '0' && c <= '9' }
func upper(c byte) bool { return c >= 'A' && c <= 'Z' }
func lower(c byte) bool { return c >= 'a' && c <= 'z' }
func alpha(c byte) bool { return upper(c) || lower(c) }
func alnum(c byte) bool { return alpha(c) || digit(c) }
func graph(c byte) bool { return c > ' ' && c < 0x7f }

var classes = map[string]func(byte) bool{
	"alnum":  alnum,
	"alpha":  alpha,
	"blank":  func(c byte) bool { return c == ' ' || c == '\t' },
	"cntrl":  func(c byte) bool { return c < ' ' || c == 0x7f },
	"digit":  digit,
	"graph":  graph,
	"lower":  lower,
	"print":  func(c byte) bool { return graph(c) || c == ' ' },
	"punct":  func(c byte) bool { return graph(c) && !alnum(c) },
	"space":  func(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' },
	"upper":  upper,
	"xdigit": func(c byte) bool { return digit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' },
}
