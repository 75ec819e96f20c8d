package image

func (m *Module) parseType(r *reader) {
	switch b := r.byte(); {
	case b == 0x60 || r.err != nil:
	case b == 0x5e || b == 0x5f || b == 0x4e || b == 0x4f || b == 0x50:
		r.abort(unsupported("garbage collection is"))
	default:
		r.fail("malformed type")
	}
	m.types = append(m.types, funcType{params: m.valTypes(r, "parameters"), results: m.valTypes(r, "results")})
}

func (m *Module) valTypes(r *reader, what string) []ValType {
	n := r.count()
	if err := over(what, uint64(n), m.limits.Params); err != nil {
		r.abort(err)
		return nil
	}
	types := make([]ValType, n)
	for i := range types {
		types[i] = r.valType()
	}
	return types
}

func (m *Module) parseImport(r *reader) {
	d := importDesc{module: r.name(), name: r.name(), kind: ExternKind(r.byte())}
	switch d.kind {
	case ExternFunc:
		d.index = m.typeIndex(r)
		m.importedFuncs = append(m.importedFuncs, d.index)
	case ExternTable:
		d.index = uint32(len(m.importedTables))
		m.importedTables = append(m.importedTables, m.tableType(r))
	case ExternMemory:
		d.index = uint32(len(m.importedMemories))
		m.importedMemories = append(m.importedMemories, m.memoryType(r))
	case ExternGlobal:
		d.index = uint32(len(m.importedGlobals))
		m.importedGlobals = append(m.importedGlobals, r.globalType())
	default:
		r.badKind(d.kind)
	}
	m.imports = append(m.imports, d)
}

func (r *reader) badKind(k ExternKind) {
	if k == 4 && r.err == nil {
		r.abort(unsupported("exceptions are"))
	}
	r.fail("malformed import or export kind")
}

// index reads an index that must be below n.
func (r *reader) index(what string, n int) uint32 {
	i := r.u32()
	if uint64(i) >= uint64(n) {
		r.fail("unknown " + what)
		return 0
	}
	return i
}

func (m *Module) typeIndex(r *reader) uint32 { return r.index("type", len(m.types)) }

func (m *Module) parseFunction(r *reader) {
	m.funcs = append(m.funcs, function{typ: m.typeIndex(r)})
}

func (m *Module) parseTable(r *reader) {
	t := m.tableType(r)
	if limit := m.limits.TableElements; limit < noCeiling && (!t.hasMax || uint64(t.max) > limit) {
		t.hasMax, t.max = true, max(t.min, uint32(limit))
	}
	m.tables = append(m.tables, t)
}

func (m *Module) tableType(r *reader) tableType {
	if r.left() > 0 && r.buf[r.pos] == 0x40 {
		r.abort(unsupported("typed function references are"))
	}
	return tableType{elem: r.refType(), limitsType: r.limits(noCeiling)}
}

func (m *Module) parseMemory(r *reader) {
	m.memories = append(m.memories, m.memoryType(r))
}

// maxPages is how many pages of 64 KiB a 32-bit memory may have.
const maxPages = 65536

func (m *Module) memoryType(r *reader) memoryType {
	t := memoryType{r.limits(maxPages)}
	if err := over("pages of memory", uint64(t.min), m.limits.MemoryPages); err != nil && r.err == nil {
		r.abort(err)
	}
	return t
}

const noCeiling = 1<<32 - 1

// limits reads the limits of a table or a memory.
func (r *reader) limits(ceiling uint32) limitsType {
	flags := r.byte()
	switch {
	case r.err != nil:
	case flags == 2 || flags == 3:
		r.abort(unsupported("threads (shared memory) are"))
	case 4 <= flags && flags <= 7:
		r.abort(unsupported("memory64 is"))
	case flags > 7:
		r.fail("malformed limits")
	}
	l := limitsType{hasMax: flags&1 != 0, min: r.u32()}
	if l.hasMax {
		l.max = r.u32()
	}
	if l.min > ceiling || l.max > ceiling || l.hasMax && l.min > l.max {
		r.fail("minimum or maximum out of range")
	}
	return l
}

func (r *reader) globalType() globalType {
	t := globalType{typ: r.valType()}
	b := r.byte()
	if b > 1 {
		r.fail("malformed mutability")
	}
	t.mutable = b == 1
	return t
}

func (m *Module) parseGlobal(r *reader) {
	m.globals = append(m.globals, global{globalType: r.globalType(), init: m.constExpr(r)})
}

// constExpr reads a constant expression. Indices of functions are checked
// against what the function section promised.
func (m *Module) constExpr(r *reader) constExpr {
	var in instr
	r.next(&in)
	if r.err != nil {
		return constExpr{}
	}
	e := constExpr{op: in.op, x: in.x}
	switch in.op {
	case opI32Const, opI64Const, opF32Const, opF64Const:
		e.imm = r.buf[in.at+1 : in.end]
	case opV128Const:
		e.imm = r.buf[in.end-16 : in.end]
	case opRefNull:
	case opRefFunc:
		if int(in.x) >= m.funcCount() {
			r.fail("unknown function")
		}
	case opGlobalGet:
		m.constGlobal(r, in.x)
	default:
		r.fail("constant expression required")
	}
	m.constEnd(r)
	return e
}

func (m *Module) constGlobal(r *reader, i uint32) {
	switch {
	case int(i) >= m.globalCount():
		r.fail("unknown global")
	case int(i) >= len(m.importedGlobals):
		r.abort(unsupported("extended constant expressions are"))
	case m.importedGlobals[i].mutable:
		r.fail("constant expression required")
	}
}

func (m *Module) constEnd(r *reader) {
	switch op := r.byte(); {
	case r.err != nil || op == opEnd:
	case op == opGlobalGet || 0x41 <= op && op <= 0x44 || 0x6a <= op && op <= 0x6c || 0x7c <= op && op <= 0x7e:
		r.abort(unsupported("extended constant expressions are"))
	default:
		r.fail("constant expression required")
	}
}

func (m *Module) parseExport(r *reader) {
	e := exportDesc{name: r.name(), kind: ExternKind(r.byte()), index: r.u32()}
	if e.kind > ExternGlobal {
		r.badKind(e.kind)
	}
	m.exports = append(m.exports, e)
}

// Flags of an element segment; of these, elemIndexed means that a table is
// named if the segment is active, and that it is declarative if it is passive.
const (
	elemPassive = 1
	elemIndexed = 2
	elemExprs   = 4
)

func (m *Module) parseElement(r *reader) {
	e := element{flags: r.u32(), typ: FuncRef}
	if e.flags > 7 {
		r.fail("malformed element segment")
	}
	if e.flags&elemPassive == 0 {
		if e.flags&elemIndexed != 0 {
			e.table = r.u32()
		}
		if int(e.table) >= m.tableCount() {
			r.fail("unknown table")
		}
		e.offset = m.constExpr(r)
	}
	if e.flags&(elemPassive|elemIndexed) != 0 {
		e.typ = r.elemType(e.flags)
	}
	m.items(r, &e)
	m.elements = append(m.elements, e)
}

// elemType reads the kind or type that a segment's items have.
func (r *reader) elemType(flags uint32) ValType {
	if flags&elemExprs != 0 {
		return r.refType()
	}
	if r.byte() != 0 {
		r.fail("malformed element kind")
	}
	return FuncRef
}

func (m *Module) items(r *reader, e *element) {
	n := r.count()
	if err := over("element items", uint64(n), m.limits.ElementItems); err != nil {
		r.abort(err)
	}
	for ; n > 0 && r.err == nil; n-- {
		if e.flags&elemExprs != 0 {
			e.exprs = append(e.exprs, m.constExpr(r))
		} else {
			e.funcs = append(e.funcs, r.index("function", m.funcCount()))
		}
	}
}

func (m *Module) parseData(r *reader) {
	var d dataSegment
	switch flags := r.u32(); flags {
	case 0, 2:
		if flags == 2 && r.u32() != 0 && r.err == nil {
			r.abort(unsupported("multi-memory is"))
		}
		if m.memoryCount() == 0 {
			r.fail("unknown memory")
		}
		d.offset = m.constExpr(r)
	case 1:
		d.passive = true
	default:
		r.fail("malformed data segment")
	}
	d.bytes = r.take(r.u32())
	m.data = append(m.data, d)
}
