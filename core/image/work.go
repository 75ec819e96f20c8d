package image

// work estimates how long a function takes to compile beyond what its length
// explains, in nanoseconds. Optimising compilers are worse than linear in the number of
// basic blocks, of edges between them, and of variables that live across them;
// the factors were measured with wazero's.
type work struct {
	blocks  uint64 // block, loop, if, else, br_if
	targets uint64 // of br_table
	loops   uint64
	depth   uint64 // of loops within loops
	open    uint64 // loops that are open
	values  uint64 // that calls take and give
	arity   uint64 // the most values that a block takes or gives
	live    uint64 // locals that are read in another stretch than they were set in

	stretch uint32 // straight code, numbered through the module
	first   uint32 // the first one of the function
	set     []uint32
	counted []uint32 // per local, the first stretch of the function that counted it
}

func (w *work) begin(locals uint32) {
	*w = work{stretch: w.stretch + 1, first: w.stretch + 1, set: w.set, counted: w.counted}
	for uint32(len(w.set)) < locals {
		w.set = append(w.set, 0)
		w.counted = append(w.counted, 0)
	}
}

// estimate is for a function with that many locals, parameters included.
func (w *work) estimate(locals uint32) uint64 {
	live := w.live + w.arity
	const crowd = 5000 // targets of which each costs more
	return 25*w.blocks*w.blocks +
		3*w.loops*w.depth*live*live +
		1000*(w.blocks+w.targets)*live +
		2000*min(w.targets, crowd) + 9000*(max(w.targets, crowd)-crowd) +
		200*w.values +
		40*uint64(locals)
}

func (w *work) block(in *instr, t *funcType) {
	w.stretch++
	w.blocks++
	if t != nil {
		w.arity = max(w.arity, uint64(len(t.params)+len(t.results)))
	}
	if in.op == opLoop {
		w.loops++
		w.open++
		w.depth = max(w.depth, w.open)
	}
}

func (w *work) end(op byte) {
	w.stretch++
	if op == opLoop {
		w.open--
	}
}

func (w *work) branch(in *instr) {
	w.stretch++
	switch in.op {
	case opBrIf, opElse:
		w.blocks++
	case opBrTable:
		w.targets += uint64(in.x) + 1
	}
}

func (w *work) call(t *funcType) { w.values += uint64(len(t.params) + len(t.results)) }

// local accounts for local.get, local.set and local.tee.
func (w *work) local(in *instr) {
	if in.op == opLocalGet && w.stretch != w.first && w.set[in.x] != w.stretch && w.counted[in.x] != w.first {
		w.counted[in.x] = w.first
		w.live++
	}
	w.set[in.x] = w.stretch
}
