package sort

// sort puts the lines of t in order.
func (s *sorter) sort(t *table) []item {
	items := make([]item, len(t.lines))
	for i := range items {
		items[i] = s.cmp.item(t, uint32(i))
	}
	r := refiner{items: items, spare: make([]item, len(items)), t: t, cmp: s.cmp}
	r.sort(0, len(items), level{})
	return items
}

// level is how far lines have been told apart: by the keys before key, and by the
// first bytes of that key.
type level struct{ key, bytes int }

// refiner is a stable sort by prefixes: those of the first key, then for lines that
// have the same, those of what follows, and so on. Where prefixes cannot tell, or lines
// are few, it compares.
type refiner struct {
	items, spare []item
	t            *table
	cmp          *comparer
	counts       *[prefixBytes][256]uint32
}

const (
	fewItems  = 10 // where insertion beats merging
	manyItems = 64 // where counting beats it
)

// sort sorts items whose prefixes are those of the level.
func (r *refiner) sort(lo, hi int, at level) {
	if hi-lo < manyItems {
		r.merge(lo, hi, byPrefix)
	} else {
		r.count(lo, hi)
	}
	for from := lo; from < hi; {
		to := from + 1
		for prefix := r.items[from].prefix; to < hi && r.items[to].prefix == prefix; {
			to++
		}
		if to-from > 1 {
			r.refine(from, to, at)
		}
		from = to
	}
}

// refine sorts items that have the same prefix.
func (r *refiner) refine(lo, hi int, at level) {
	exact, more := true, true
	for i := lo; i < hi; i++ {
		exact = exact && r.items[i].exact
		more = more && r.items[i].more
	}
	switch {
	case exact:
		at = level{key: at.key + 1}
	case more:
		at.bytes += prefixBytes
	}
	switch {
	case at.key >= r.cmp.levels():
	case !exact && !more, hi-lo <= fewItems:
		r.merge(lo, hi, func(a, b *item) bool { return r.cmp.from(at.key, r.t.text(a.line), r.t.text(b.line)) < 0 })
	default:
		for i := lo; i < hi; i++ {
			r.cmp.fill(&r.items[i], r.t, at)
		}
		r.sort(lo, hi, at)
	}
}

func byPrefix(a, b *item) bool { return a.prefix < b.prefix }

// merge is a stable merge sort.
func (r *refiner) merge(lo, hi int, less func(a, b *item) bool) {
	if hi-lo <= fewItems {
		r.insertion(lo, hi, less)
		return
	}
	mid := lo + (hi-lo)/2
	r.merge(lo, mid, less)
	r.merge(mid, hi, less)
	if !less(&r.items[mid], &r.items[mid-1]) {
		return
	}
	left := r.spare[:copy(r.spare, r.items[lo:mid])]
	right := r.items[mid:hi]
	out := r.items[lo:hi]
	i, j := 0, 0
	for i < len(left) && j < len(right) {
		if less(&right[j], &left[i]) {
			out[i+j] = right[j]
			j++
		} else {
			out[i+j] = left[i]
			i++
		}
	}
	copy(out[i+j:], left[i:])
}

func (r *refiner) insertion(lo, hi int, less func(a, b *item) bool) {
	for i := lo + 1; i < hi; i++ {
		it := r.items[i]
		j := i
		for ; j > lo && less(&it, &r.items[j-1]); j-- {
			r.items[j] = r.items[j-1]
		}
		r.items[j] = it
	}
}

// count sorts by prefix with a count for each of its bytes that differs, from the
// lowest on.
func (r *refiner) count(lo, hi int) {
	if r.counts == nil {
		r.counts = new([prefixBytes][256]uint32)
	}
	clear(r.counts[:])
	from, to := r.items[lo:hi], r.spare[:hi-lo]
	c := r.counts
	for i := range from {
		p := from[i].prefix
		c[0][byte(p)]++
		c[1][byte(p>>8)]++
		c[2][byte(p>>16)]++
		c[3][byte(p>>24)]++
		c[4][byte(p>>32)]++
		c[5][byte(p>>40)]++
		c[6][byte(p>>48)]++
		c[7][byte(p>>56)]++
	}
	moved := false
	for digit := range c {
		places, shift := &c[digit], 8*digit
		if places[byte(from[0].prefix>>shift)] == uint32(len(from)) {
			continue
		}
		sum := uint32(0)
		for i, n := range places {
			places[i], sum = sum, sum+n
		}
		for i := range from {
			place := &places[byte(from[i].prefix>>shift)]
			to[*place] = from[i]
			*place++
		}
		from, to, moved = to, from, !moved
	}
	if moved {
		copy(to, from)
	}
}
