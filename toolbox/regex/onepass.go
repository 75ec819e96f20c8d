package regex

// onepass runs a program in which each byte leaves one way to go on: the groups are
// known as soon as it has run once, without a choice to take back.
//
// A state is an instruction that a byte leads to. For each class of bytes it has the
// next state and the slots that are set before the byte.
type onepass struct {
	classes [256]uint8
	stride  int
	next    []int32 // by state and class; negative for none
	marks   []uint8 // beside next: which of lists
	ends    []int16 // by state: the list of a match that ends here, negative for none
	lists   [][]int32

	slots, best []int
}

// Bounds of a onepass; a program that needs more is run in another way.
const (
	maxOnepass = 1 << 14 // entries
	maxLists   = 1 << 8
)

// onepass returns the program as one, nil if it is none.
func (re *Regexp) onepass() *onepass {
	if !re.singleTried {
		re.singleTried = true
		re.single = newOnepass(re.fwd, re.slots())
	}
	return re.single
}

// oneBuilder builds a onepass.
type oneBuilder struct {
	*onepass
	p      *prog
	rep    []byte // a byte of each class
	state  map[int32]int32
	queue  []int32
	seen   list
	marked []int32 // on the way to the instruction at hand
}

func newOnepass(p *prog, slots int) *onepass {
	if p.asserts || p.reverse || p.guards > 0 {
		return nil
	}
	classes := dfa{p: p}
	classes.classify()
	b := oneBuilder{
		onepass: &onepass{stride: len(classes.rep), lists: [][]int32{nil}, slots: make([]int, slots), best: make([]int, slots)},
		p:       p, rep: classes.rep, state: map[int32]int32{},
	}
	for c := range b.classes {
		b.classes[c] = uint8(classes.Classes[c] / entry)
	}
	b.seen.sparse = make([]uint32, len(p.insts))
	b.stateOf(p.start)
	for at := 0; at < len(b.queue); at++ {
		b.seen.clear()
		if len(b.next) > maxOnepass || !b.follow(int32(at), b.queue[at]) {
			return nil
		}
	}
	return b.onepass
}

// stateOf returns the state of an instruction, which it makes if there is none.
func (b *oneBuilder) stateOf(pc int32) int32 {
	if s, ok := b.state[pc]; ok {
		return s
	}
	s := int32(len(b.queue))
	b.state[pc] = s
	b.queue = append(b.queue, pc)
	for range b.stride {
		b.next, b.marks = append(b.next, -1), append(b.marks, 0)
	}
	b.ends = append(b.ends, -1)
	return s
}

// follow fills in state s with what pc leads to; false if there are two ways.
func (b *oneBuilder) follow(s, pc int32) bool {
	if !b.seen.mark(pc) {
		return false
	}
	i := &b.p.insts[pc]
	switch i.op {
	case iSplit:
		return b.follow(s, i.out) && b.follow(s, i.alt)
	case iMark:
		b.marked = append(b.marked, i.arg)
		ok := b.follow(s, i.out)
		b.marked = b.marked[:len(b.marked)-1]
		return ok
	case iFail:
		return true
	case iMatch:
		n, ok := b.list()
		b.ends[s] = int16(n)
		return ok
	case iRange, iSet:
		return b.bytes(s, i)
	}
	return false
}

// bytes fills in the classes that an instruction takes.
func (b *oneBuilder) bytes(s int32, i *inst) bool {
	n, ok := b.list()
	to := b.stateOf(i.out)
	for class, c := range b.rep {
		if i.op == iRange && (c < i.lo || c > i.hi) || i.op == iSet && !b.p.sets[i.arg].has(c) {
			continue
		}
		at := int(s)*b.stride + class
		if b.next[at] >= 0 {
			return false
		}
		b.next[at], b.marks[at] = to, uint8(n)
	}
	return ok
}

// list returns the number of the list of the slots marked.
func (b *oneBuilder) list() (n int, ok bool) {
	if len(b.marked) == 0 {
		return 0, true
	}
	b.lists = append(b.lists, append([]int32(nil), b.marked...))
	return len(b.lists) - 1, len(b.lists) <= maxLists
}

// match returns the slots of a match whose bounds are known; nil if there is none.
func (o *onepass) match(text []byte, from, to int) []int {
	s := o.begin(from)
	for i := from; i < to; i++ {
		at := s*o.stride + int(o.classes[text[i]])
		if m := o.marks[at]; m != 0 {
			o.set(int(m), i)
		}
		if s = int(o.next[at]); s < 0 {
			return nil
		}
	}
	if o.ends[s] < 0 {
		return nil
	}
	o.set(int(o.ends[s]), to)
	o.slots[1] = to
	return o.slots
}

// longest returns the slots of the longest match at a place, nil for none, and how
// far it had to look.
func (o *onepass) longest(text []byte, from int) (slots []int, looked int) {
	s, i := o.begin(from), from
	found := -1
	for {
		if o.ends[s] >= 0 {
			// What is set behind the last match is put back from here.
			copy(o.best, o.slots)
			found = s
			o.best[1] = i
		}
		if i == len(text) {
			break
		}
		at := s*o.stride + int(o.classes[text[i]])
		if o.next[at] < 0 {
			break
		}
		if m := o.marks[at]; m != 0 {
			o.set(int(m), i)
		}
		s = int(o.next[at])
		i++
	}
	if found < 0 {
		return nil, i
	}
	copy(o.slots, o.best)
	o.set(int(o.ends[found]), o.best[1])
	return o.slots, i
}

func (o *onepass) begin(from int) int {
	for i := range o.slots {
		o.slots[i] = -1
	}
	o.slots[0] = from
	return 0
}

func (o *onepass) set(list, at int) {
	for _, slot := range o.lists[list] {
		o.slots[slot] = at
	}
}
