package pattern

import (
	"math/bits"
	"strings"
	"unicode/utf8"
)

type matcher struct {
	s     string
	fold  bool
	bytes bool
}

// after is the position behind the character at pos.
func (m *matcher) after(pos int) int { return next(m.s, pos, m.bytes) }

// one matches a node that is neither * nor a group at pos and returns where
// the match ends, -1 if it does not match.
func (m *matcher) one(n *node, pos int) int {
	switch n.kind {
	case literal:
		return m.literal(n.text, pos)
	case anyChar:
		if pos < len(m.s) {
			return m.after(pos)
		}
	case bracket:
		if pos < len(m.s) {
			r, size := utf8.DecodeRuneInString(m.s[pos:])
			if m.bytes && r >= utf8.RuneSelf || r == utf8.RuneError && size == 1 {
				size = 1
				r = rune(m.s[pos]) | rawByte
			}
			if n.set.has(r) {
				return pos + size
			}
		}
	}
	return -1
}

func (m *matcher) literal(text string, pos int) int {
	if !m.fold {
		if strings.HasPrefix(m.s[pos:], text) {
			return pos + len(text)
		}
		return -1
	}
	for len(text) > 0 {
		if pos >= len(m.s) {
			return -1
		}
		a, na := utf8.DecodeRuneInString(text)
		b, nb := utf8.DecodeRuneInString(m.s[pos:])
		if foldRune(a) != foldRune(b) {
			return -1
		}
		text, pos = text[na:], pos+nb
	}
	return pos
}

// ends returns where matches of nodes can end that start at one of starts.
func (m *matcher) ends(nodes []node, starts positions) positions {
	for i := range nodes {
		if starts.empty() {
			return starts
		}
		n := &nodes[i]
		switch n.kind {
		case anyRun:
			starts = m.run(starts)
		case group:
			starts = m.group(n, starts)
		default:
			starts = m.step(n, starts)
		}
	}
	return starts
}

func (m *matcher) step(n *node, starts positions) positions {
	var out positions
	starts.each(func(pos int) {
		if end := m.one(n, pos); end >= 0 {
			out.add(end)
		}
	})
	return out
}

// run is every position from the first of starts on.
func (m *matcher) run(starts positions) positions {
	var out positions
	for pos := starts.first(); ; pos = m.after(pos) {
		out.add(pos)
		if pos >= len(m.s) {
			return out
		}
	}
}

func (m *matcher) group(n *node, starts positions) positions {
	switch n.op {
	case '@':
		return m.alternatives(n, starts)
	case '?':
		out := m.alternatives(n, starts)
		out.union(starts)
		return out
	case '!':
		return m.except(n, starts)
	}
	out := m.closure(n, m.alternatives(n, starts))
	if n.op == '*' {
		out.union(starts)
	}
	return out
}

func (m *matcher) alternatives(n *node, starts positions) positions {
	var out positions
	for _, alt := range n.alts {
		out.union(m.ends(alt, starts))
	}
	return out
}

// closure adds what more rounds of the group reach.
func (m *matcher) closure(n *node, reached positions) positions {
	fresh := reached
	for !fresh.empty() {
		more := m.alternatives(n, fresh)
		fresh = more.minus(reached)
		reached.union(fresh)
	}
	return reached
}

// except is, for each start, every end that no alternative reaches from it.
func (m *matcher) except(n *node, starts positions) positions {
	var out positions
	starts.each(func(pos int) {
		all := m.run(single(pos))
		out.union(all.minus(m.alternatives(n, single(pos))))
	})
	return out
}

// positions is a set of offsets. The zero value is empty.
type positions struct{ words []uint64 }

func single(pos int) positions {
	var p positions
	p.add(pos)
	return p
}

func (p *positions) add(pos int) {
	for len(p.words) <= pos>>6 {
		p.words = append(p.words, 0)
	}
	p.words[pos>>6] |= 1 << (pos & 63)
}

func (p positions) has(pos int) bool {
	return pos>>6 < len(p.words) && p.words[pos>>6]>>(pos&63)&1 != 0
}

func (p positions) empty() bool { return p.first() < 0 }

func (p positions) first() int {
	for i, w := range p.words {
		if w != 0 {
			return i<<6 + bits.TrailingZeros64(w)
		}
	}
	return -1
}

func (p positions) last() int {
	for i := len(p.words) - 1; i >= 0; i-- {
		if w := p.words[i]; w != 0 {
			return i<<6 + 63 - bits.LeadingZeros64(w)
		}
	}
	return -1
}

func (p positions) each(do func(pos int)) {
	for i, w := range p.words {
		for ; w != 0; w &= w - 1 {
			do(i<<6 + bits.TrailingZeros64(w))
		}
	}
}

// union adds the positions of q. The words are copied first: sets share them.
func (p *positions) union(q positions) {
	words := make([]uint64, max(len(p.words), len(q.words)))
	copy(words, p.words)
	for i, w := range q.words {
		words[i] |= w
	}
	p.words = words
}

func (p positions) minus(q positions) positions {
	out := positions{make([]uint64, len(p.words))}
	copy(out.words, p.words)
	for i := range min(len(out.words), len(q.words)) {
		out.words[i] &^= q.words[i]
	}
	return out
}
