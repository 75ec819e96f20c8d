package regex

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

var perlAssertions = map[byte]int{
	'b': wordEdge, 'B': notWordEdge, 'A': beginText, 'z': endText, 'Z': endTextNewline,
}

func (p *parser) perlEscape() (*node, error) {
	if p.pos++; p.pos == len(p.src) {
		return nil, perlEscapeEnd
	}
	c := p.peek()
	if s, ok := p.perlClass(c); ok {
		p.pos++
		return one(s), nil
	}
	if kind, ok := perlAssertions[c]; ok {
		p.pos++
		return assertion(p.inLines(kind)), nil
	}
	switch c {
	case 'K':
		p.pos++
		return &node{op: nKeep}, nil
	case 'G':
		p.pos++
		return assertion(p.inLines(beginText)), nil
	case 'R':
		p.pos++
		return anyNewline(), nil
	case 'X':
		p.pos++
		return p.grapheme(), nil
	case 'p', 'P':
		s, err := p.property()
		return one(s), err
	case 'g', 'k':
		return p.namedReference()
	}
	if c >= '1' && c <= '9' {
		if n, ok := p.backReference(); ok {
			return n, nil
		}
	}
	r, err := p.perlChar()
	return p.char(r), err
}

// anyNewline is \R.
func anyNewline() *node {
	crlf := concat([]*node{one(single('\r')), one(single('\n'))})
	return &node{op: nAtomic, sub: []*node{alternate([]*node{crlf, one(set{'\n', '\r', 0x85, 0x85, 0x2028, 0x2029})})}}
}

// grapheme is \X, to the extent that marks follow what they mark.
func (p *parser) grapheme() *node {
	marks := tableSet(unicode.M)
	return concat([]*node{one(p.dot()), repeat(one(marks), 0, -1, false)})
}

// backReference reads \N; it is octal if there are fewer groups than that and
// more than one digit.
func (p *parser) backReference() (*node, bool) {
	start := p.pos
	n, _ := p.number()
	if n > 9 && n > strings.Count(p.src, "(") {
		p.pos = start
		return nil, false
	}
	return p.refer(n), true
}

func (p *parser) refer(n int) *node {
	ref := &node{op: nRef, n: p.first + n, fold: p.flags&IgnoreCase != 0}
	p.refs = append(p.refs, ref)
	return ref
}

// namedReference reads \gN, \g{N}, \g{-N}, \g{name}, \k<name> and its kin.
func (p *parser) namedReference() (*node, error) {
	p.pos++
	open := p.peek()
	closing, ok := map[byte]string{'{': "}", '<': ">", '\'': "'"}[open]
	if !ok {
		if n, ok := p.number(); ok {
			return p.refer(n), nil
		}
		return nil, perlBackref
	}
	p.pos++
	end := strings.Index(p.src[p.pos:], closing)
	if end < 0 {
		return nil, perlNameEnd
	}
	name := p.src[p.pos : p.pos+end]
	p.pos += end + 1
	return p.byName(name)
}

func (p *parser) byName(name string) (*node, error) {
	num := parser{src: strings.TrimPrefix(name, "-")}
	if n, ok := num.number(); ok && num.pos == len(num.src) {
		if name[0] == '-' {
			n = p.groups - p.first + 1 - n
		}
		if n < 1 {
			return nil, perlBackref
		}
		return p.refer(n), nil
	}
	at := slices.Index(p.names, name)
	if at < 0 || name == "" {
		return nil, perlBackref
	}
	return p.refer(at + 1 - p.first), nil
}

var perlSimple = map[byte]rune{'a': 7, 'e': 27, 'f': 12, 'n': 10, 'r': 13, 't': 9}

// perlChar reads an escape that stands for a character, behind its backslash.
func (p *parser) perlChar() (rune, error) {
	c := p.peek()
	if r, ok := perlSimple[c]; ok {
		p.pos++
		return r, nil
	}
	switch {
	case c == 'x':
		p.pos++
		return p.hexChar()
	case c == 'o' && p.at("o{"):
		p.pos += 2
		return p.braced(8)
	case c >= '0' && c <= '7':
		return rune(p.value(8, 3)), nil
	case c == 'c' && p.pos+1 < len(p.src):
		p.pos += 2
		return rune(p.src[p.pos-1]&^0x20 ^ 0x40), nil
	case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
		return 0, perlEscape
	}
	return p.next(), nil
}

func (p *parser) value(base, most int) int {
	v := 0
	for i := 0; i < most && p.pos < len(p.src) && hexDigit(p.src[p.pos]) < base; i++ {
		v = v*base + hexDigit(p.src[p.pos])
		p.pos++
	}
	return v
}

// hexChar reads what follows \x: HH or {H…}.
func (p *parser) hexChar() (rune, error) {
	if p.take("{") {
		return p.braced(16)
	}
	r := rune(p.value(16, 2))
	if !p.wide() && r >= utf8.RuneSelf {
		r += rawByte
	}
	return r, nil
}

func (p *parser) braced(base int) (rune, error) {
	v := 0
	for p.pos < len(p.src) && hexDigit(p.src[p.pos]) < base {
		if v = v*base + hexDigit(p.src[p.pos]); v > unicode.MaxRune {
			return 0, perlCodepoint
		}
		p.pos++
	}
	if !p.take("}") {
		return 0, perlHexDigits
	}
	return rune(v), nil
}

// property reads \pL, \p{Name}, \p{^Name} and \P.
func (p *parser) property() (set, error) {
	negate := p.peek() == 'P'
	p.pos++
	var name string
	switch {
	case p.pos == len(p.src):
		return nil, perlMalformedP
	case p.take("{"):
		end := strings.IndexByte(p.src[p.pos:], '}')
		if end < 0 {
			return nil, perlMalformedP
		}
		name = p.src[p.pos : p.pos+end]
		p.pos += end + 1
	default:
		name = string(p.next())
	}
	if rest, ok := strings.CutPrefix(name, "^"); ok {
		name, negate = rest, !negate
	}
	s, ok := p.propertySet(name)
	if !ok {
		return nil, perlProperty
	}
	return p.finish(s, negate), nil
}

// longNames are the names of categories that are spelled out.
var longNames = map[string]string{
	"Letter": "L", "Lowercase_Letter": "Ll", "Uppercase_Letter": "Lu", "Number": "N", "Punctuation": "P",
	"Symbol": "S", "Separator": "Z", "Mark": "M", "Other": "C", "Lowercase": "Ll", "Uppercase": "Lu", "Alphabetic": "L",
	"Decimal_Number": "Nd", "Control": "Cc", "White_Space": "Xps",
}

func (p *parser) propertySet(name string) (set, bool) {
	if short, ok := longNames[name]; ok {
		name = short
	}
	switch name {
	case "Any":
		return set{0, unicode.MaxRune}, true
	case "L&":
		return append(append(tableSet(unicode.Lu), tableSet(unicode.Ll)...), tableSet(unicode.Lt)...).normal(), true
	case "Xan":
		return append(tableSet(unicode.L), tableSet(unicode.N)...).normal(), true
	case "Xwd":
		return wordSet(true), true
	case "Xsp", "Xps":
		return tableSet(unicode.White_Space), true
	}
	if table, ok := unicode.Categories[name]; ok {
		return tableSet(table), true
	}
	if table, ok := unicode.Scripts[name]; ok {
		return tableSet(table), true
	}
	return nil, false
}
