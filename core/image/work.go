package image

// work estimates how long a function takes to compile beyond what its length
// explains, in nanoseconds. Optimising compilers are worse than linear in the number of
// basic blocks, of edges between them, and of variables that live across them;
// the factors were measured with wazero's.
type work struct {
	blocks  uint64 // that a compiler makes of the code
	tables  uint64 // br_table
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
	return 25*w.blocks*w.blocks +
		w.loops*w.depth*(150+5*live*live) +
		3000*(w.blocks+w.targets)*live +
		w.targets*(2000+40*w.tables+w.targets/12) +
		1000*w.values +
		40*uint64(locals)
}

// hidden is how many blocks a compiler makes of an instruction that opens none.
func hidden(op uint16) uint64 {
	switch op {
	case opUnreachable:
		return 1
	case opMemoryFill, opTableFill:
		return 2
	}
	return 0
}

func (w *work) instruction(op uint16) { w.blocks += hidden(op) }

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
		w.tables++
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
