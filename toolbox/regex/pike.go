package regex

import "slices"

// pike runs a program on all threads at once, each with its own slots: slow,
// but in linear time and small memory, and it looks closely at everything.
type pike struct {
	p         *prog
	slots     int
	longest   bool
	cur, next threads
	best      []int
	stack     []pending
	free      [][]int
}

// threads are the live threads in the order of their priority.
type threads struct {
	list
	slots [][]int // beside items
}

// pending is work left while a thread branches: an instruction, or a slot to
// set back (pc < 0).
type pending struct {
	pc, slot int32
	old      int
}

func newPike(p *prog, slots int, longest bool) *pike {
	m := &pike{p: p, slots: slots, longest: longest}
	m.cur.sparse = make([]uint32, len(p.insts))
	m.next.sparse = make([]uint32, len(p.insts))
	return m
}

// run searches from a place on; anchored demands that the match starts there,
// end that it ends there, if not negative. It returns the slots, nil for none,
// which are valid until the next run.
func (m *pike) run(text []byte, from int, anchored bool, end int) []int {
	m.release(&m.cur)
	m.best = m.best[:0]
	limit := len(text)
	if end >= 0 {
		limit = end
	}
	fresh := make([]int, m.slots)
	for i := from; i <= limit; i++ {
		if len(m.best) == 0 && (i == from || !anchored) {
			for k := range fresh {
				fresh[k] = -1
			}
			fresh[0] = i
			m.add(&m.cur, m.p.start, text, i, fresh)
		}
		if len(m.cur.items) == 0 && (anchored || len(m.best) > 0) {
			break
		}
		m.step(text, i, limit, end)
		m.cur, m.next = m.next, m.cur
		m.release(&m.next)
	}
	if len(m.best) == 0 {
		return nil
	}
	return m.best
}

func (m *pike) release(t *threads) {
	m.free = append(m.free, t.slots...)
	t.slots = t.slots[:0]
	t.clear()
}

// step moves every thread of cur over the byte at i into next.
func (m *pike) step(text []byte, i, limit, end int) {
	m.next.clear()
	for k, pc := range m.cur.items {
		slots := m.cur.slots[k]
		if m.longest && len(m.best) > 0 && slots[0] > m.best[0] {
			continue
		}
		in := &m.p.insts[pc]
		switch {
		case in.op == iMatch:
			if end >= 0 && i != end {
				continue
			}
			if m.better(slots, i) {
				m.best = append(m.best[:0], slots...)
				m.best[1] = i
			}
			if !m.longest {
				return
			}
		case i == limit:
		case in.op == iRange && text[i] >= in.lo && text[i] <= in.hi, in.op == iSet && m.p.sets[in.arg].has(text[i]):
			m.add(&m.next, in.out, text, i+1, slots)
		}
	}
}

// better reports whether a match is to be preferred to the best so far.
func (m *pike) better(slots []int, end int) bool {
	if !m.longest || len(m.best) == 0 {
		return true
	}
	return slots[0] < m.best[0] || slots[0] == m.best[0] && end > m.best[1]
}

// add puts what is reached from pc without a byte into t.
func (m *pike) add(t *threads, pc int32, text []byte, at int, slots []int) {
	m.stack = append(m.stack[:0], pending{pc: pc})
	for len(m.stack) > 0 {
		top := m.stack[len(m.stack)-1]
		m.stack = m.stack[:len(m.stack)-1]
		if top.pc < 0 {
			slots[top.slot] = top.old
			continue
		}
		for pc := top.pc; pc >= 0 && t.mark(pc); {
			pc = m.pass(t, pc, text, at, slots)
		}
	}
}

func (m *pike) pass(t *threads, pc int32, text []byte, at int, slots []int) int32 {
	i := &m.p.insts[pc]
	switch i.op {
	case iSplit:
		m.stack = append(m.stack, pending{pc: i.alt})
		return i.out
	case iMark:
		if int(i.arg) < len(slots) {
			m.stack = append(m.stack, pending{pc: -1, slot: i.arg, old: slots[i.arg]})
			slots[i.arg] = at
		}
		return i.out
	case iAssert:
		if m.p.holdsAt(i.arg, text, at) {
			return i.out
		}
	case iRange, iSet, iMatch:
		t.items = append(t.items, pc)
		t.slots = append(t.slots, m.copied(slots))
	}
	return -1
}

func (m *pike) copied(slots []int) []int {
	if n := len(m.free); n > 0 {
		s := m.free[n-1]
		m.free = m.free[:n-1]
		copy(s, slots)
		return s
	}
	return slices.Clone(slots)
}
