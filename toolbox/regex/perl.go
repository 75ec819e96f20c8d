package regex

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// parsePerl parses the whole pattern as PCRE does.
func (p *parser) parsePerl() (*node, error) {
	p.startOptions()
	n, err := p.perlAlternation()
	if err != nil {
		return nil, err
	}
	if p.pos < len(p.src) {
		return nil, perlRParen
	}
	for _, ref := range p.refs {
		if ref.n > p.groups || ref.n < 1 {
			return nil, perlBackref
		}
	}
	return n, nil
}

// startOptions skips the settings that PCRE allows at the start.
func (p *parser) startOptions() {
	for p.at("(*") {
		end := strings.IndexByte(p.src[p.pos:], ')')
		if end < 0 {
			return
		}
		switch p.src[p.pos+2 : p.pos+end] {
		case "UTF", "UTF8", "CR", "LF", "CRLF", "ANY", "ANYCRLF", "NO_JIT", "NO_START_OPT":
		case "UCP":
			p.flags |= Unicode
		default:
			return
		}
		p.pos += end + 1
	}
}

func (p *parser) perlAlternation() (*node, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, perlTooLarge
	}
	flags := p.flags
	defer func() { p.depth--; p.flags = flags }()
	var branches []*node
	for {
		branch, err := p.perlBranch()
		if err != nil {
			return nil, err
		}
		branches = append(branches, branch)
		if !p.take("|") {
			return alternate(branches), nil
		}
	}
}

func (p *parser) perlBranch() (*node, error) {
	var parts []*node
	for {
		p.skipBlank()
		c := p.peek()
		if p.pos == len(p.src) || c == '|' || c == ')' {
			return concat(parts), nil
		}
		if p.take("\\Q") {
			parts = append(parts, p.quoted()...)
			continue
		}
		if p.take("\\E") {
			continue
		}
		n, err := p.perlPiece()
		if err != nil {
			return nil, err
		}
		if n != nil {
			parts = append(parts, n)
		}
	}
}

// quoted reads up to \E; a repetition behind it belongs to the last character.
func (p *parser) quoted() []*node {
	var out []*node
	for p.pos < len(p.src) && !p.at("\\E") {
		out = append(out, p.char(p.next()))
	}
	if p.take("\\E") && len(out) > 0 {
		last := len(out) - 1
		if n, err := p.perlRepeats(out[last]); err == nil {
			out[last] = n
		}
	}
	return out
}

// skipBlank skips white space and comments under the flag x.
func (p *parser) skipBlank() {
	for p.flags&Extended != 0 && p.pos < len(p.src) {
		switch p.peek() {
		case ' ', '\t', '\n', '\r', '\f', '\v':
			p.pos++
		case '#':
			end := strings.IndexByte(p.src[p.pos:], '\n')
			if end < 0 {
				end = len(p.src) - p.pos - 1
			}
			p.pos += end + 1
		default:
			return
		}
	}
}

func (p *parser) perlPiece() (*node, error) {
	n, err := p.perlAtom()
	if err != nil || n == nil {
		return n, err
	}
	return p.perlRepeats(n)
}

// perlRepeats applies a quantifier, which may be lazy or possessive.
func (p *parser) perlRepeats(n *node) (*node, error) {
	p.skipBlank()
	min, max, ok, err := p.perlQuantifier()
	if err != nil || !ok {
		return n, err
	}
	lazy := p.take("?")
	n = repeat(n, min, max, lazy)
	if !lazy && p.take("+") {
		n = &node{op: nAtomic, sub: []*node{n}}
	}
	if _, _, again, _ := p.perlQuantifier(); again {
		return nil, perlRepeat
	}
	return n, nil
}

func (p *parser) perlQuantifier() (min, max int, ok bool, err error) {
	switch {
	case p.take("*"):
		return 0, -1, true, nil
	case p.take("+"):
		return 1, -1, true, nil
	case p.take("?"):
		return 0, 1, true, nil
	case p.at("{"):
		return p.perlInterval()
	}
	return 0, 0, false, nil
}

// perlInterval reads {N}, {N,} or {N,M}; anything else stands for itself.
func (p *parser) perlInterval() (min, max int, ok bool, err error) {
	start := p.pos
	p.pos++
	min, ok = p.number()
	max = min
	if ok && p.take(",") {
		var limited bool
		if max, limited = p.number(); !limited {
			max = -1
		}
	}
	switch {
	case !ok || !p.take("}"):
		p.pos = start
		return 0, 0, false, nil
	case min > 65535 || max > 65535:
		return 0, 0, false, perlBig
	case max >= 0 && max < min:
		return 0, 0, false, perlOrder
	}
	return min, max, true, nil
}

func (p *parser) perlAtom() (*node, error) {
	switch c := p.peek(); c {
	case '(':
		return p.perlGroup()
	case '[':
		return p.perlBracket()
	case '\\':
		return p.perlEscape()
	case '.':
		p.pos++
		return one(p.perlDot()), nil
	case '^':
		p.pos++
		return assertion(p.lineStart()), nil
	case '$':
		p.pos++
		if p.flags&Multiline != 0 {
			return assertion(endLine), nil
		}
		return assertion(p.inLines(endTextNewline)), nil
	case '*', '+', '?':
		return nil, perlRepeat
	}
	return p.char(p.next()), nil
}

func (p *parser) perlDot() set {
	s := p.dot()
	if p.flags&DotAll == 0 {
		return s.without('\n')
	}
	return s
}

// perlClass is the class of \d, \w, \s, \h, \v or \N and their negations.
func (p *parser) perlClass(c byte) (set, bool) {
	wide := p.wide() && p.flags&Unicode != 0
	var s set
	switch c | 0x20 {
	case 'd':
		s = set{'0', '9'}
		if wide {
			s = tableSet(unicode.Nd)
		}
	case 'w':
		s = wordSet(wide)
	case 's':
		s, _ = class("space", wide)
	case 'h':
		s, _ = class("blank", p.wide())
	case 'v':
		s = set{'\n', '\r', 0x85, 0x85, 0x2028, 0x2029}
	case 'n':
		return p.complement(single('\n')), c == 'N'
	default:
		return nil, false
	}
	if c < 'a' {
		s = p.complement(s)
	}
	return p.cut(s), true
}

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
