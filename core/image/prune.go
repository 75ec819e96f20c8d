package image

// Prune empties the functions that nothing can call any more, and returns how many bytes of code that were: what only the
// start of a program used, once the module holds its state after (see Snapshot). A function stays if an export in keep is
// it, if it is in the table at an index in refs, or if code that stays refers to it: by a call, by ref.func, or by a constant
// whose bits from shift on are its index in the table. An emptied function traps.
func (m *Module) Prune(keep []string, refs []uint32, shift uint) (dropped int) {
	p := pruner{m: m, shift: shift, live: make([]bool, len(m.funcs)), table: m.tableEntries()}
	for _, e := range m.exports {
		for _, name := range keep {
			if e.kind == ExternFunc && e.name == name {
				p.mark(e.index)
			}
		}
	}
	for _, at := range refs {
		p.markEntry(uint64(at))
	}
	for len(p.queue) > 0 {
		i := p.queue[len(p.queue)-1]
		p.queue = p.queue[:len(p.queue)-1]
		p.function(&m.funcs[i])
	}
	for i, live := range p.live {
		if f := &m.funcs[i]; !live {
			dropped += len(f.code)
			f.groups, f.decls, f.code = 0, nil, []byte{opUnreachable, opEnd}
			f.locals = uint32(len(m.types[f.typ].params))
		}
	}
	return dropped
}

type pruner struct {
	m     *Module
	shift uint
	live  []bool
	queue []uint32          // live functions whose code has not been read
	table map[uint64]uint32 // functions by their index in the table
}

// tableEntries lists what the active element segments put into the first table.
func (m *Module) tableEntries() map[uint64]uint32 {
	table := map[uint64]uint32{}
	for i := range m.elements {
		e := &m.elements[i]
		if from, err := constI32(&e.offset); err == nil && e.flags&elemPassive == 0 {
			for k, f := range e.funcs {
				table[uint64(from)+uint64(k)] = f
			}
		}
	}
	return table
}

// mark notes that a function, by its index in the module, stays.
func (p *pruner) mark(f uint32) {
	if i := int64(f) - int64(len(p.m.importedFuncs)); i >= 0 && !p.live[i] {
		p.live[i] = true
		p.queue = append(p.queue, uint32(i))
	}
}

func (p *pruner) markEntry(at uint64) {
	if f, ok := p.table[at]; ok {
		p.mark(f)
	}
}

func (p *pruner) function(f *function) {
	r := reader{buf: f.code}
	for in := (instr{}); !r.done() && r.err == nil; {
		r.next(&in)
		switch in.op {
		case opCall, opRefFunc:
			p.mark(in.x)
		case opI32Const:
			p.markEntry(uint64(in.x) >> p.shift)
		case opI64Const:
			operand := reader{buf: f.code[in.at+1 : in.end]}
			p.markEntry(uint64(operand.signed(64)) >> p.shift)
		}
	}
}
