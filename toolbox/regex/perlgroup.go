package regex

import (
	"slices"
	"strings"
)

// perlGroup reads everything that starts with "(". It returns nil for what
// matches by itself nothing: comments and settings.
func (p *parser) perlGroup() (*node, error) {
	p.pos++
	switch {
	case p.at("*"):
		return nil, perlBadVerb
	case !p.at("?"):
		return p.capture("")
	}
	p.pos++
	return p.specialGroup()
}

func (p *parser) specialGroup() (*node, error) {
	switch {
	case p.take(":"):
		return p.closing(nEmpty, false, false)
	case p.take(">"):
		return p.closing(nAtomic, false, false)
	case p.take("="):
		return p.closing(nLook, false, false)
	case p.take("!"):
		return p.closing(nLook, false, true)
	case p.take("<="):
		return p.closing(nLook, true, false)
	case p.take("<!"):
		return p.closing(nLook, true, true)
	case p.take("#"):
		end := strings.IndexByte(p.src[p.pos:], ')')
		if end < 0 {
			return nil, perlComment
		}
		p.pos += end + 1
		return nil, nil
	case p.take("P="):
		return p.nameRef()
	case p.take("P<") || p.take("<"):
		return p.named(">")
	case p.take("'"):
		return p.named("'")
	case p.at("R") || p.at("(") || p.at("&") || p.at("P>") || p.at("C") || p.at("|") || p.at("+") || hexDigit(p.peek()) < 10:
		return nil, perlUnsupport
	}
	return p.settings()
}

// closing reads the rest of a group that is not remembered.
func (p *parser) closing(op nodeOp, behind, negate bool) (*node, error) {
	sub, err := p.perlAlternation()
	if err != nil {
		return nil, err
	}
	if !p.take(")") {
		return nil, perlParen
	}
	if op == nEmpty {
		return sub, nil
	}
	if behind && !fixedBranches(sub) {
		return nil, perlBehind
	}
	return &node{op: op, sub: []*node{sub}, behind: behind, negate: negate}, nil
}

// fixedBranches reports whether every branch of a lookbehind has one width.
func fixedBranches(n *node) bool {
	if n.op == nAlt {
		return !slices.ContainsFunc(n.sub, func(n *node) bool { return !fixedBranches(n) })
	}
	_, ok := n.width()
	return ok
}

// capture reads the rest of a group that is remembered.
func (p *parser) capture(name string) (*node, error) {
	p.groups++
	n := p.groups
	if name != "" {
		for len(p.names) < n-1 {
			p.names = append(p.names, "")
		}
		p.names = append(p.names, name)
	}
	sub, err := p.perlAlternation()
	if err != nil {
		return nil, err
	}
	if !p.take(")") {
		return nil, perlParen
	}
	return &node{op: nGroup, n: n, sub: []*node{sub}}, nil
}

// name reads a group's name up to closing.
func (p *parser) name(closing string) (string, error) {
	start := p.pos
	for p.pos < len(p.src) && isWord(rune(p.src[p.pos]), false) {
		p.pos++
	}
	name := p.src[start:p.pos]
	switch {
	case name == "":
		return "", perlName
	case name[0] >= '0' && name[0] <= '9':
		return "", perlNameStart
	case !p.take(closing):
		return "", perlNameEnd
	}
	return name, nil
}

func (p *parser) named(closing string) (*node, error) {
	name, err := p.name(closing)
	if err != nil {
		return nil, err
	}
	if slices.Contains(p.names, name) {
		return nil, perlDupName
	}
	return p.capture(name)
}

func (p *parser) nameRef() (*node, error) {
	name, err := p.name(")")
	if err != nil {
		return nil, err
	}
	return p.byName(name)
}

var perlFlags = map[byte]Flags{'i': IgnoreCase, 'm': Multiline, 's': DotAll, 'x': Extended, 'u': Unicode, 'J': 0, 'n': 0, 'U': 0}

// settings reads (?i-s) or (?i-s:…). Those without a colon hold to the end of
// the group around them.
func (p *parser) settings() (*node, error) {
	flags, off := p.flags, false
	if p.take("^") {
		flags &^= IgnoreCase | Multiline | DotAll | Extended
	}
	for ; p.pos < len(p.src); p.pos++ {
		switch c := p.src[p.pos]; c {
		case ')':
			p.pos++
			p.flags = flags
			return nil, nil
		case ':':
			p.pos++
			return p.scoped(flags)
		case '-':
			off = true
		default:
			bit, ok := perlFlags[c]
			switch {
			case !ok:
				return nil, perlGroup
			case off:
				flags &^= bit
			default:
				flags |= bit
			}
		}
	}
	return nil, perlParen
}

func (p *parser) scoped(flags Flags) (*node, error) {
	saved := p.flags
	p.flags = flags
	n, err := p.closing(nEmpty, false, false)
	p.flags = saved
	return n, err
}

// perlBracket reads a bracket expression with escapes.
func (p *parser) perlBracket() (*node, error) {
	p.pos++
	negate := p.take("^")
	var s set
	for first := true; first || p.peek() != ']'; first = false {
		if p.pos == len(p.src) {
			return nil, perlBracket
		}
		var err error
		if s, err = p.perlItem(s); err != nil {
			return nil, err
		}
		if p.pos == len(p.src) {
			return nil, perlBracket
		}
	}
	p.pos++
	return one(p.finish(s.normal(), negate)), nil
}

// perlItem reads a class, a character or a range.
func (p *parser) perlItem(s set) (set, error) {
	lo, class, err := p.perlMember()
	if err != nil || class != nil {
		return append(s, class...), err
	}
	if lo < 0 {
		return s, nil
	}
	if !p.at("-") || p.pos+1 >= len(p.src) || p.src[p.pos+1] == ']' {
		return s.add(lo, lo), nil
	}
	start := p.pos
	p.pos++
	hi, class, err := p.perlMember()
	switch {
	case err != nil:
		return nil, err
	case class != nil || hi < 0:
		p.pos = start + 1
		return s.add(lo, lo).add('-', '-'), nil
	case hi < lo:
		return nil, perlRange
	}
	return s.add(lo, hi), nil
}

// perlMember reads one character of a bracket expression (negative: none) or
// one class.
func (p *parser) perlMember() (rune, set, error) {
	if p.at("[:") && strings.Contains(p.src[p.pos+2:], ":]") {
		s, err := p.posixMember()
		return 0, s, err
	}
	if p.peek() != '\\' {
		return p.next(), nil, nil
	}
	if p.pos++; p.pos == len(p.src) {
		return 0, nil, perlEscapeEnd
	}
	switch c := p.peek(); c {
	case 'b':
		p.pos++
		return '\b', nil, nil
	case 'Q', 'E':
		p.pos++
		return -1, nil, nil
	case 'p', 'P':
		s, err := p.property()
		return 0, s, err
	case 'N':
	default:
		if s, ok := p.perlClass(c); ok {
			p.pos++
			return 0, s, nil
		}
	}
	r, err := p.perlChar()
	return r, nil, err
}

func (p *parser) posixMember() (set, error) {
	name, err := p.bracketName(':')
	if err != nil {
		return nil, perlBracket
	}
	name, negate := strings.CutPrefix(name, "^")
	if name == "word" {
		return p.negated(wordSet(p.flags&Unicode != 0), negate), nil
	}
	s, ok := class(name, p.wide() && p.flags&Unicode != 0)
	if !ok {
		return nil, perlClass
	}
	return p.negated(s, negate), nil
}

func (p *parser) negated(s set, negate bool) set {
	if negate {
		return p.complement(s)
	}
	return s
}
