package regex

import (
	"slices"
	"unicode"
	"unicode/utf8"
)

// Bounds of a pattern.
const (
	maxRepeat = 32767 // RE_DUP_MAX
	maxDepth  = 1000  // of nested groups
)

// dialect says how one POSIX-like syntax differs from the next.
type dialect struct {
	extended     bool // operators are written without a backslash
	indepOps     bool // an operator without operand is skipped
	invalidOps   bool // … is an error
	invalidDup   bool // a repeated repetition is an error
	braceLiteral bool // a bad interval stands for itself
	parenLiteral bool // so does an unmatched ")"
	escapes      bool // awk's escapes, also in brackets
	noInterval   bool
	warn         bool // grep's warnings
	strictNames  bool // [:name:] by itself is an error
}

func dialectOf(s Syntax) dialect {
	switch s {
	case ERE:
		return dialect{extended: true, indepOps: true, invalidOps: true, parenLiteral: true}
	case SedERE:
		return dialect{extended: true, indepOps: true, invalidOps: true, strictNames: true}
	case GrepBRE:
		return dialect{strictNames: true}
	case GrepERE:
		return dialect{extended: true, indepOps: true, braceLiteral: true, parenLiteral: true, warn: true, strictNames: true}
	case Awk:
		return dialect{extended: true, indepOps: true, braceLiteral: true, escapes: true}
	case LooseBRE:
		return dialect{}
	case Emacs:
		return dialect{extended: true, noInterval: true}
	}
	return dialect{invalidDup: true}
}

// parser reads one pattern.
type parser struct {
	src      string
	pos      int
	flags    Flags
	d        dialect
	depth    int
	groups   int   // seen so far, all patterns counted
	first    int   // seen in earlier patterns
	closed   []int // groups of this pattern that are complete
	names    []string
	warnings []string
	emacs    bool

	refs []*node // Perl: checked at the end
}

func (p *parser) parse(s Syntax) (*node, error) {
	if s == Perl {
		return p.parsePerl()
	}
	p.d, p.emacs = dialectOf(s), s == Emacs
	if p.d.strictNames && len(p.src) > 3 && p.src[:2] == "[:" && p.src[len(p.src)-2:] == ":]" {
		return nil, ErrBareName
	}
	n, err := p.alternation(true)
	if err == nil && p.pos < len(p.src) {
		err = errRParen
	}
	return n, err
}

func (p *parser) wide() bool { return p.flags&Bytes == 0 }

// next reads one character; a stray byte is rawByte and itself.
func (p *parser) next() rune {
	r, n := p.decode(p.pos)
	p.pos += n
	return r
}

func (p *parser) decode(at int) (rune, int) {
	if c := p.src[at]; c < utf8.RuneSelf {
		return rune(c), 1
	}
	if p.wide() {
		if r, n := utf8.DecodeRuneInString(p.src[at:]); n > 1 {
			return r, n
		}
	}
	return rawByte + rune(p.src[at]), 1
}

func (p *parser) peek() byte {
	if p.pos < len(p.src) {
		return p.src[p.pos]
	}
	return 0
}

// at reports whether s comes next.
func (p *parser) at(s string) bool {
	return len(p.src)-p.pos >= len(s) && p.src[p.pos:p.pos+len(s)] == s
}

// take skips s if it comes next.
func (p *parser) take(s string) bool {
	if p.at(s) {
		p.pos += len(s)
		return true
	}
	return false
}

// op spells an operator that is written bare in extended syntax and behind a
// backslash in basic syntax.
func (p *parser) op(c byte) string {
	if p.d.extended && !p.emacs {
		return string(c)
	}
	return "\\" + string(c)
}

// alternation reads branches up to the end or an unmatched close.
func (p *parser) alternation(top bool) (*node, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, errTooBig
	}
	defer func() { p.depth-- }()
	var branches []*node
	for {
		branch, err := p.branch(top)
		if err != nil {
			return nil, err
		}
		branches = append(branches, branch)
		if !p.take(p.op('|')) {
			return alternate(branches), nil
		}
	}
}

func (p *parser) branch(top bool) (*node, error) {
	var parts []*node
	start := true
	for p.pos < len(p.src) && !p.at(p.op('|')) {
		if p.at(p.op(')')) {
			if !top {
				break
			}
			if !p.d.parenLiteral {
				return nil, errRParen
			}
		}
		n, err := p.piece(start)
		if err != nil {
			return nil, err
		}
		if n != nil {
			parts = append(parts, n)
		}
		// Behind an anchor that starts a branch, "*" still has no operand.
		start = n != nil && n.op == nAssert
	}
	return concat(parts), nil
}

func (p *parser) atom(start bool) (*node, error) {
	c := p.peek()
	switch {
	case p.at(p.op('(')):
		return p.group()
	case c == '[':
		return p.bracket()
	case c == '.':
		p.pos++
		return one(p.dot()), nil
	case c == '^' && (p.d.extended && !p.emacs || p.caretAnchors()):
		p.pos++
		return assertion(p.lineStart()), nil
	case c == '$' && (p.d.extended && !p.emacs || p.dollarAnchors()):
		p.pos++
		return assertion(p.lineEnd()), nil
	case c == '\\':
		return p.escape()
	}
	return p.char(p.next()), nil
}

// char is a literal character, in either case if that is asked for.
func (p *parser) char(r rune) *node {
	s := single(r)
	if p.flags&IgnoreCase != 0 {
		s = s.fold(!p.wide())
	}
	return one(s)
}

// dot is the set of ".".
func (p *parser) dot() set {
	s := set{0, unicode.MaxRune}
	if !p.wide() {
		s = set{0, utf8.RuneSelf - 1, rawByte + utf8.RuneSelf, maxChar}
	}
	if p.flags&Lines != 0 {
		s = s.without('\n')
	}
	return s
}

func (p *parser) lineStart() int {
	if p.flags&(Multiline|Lines) != 0 {
		return beginLine
	}
	return beginText
}

func (p *parser) lineEnd() int {
	if p.flags&(Multiline|Lines) != 0 {
		return endLine
	}
	return endText
}

// caretAnchors reports whether a basic "^" at pos is an anchor.
func (p *parser) caretAnchors() bool {
	before := p.src[:p.pos]
	return before == "" || hasSuffix(before, "\\(") || hasSuffix(before, "\\|") || hasSuffix(before, "\n")
}

func (p *parser) dollarAnchors() bool {
	after := p.src[p.pos+1:]
	return after == "" || hasPrefix(after, "\\)") || hasPrefix(after, "\\|") || hasPrefix(after, "\n")
}

func hasPrefix(s, prefix string) bool { return len(s) >= len(prefix) && s[:len(prefix)] == prefix }

func hasSuffix(s, suffix string) bool {
	return len(s) >= len(suffix) && s[len(s)-len(suffix):] == suffix
}

func (p *parser) group() (*node, error) {
	p.pos += len(p.op('('))
	p.groups++
	n := p.groups
	sub, err := p.alternation(false)
	if err != nil {
		return nil, err
	}
	if !p.take(p.op(')')) {
		return nil, errParen
	}
	p.closed = append(p.closed, n)
	return &node{op: nGroup, n: n, sub: []*node{sub}}, nil
}

// escape reads a backslash and what follows.
func (p *parser) escape() (*node, error) {
	if p.pos++; p.pos == len(p.src) {
		return nil, errEscape
	}
	if p.d.escapes {
		if n := p.awkEscape(); n != nil {
			return n, nil
		}
	}
	r := p.next()
	if r >= '1' && r <= '9' && !p.d.escapes {
		return p.reference(int(r - '0'))
	}
	if kind, ok := gnuAssertions[r]; ok && (r != 'b' || !p.d.escapes) {
		return assertion(p.inLines(kind)), nil
	}
	if s, ok := p.gnuClass(r); ok {
		return one(s), nil
	}
	return p.char(r), nil
}

var gnuAssertions = map[rune]int{
	'b': wordEdge, 'B': notWordEdge, '<': wordStart, '>': wordEnd, '`': beginText, '\'': endText,
}

// inLines turns an assertion about the text into one about the line, where
// each line is a text.
func (p *parser) inLines(kind int) int {
	if p.flags&Lines != 0 {
		switch kind {
		case beginText:
			return beginLine
		case endText, endTextNewline:
			return endLine
		}
	}
	return kind
}

// gnuClass is the class of \w, \W, \s or \S.
func (p *parser) gnuClass(r rune) (set, bool) {
	var s set
	switch r {
	case 'w', 'W':
		s = wordSet(p.wide())
	case 's', 'S':
		s, _ = class("space", p.wide())
	default:
		return nil, false
	}
	if r == 'W' || r == 'S' {
		s = p.complement(s)
	}
	return p.cut(s), true
}

// complement returns all characters but those of s.
func (p *parser) complement(s set) set {
	if p.wide() {
		return s.negate(unicode.MaxRune)
	}
	return s.negate(maxChar)
}

// cut takes the newline out where lines are matched.
func (p *parser) cut(s set) set {
	if p.flags&Lines != 0 {
		return s.without('\n')
	}
	return s
}

func (p *parser) reference(n int) (*node, error) {
	if !slices.Contains(p.closed, p.first+n) {
		return nil, errBackref
	}
	return &node{op: nRef, n: p.first + n, fold: p.flags&IgnoreCase != 0}, nil
}
