package sort

// sort puts the lines of t in order.
func (s *sorter) sort(t *table) []item {
	items := make([]item, len(t.lines))
	for i := range items {
		items[i] = s.cmp.item(t, uint32(i))
	}
	m := merger{items: items, spare: make([]item, len(items)), t: t, cmp: s.cmp}
	m.sort(0, len(items))
	return items
}

// merger is a stable merge sort.
type merger struct {
	items, spare []item
	t            *table
	cmp          *comparer
}

// fewItems is where insertion beats merging.
const fewItems = 10

func (m *merger) sort(lo, hi int) {
	if hi-lo <= fewItems {
		m.insertion(lo, hi)
		return
	}
	mid := lo + (hi-lo)/2
	m.sort(lo, mid)
	m.sort(mid, hi)
	if m.less(&m.items[mid], &m.items[mid-1]) {
		m.merge(lo, mid, hi)
	}
}

func (m *merger) less(a, b *item) bool {
	if a.prefix != b.prefix {
		return a.prefix < b.prefix
	}
	return m.cmp.tie(m.t, *a, *b) < 0
}

func (m *merger) insertion(lo, hi int) {
	for i := lo + 1; i < hi; i++ {
		it := m.items[i]
		j := i
		for ; j > lo && m.less(&it, &m.items[j-1]); j-- {
			m.items[j] = m.items[j-1]
		}
		m.items[j] = it
	}
}

func (m *merger) merge(lo, mid, hi int) {
	left := m.spare[:copy(m.spare, m.items[lo:mid])]
	right := m.items[mid:hi]
	out := m.items[lo:hi]
	i, j := 0, 0
	for i < len(left) && j < len(right) {
		if m.less(&right[j], &left[i]) {
			out[i+j] = right[j]
			j++
		} else {
			out[i+j] = left[i]
			i++
		}
	}
	copy(out[i+j:], left[i:])
}
