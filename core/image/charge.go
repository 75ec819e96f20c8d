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

// A point is where fuel is charged: the entry of a function, the head of a
// loop, or a place from which code runs that may be left out. Points that turn
// out to be cheap are merged into the one that dominates them.

// editKind is what an edit does to the code.
type editKind uint8

const (
	editNone   editKind = iota // a point that was merged
	editCharge                 // charge cost
	editCheck                  // charge cost, ask for more if there is none left
	editRange                  // charge by the length on top of the stack
	editFunc                   // renumber a function: x becomes x+1
)

// edit is an insertion at a place in a function's code, or a replacement.
type edit struct {
	at, end int // what it replaces
	kind    editKind
	forced  bool // not to be merged
	op      uint16
	cost    uint32 // of a point, what it charges; else the function
	merged  uint32 // how much of cost came from points merged into this one
	parent  int32  // the point that dominates this one
}

// frame is an open block.
type frame struct {
	op    uint16
	point int32 // what the code at this place is charged to
	base  int32 // what it was charged to when the block was entered
	dead  bool  // no way leads here
	// outer is the outermost frame that a branch in this one goes to.
	outer int32
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
}

// Tuning: what keeps the checks few and the count near what is executed.
var (
	minPoint  uint32 = 32 // a point that costs less is merged …
	maxMerged uint32 = 64 // … unless the other already took that much
)

// plan fills edits for a function.
func (p *planner) plan(f *function) {
	p.edits, p.frames = p.edits[:0], p.frames[:0]
	p.straight, p.ranges = true, false
	p.edits = append(p.edits, edit{kind: editCheck, forced: true, parent: -1})
	if f.leaf {
		p.edits[0].kind = editCharge
	}
	p.frames = append(p.frames, frame{op: opBlock})
	r := reader{buf: f.code}
	var in instr
	for len(p.frames) > 0 && r.err == nil {
		r.next(&in)
		p.step(&in)
	}
	if e := &p.edits[0]; e.cost == 0 && e.kind == editCharge || f.leaf && f.cost <= leafCost {
		e.kind = editNone
	}
}

func (p *planner) top() *frame { return &p.frames[len(p.frames)-1] }

// step accounts for one instruction.
func (p *planner) step(in *instr) {
	t := p.top()
	if !t.dead {
		p.edits[t.point].cost += cost(in.op)
	}
	switch in.op {
	case opBlock, opLoop, opIf:
		p.enter(in)
	case opElse:
		p.close(t)
		t.dead, t.point = p.frames[len(p.frames)-2].dead, t.base
		p.split(t, in.end)
	case opEnd:
		p.leave(in.end)
	case opBr, opBrIf, opBrTable, opReturn:
		p.branch(in)
	case opUnreachable:
		t.dead = true
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
		if f := &p.m.funcs[in.x-n]; f.leaf && f.cost <= leafCost && !p.top().dead {
			p.edits[p.top().point].cost += f.cost
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
	t := p.top()
	p.frames = append(p.frames, frame{op: in.op, point: t.point, base: t.point, dead: t.dead, outer: int32(len(p.frames))})
	switch t = p.top(); {
	case t.dead:
	case in.op == opIf:
		p.straight = false
		p.split(t, in.end)
	case in.op == opLoop:
		if p.straight {
			// The loop's own check is the first thing that the function does.
			p.edits[0].kind = editCharge
		}
		p.straight = false
		t.point = p.add(edit{at: in.end, end: in.end, kind: editCheck, forced: true, parent: -1})
		t.base = t.point
	}
}

// leave closes a frame. What follows is a point of its own if a branch in the
// frame leads past it.
func (p *planner) leave(next int) {
	t := *p.top()
	p.close(&t)
	p.frames = p.frames[:len(p.frames)-1]
	if len(p.frames) == 0 {
		return
	}
	up := p.top()
	up.outer = min(up.outer, t.outer)
	if t.outer < int32(len(p.frames)) && !up.dead {
		p.close(up)
		p.split(up, next)
	}
}

// branch accounts for an instruction that may go elsewhere.
func (p *planner) branch(in *instr) {
	p.straight = false
	t := p.top()
	to := int32(0)
	switch in.op {
	case opBr, opBrIf:
		to = int32(len(p.frames)-1) - int32(in.x)
	case opBrTable:
		to = int32(len(p.frames)-1) - int32(in.outer)
	}
	t.outer = min(t.outer, to)
	if in.op != opBrIf {
		t.dead = true
	} else if !t.dead {
		p.close(t)
		p.split(t, in.end)
	}
}

// split makes a point for what follows in the frame.
func (p *planner) split(t *frame, at int) {
	if !t.dead {
		t.point = p.add(edit{at: at, end: at, kind: editCharge, parent: t.point})
	}
}

func (p *planner) add(e edit) int32 {
	p.edits = append(p.edits, e)
	return int32(len(p.edits) - 1)
}

// close ends the frame's present point, if it is the frame's own: it is merged
// into the one that dominates it if it is cheap.
func (p *planner) close(t *frame) {
	e := &p.edits[t.point]
	if e.forced || t.point == t.base {
		return
	}
	up := &p.edits[e.parent]
	if e.cost == 0 || e.cost < minPoint && up.merged+e.cost <= maxMerged {
		up.cost += e.cost
		up.merged += e.cost
		e.kind = editNone
		t.point = e.parent
	}
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
