package awk

import (
	"math/bits"
	"slices"
	"strconv"
)

// gawk visits the elements of an array in the order in which its tables hold
// them. Scripts should not depend on that, but their recorded output does; so
// the tables are laid out here as gawk's are, when an array is listed.

// layout is which of gawk's tables an array starts with: its first index
// decides.
type layout uint8

const (
	byHash    layout = iota // any index, by the hash of its text
	byInt                   // integers by hash, others apart
	byNatural               // integers from 0 on in order, others apart
)

func layoutFor(key string) layout {
	n, ok := intKey(key)
	switch {
	case !ok:
		return byHash
	case n < 0:
		return byInt
	}
	return byNatural
}

// intKey reports whether an index is a plain 32-bit integer.
func intKey(key string) (int64, bool) {
	if key == "" || len(key) > 11 || key[0] > '9' {
		return 0, false
	}
	if key[0] == '0' {
		return 0, key == "0"
	}
	if key[0] == '-' && (len(key) < 2 || key[1] == '0') || key[0] == '+' {
		return 0, false
	}
	n, err := strconv.ParseInt(key, 10, 32)
	return n, err == nil
}

// ordered returns the elements in the order in which for visits them.
func (a *array) ordered() []*cell { return arrange(a.list(), a.layout) }

func arrange(cells []*cell, l layout) []*cell {
	switch l {
	case byInt:
		return arrangeInts(cells)
	case byNatural:
		return arrangeNaturals(cells)
	}
	return arrangeHashed(cells)
}

// tableSizes are the sizes that a table grows through.
var tableSizes = []uint64{
	13, 127, 1021, 8191, 16381, 32749, 65497, 131101, 262147, 524309, 1048583, 2097169,
	4194319, 8388617, 16777259, 33554467, 67108879, 134217757, 268435459, 536870923, 1073741827,
}

// table is a hash table whose chains take new elements at their head.
type table struct {
	hash   func(*cell) uint64
	chains [][]*cell // the head is last
	count  uint64
	load   uint64 // elements a chain above which it grows
	pairs  bool   // chains are of pairs, filled from the front
}

func (t *table) add(c *cell) {
	if t.chains == nil {
		t.chains = make([][]*cell, tableSizes[0])
	}
	t.count++
	if t.count/uint64(len(t.chains)) > t.load {
		t.grow()
	}
	t.insert(c)
}

func (t *table) insert(c *cell) {
	at := t.hash(c) % uint64(len(t.chains))
	t.chains[at] = append(t.chains[at], c)
}

func (t *table) grow() {
	i, _ := slices.BinarySearch(tableSizes, uint64(len(t.chains))+1)
	if i == len(tableSizes) {
		return
	}
	old := t.list()
	t.chains = make([][]*cell, tableSizes[i])
	for _, c := range old {
		t.insert(c)
	}
}

// list returns the elements as they stand, chain by chain from the head.
func (t *table) list() []*cell {
	var out []*cell
	for _, chain := range t.chains {
		for i := len(chain) - 1; i >= 0; i-- {
			if t.pairs && i%2 == 1 {
				i--
				out = append(out, chain[i], chain[i+1])
				continue
			}
			out = append(out, chain[i])
		}
	}
	return out
}

func arrangeHashed(cells []*cell) []*cell {
	t := table{hash: func(c *cell) uint64 { return textHash(c.key) }, load: 2}
	for _, c := range cells {
		t.add(c)
	}
	return t.list()
}

// textHash is the sdbm hash in 32 bits, over signed characters.
func textHash(s string) uint64 {
	var h uint32
	for i := range len(s) {
		h = uint32(int32(int8(s[i]))) + h<<6 + h<<16 - h
	}
	return uint64(h)
}

// intHash mixes the bits of an integer.
func intHash(n int64) uint64 {
	k := uint32(n)
	k ^= k << 3
	k += k >> 5
	k ^= k << 4
	k += k >> 17
	k ^= k << 25
	k += k >> 6
	return uint64(k)
}

// arrangeInts lists what is no integer first, then the integers.
func arrangeInts(cells []*cell) []*cell {
	t := table{load: 10, pairs: true, hash: func(c *cell) uint64 { n, _ := intKey(c.key); return intHash(n) }}
	var others []*cell
	for _, c := range cells {
		if _, ok := intKey(c.key); ok {
			t.add(c)
		} else {
			others = append(others, c)
		}
	}
	return append(arrangeHashed(others), t.list()...)
}

// arrangeNaturals lists negative integers, texts, and integers that are too
// far apart first, then the integers from 0 on in order.
func arrangeNaturals(cells []*cell) []*cell {
	s := spread{leaves: map[int64]bool{}}
	var others []*cell
	numbered := make([]natural, 0, len(cells))
	for _, c := range cells {
		if n, ok := intKey(c.key); ok && n >= 0 && s.takes(n) {
			numbered = append(numbered, natural{n, c})
		} else {
			others = append(others, c)
		}
	}
	slices.SortFunc(numbered, func(a, b natural) int { return int(a.n - b.n) })
	inner := make([]*cell, len(numbered))
	for i := range numbered {
		inner[i] = numbered[i].c
	}
	if len(others) == 0 {
		return inner
	}
	l := byHash
	if _, ok := intKey(others[0].key); ok {
		l = byInt
	}
	return append(arrange(others, l), inner...)
}

// natural is an element under a whole number.
type natural struct {
	n int64
	c *cell
}

// spread tells which integers are near enough to others to be kept in order:
// the leaves that would hold them may waste only so much.
type spread struct {
	leaves   map[int64]bool // by first number
	capacity int64
	count    int64
}

const (
	leafBits = 10 // of the first leaf tree
	maxWaste = 1 << (leafBits + 1)
)

func (s *spread) takes(n int64) bool {
	level := leafBits
	if n >= 1<<leafBits {
		level = bits.Len64(uint64(n)) - 1
	}
	estimate := level
	for estimate >= leafBits {
		estimate = (estimate + 1) / 2
	}
	first, size := leafOf(n, level)
	if s.capacity+1<<estimate-s.count > maxWaste {
		return false
	}
	s.count++
	if !s.leaves[first] {
		s.leaves[first] = true
		s.capacity += size
	}
	return true
}

// leafOf finds the leaf that holds n: its first number and its size.
func leafOf(n int64, level int) (first, size int64) {
	base := int64(0)
	if level > leafBits || n >= 1<<leafBits {
		base = 1 << level
	}
	for m := level; ; {
		half := (m + 1) / 2
		size = 1 << half
		base += (n - base) / size * size
		if half <= leafBits {
			return base, size
		}
		m = half
	}
}
