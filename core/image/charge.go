package image

import "os"

// cost is what an instruction is charged, beside what depends on its operands.
func cost(op uint16) uint32 {
	switch op {
	case opUnreachable, opNop, opBlock, opLoop, opElse, opEnd, opReturn, opDrop:
		return 0
	case opCallIndirect:
		return costIndirect
	case opMemoryGrow, opTableGrow:
		return costGrow
	}
	return 1
}

const (
	costIndirect = 8   // what looking up and checking the callee takes
	costGrow     = 256 // a way out of the guest and back
	// leafCost is up to what cost a function without loops and calls is
	// charged where it is called instead of by itself.
	leafCost = 24
)

// unitShift says how much work on a range costs 1: 32 bytes, 4 table elements, a
// 64th of a page that grows.
func unitShift(op uint16) (shift int64, ranged bool) {
	switch op {
	case opMemoryInit, opMemoryCopy, opMemoryFill:
		return 5, true
	case opTableInit, opTableCopy, opTableFill, opTableGrow:
		return 2, true
	case opMemoryGrow:
		return -6, true
	}
	return 0, false
}

// How charges are placed. Code is cut into stretches that run from one label or branch
// to the next. What a stretch costs is not charged there and then: the
// planner knows, at each place, the credit, which is what the paths that lead there have
// paid beyond what they cost, at worst. A stretch pays only when its cost would take the credit
// below -slack. So the counter is touched once in about slack instructions,
// however many branches there are, and no path runs for free: what it may owe
// when it comes to the head of a loop or the end of the function, that head or the entry charges in
// advance, on an average.

// Tuning.
var (
	slack int32 = 32
	ahead int32 = 0 // credit that a stretch leaves when it pays
)

// editKind is what an edit does to the code.
type editKind uint8

const (
	editNone   editKind = iota // a stretch that does not pay
	editCharge                 // charge cost
	editCheck                  // charge cost, ask for more if there is none left
	editRange                  // charge by the length on top of the stack
	editFunc                   // renumber a function: x becomes x+1
)

// edit is an insertion at a place in a function's code, or a replacement.
type edit struct {
	at, end int // what it replaces
	kind    editKind
	op      uint16
	cost    uint32 // what to charge, or the function
}

// frame is an open block.
type frame struct {
	op     uint16
	alive  bool  // code leads into it
	credit int32 // of an if: where it was entered
	head   int32 // the edit that debts are charged to, of a loop or function
	debts  debts
	// label is the least credit with which a branch comes to the end of a block.
	label   int32
	reached bool
}

// debts sums up what the branches to a place owe.
type debts struct {
	sum, n int64
	most   int32
}

func (d *debts) add(credit int32) {
	d.n++
	if credit < 0 {
		d.sum -= int64(credit)
		d.most = max(d.most, -credit)
	}
}

// advance is what to charge for them in advance: the mean, but a
// quarter of the greatest at least.
func (d *debts) advance() uint32 {
	if d.n == 0 {
		return 0
	}
	return uint32(max(int32(d.sum/d.n), d.most/4))
}

// planner decides where a function charges its fuel. It is kept from function
// to function for its memory.
type planner struct {
	m        *Module
	fuelFunc uint32
	edits    []edit
	frames   []frame
	straight bool // no branch, call or loop so far
	ranges   bool // there are instructions on ranges
	alive    bool // code leads here
	credit   int32
	stretch  int32  // the edit of the present stretch
	cost     uint32 // of the present stretch so far
}

// plan fills edits for a function.
func (p *planner) plan(f *function) {
	p.edits, p.frames = p.edits[:0], p.frames[:0]
	p.straight, p.ranges, p.alive, p.credit = true, false, true, 0
	p.frames = append(p.frames, frame{op: opBlock, alive: true})
	p.begin(0)
	p.edits[0].kind = editCheck
	if f.leaf {
		p.edits[0].kind = editCharge
	}
	r := reader{buf: f.code}
	var in instr
	for len(p.frames) > 0 && r.err == nil {
		r.next(&in)
		p.step(&in, f)
	}
	if e := &p.edits[0]; e.cost == 0 && e.kind == editCharge || f.leaf && f.cost <= leafCost {
		e.kind = editNone
	}
}

func (p *planner) top() *frame { return &p.frames[len(p.frames)-1] }

// begin starts a stretch.
func (p *planner) begin(at int) {
	p.stretch, p.cost = int32(len(p.edits)), 0
	p.edits = append(p.edits, edit{at: at, end: at})
}

// settle ends the present stretch: it pays or adds to what is owed.
func (p *planner) settle() {
	e := &p.edits[p.stretch]
	owed := int32(p.cost) - p.credit
	switch {
	case !p.alive:
	case e.kind != editNone:
		e.cost += p.cost
		p.credit = 0
	case owed > slack:
		e.kind, e.cost = editCharge, uint32(owed+ahead)
		p.credit = ahead
	default:
		p.credit = -owed
	}
}

// step accounts for one instruction.
func (p *planner) step(in *instr, f *function) {
	p.cost += cost(in.op)
	switch in.op {
	case opBlock, opLoop, opIf:
		p.enter(in)
	case opElse:
		p.orElse(in)
	case opEnd:
		p.leave(in)
	case opBr, opBrIf, opBrTable, opReturn, opUnreachable:
		p.branch(in, f)
	case opCall:
		p.call(in)
	case opCallIndirect:
		p.straight = false
	case opRefFunc:
		p.renumber(in)
	default:
		if _, ok := unitShift(in.op); ok {
			p.straight, p.ranges = false, true
			p.edits = append(p.edits, edit{at: in.at, end: in.at, kind: editRange, op: in.op})
		}
	}
}

func (p *planner) call(in *instr) {
	p.straight = false
	p.renumber(in)
	if n := uint32(len(p.m.importedFuncs)); in.x >= n {
		if f := &p.m.funcs[in.x-n]; f.leaf && f.cost <= leafCost {
			p.cost += f.cost
		}
	}
}

func (p *planner) renumber(in *instr) {
	if in.x >= p.fuelFunc {
		p.edits = append(p.edits, edit{at: in.at, end: in.end, kind: editFunc, op: in.op, cost: in.x})
	}
}

// enter opens the frame of a block, loop or if.
func (p *planner) enter(in *instr) {
	if in.op != opBlock {
		p.settle()
		p.begin(in.end)
	}
	p.frames = append(p.frames, frame{op: in.op, alive: p.alive, credit: p.credit})
	if in.op == opLoop && p.alive {
		if p.straight {
			// The loop's own check is the first thing that the function does.
			p.edits[0].kind = editCharge
		}
		p.top().head = p.stretch
		p.edits[p.stretch].kind = editCheck
		p.credit = 0
	}
	p.straight = p.straight && in.op == opBlock
}

func (p *planner) orElse(in *instr) {
	p.settle()
	p.come(p.top())
	t := p.top()
	t.op = opElse
	p.alive, p.credit = t.alive, t.credit
	p.begin(in.end)
}

// come notes that a path leads from here to the frame's label.
func (p *planner) come(t *frame) {
	switch {
	case !p.alive:
	case t.op == opLoop || t == &p.frames[0]:
		t.debts.add(p.credit)
	case !t.reached:
		t.reached, t.label = true, p.credit
	default:
		t.label = min(t.label, p.credit)
	}
}

// leave closes a frame.
func (p *planner) leave(in *instr) {
	p.settle()
	t := p.top()
	switch {
	case len(p.frames) == 1:
		p.come(t)
		p.edits[0].cost += t.debts.advance()
	case t.op == opLoop:
		p.edits[t.head].cost += t.debts.advance()
	default:
		p.come(t)
		if t.op == opIf && t.alive {
			p.alive, p.credit = true, t.credit
			p.come(t)
		}
		p.alive, p.credit = t.reached, t.label
	}
	p.frames = p.frames[:len(p.frames)-1]
	if len(p.frames) > 0 {
		p.begin(in.end)
	}
}

// branch accounts for an instruction that may go elsewhere.
func (p *planner) branch(in *instr, f *function) {
	p.straight = false
	p.settle()
	last := uint32(len(p.frames) - 1)
	switch in.op {
	case opBr, opBrIf:
		p.come(&p.frames[last-in.x])
	case opBrTable:
		r := reader{buf: f.code[in.at+1 : in.end]}
		for n := r.u32() + 1; n > 0; n-- {
			p.come(&p.frames[last-r.u32()])
		}
	case opReturn:
		p.come(&p.frames[0])
	}
	p.alive = p.alive && in.op == opBrIf
	p.begin(in.end)
}

// rewrite gives a function its charges.
func (p *planner) rewrite(f *function) {
	p.plan(f)
	scratch := f.locals
	if p.ranges {
		f.decls = append(f.decls[:len(f.decls):len(f.decls)], 1, byte(I32))
		f.groups++
		f.locals++
	}
	out := make([]byte, 0, len(f.code)+16*len(p.edits))
	last := 0
	for i := range p.edits {
		e := &p.edits[i]
		out = append(out, f.code[last:e.at]...)
		out = p.emit(out, e, scratch)
		last = e.end
	}
	f.code = append(out, f.code[last:]...)
}

func (p *planner) emit(out []byte, e *edit, scratch uint32) []byte {
	switch e.kind {
	case editCharge:
		return p.charge(out, e.cost)
	case editCheck:
		if MINI == "1" {
			return p.charge(p.mini(out, true), e.cost)
		}
		if MINI == "2" {
			return p.charge(p.mini(out, e.at == 0), e.cost)
		}
		if MINI == "4" && e.at > 0 {
			return p.charge(p.mini(out, e.at == 0), e.cost)
		}
		if MINI == "5" {
			if e.at == 0 { return p.charge(out, e.cost) }
			return p.charge(p.mini(out, e.at == 0), e.cost)
		}
		if MINI == "6" {
			if e.at == 0 { return out }
			return p.charge(p.mini(out, e.at == 0), e.cost)
		}
		if MINI == "3" {
			return p.mini(p.charge(out, e.cost), true)
		}
		return p.check(p.charge(out, e.cost))
	case editRange:
		return p.chargeRange(out, e.op, scratch)
	case editFunc:
		return appendU32(append(out, byte(e.op)), e.cost+1)
	}
	return out
}

// charge takes a constant off the counter.
func (p *planner) charge(out []byte, cost uint32) []byte {
	out = appendU32(append(out, opGlobalGet), p.m.fuel)
	out = appendS64(append(out, opI64Const), int64(cost))
	out = append(out, opI64Sub, opGlobalSet)
	return appendU32(out, p.m.fuel)
}

// check calls the host if the counter is below 0.
func (p *planner) check(out []byte) []byte {
	out = appendU32(append(out, opGlobalGet), p.m.fuel)
	if TRAP {
		return append(out, opI64Const, 0, opI64LtS, opIf, emptyBlock, 0, opEnd)
	}
	out = append(out, opI64Const, 0, opI64LtS, opIf, emptyBlock, opCall)
	return append(appendU32(out, p.fuelFunc), opEnd)
}

// chargeRange charges for the length that lies on top of the stack, and leaves
// it there.
func (p *planner) chargeRange(out []byte, op uint16, scratch uint32) []byte {
	out = appendU32(append(out, opLocalTee), scratch)
	out = appendU32(append(out, opGlobalGet), p.m.fuel)
	out = appendU32(append(out, opLocalGet), scratch)
	out = append(out, opI64ExtendU, opI64Const)
	if shift, _ := unitShift(op); shift >= 0 {
		out = append(out, byte(shift), opI64ShrU)
	} else {
		out = append(out, byte(-shift), opI64Shl)
	}
	out = append(out, opI64Sub, opGlobalSet)
	return p.check(appendU32(out, p.m.fuel))
}

var TRAP = os.Getenv("TRAP") != ""

var MINI = os.Getenv("MINI")
func (p *planner) mini(out []byte, loop bool) []byte {
	if loop {
		out = append(out, opLoop, emptyBlock)
	}
	out = appendU32(append(out, opGlobalGet), p.m.fuel)
	out = append(out, opI64Const, 0, opI64LtS, opIf, emptyBlock, opCall)
	out = append(appendU32(out, p.fuelFunc), opBr, 1, opEnd)
	if loop {
		out = append(out, opEnd)
	}
	return out
}
