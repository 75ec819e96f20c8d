// Package sweep holds the loops that go over every byte of a text: counting,
// looking for bytes, translating, walking an automaton. In WebAssembly they are
// assembly, since Go's compiler makes of a loop a jump through a table at each
// turn, and checks bounds twice. Elsewhere, and in doubt, they are plain Go.
package sweep

import "bytes"

// Count counts the bytes of b that are c.
func Count(b []byte, c byte) int { return count(b, c) }

// LastIndexByte returns the place of the last byte of b that is c, -1 for none.
func LastIndexByte(b []byte, c byte) int { return lastIndexByte(b, c) }

// Table says of each byte whether it is looked for: it is if not 0.
type Table [256]uint8

// Index returns the place of the first byte of b that is in the table, -1 for
// none.
func (t *Table) Index(b []byte) int {
	i := skip(t, b)
	for ; i < len(b); i++ {
		if t[b[i]] != 0 {
			return i
		}
	}
	return -1
}

// Map writes to dst what the table has for each byte of src. dst is at least as
// long; it may be src.
func (t *Table) Map(dst, src []byte) {
	dst = dst[:len(src)]
	for i := translate(t, dst, src); i < len(src); i++ {
		dst[i] = t[src[i]]
	}
}

// Words is the state of counting lines and words, and the counts.
type Words struct {
	Lines, Words int
	Within       bool // a word
}

// Count counts what b begins with, in blocks of eight bytes, and returns how much
// that is: it stops at a block that has anything but printing characters and white
// space of ASCII. White space ends a word, and every other character is part of one.
func (w *Words) Count(b []byte) int { return w.count(b) }

const (
	lows  = 0x0101010101010101
	highs = 0x8080808080808080
)

// Needle is a string to look for, some letters of which may be of either case.
type Needle struct {
	text []byte // folded bytes in lower case
	mask []byte // 0xff, or 0xdf where the case does not matter; nil for none

	// The two bytes that are looked for: the rarest, and where they are.
	at, gap      int
	a, am, z, zm uint64
}

// NewNeedle prepares to look for text. fold, if not nil, says which of its bytes,
// ASCII letters, match in either case.
func NewNeedle(text []byte, fold []bool) *Needle {
	n := &Needle{text: bytes.Clone(text)}
	for i, f := range fold {
		if f && n.mask == nil {
			n.mask = bytes.Repeat([]byte{0xff}, len(text))
		}
		if f {
			n.mask[i] = 0xdf
			n.text[i] &= 0xdf
		}
	}
	n.choose()
	return n
}

// choose finds the two rarest bytes.
func (n *Needle) choose() {
	first, second := 0, 0
	for i := range n.text {
		switch {
		case n.rank(i) < n.rank(first):
			first, second = i, first
		case i > 0 && (second == first || n.rank(i) < n.rank(second)):
			second = i
		}
	}
	if first > second {
		first, second = second, first
	}
	if len(n.text) == 0 {
		return
	}
	n.at, n.gap = first, second-first
	n.a, n.am = lows*uint64(n.text[first]), lows*uint64(n.maskAt(first))
	n.z, n.zm = lows*uint64(n.text[second]), lows*uint64(n.maskAt(second))
}

func (n *Needle) maskAt(i int) byte {
	if n.mask == nil {
		return 0xff
	}
	return n.mask[i]
}

// rank is how frequent the i-th byte is in text.
func (n *Needle) rank(i int) int {
	c := n.text[i]
	if n.maskAt(i) != 0xff {
		return rank(c) + rank(c|0x20)
	}
	return rank(c)
}

// Rarity orders needles by how often text may hold what is looked for first: the
// rarest have the least.
func (n *Needle) Rarity() int {
	switch {
	case len(n.text) == 0:
		return 4 * rankLimit
	case n.gap == 0:
		return n.rank(n.at) + rankLimit
	}
	return n.rank(n.at) + n.rank(n.at+n.gap)
}

// Len returns the length of what is looked for.
func (n *Needle) Len() int { return len(n.text) }

// Index returns the place of the first occurrence in b, -1 for none.
func (n *Needle) Index(b []byte) int {
	if len(n.text) <= 1 && n.mask == nil {
		if len(n.text) == 0 {
			return 0
		}
		return bytes.IndexByte(b, n.text[0])
	}
	last := len(b) - len(n.text) // the last place for a match
	for i := 0; i <= last; i++ {
		k := n.pair(b[i+n.at : last+n.at+n.gap+1])
		if k < 0 {
			return -1
		}
		if i += k; n.matches(b[i:]) {
			return i
		}
	}
	return -1
}

// pair returns the first place in b with the two bytes.
func (n *Needle) pair(b []byte) int {
	i := indexPair(b, n.gap, n.a, n.am, n.z, n.zm)
	if i >= 0 {
		return i
	}
	a, am, z, zm := byte(n.a), byte(n.am), byte(n.z), byte(n.zm)
	for i = ^i; i < len(b)-n.gap; i++ {
		if b[i]&am == a && b[i+n.gap]&zm == z {
			return i
		}
	}
	return -1
}

// matches reports whether b begins with the needle.
func (n *Needle) matches(b []byte) bool {
	if n.mask == nil {
		return string(b[:len(n.text)]) == string(n.text)
	}
	b = b[:len(n.text)]
	for i, m := range n.mask {
		if b[i]&m != n.text[i] {
			return false
		}
	}
	return true
}
