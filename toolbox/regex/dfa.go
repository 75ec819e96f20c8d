package regex

import (
	"encoding/binary"
	"slices"

	"agentsandbox/toolbox/sweep"
)

// order is how a DFA ranks what it tracks.
type order uint8

const (
	asSet   order = iota // not at all: it only knows whether there is a match
	byFirst              // by the priority of a backtracking search
	byStart              // by where the match starts
)

// dfa runs a program as a deterministic automaton that is built while it
// runs. A state is the list of instructions that wait for a byte. Assertions
// can be decided only once the byte right of them is known, and so are the
// matches: both are looked at when a state is left.
type dfa struct {
	p          *prog
	order      order
	unanchored bool // a match may start anywhere

	sweep.Automaton        // offsets of states and classes are in bytes
	rep             []byte // a byte of each class
	stride          uint32 // of a row: the classes, and two: the last newline, and the end

	states []state // by state
	index  map[string]uint32
	starts [high + 1]uint32 // by what stands left

	asks            []bool // by instruction, see findAsks
	seen, cur, next list
	key             []byte
	stack           []int32
}

// state is one state of the automaton.
type state struct {
	insts     []int32 // separator between starts, for byStart
	left      side
	committed bool // a match was seen, no new one may start
}

// separator parts what started earlier from what started later.
const separator = int32(-1)

// What an entry of the table may be besides the offset of a state.
const (
	matched = uint32(1) << 31    // flag: there is a match before the byte
	special = uint32(sweep.Stop) // from here on: one of these
	dead    = special
	unknown = special + 1
	quit    = special + 2 // the DFA cannot tell

	entry = 4 // bytes of an entry
)

// maxTable bounds the entries of the table, maxHeld the instructions held; beyond,
// all is forgotten.
const (
	maxTable = 1 << 20
	maxHeld  = 1 << 20
)

func newDFA(p *prog, o order, unanchored bool) *dfa {
	d := &dfa{p: p, order: o, unanchored: unanchored}
	d.classify()
	d.findAsks()
	d.stride = uint32(len(d.rep)+2) * entry
	for _, l := range []*list{&d.seen, &d.cur, &d.next} {
		l.sparse = make([]uint32, len(p.insts))
	}
	d.reset()
	return d
}

func (d *dfa) reset() {
	d.Trans, d.states, d.index = d.Trans[:0], d.states[:0], map[string]uint32{}
	for i := range d.starts {
		d.starts[i] = unknown
	}
}

// classify finds the bytes that no instruction tells apart.
func (d *dfa) classify() {
	var cut [257]bool
	for _, i := range d.p.insts {
		switch i.op {
		case iRange:
			cut[i.lo], cut[int(i.hi)+1] = true, true
		case iSet:
			s := &d.p.sets[i.arg]
			for c := 1; c < 256; c++ {
				cut[c] = cut[c] || s.has(byte(c)) != s.has(byte(c-1))
			}
		}
	}
	for c := 1; c < 256 && d.p.asserts; c++ {
		cut[c] = cut[c] || byteSide(byte(c)) != byteSide(byte(c-1))
	}
	for c := range 256 {
		if c == 0 || cut[c] {
			d.rep = append(d.rep, byte(c))
		}
		d.Classes[c] = uint16(len(d.rep)-1) * entry
	}
}

func (d *dfa) finalClass() uint32 { return d.stride - 2*entry }
func (d *dfa) endClass() uint32   { return d.stride - entry }

// startState is the state in which a search begins.
func (d *dfa) startState(left side) uint32 {
	if s := d.starts[left]; s != unknown {
		return s
	}
	d.next.clear()
	d.seen.clear()
	d.add(d.p.start)
	s := d.intern(left, false)
	if s == unknown {
		d.reset()
		s = d.intern(left, false)
	}
	d.starts[left] = s
	return s
}

// add puts what is reached from pc without a byte into next. With assertions
// in the program it is pc itself, to be followed once the byte is known.
func (d *dfa) add(pc int32) {
	if d.p.asserts {
		if d.seen.mark(pc) {
			d.next.items = append(d.next.items, pc)
		}
		return
	}
	d.stack = append(d.stack[:0], pc)
	for len(d.stack) > 0 {
		pc := d.stack[len(d.stack)-1]
		d.stack = d.stack[:len(d.stack)-1]
		for pc >= 0 && d.seen.mark(pc) {
			pc = d.pass(pc, &d.next)
		}
	}
}

// pass follows an instruction that needs no byte and returns where it leads,
// or puts one that does into l.
func (d *dfa) pass(pc int32, l *list) int32 {
	i := &d.p.insts[pc]
	switch i.op {
	case iSplit:
		d.stack = append(d.stack, i.alt)
		return i.out
	case iMark:
		return i.out
	case iFail:
		return -1
	}
	l.items = append(l.items, pc)
	return -1
}

// settle moves the list of a state to cur, with its assertions decided. It
// reports false if they cannot be.
func (d *dfa) settle(insts []int32, left, right side) bool {
	d.cur.clear()
	d.seen.clear()
	for _, pc := range insts {
		if pc == separator {
			d.cur.items = append(d.cur.items, separator)
			continue
		}
		d.stack = append(d.stack[:0], pc)
		for len(d.stack) > 0 {
			pc := d.stack[len(d.stack)-1]
			d.stack = d.stack[:len(d.stack)-1]
			for pc >= 0 && d.seen.mark(pc) {
				known := true
				if d.p.insts[pc].op == iAssert {
					pc, known = d.check(pc, left, right)
				} else {
					pc = d.pass(pc, &d.cur)
				}
				if !known {
					return false
				}
			}
		}
	}
	return true
}

// check returns where an assertion leads, negative if it does not hold.
func (d *dfa) check(pc int32, left, right side) (int32, bool) {
	ok, known := d.holds(d.p.insts[pc].arg, left, right)
	if !ok {
		return -1, known
	}
	return d.p.insts[pc].out, known
}

func (d *dfa) holds(kind int32, left, right side) (ok, known bool) {
	if d.p.reverse {
		left, right = right, left
	}
	if !d.p.wide {
		left, right = plain(left), plain(right)
	}
	return holds(kind, left, right)
}

func plain(s side) side {
	if s == high {
		return other
	}
	return s
}

// build works out the transition of state s on class c.
func (d *dfa) build(s, c uint32) uint32 {
	st := d.states[s/d.stride]
	right, b := d.input(c)
	if !d.p.asserts {
		d.cur.items = append(d.cur.items[:0], st.insts...)
	} else if !d.settle(st.insts, st.left, right) {
		return d.store(s, c, quit)
	}
	d.next.clear()
	d.seen.clear()
	hit := d.step(b)
	committed := d.unanchored && (st.committed || hit)
	if d.unanchored && !committed && b >= 0 {
		d.next.items = append(d.next.items, separator)
		d.add(d.p.start)
	}
	to := dead
	if b >= 0 && (len(d.next.items) > 0 || d.unanchored && !committed) {
		to = d.intern(right, committed)
		if to == unknown {
			// All was forgotten, s too: go on from a fresh state.
			d.reset()
			to = d.intern(right, committed)
			return flag(to, hit)
		}
	}
	return d.store(s, c, flag(to, hit))
}

func flag(to uint32, hit bool) uint32 {
	if hit {
		return to | matched
	}
	return to
}

func (d *dfa) store(s, c, to uint32) uint32 {
	d.Trans[(s+c)/entry] = to
	return to
}

// input is the byte of a class, negative at the end, and its side.
func (d *dfa) input(c uint32) (side, int) {
	switch c {
	case d.endClass():
		return edge, -1
	case d.finalClass():
		return final, '\n'
	}
	b := d.rep[c/entry]
	return byteSide(b), int(b)
}

// step moves cur over the byte b into next and reports a match before it.
func (d *dfa) step(b int) (hit bool) {
	for _, pc := range d.cur.items {
		if pc == separator {
			if hit && d.order == byStart {
				return true
			}
			d.next.items = append(d.next.items, separator)
			continue
		}
		i := &d.p.insts[pc]
		switch {
		case i.op == iMatch:
			hit = true
			if d.order == byFirst {
				return true
			}
		case b < 0:
		case i.op == iRange && byte(b) >= i.lo && byte(b) <= i.hi, i.op == iSet && d.p.sets[i.arg].has(byte(b)):
			d.add(i.out)
		}
	}
	return hit
}

// intern finds or makes the state of the list next; unknown if there is no
// room for it.
func (d *dfa) intern(left side, committed bool) uint32 {
	insts := d.canonical()
	if !d.p.asserts || !slices.ContainsFunc(insts, func(pc int32) bool { return pc >= 0 && d.asks[pc] }) {
		left = other
	}
	d.key = append(d.key[:0], byte(left))
	if committed {
		d.key[0] |= 0x80
	}
	for _, pc := range insts {
		d.key = binary.LittleEndian.AppendUint32(d.key, uint32(pc))
	}
	if s, ok := d.index[string(d.key)]; ok {
		return s
	}
	s := uint32(len(d.Trans) * entry)
	if len(d.Trans)+int(d.stride)/entry > maxTable && len(d.states) > 1 || len(d.states)*len(insts) > maxHeld && len(d.states) > 8 {
		return unknown
	}
	d.states = append(d.states, state{slices.Clone(insts), left, committed})
	for range d.stride / entry {
		d.Trans = append(d.Trans, unknown)
	}
	d.index[string(d.key)] = s
	return s
}

// findAsks finds the instructions that reach an assertion without a byte.
func (d *dfa) findAsks() {
	d.asks = make([]bool, len(d.p.insts))
	for changed := d.p.asserts; changed; {
		changed = false
		for pc := range d.p.insts {
			i := &d.p.insts[pc]
			if !d.asks[pc] && (i.op == iAssert || i.op == iSplit && (d.asks[i.out] || d.asks[i.alt]) || i.op == iMark && d.asks[i.out]) {
				d.asks[pc], changed = true, true
			}
		}
	}
}
