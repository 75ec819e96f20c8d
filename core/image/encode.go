package image

// Encode writes the module in the binary format. What was not changed comes out
// as it went in, but for numbers that were written in more bytes than needed.
func (m *Module) Encode() []byte {
	e := encoder{out: make([]byte, 0, m.sizeHint())}
	e.out = append(e.out, header...)
	e.customs(m, 0)
	for _, s := range []struct {
		id   byte
		n    int
		item func(b []byte, i int) []byte
	}{
		{secType, len(m.types), m.appendType},
		{secImport, len(m.imports), m.appendImport},
		{secFunction, len(m.funcs), func(b []byte, i int) []byte { return appendU32(b, m.funcs[i].typ) }},
		{secTable, len(m.tables), func(b []byte, i int) []byte { return appendTable(b, m.tables[i]) }},
		{secMemory, len(m.memories), func(b []byte, i int) []byte { return appendLimits(b, m.memories[i].limitsType) }},
		{secGlobal, len(m.globals), m.appendGlobal},
		{secExport, len(m.exports), m.appendExport},
		{secStart, boolInt(m.hasStart), nil},
		{secElement, len(m.elements), m.appendElement},
		{secDataCount, boolInt(m.dataCount >= 0), nil},
		{secCode, len(m.funcs), m.appendCode},
		{secData, len(m.data), m.appendData},
	} {
		switch {
		case s.n == 0:
		case s.id == secStart:
			e.section(s.id, appendU32(nil, m.start))
		case s.id == secDataCount:
			e.section(s.id, appendU32(nil, uint32(m.dataCount)))
		default:
			e.vector(s.id, s.n, s.item)
		}
		e.customs(m, rank[s.id])
	}
	return e.out
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// encoder writes sections one behind the other.
type encoder struct {
	out []byte
	buf []byte // the section in the making
}

func (e *encoder) section(id byte, body []byte) {
	e.out = append(e.out, id)
	e.out = appendBytes(e.out, body)
}

func (e *encoder) vector(id byte, n int, item func([]byte, int) []byte) {
	e.buf = appendU32(e.buf[:0], uint32(n))
	for i := range n {
		e.buf = item(e.buf, i)
	}
	e.section(id, e.buf)
}

func (e *encoder) customs(m *Module, after int) {
	for _, c := range m.customs {
		if c.after == after {
			e.section(secCustom, append(appendName(nil, c.name), c.data...))
		}
	}
}

// sizeHint is about how long the encoded module will be.
func (m *Module) sizeHint() int {
	n := 1 << 10
	for i := range m.funcs {
		n += len(m.funcs[i].code) + len(m.funcs[i].decls) + 12
	}
	for i := range m.data {
		n += len(m.data[i].bytes) + 12
	}
	for i := range m.customs {
		n += len(m.customs[i].data) + len(m.customs[i].name) + 12
	}
	for i := range m.elements {
		n += 3 * len(m.elements[i].funcs)
	}
	return n
}

func (m *Module) appendType(b []byte, i int) []byte {
	b = append(b, 0x60)
	b = appendTypes(b, m.types[i].params)
	return appendTypes(b, m.types[i].results)
}

func appendTypes(b []byte, types []ValType) []byte {
	b = appendU32(b, uint32(len(types)))
	for _, t := range types {
		b = append(b, byte(t))
	}
	return b
}

func (m *Module) appendImport(b []byte, i int) []byte {
	d := m.imports[i]
	b = append(appendName(appendName(b, d.module), d.name), byte(d.kind))
	switch d.kind {
	case ExternTable:
		return appendTable(b, m.importedTables[d.index])
	case ExternMemory:
		return appendLimits(b, m.importedMemories[d.index].limitsType)
	case ExternGlobal:
		return appendGlobalType(b, m.importedGlobals[d.index])
	}
	return appendU32(b, d.index)
}

func appendTable(b []byte, t tableType) []byte {
	return appendLimits(append(b, byte(t.elem)), t.limitsType)
}

func appendLimits(b []byte, l limitsType) []byte {
	if !l.hasMax {
		return appendU32(append(b, 0), l.min)
	}
	return appendU32(appendU32(append(b, 1), l.min), l.max)
}

func appendGlobalType(b []byte, t globalType) []byte {
	return append(b, byte(t.typ), byte(boolInt(t.mutable)))
}

func (m *Module) appendGlobal(b []byte, i int) []byte {
	return appendConst(appendGlobalType(b, m.globals[i].globalType), &m.globals[i].init)
}

// appendConst appends a constant expression with its end.
func appendConst(b []byte, e *constExpr) []byte {
	switch e.op {
	case opRefNull:
		b = append(b, opRefNull, byte(e.x))
	case opRefFunc, opGlobalGet:
		b = appendU32(append(b, byte(e.op)), e.x)
	case opV128Const:
		b = append(append(b, 0xfd, 12), e.imm...)
	default:
		b = append(append(b, byte(e.op)), e.imm...)
	}
	return append(b, opEnd)
}

func (m *Module) appendExport(b []byte, i int) []byte {
	e := m.exports[i]
	return appendU32(append(appendName(b, e.name), byte(e.kind)), e.index)
}

func (m *Module) appendElement(b []byte, i int) []byte {
	e := &m.elements[i]
	b = appendU32(b, e.flags)
	if e.flags&elemPassive == 0 {
		if e.flags&elemIndexed != 0 {
			b = appendU32(b, e.table)
		}
		b = appendConst(b, &e.offset)
	}
	if e.flags&(elemPassive|elemIndexed) != 0 {
		if e.flags&elemExprs != 0 {
			b = append(b, byte(e.typ))
		} else {
			b = append(b, 0)
		}
	}
	return appendItems(b, e)
}

func appendItems(b []byte, e *element) []byte {
	if e.flags&elemExprs == 0 {
		b = appendU32(b, uint32(len(e.funcs)))
		for _, fn := range e.funcs {
			b = appendU32(b, fn)
		}
		return b
	}
	b = appendU32(b, uint32(len(e.exprs)))
	for i := range e.exprs {
		b = appendConst(b, &e.exprs[i])
	}
	return b
}

func (m *Module) appendCode(b []byte, i int) []byte {
	f := &m.funcs[i]
	b = appendU32(b, uint32(sizeU32(f.groups)+len(f.decls)+len(f.code)))
	b = append(appendU32(b, f.groups), f.decls...)
	return append(b, f.code...)
}

func (m *Module) appendData(b []byte, i int) []byte {
	d := &m.data[i]
	if d.passive {
		b = append(b, 1)
	} else {
		b = appendConst(append(b, 0), &d.offset)
	}
	return appendBytes(b, d.bytes)
}
