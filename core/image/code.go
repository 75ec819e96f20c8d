package image

// parseCode reads the bodies of the functions that the function section
// declared.
func (m *Module) parseCode(r *reader) {
	if n := r.u32(); uint64(n) != uint64(len(m.funcs)) {
		r.fail("function and code section disagree")
		return
	}
	v := vetter{m: m}
	for i := range m.funcs {
		body := r.sub(r.u32())
		f := &m.funcs[i]
		body.err = r.err
		if body.err == nil {
			v.body(&body, f)
		}
		if body.err != nil {
			r.abort(inFunc(body.err, len(m.importedFuncs)+i))
			return
		}
	}
}

// vetter checks function bodies. It is kept from body to body for its stack.
type vetter struct {
	m      *Module
	frames []byte // the opcodes of the open blocks
	work   work
}

// maxFunctionBytes is as much code as V8 takes in a function, and as costs less
// than 2^31 in all.
const maxFunctionBytes = 7_654_321

func (v *vetter) body(r *reader, f *function) {
	if err := over("bytes of code", uint64(len(r.buf)), min(v.m.limits.FunctionBytes, maxFunctionBytes)); err != nil {
		r.abort(err)
		return
	}
	v.locals(r, f)
	f.base, f.leaf = r.base+r.pos, true
	f.code = r.buf[r.pos:]
	code := reader{buf: f.code, base: f.base, err: r.err}
	v.instructions(&code, f)
	if r.pos, r.err = len(r.buf), code.err; r.err == nil {
		r.abort(v.account(f))
	}
}

// account adds what a function takes to compile to what the module does.
func (v *vetter) account(f *function) error {
	work := v.work.estimate(f.locals)
	v.m.work += work
	if err := slow("one function", work, v.m.limits.FunctionWork); err != nil {
		return err
	}
	return slow("the module", v.m.work, v.m.limits.Work)
}

// checkWork estimates anew what the module takes to compile, after its code has
// been rewritten.
func (m *Module) checkWork() error {
	v := vetter{m: m}
	m.work = 0
	for i, f := range m.funcs {
		r := reader{buf: f.code, base: f.base}
		v.instructions(&r, &f)
		if err := v.account(&f); err != nil {
			return inFunc(err, len(m.importedFuncs)+i)
		}
	}
	return nil
}

func (v *vetter) locals(r *reader, f *function) {
	total := uint64(len(v.m.types[f.typ].params))
	f.groups = r.count()
	from := r.pos
	for n := f.groups; n > 0 && r.err == nil; n-- {
		total += uint64(r.u32())
		r.valType()
		if err := over("locals", total, v.m.limits.Locals); err != nil {
			r.abort(err)
		}
	}
	if r.err == nil {
		f.decls, f.locals = r.buf[from:r.pos], uint32(total)
	}
}

func (v *vetter) instructions(r *reader, f *function) {
	var in instr
	v.work.begin(f.locals)
	v.frames = append(v.frames[:0], opBlock)
	for len(v.frames) > 0 && r.err == nil {
		r.next(&in)
		if r.err == nil {
			v.instruction(r, f, &in)
		}
	}
	if r.err == nil && !r.done() {
		r.fail("code behind the end of a function")
	}
}

// instruction checks one instruction: that it is in its place and that what it
// refers to exists.
func (v *vetter) instruction(r *reader, f *function, in *instr) {
	m := v.m
	f.cost += cost(in.op)
	v.work.instruction(in.op)
	ok := true
	switch in.op {
	case opLocalGet, opLocalSet, opLocalTee:
		if ok = in.x < f.locals; ok {
			v.work.local(in)
		}
	case opBlock, opLoop, opIf:
		v.open(r, in)
		f.leaf = f.leaf && in.op != opLoop
	case opElse:
		if ok = v.frames[len(v.frames)-1] == opIf; ok {
			v.frames[len(v.frames)-1] = opElse
			v.work.branch(in)
		}
	case opEnd:
		v.work.end(v.frames[len(v.frames)-1])
		v.frames = v.frames[:len(v.frames)-1]
	case opBr, opBrIf:
		v.work.branch(in)
		ok = int(in.x) < len(v.frames)
	case opBrTable:
		if err := over("targets of a br_table", uint64(in.x), m.limits.BrTable); err != nil {
			r.abort(err)
		}
		v.work.branch(in)
		ok = int64(in.outer) < int64(len(v.frames))
	case opCall:
		f.leaf, f.calls = false, true
		if ok = int64(in.x) < int64(m.funcCount()); ok {
			v.work.call(m.funcTypeOf(in.x))
		}
	case opCallIndirect:
		f.leaf, f.calls = false, true
		if ok = int64(in.x) < int64(len(m.types)) && int64(in.y) < int64(m.tableCount()); ok {
			v.work.call(&m.types[in.x])
		}
	default:
		ok = v.operand(f, in)
	}
	if !ok {
		r.fail("unknown or misplaced " + opName(in.op))
	}
}

func (v *vetter) open(r *reader, in *instr) {
	v.frames = append(v.frames, byte(in.op))
	if err := over("nested blocks", uint64(len(v.frames)-1), v.m.limits.Nesting); err != nil {
		r.abort(err)
	}
	switch {
	case in.x == noType:
		v.work.block(in, nil)
	case int64(in.x) < int64(len(v.m.types)):
		v.work.block(in, &v.m.types[in.x])
	default:
		r.fail("unknown type")
	}
}

// operand checks the indices of an instruction that does not branch or call.
func (v *vetter) operand(f *function, in *instr) bool {
	m := v.m
	switch {
	case in.op < opLocalGet:
		return true
	case in.op <= opGlobalSet:
		return int64(in.x) < int64(m.globalCount())
	case in.op <= opTableSet:
		m.changesTables = m.changesTables || in.op == opTableSet
		return int64(in.x) < int64(m.tableCount())
	case in.op <= opMemoryGrow:
		f.leaf = f.leaf && in.op != opMemoryGrow
		return m.memoryCount() > 0
	case in.op == opRefFunc:
		return int64(in.x) < int64(m.funcCount())
	case opMemoryInit <= in.op && in.op < opFD:
		f.leaf = false
		return v.bulk(in)
	case in.op >= opFD && usesMemory(in.op-opFD):
		return m.memoryCount() > 0
	}
	return true
}

// bulk checks an instruction on memory, tables and segments.
func (v *vetter) bulk(in *instr) bool {
	m := v.m
	switch in.op {
	case opMemoryInit, opDataDrop:
		m.usesSegments = true
		return int64(in.x) < m.dataCount && (in.op == opDataDrop || m.memoryCount() > 0)
	case opMemoryCopy, opMemoryFill:
		return m.memoryCount() > 0
	case opElemDrop:
		return int64(in.x) < int64(len(m.elements))
	case opTableInit:
		m.changesTables = true
		return int64(in.x) < int64(len(m.elements)) && int64(in.y) < int64(m.tableCount())
	}
	m.changesTables = m.changesTables || in.op != opFC+16 // table.size
	return int64(in.x) < int64(m.tableCount()) && int64(in.y) < int64(m.tableCount())
}

// usesMemory tells loads and stores from the rest of the vector opcodes.
func usesMemory(sub uint16) bool {
	form := vector(uint32(sub))
	return form == immMem || form == immMemLane
}

// opName names the instructions that may be misplaced.
func opName(op uint16) string {
	switch {
	case op == opElse:
		return "else"
	case op == opBr, op == opBrIf, op == opBrTable:
		return "label"
	case op == opCall, op == opRefFunc:
		return "function"
	case op == opCallIndirect:
		return "type or table"
	case op <= opLocalTee:
		return "local"
	case op <= opGlobalSet:
		return "global"
	case op <= opTableSet:
		return "table"
	case op == opMemoryInit, op == opDataDrop:
		return "data segment"
	case op == opTableInit, op == opElemDrop:
		return "element segment"
	case op >= opTableCopy && op < opFD:
		return "table"
	}
	return "memory"
}
