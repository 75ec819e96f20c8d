package image

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
	costIndirect = 8   // looking up and checking the callee
	costGrow     = 256 // a way out of the guest and back
	costHost     = 100 // the same, for a function of the host
	// leafCost is how much a function without loops and calls may cost to be
	// charged where it is called instead of by itself.
	leafCost = 24
	// slack is how much a path may cost before it is charged: the greater, the
	// faster the guest and the coarser the count.
	slack = 32
)

// unitShift says how much of a range costs 1, as a power of 2: 32 bytes, 4 table
// elements, the 64th part of a page that grows.
func unitShift(op uint16) (shift int, ranged bool) {
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

// How charges are placed. Code is cut into stretches that run from one label or
// branch to the next. A stretch need not pay at once: the planner knows at each
// place the credit, which is what the worst of the paths that lead there has paid
// beyond its cost, and a stretch pays only when its own cost would take the credit
// below -slack. So the counter is touched about once in slack
// instructions, however many branches there are. What a path still owes when it comes to
// the head of a loop or to the end of the function is charged in advance there or at the
// entry, on average: no path is free that can be taken again and again.

// frame is an open block.
type frame struct {
	op     uint16
	alive  bool  // code leads into it
	credit int32 // where it was entered
	// label is the least credit with which a path comes to the end of a block,
	// if one does.
	label   int32
	reached bool
	slot    bool // one of the blocks of the dispatching loop
	// head is the edit that charges for a loop or the function, and debts what
	// paths owe when they come to it again.
	head  int
	debts debts
}

// debts sums up what the paths to a place owe.
type debts struct {
	sum, paths int64
	most       int32
}

func (d *debts) add(credit int32) {
	d.paths++
	d.sum -= int64(min(credit, 0))
	d.most = max(d.most, -credit)
}

// advance is what to charge for them in advance: the mean, but no less than a
// quarter of the greatest, rounded up, lest a path that owes little be free.
func (d *debts) advance() uint32 {
	if d.paths == 0 {
		return 0
	}
	return uint32(max(int32(d.sum/d.paths), (d.most+3)/4))
}

// planner decides where a function charges its fuel. It is kept from function
// to function for its memory.
type planner struct {
	m      *Module
	calls  *callGraph // nil if the stack is not counted
	held   uint32     // of the stack by the function at hand, where it is counted
	free   bool       // nothing is inserted
	code   []byte     // of the function at hand
	edits  []edit
	frames []frame

	alive    bool  // code leads here
	credit   int32 // if alive
	stretch  int   // the edit at the head of the present stretch
	cost     uint32
	straight bool // no loop, branch or call so far
	ranges   bool // there is an instruction on a range
	dispatch dispatch
	placed   placing
}

// plan fills edits for a function.
func (p *planner) plan(f *function) {
	*p = planner{m: p.m, calls: p.calls, free: p.free, code: f.code, edits: p.edits[:0], frames: p.frames[:0],
		alive: true, straight: true}
	p.frames = append(p.frames, frame{op: opBlock, alive: true})
	p.begin(0)
	p.edits[0].kind = editCharge
	if f.calls {
		p.edits[0].kind = editCheck
	}
	r := reader{buf: f.code}
	for in := (instr{}); len(p.frames) > 0 && r.err == nil; {
		r.next(&in)
		p.step(&in)
	}
	if e := &p.edits[0]; f.small() || e.cost == 0 && e.kind == editCharge {
		e.kind = editNone
	}
}

// small reports whether calls of the function are charged to the caller.
func (f *function) small() bool { return f.leaf && f.cost <= leafCost }

func (p *planner) top() *frame { return &p.frames[len(p.frames)-1] }

// begin starts a stretch.
func (p *planner) begin(at int) {
	p.stretch, p.cost = len(p.edits), 0
	p.edits = append(p.edits, edit{at: at, end: at})
}

// settle ends the present stretch: it pays, or it adds to what is owed, which
// may then be as much as most.
func (p *planner) settle(most int32) {
	e := &p.edits[p.stretch]
	owed := int32(p.cost) - p.credit
	switch {
	case !p.alive:
	case e.kind != editNone:
		e.cost += p.cost
		p.credit = 0
	case owed > most:
		e.kind, e.cost = editCharge, uint32(owed)
		p.credit = 0
	default:
		p.credit = -owed
	}
}

// step accounts for one instruction.
func (p *planner) step(in *instr) {
	p.cost += cost(in.op)
	p.placed.step(in)
	switch in.op {
	case opBlock, opLoop, opIf:
		p.enter(in)
	case opElse:
		p.orElse(in)
	case opEnd:
		p.leave(in)
	case opBr, opBrIf, opBrTable, opReturn, opUnreachable:
		p.branch(in)
	case opCall:
		p.call(in)
	case opCallIndirect:
		p.straight = false
		p.deep(in, true)
	case opRefFunc:
		p.renumber(in)
	default:
		p.plain(in)
	}
}

func (p *planner) plain(in *instr) {
	if _, ok := unitShift(in.op); ok {
		p.straight, p.ranges = false, true
		p.edits = append(p.edits, edit{at: in.at, end: in.at, kind: editRange, op: in.op})
	}
}

func (p *planner) call(in *instr) {
	p.straight = false
	p.cost += p.calleeCost(in.x)
	counted := p.calls != nil && p.calls.next()
	if counted {
		p.deep(in, false)
	}
	p.renumber(in)
	if counted {
		p.shallow(in)
	}
}

// calleeCost is what a call costs beside the instruction.
func (p *planner) calleeCost(fn uint32) uint32 {
	n := uint32(len(p.m.importedFuncs))
	if fn < n {
		return costHost
	}
	if f := &p.m.funcs[fn-n]; f.small() {
		return f.cost
	}
	return 0
}

// deep counts the stack that is held at a call, on its way in; at an indirect
// one, which needs no other change, on its way out too.
func (p *planner) deep(in *instr, both bool) {
	if p.calls == nil {
		return
	}
	p.edits = append(p.edits, edit{at: in.at, end: in.at, kind: editDeeper})
	if both {
		p.shallow(in)
	}
}

func (p *planner) shallow(in *instr) {
	p.edits = append(p.edits, edit{at: in.end, end: in.end, kind: editShallower})
}

func (p *planner) renumber(in *instr) {
	if in.x >= uint32(len(p.m.importedFuncs)) {
		p.edits = append(p.edits, edit{at: in.at, end: in.end, kind: editFunc, op: in.op, cost: in.x})
	}
}

// enter opens the frame of a block, loop or if.
func (p *planner) enter(in *instr) {
	f := frame{op: in.op, alive: p.alive}
	switch {
	case in.op == opBlock:
		f.slot = p.dispatch.open(len(p.frames))
	case in.op == opLoop && p.alive && !p.dispatchAt(in):
		p.loop(in)
	default:
		p.settle(slack)
		p.begin(in.end)
	}
	f.credit, f.head = p.credit, p.stretch
	p.frames = append(p.frames, f)
	p.straight = p.straight && in.op == opBlock
}

// loop begins a loop, and has its head check for it. Nothing may be owed when
// it begins: what the head charges is for the turns.
func (p *planner) loop(in *instr) {
	p.settle(0)
	p.begin(in.end)
	if p.straight {
		// The loop's own check is the first thing that the function does.
		p.edits[0].kind = editCharge
	}
	e := &p.edits[p.stretch]
	e.kind = editLoop
	if in.x != noType && len(p.m.types[in.x].params) > 0 {
		e.kind = editCheck // going back takes values that are not there
	}
}

func (p *planner) orElse(in *instr) {
	t := p.top()
	p.settle(slack)
	p.arrive(t)
	t.op = opElse
	p.alive, p.credit = t.alive, t.credit
	p.begin(in.end)
}

// arrive notes that a path leads from here to the frame's label.
func (p *planner) arrive(t *frame) {
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
	p.settle(slack)
	t := p.top()
	switch {
	case t.op == opLoop:
		p.edits[t.head].cost += t.debts.advance()
	case len(p.frames) == 1:
		p.arrive(t)
		p.edits[0].cost += t.debts.advance()
	default:
		p.join(t)
	}
	p.frames = p.frames[:len(p.frames)-1]
	if len(p.frames) == p.dispatch.frame {
		p.dispatch = dispatch{} // the next frame of that number is another
	}
	if len(p.frames) > 0 {
		p.begin(in.end)
	}
}

// join brings the paths together that meet at the end of a block or if.
func (p *planner) join(t *frame) {
	p.arrive(t)
	if t.op == opIf && t.alive {
		p.alive, p.credit = true, t.credit
		p.arrive(t)
	}
	p.alive, p.credit = t.reached, t.label
}

// branch accounts for an instruction after which code may go on elsewhere.
func (p *planner) branch(in *instr) {
	p.straight = false
	p.settle(slack)
	last := uint32(len(p.frames) - 1)
	switch op := in.op; {
	case p.again(in):
	case op == opBr || op == opBrIf:
		p.arrive(&p.frames[last-in.x])
	case op == opBrTable:
		r := reader{buf: p.code, pos: in.at + 1}
		for n := r.u32() + 1; n > 0; n-- {
			p.arrive(&p.frames[last-r.u32()])
		}
	case op == opReturn:
		p.arrive(&p.frames[0])
	}
	p.alive = p.alive && in.op == opBrIf
	p.begin(in.end)
}
