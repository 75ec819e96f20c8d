package regex

import (
	"unicode"
	"unicode/utf8"

	"agentsandbox/toolbox/sweep"
)

// instOp is the kind of an instruction.
type instOp uint8

const (
	iRange  instOp = iota // one byte lo..hi, then out
	iSet                  // one byte of sets[arg], then out
	iSplit                // out, else alt
	iMark                 // remember the place in slot arg, then out
	iAssert               // assertion arg holds, then out
	iMatch                // done
	iFail                 // no way on
	iRef                  // what group arg matched, then out
	iLook                 // looks[arg] holds, then out
	iAtomic               // the program at alt, its first match only, then out
	iGuard                // register arg takes the place, then out
	iMoved                // out if the place is not that of register arg, else alt
)

// inst is one instruction. All bytes of a character are matched one by one.
type inst struct {
	op       instOp
	lo, hi   byte
	out, alt int32
	arg      int32
}

// look is what an iLook checks.
type look struct {
	start  int32
	width  int // characters behind; -1 looks ahead
	negate bool
}

// byteSet is a set of bytes.
type byteSet [4]uint64

func (s *byteSet) has(c byte) bool { return s[c>>6]&(1<<(c&63)) != 0 }
func (s *byteSet) add(c byte)      { s[c>>6] |= 1 << (c & 63) }

// table is the set as a table.
func (s *byteSet) table() *sweep.Table {
	t := new(sweep.Table)
	for c := range t {
		if s.has(byte(c)) {
			t[c] = 1
		}
	}
	return t
}

// prog is a compiled tree.
type prog struct {
	insts   []inst
	sets    []byteSet
	looks   []look
	start   int32
	guards  int
	reverse bool // it reads the text from right to left

	asserts  bool // it has assertions
	words    bool // some of them about words
	finalEnd bool // some of them about a newline at the end
	wide     bool // characters beyond ASCII may be word characters
}

// maxInsts bounds a program, and with it the time per byte.
const maxInsts = 200_000

// compiler makes a program from its end to its start: every node is given the
// instruction that comes after it.
type compiler struct {
	prog
	flags Flags
	hard  bool // for the backtracker: guards against empty loops
	slots int  // slot of \K
	known map[inst]int32
	err   error
}

func compile(n *node, flags Flags, groups int, reverse, hard bool) (*prog, error) {
	c := compiler{flags: flags, hard: hard, slots: 2*groups + 2, known: map[inst]int32{}}
	c.reverse, c.wide = reverse, flags&Bytes == 0
	match := c.emit(inst{op: iMatch})
	c.start = c.node(n, match)
	if c.err != nil {
		return nil, c.err
	}
	return &c.prog, nil
}

func (c *compiler) emit(i inst) int32 {
	if len(c.insts) >= maxInsts {
		c.err = errTooBig
		return 0
	}
	c.insts = append(c.insts, i)
	return int32(len(c.insts) - 1)
}

// shared emits an instruction or finds one that is the same.
func (c *compiler) shared(i inst) int32 {
	if pc, ok := c.known[i]; ok {
		return pc
	}
	pc := c.emit(i)
	c.known[i] = pc
	return pc
}

func (c *compiler) node(n *node, next int32) int32 {
	if c.err != nil {
		return 0
	}
	switch n.op {
	case nSet:
		return c.set(n.set, next)
	case nCat:
		return c.cat(n.sub, next)
	case nAlt:
		return c.alt(n.sub, next)
	case nRepeat:
		return c.repeat(n, next)
	case nGroup:
		return c.group(n, next)
	case nAssert:
		return c.assert(n.n, next)
	case nRef:
		return c.ref(n, next)
	case nLook:
		return c.look(n, next)
	case nAtomic:
		sub := c.node(n.sub[0], c.emit(inst{op: iMatch}))
		return c.emit(inst{op: iAtomic, alt: sub, out: next})
	case nKeep:
		return c.emit(inst{op: iMark, arg: int32(c.slots), out: next})
	case nFail:
		return c.emit(inst{op: iFail})
	}
	return next
}

func (c *compiler) cat(subs []*node, next int32) int32 {
	for i := range subs {
		if !c.reverse {
			i = len(subs) - 1 - i
		}
		next = c.node(subs[i], next)
	}
	return next
}

func (c *compiler) alt(subs []*node, next int32) int32 {
	if len(subs) == 0 {
		return c.emit(inst{op: iFail})
	}
	pc := c.node(subs[len(subs)-1], next)
	for i := len(subs) - 2; i >= 0; i-- {
		pc = c.emit(inst{op: iSplit, out: c.node(subs[i], next), alt: pc})
	}
	return pc
}

func (c *compiler) group(n *node, next int32) int32 {
	if c.reverse {
		return c.node(n.sub[0], next)
	}
	end := c.emit(inst{op: iMark, arg: int32(2*n.n + 1), out: next})
	return c.emit(inst{op: iMark, arg: int32(2 * n.n), out: c.node(n.sub[0], end)})
}

func (c *compiler) assert(kind int, next int32) int32 {
	c.asserts = true
	c.words = c.words || kind >= wordEdge
	c.finalEnd = c.finalEnd || kind == endTextNewline
	return c.shared(inst{op: iAssert, arg: int32(kind), out: next})
}

func (c *compiler) ref(n *node, next int32) int32 {
	i := inst{op: iRef, arg: int32(n.n), out: next}
	if n.fold {
		i.lo = 1
	}
	return c.emit(i)
}

func (c *compiler) repeat(n *node, next int32) int32 {
	sub, min := n.sub[0], n.min
	switch {
	case n.max < 0 && min > 0:
		next = c.plus(n, next)
		min--
	case n.max < 0 && sub.nullable():
		next = c.split(c.plus(n, next), next, n.lazy)
	case n.max < 0:
		next = c.star(n, next)
	default:
		next = c.optional(n, next)
	}
	for range min {
		if c.err != nil {
			return 0
		}
		next = c.node(sub, next)
	}
	return next
}

// optional compiles what may follow the least number of times.
func (c *compiler) optional(n *node, next int32) int32 {
	end := next
	for range n.max - n.min {
		if c.err != nil {
			return 0
		}
		next = c.split(c.node(n.sub[0], next), end, n.lazy)
	}
	return next
}

// star compiles a loop whose body always moves on.
func (c *compiler) star(n *node, next int32) int32 {
	loop := c.split(0, next, n.lazy)
	c.patch(loop, c.node(n.sub[0], loop), n.lazy)
	return loop
}

// plus compiles a loop whose body may match nothing; such a turn is its last.
func (c *compiler) plus(n *node, next int32) int32 {
	loop := c.split(0, next, n.lazy)
	sub, back := n.sub[0], loop
	guarded := c.hard && sub.nullable()
	guard := int32(c.guards)
	if guarded {
		back = c.emit(inst{op: iMoved, arg: guard, out: loop, alt: next})
		c.guards++
	}
	body := c.node(sub, back)
	if guarded {
		body = c.emit(inst{op: iGuard, arg: guard, out: body})
	}
	c.patch(loop, body, n.lazy)
	return body
}

// patch sets the body of a loop.
func (c *compiler) patch(loop, body int32, lazy bool) {
	switch {
	case c.err != nil:
	case lazy:
		c.insts[loop].alt = body
	default:
		c.insts[loop].out = body
	}
}

// split tries body before end, or after it if lazy.
func (c *compiler) split(body, end int32, lazy bool) int32 {
	if lazy {
		body, end = end, body
	}
	return c.emit(inst{op: iSplit, out: body, alt: end})
}

// look compiles an assertion about the text around; a lookbehind becomes one
// for each branch, for they may differ in width.
func (c *compiler) look(n *node, next int32) int32 {
	sub := n.sub[0]
	if !n.behind {
		return c.lookAt(n, sub, -1, next)
	}
	if sub.op != nAlt {
		width, _ := sub.width()
		return c.lookAt(n, sub, width, next)
	}
	branches := make([]*node, len(sub.sub))
	for i, branch := range sub.sub {
		branches[i] = &node{op: nLook, behind: true, negate: n.negate, sub: []*node{branch}}
	}
	if n.negate {
		return c.cat(branches, next)
	}
	return c.alt(branches, next)
}

func (c *compiler) lookAt(n, sub *node, width int, next int32) int32 {
	start := c.node(sub, c.emit(inst{op: iMatch}))
	c.looks = append(c.looks, look{start, width, n.negate})
	return c.emit(inst{op: iLook, arg: int32(len(c.looks) - 1), out: next})
}

// set compiles one character: its single bytes as one instruction, longer
// characters as sequences that share what they can.
func (c *compiler) set(s set, next int32) int32 {
	var short byteSet
	count, last := 0, byte(0)
	var seqs [][]byteRange
	for i := 0; i < len(s); i += 2 {
		for r := s[i]; r <= min(s[i+1], utf8.RuneSelf-1); r++ {
			short.add(byte(r))
			count, last = count+1, byte(r)
		}
		for r := max(s[i], rawByte); r <= s[i+1]; r++ {
			short.add(byte(r - rawByte))
			count, last = count+1, byte(r-rawByte)
		}
		if lo, hi := max(s[i], utf8.RuneSelf), min(s[i+1], unicode.MaxRune); lo <= hi && c.wide {
			seqs = appendUTF8(seqs, lo, hi)
		}
	}
	pc := int32(-1)
	if len(seqs) > 0 {
		pc = c.sequences(seqs, next)
	}
	switch {
	case count == 1:
		pc = c.either(c.shared(inst{op: iRange, lo: last, hi: last, out: next}), pc)
	case count > 0:
		c.sets = append(c.sets, short)
		pc = c.either(c.emit(inst{op: iSet, arg: int32(len(c.sets) - 1), out: next}), pc)
	case pc < 0:
		pc = c.emit(inst{op: iFail})
	}
	return pc
}

func (c *compiler) either(a, b int32) int32 {
	if b < 0 {
		return a
	}
	return c.emit(inst{op: iSplit, out: a, alt: b})
}

// sequences compiles sorted sequences of bytes; those that start alike share
// their start going forward, and all share their ends.
func (c *compiler) sequences(seqs [][]byteRange, next int32) int32 {
	pc := int32(-1)
	seen := map[int32]bool{}
	for i := 0; i < len(seqs); {
		n := 1
		var one int32
		if c.reverse {
			one = c.backward(seqs[i], next)
		} else {
			for i+n < len(seqs) && seqs[i+n][0] == seqs[i][0] {
				n++
			}
			one = c.forward(seqs[i:i+n], next)
		}
		i += n
		if !seen[one] {
			seen[one] = true
			pc = c.either(one, pc)
		}
	}
	return pc
}

func (c *compiler) forward(seqs [][]byteRange, next int32) int32 {
	head := seqs[0][0]
	if len(seqs[0]) > 1 {
		tails := make([][]byteRange, len(seqs))
		for i, seq := range seqs {
			tails[i] = seq[1:]
		}
		next = c.sequences(tails, next)
	}
	return c.shared(inst{op: iRange, lo: head.lo, hi: head.hi, out: next})
}

func (c *compiler) backward(seq []byteRange, next int32) int32 {
	for _, b := range seq {
		next = c.shared(inst{op: iRange, lo: b.lo, hi: b.hi, out: next})
	}
	return next
}
