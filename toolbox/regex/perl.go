package regex

import (
	"strings"
	"unicode"
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
