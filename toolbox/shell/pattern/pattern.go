// Package pattern matches shell patterns: *, ?, […] and the extended forms
// ?(…) *(…) +(…) @(…) !(…).
//
// Matching works on sets of positions rather than by trying one path after
// another, so no pattern takes more than polynomial time (THREAT[SH-09]).
// Text is UTF-8; a byte that is not stands for itself.
package pattern

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Flags says how patterns are read.
type Flags uint8

// The flags of Compile.
const (
	Ext   Flags = 1 << iota // extended patterns
	Fold                    // case does not matter
	Bytes                   // each byte is a character
)

// Pattern is a compiled pattern. It may be used by several goroutines.
type Pattern struct {
	nodes []node
	fold  bool
	bytes bool
	lit   string // the pattern is this text
	isLit bool
	plain bool // no extended form
}

type kind uint8

const (
	literal kind = iota
	anyChar
	anyRun
	bracket
	group
)

type node struct {
	kind kind
	text string   // of literal
	set  *charset // of bracket
	op   byte     // of group: ? * + @ !
	alts [][]node // of group
}

// Has reports whether s holds an unquoted character that makes it a pattern.
func Has(s string, ext bool) bool {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '*', '?':
			return true
		case '[':
			if closesBracket(s[i:]) {
				return true
			}
		case '+', '@', '!':
			if ext && i+1 < len(s) && s[i+1] == '(' {
				return true
			}
		}
	}
	return false
}

func closesBracket(s string) bool {
	_, n := parseBracket(s, false)
	return n > 0
}

// Compile reads a pattern. Every text is one: what is not well formed stands
// for itself.
func Compile(s string, flags Flags) *Pattern {
	p := &Pattern{fold: flags&Fold != 0, bytes: flags&Bytes != 0, plain: true}
	c := compiler{p: p, ext: flags&Ext != 0}
	p.nodes, _ = c.sequence(s, false, 0)
	switch {
	case len(p.nodes) == 0:
		p.isLit = true
	case len(p.nodes) == 1 && p.nodes[0].kind == literal:
		p.lit, p.isLit = p.nodes[0].text, true
	}
	p.isLit = p.isLit && !p.fold
	return p
}

type compiler struct {
	p   *Pattern
	ext bool
}

// maxDepth bounds the nesting of groups; deeper ones are literal text.
const maxDepth = 100

// sequence compiles up to the end, or within a group up to | or ), and
// returns how many bytes it took.
func (c *compiler) sequence(s string, inGroup bool, depth int) (nodes []node, n int) {
	var lit []byte
	flush := func() {
		if len(lit) > 0 {
			nodes = append(nodes, node{kind: literal, text: string(lit)})
			lit = nil
		}
	}
	i := 0
	for i < len(s) {
		b := s[i]
		if inGroup && (b == '|' || b == ')') {
			break
		}
		if c.groupAt(s[i:], depth) {
			if g, n := c.group(s[i:], depth); n > 0 {
				flush()
				nodes = append(nodes, g)
				i += n
				continue
			}
			// It does not close after all: what is left is no pattern, and
			// trying again from every place within it would take for ever.
			c.ext = false
		}
		switch b {
		case '\\':
			if i+1 < len(s) {
				i++
			}
			lit = append(lit, s[i])
			i++
		case '?':
			flush()
			nodes = append(nodes, node{kind: anyChar})
			i++
		case '*':
			flush()
			if len(nodes) == 0 || nodes[len(nodes)-1].kind != anyRun {
				nodes = append(nodes, node{kind: anyRun})
			}
			i++
		case '[':
			set, n := parseBracket(s[i:], c.p.fold)
			if n == 0 {
				lit = append(lit, b)
				i++
				continue
			}
			flush()
			nodes = append(nodes, node{kind: bracket, set: set})
			i += n
		default:
			lit = append(lit, b)
			i++
		}
	}
	flush()
	return nodes, i
}

// groupAt reports whether a group starts s, and closes.
func (c *compiler) groupAt(s string, depth int) bool {
	if !c.ext || depth >= maxDepth || len(s) < 2 || s[1] != '(' || strings.IndexByte("?*+@!", s[0]) < 0 {
		return false
	}
	open := 0
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				return true
			}
		}
	}
	return false
}

// group compiles X(a|b) at the start of s; n is 0 if it does not close.
func (c *compiler) group(s string, depth int) (g node, n int) {
	g = node{kind: group, op: s[0]}
	i := 2
	for {
		alt, n := c.sequence(s[i:], true, depth+1)
		g.alts = append(g.alts, alt)
		i += n
		if i >= len(s) {
			return node{}, 0
		}
		i++
		if s[i-1] == ')' {
			c.p.plain = false
			return g, i
		}
	}
}

// Literal returns the text that the pattern stands for, if it is plain text.
func (p *Pattern) Literal() (string, bool) { return p.lit, p.isLit }

// Match reports whether the whole of s matches.
func (p *Pattern) Match(s string) bool {
	switch {
	case p.isLit:
		return s == p.lit
	case p.plain:
		return p.matchPlain(s)
	}
	m := matcher{s: s, fold: p.fold, bytes: p.bytes}
	return m.ends(p.nodes, single(0)).has(len(s))
}

// matchPlain matches without groups: on a mismatch only the last * matters.
func (p *Pattern) matchPlain(s string) bool {
	m := matcher{s: s, fold: p.fold, bytes: p.bytes}
	i, pos := 0, 0
	starAt, starPos := -1, 0
	for {
		if i < len(p.nodes) {
			n := &p.nodes[i]
			if n.kind == anyRun {
				if i == len(p.nodes)-1 {
					return true
				}
				if text, ok := p.tail(i + 1); ok {
					return len(s)-pos >= len(text) && strings.HasSuffix(s, text)
				}
				starAt, starPos = i, pos
				i++
				continue
			}
			if end := m.one(n, pos); end >= 0 {
				i, pos = i+1, end
				continue
			}
		} else if pos == len(s) {
			return true
		}
		if starAt < 0 || starPos >= len(s) {
			return false
		}
		starPos = m.after(starPos)
		i, pos = starAt+1, starPos
	}
}

// tail returns the text that the nodes from i on stand for, if it is to be found
// by its bytes.
func (p *Pattern) tail(i int) (string, bool) {
	n := &p.nodes[i]
	if i < len(p.nodes)-1 || n.kind != literal || p.fold {
		return "", false
	}
	return n.text, p.bytes || utf8.RuneStart(n.text[0])
}

// Prefix returns the length of the longest or the shortest prefix of s that
// matches, -1 if none does.
func (p *Pattern) Prefix(s string, longest bool) int {
	if p.isLit {
		if strings.HasPrefix(s, p.lit) {
			return len(p.lit)
		}
		return -1
	}
	if n := p.fixed(s); n != unknown {
		return n
	}
	m := matcher{s: s, fold: p.fold, bytes: p.bytes}
	ends := m.ends(p.nodes, single(0))
	if longest {
		return ends.last()
	}
	return ends.first()
}

const unknown = -2

// fixed matches a pattern without * or groups, whose matches at one place all
// have the same length.
func (p *Pattern) fixed(s string) int {
	pos := 0
	m := matcher{s: s, fold: p.fold, bytes: p.bytes}
	for i := range p.nodes {
		if k := p.nodes[i].kind; k == anyRun || k == group {
			return unknown
		}
		if pos = m.one(&p.nodes[i], pos); pos < 0 {
			return -1
		}
	}
	return pos
}

// Suffix returns where the longest or the shortest suffix of s that matches
// starts, -1 if none does.
func (p *Pattern) Suffix(s string, longest bool) int {
	if p.isLit {
		if strings.HasSuffix(s, p.lit) {
			return len(s) - len(p.lit)
		}
		return -1
	}
	if longest {
		for i := 0; ; i = p.next(s, i) {
			if p.Match(s[i:]) {
				return i
			}
			if i >= len(s) {
				return -1
			}
		}
	}
	for i := len(s); ; i = p.prev(s, i) {
		if p.Match(s[i:]) {
			return i
		}
		if i == 0 {
			return -1
		}
	}
}

// Find returns the first, longest match in s at or behind from; start is -1
// if there is none.
func (p *Pattern) Find(s string, from int) (start, end int) {
	if p.isLit {
		if i := strings.Index(s[from:], p.lit); i >= 0 {
			return from + i, from + i + len(p.lit)
		}
		return -1, -1
	}
	for i := from; ; i = p.next(s, i) {
		if n := p.Prefix(s[i:], true); n >= 0 {
			return i, i + n
		}
		if i >= len(s) {
			return -1, -1
		}
	}
}

func (p *Pattern) next(s string, i int) int { return next(s, i, p.bytes) }

// next is where the character behind the one at i starts.
func next(s string, i int, bytes bool) int {
	if i >= len(s) {
		return i
	}
	if bytes || s[i] < utf8.RuneSelf {
		return i + 1
	}
	_, n := utf8.DecodeRuneInString(s[i:])
	return i + n
}

func (p *Pattern) prev(s string, i int) int {
	if i == 0 {
		return 0
	}
	if p.bytes {
		return i - 1
	}
	_, n := utf8.DecodeLastRuneInString(s[:i])
	return i - n
}

func foldRune(r rune) rune { return unicode.ToLower(unicode.ToUpper(r)) }
