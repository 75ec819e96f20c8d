package image

// editKind is what an edit does to the code.
type editKind uint8

const (
	editNone      editKind = iota // a stretch that does not pay
	editCharge                    // charge cost
	editCheck                     // charge cost, ask for more if the counter is below 0
	editLoop                      // the same at the head of a loop
	editBack                      // the same before a branch to a loop
	editJump                      // branch to another label
	editRange                     // charge by the length on top of the stack
	editFunc                      // renumber a function: cost becomes cost+1
	editDeeper                    // take cost off the stack that is left
	editShallower                 // … and give it back
)

// edit is an insertion into a function's code, or a replacement.
type edit struct {
	at, end int // what it replaces
	kind    editKind
	op      uint16
	cost    uint32 // what to charge, or the function
	label   uint32 // of the branch that follows editBack, or that is editJump
}

// rewrite gives the i-th function its charges.
func (p *planner) rewrite(i int) {
	f := &p.m.funcs[i]
	p.plan(f)
	if p.calls != nil {
		p.held = p.calls.held[i]
	}
	scratch := f.locals
	if p.ranges {
		f.decls = append(f.decls[:len(f.decls):len(f.decls)], 1, byte(I32))
		f.groups++
		f.locals++
	}
	out := make([]byte, 0, len(f.code)+12*len(p.edits))
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
	if p.free && e.kind != editFunc {
		return append(out, p.code[e.at:e.end]...)
	}
	switch e.kind {
	case editCharge:
		return p.charge(out, e.cost)
	case editCheck:
		return p.check(p.charge(out, e.cost), nowhere)
	case editLoop:
		return p.charge(p.check(out, 0), e.cost)
	case editBack:
		return p.check(p.charge(out, e.cost), e.label)
	case editJump:
		return appendU32(append(out, opBr), e.label)
	case editRange:
		return p.chargeRange(out, e.op, scratch)
	case editFunc:
		return appendU32(append(out, byte(e.op)), e.cost+1)
	case editDeeper:
		out = p.count(out, opI32Sub)
		out = appendU32(append(out, opGlobalGet), p.m.stack)
		out = append(out, opI32Const, 0, opI32LtS, opIf, emptyBlock, opCall)
		return append(appendU32(out, uint32(len(p.m.importedFuncs))), opEnd)
	case editShallower:
		return p.count(out, opI32Add)
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

const nowhere = ^uint32(0)

// check calls the host if the counter is below 0, and then branches to a loop,
// if there is a label: to the one at whose head the check is, which looks again, or
// to the one that the code is about to go to. A call whose path meets the other
// only at the head of a loop spares wazero's compiler to move every value between
// registers and stack on the path without a call.
func (p *planner) check(out []byte, label uint32) []byte {
	out = appendU32(append(out, opGlobalGet), p.m.fuel)
	out = append(out, opI64Const, 0, opI64LtS, opIf, emptyBlock, opCall)
	out = appendU32(out, uint32(len(p.m.importedFuncs)))
	if label != nowhere {
		out = appendU32(append(out, opBr), label+1)
	}
	return append(out, opEnd)
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
	return p.check(appendU32(out, p.m.fuel), nowhere)
}

// count adds what the function holds of the stack to what is left or takes it
// off.
func (p *planner) count(out []byte, op byte) []byte {
	out = appendU32(append(out, opGlobalGet), p.m.stack)
	out = appendS64(append(out, opI32Const), int64(p.held))
	return appendU32(append(out, op, opGlobalSet), p.m.stack)
}
