package regex

// onepass runs a program in which each byte leaves one way to go on: the groups are
// known as soon as it has run once, without a choice to take back.
//
// A state is an instruction that a byte leads to. For each class of bytes it has the
// next state and the slots that are set before the byte.
type onepass struct {
	classes [256]uint8
	stride  int
	steps   []step  // by state and class
	ends    []int16 // by state: the list of a match that ends here, negative for none
	lists   [][]int32

	slots, best []int
}

// step is what a byte leads to: which of lists in the low bits, then whether a match may
// end behind the byte, then the state. It is negative for none.
type step int32

const (
	stepEnds  = 1 << 8
	stepState = 9 // how far the state is shifted
)

func (s step) list() int  { return int(s & (stepEnds - 1)) }
func (s step) state() int { return int(s >> stepState) }

// Bounds of a onepass; a program that needs more is run in another way.
const (
	maxOnepass = 1 << 14 // steps
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
		if len(b.steps) > maxOnepass || !b.follow(int32(at), b.queue[at]) {
			return nil
		}
	}
	for i, s := range b.steps {
		if s >= 0 && b.ends[s.state()] >= 0 {
			b.steps[i] |= stepEnds
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
		b.steps = append(b.steps, -1)
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
		if b.steps[at] >= 0 {
			return false
		}
		b.steps[at] = step(to)<<stepState | step(n)
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
	o.begin(from)
	state := 0
	for i := from; i < to; i++ {
		s := o.steps[state*o.stride+int(o.classes[text[i]])]
		if s < 0 {
			return nil
		}
		if list := s.list(); list != 0 {
			o.set(list, i)
		}
		state = s.state()
	}
	if o.ends[state] < 0 {
		return nil
	}
	o.set(int(o.ends[state]), to)
	o.slots[1] = to
	return o.slots
}

// longest returns the slots of the longest match at a place, nil for none, and how
// far it had to look.
func (o *onepass) longest(text []byte, from int) (slots []int, looked int) {
	o.begin(from)
	state, end, last := 0, -1, 0 // where the longest match so far ends, in which state
	if o.ends[0] >= 0 {
		end = from
	}
	saved := false // best has the slots of that match
	i := from
	for ; i < len(text); i++ {
		s := o.steps[state*o.stride+int(o.classes[text[i]])]
		if s < 0 {
			break
		}
		if list := s.list(); list != 0 {
			if end >= 0 && !saved {
				copy(o.best, o.slots)
				saved = true
			}
			o.set(list, i)
		}
		state = s.state()
		if s&stepEnds != 0 {
			end, last, saved = i+1, state, false
		}
	}
	if end < 0 {
		return nil, i
	}
	if saved {
		copy(o.slots, o.best)
	}
	o.set(int(o.ends[last]), end)
	o.slots[1] = end
	return o.slots, i
}

func (o *onepass) begin(from int) {
	for i := range o.slots {
		o.slots[i] = -1
	}
	o.slots[0] = from
}

func (o *onepass) set(list, at int) {
	for _, slot := range o.lists[list] {
		o.slots[slot] = at
	}
}
