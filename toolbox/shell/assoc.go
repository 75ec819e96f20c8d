package shell

// assoc is an associative array. It is bash's own hash table, because the
// order in which bash walks it shows in the output of scripts.
type assoc struct {
	buckets []*entry
	n       int
	shared  bool // another process may read it: copy before a change
}

type entry struct {
	key, value string
	hash       uint32
	next       *entry
}

const assocBuckets = 1024

func newAssoc() *assoc { return &assoc{buckets: make([]*entry, assocBuckets)} }

// hashString is FNV-1 with bash's signed characters.
func hashString(s string) uint32 {
	h := uint32(2166136261)
	for i := 0; i < len(s); i++ {
		h *= 16777619
		h ^= uint32(int8(s[i]))
	}
	return h
}

func (m *assoc) find(key string) *entry {
	h := hashString(key)
	for e := m.buckets[h&uint32(len(m.buckets)-1)]; e != nil; e = e.next {
		if e.hash == h && e.key == key {
			return e
		}
	}
	return nil
}

func (m *assoc) len() int { return m.n }

func (m *assoc) get(key string) (string, bool) {
	if e := m.find(key); e != nil {
		return e.value, true
	}
	return "", false
}

func (m *assoc) set(key, value string) {
	if e := m.find(key); e != nil {
		e.value = value
		return
	}
	if m.n >= 2*len(m.buckets) {
		m.grow()
	}
	m.push(&entry{key: key, value: value, hash: hashString(key)})
	m.n++
}

func (m *assoc) push(e *entry) {
	at := e.hash & uint32(len(m.buckets)-1)
	e.next = m.buckets[at]
	m.buckets[at] = e
}

// grow makes the table four times as large, item by item, as bash does.
func (m *assoc) grow() {
	old := m.buckets
	m.buckets = make([]*entry, 4*len(old))
	for _, e := range old {
		for e != nil {
			next := e.next
			m.push(e)
			e = next
		}
	}
}

func (m *assoc) unset(key string) {
	at := hashString(key) & uint32(len(m.buckets)-1)
	for p := &m.buckets[at]; *p != nil; p = &(*p).next {
		if (*p).key == key {
			*p = (*p).next
			m.n--
			return
		}
	}
}

// each walks the entries in bash's order.
func (m *assoc) each(do func(key, value string)) {
	left := m.n
	for _, e := range m.buckets {
		for ; e != nil; e = e.next {
			do(e.key, e.value)
			left--
		}
		if left == 0 {
			return
		}
	}
}

func (m *assoc) keys() []string {
	out := make([]string, 0, m.n)
	m.each(func(key, _ string) { out = append(out, key) })
	return out
}

func (m *assoc) values() []string {
	out := make([]string, 0, m.n)
	m.each(func(_, value string) { out = append(out, value) })
	return out
}

// clone copies the table; the order within buckets is kept.
func (m *assoc) clone() *assoc {
	out := &assoc{buckets: make([]*entry, len(m.buckets)), n: m.n}
	for i, e := range m.buckets {
		tail := &out.buckets[i]
		for ; e != nil; e = e.next {
			c := *e
			c.next = nil
			*tail = &c
			tail = &c.next
		}
	}
	return out
}
