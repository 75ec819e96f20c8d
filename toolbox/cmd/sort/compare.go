package sort

import (
	"bytes"
	"crypto/md5"
	"encoding/binary"
	"math"
	"math/bits"

	"agentsandbox/toolbox/tool"
)

// comparer compares lines. It is for one goroutine: it keeps scratch space.
type comparer struct {
	keys       []key
	tab        int
	reverse    bool
	lastResort bool
	salt       []byte
	a, b       []byte // scratch
}

func newComparer(o *options) *comparer {
	return &comparer{keys: o.keys, tab: o.tab, reverse: o.reverse, salt: o.salt,
		lastResort: !o.stable && !o.unique || len(o.keys) == 0}
}

// item makes the item of a line of t, and finds its first key.
func (c *comparer) item(t *table, line uint32) item {
	it := item{line: line}
	s := &t.lines[line]
	s.keyFrom, s.keyTo = 0, s.len
	if len(c.keys) > 0 {
		from, to := c.keys[0].bounds(t.text(line), c.tab)
		s.keyFrom, s.keyTo = uint32(from), uint32(to)
	}
	c.fill(&it, t, level{})
	return it
}

// levels is how many keys there are, with the whole line as the last resort.
func (c *comparer) levels() int {
	if c.lastResort {
		return len(c.keys) + 1
	}
	return len(c.keys)
}

// fill gives an item the prefix of a level.
func (c *comparer) fill(it *item, t *table, at level) {
	text := t.text(it.line)
	reverse := c.reverse
	if at.key == len(c.keys) {
		it.prefix, it.exact, it.more = bytesPrefix(text[min(at.bytes, len(text)):])
	} else {
		k := &c.keys[at.key]
		reverse = k.reverse
		if at.key == 0 {
			text = t.key(it.line)
		} else {
			from, to := k.bounds(text, c.tab)
			text = text[from:to]
		}
		if at.bytes > 0 {
			text = c.translate(k, &c.a, text)
			it.prefix, it.exact, it.more = bytesPrefix(text[min(at.bytes, len(text)):])
		} else {
			it.prefix, it.exact, it.more = c.prefix(k, text)
		}
	}
	if reverse {
		it.prefix = ^it.prefix
	}
}

// prefix maps a key to a number that orders as the key does; exact reports
// that keys with the same number are equal, more that it is of the first bytes and
// others follow.
func (c *comparer) prefix(k *key, text []byte) (n uint64, exact, more bool) {
	switch k.kind {
	case numeric:
		n, exact = numberPrefix(text)
		return n, exact, false
	case human:
		n, _ := numberPrefix(text)
		return uint64(unitOrder(text)+len(units))<<59 | n>>5, false, false
	case general:
		n, exact = floatPrefix(text)
		return n, exact, false
	case month:
		return uint64(monthOf(text)), true, false
	case random:
		sum := c.hash(c.translate(k, &c.a, text))
		return binary.BigEndian.Uint64(sum[:]), false, false
	case version:
		return 0, false, false
	}
	if k.fold || k.dictionary || k.printed {
		return bytesPrefix(c.translate(k, &c.a, text))
	}
	return bytesPrefix(text)
}

// prefixBytes is how many bytes a prefix holds.
const prefixBytes = 8

func bytesPrefix(text []byte) (n uint64, exact, more bool) {
	if len(text) >= prefixBytes {
		exact = len(text) == prefixBytes && text[prefixBytes-1] != 0
		return bits.ReverseBytes64(binary.LittleEndian.Uint64(text)), exact, !exact
	}
	for i, c := range text {
		n |= uint64(c) << (56 - 8*i)
	}
	// A NUL at the end looks like nothing there.
	return n, len(text) == 0 || text[len(text)-1] != 0, false
}

// lines compares two lines.
func (c *comparer) lines(a, b []byte) int { return c.from(0, a, b) }

// from compares by the keys from a number on, and then by all bytes.
func (c *comparer) from(key int, a, b []byte) int {
	for i := key; i < len(c.keys); i++ {
		if d := c.nth(i, a, b); d != 0 {
			return d
		}
	}
	if !c.lastResort {
		return 0
	}
	return c.last(a, b)
}

func (c *comparer) last(a, b []byte) int {
	if c.reverse {
		return bytes.Compare(b, a)
	}
	return bytes.Compare(a, b)
}

func (c *comparer) nth(i int, a, b []byte) int {
	k := &c.keys[i]
	aFrom, aTo := k.bounds(a, c.tab)
	bFrom, bTo := k.bounds(b, c.tab)
	return c.key(k, a[aFrom:aTo], b[bFrom:bTo])
}

// key compares two keys.
func (c *comparer) key(k *key, a, b []byte) int {
	d := c.forward(k, a, b)
	if k.reverse {
		return -d
	}
	return d
}

func (c *comparer) forward(k *key, a, b []byte) int {
	switch k.kind {
	case numeric:
		return compareNumbers(a, b)
	case human:
		return compareHuman(a, b)
	case general:
		return compareFloats(a, b)
	case month:
		return monthOf(a) - monthOf(b)
	}
	a, b = c.translate(k, &c.a, a), c.translate(k, &c.b, b)
	switch k.kind {
	case version:
		return tool.CompareVersions(a, b)
	case random:
		x, y := c.hash(a), c.hash(b)
		if d := bytes.Compare(x[:], y[:]); d != 0 {
			return d
		}
	}
	return bytes.Compare(a, b)
}

// translate is the key as it is compared: without what is ignored, in upper
// case where asked.
func (c *comparer) translate(k *key, scratch *[]byte, text []byte) []byte {
	if !k.fold && !k.dictionary && !k.printed {
		return text
	}
	out := (*scratch)[:0]
	for _, b := range text {
		switch {
		case k.dictionary && !inDictionary(b), k.printed && !k.dictionary && (b < ' ' || b > '~'):
			continue
		case k.fold && b >= 'a' && b <= 'z':
			b -= 'a' - 'A'
		}
		out = append(out, b)
	}
	*scratch = out
	return out
}

func inDictionary(b byte) bool {
	return blank(b) || b >= '0' && b <= '9' || b|0x20 >= 'a' && b|0x20 <= 'z'
}

// hash is the place of a key in a random order: of its text as strxfrm ends
// it, with a NUL, so that a given random source gives coreutils' order.
func (c *comparer) hash(text []byte) [16]byte {
	h := md5.New()
	h.Write(c.salt)
	h.Write(text)
	if len(text) > 0 {
		h.Write([]byte{0})
	}
	var sum [16]byte
	h.Sum(sum[:0])
	return sum
}

// floatPrefix maps a number so that what is none comes first, then NaN, then
// the numbers from minus infinity up.
func floatPrefix(text []byte) (n uint64, exact bool) {
	v, class := parseFloat(text)
	if class != isNumber {
		return uint64(class), class == noNumber
	}
	pattern := math.Float64bits(v + 0) // -0 is 0
	if v == 0 {
		pattern = 0
	}
	if pattern>>63 == 1 {
		return ^pattern, false
	}
	return pattern | 1<<63, false
}
