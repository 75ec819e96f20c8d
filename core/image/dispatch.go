package image

// Go's compiler keeps the place in a function in a local: the code is a loop
// around as many blocks as there are places to jump to, and begins with a br_table
// on the local. A jump sets the local to a constant and branches to the loop:
//
//	loop
//	  block … block
//	    local.get place
//	    br_table …
//	  end
//	  …
//	  i32.const 7
//	  local.set place
//	  br <loop>
//
// Most of these jumps lead forward in the code, to the end of a block that is still
// open: they become branches to that block, which spares the br_table. A check at the
// head of the loop is left out, and each branch to the loop that is left has a check of
// its own. A circle in the code needs one of those: what is between two of them only
// ever moves forward.
type dispatch struct {
	frame   int      // the loop's; 0 if none is open
	place   uint32   // the local
	targets []uint32 // labels as the br_table sees them, the default last
	blocks  int      // between the loop and the br_table
	opened  int      // how many of them the planner has come to
}

// costDispatch is what the head of such a loop costs.
const costDispatch = 2

// dispatchAt reports whether a loop is such a one, and no other is open: one at a
// time is enough.
func (p *planner) dispatchAt(loop *instr) bool {
	if p.dispatch.frame > 0 || loop.x != noType {
		return false
	}
	r := reader{buf: p.code, pos: loop.end}
	var in instr
	d := dispatch{frame: len(p.frames)}
	for r.next(&in); in.op == opBlock && in.x == noType; r.next(&in) {
		d.blocks++
	}
	d.place = in.x
	if in.op != opLocalGet {
		return false
	}
	if r.next(&in); in.op != opBrTable || int64(in.outer) >= int64(d.blocks) {
		return false
	}
	r = reader{buf: p.code, pos: in.at + 1}
	for n := r.u32() + 1; n > 0; n-- {
		d.targets = append(d.targets, r.u32())
	}
	p.dispatch = d
	return true
}

// open reports whether a block that becomes that frame is one of the loop's.
func (d *dispatch) open(frame int) bool {
	if d.frame == 0 || d.opened == d.blocks || frame != d.frame+d.opened+1 {
		return false
	}
	d.opened++
	return true
}

// isDispatch reports whether a label is that of the dispatching loop.
func (p *planner) isDispatch(label uint32) bool {
	return p.dispatch.frame > 0 && len(p.frames)-1-int(label) == p.dispatch.frame
}

// forward returns the frame of the block to whose end a branch to the loop leads, if
// the branch sets the place and that block is still open.
func (p *planner) forward(in *instr) (frame int, ok bool) {
	if p.placed.end != in.at || p.placed.local != p.dispatch.place {
		return 0, false
	}
	d := &p.dispatch
	label := d.targets[min(int64(p.placed.place), int64(len(d.targets)-1))]
	at := d.frame + d.blocks - int(label)
	return at, at < len(p.frames) && p.frames[at].slot
}

// placing is how far the code at hand is with setting a place.
type placing struct {
	place, local uint32
	end          int // of the local.set
	constEnd     int // of the i32.const
}

func (p *placing) step(in *instr) {
	switch in.op {
	case opI32Const:
		p.place, p.constEnd = in.x, in.end
	case opLocalSet:
		if p.constEnd == in.at {
			p.local, p.end = in.x, in.end
		}
	}
}

// again accounts for a branch that may go to the dispatching loop; it reports
// whether that is all there is to account for.
func (p *planner) again(in *instr) bool {
	switch in.op {
	case opBr:
		if !p.isDispatch(in.x) {
			return false
		}
		if t, ok := p.forward(in); ok {
			p.arrive(&p.frames[t])
			p.edits = append(p.edits, edit{at: in.at, end: in.end, kind: editJump, label: uint32(len(p.frames) - 1 - t)})
		} else {
			p.pay(edit{at: in.at, end: in.at, kind: editBack, label: in.x})
		}
		return true
	case opBrIf:
		if p.isDispatch(in.x) {
			p.pay(edit{at: in.at, end: in.at, kind: editCheck})
			return true
		}
	case opBrTable:
		r := reader{buf: p.code, pos: in.at + 1}
		for n := r.u32() + 1; n > 0; n-- {
			if p.isDispatch(r.u32()) {
				p.pay(edit{at: in.at, end: in.at, kind: editCheck})
				break
			}
		}
	}
	return false
}

// pay inserts a check that charges what is owed, and the head of the loop.
func (p *planner) pay(e edit) {
	if p.alive {
		e.cost = uint32(costDispatch - p.credit)
		p.credit = 0
		p.edits = append(p.edits, e)
	}
}
