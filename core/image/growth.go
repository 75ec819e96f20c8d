package image

import (
	"bytes"
	"slices"
	"strconv"
)

// The names by which the memory of a prepared module is bounded, on engines
// that cannot refuse growth themselves. A module that never grows its memory
// has neither.
const (
	// MaxPagesGlobal is the exported mutable i32 global that says how many pages
	// the memory may grow to. It starts at the most that there can be, and the
	// host sets it.
	MaxPagesGlobal = "__memory_max"
	// RefusedGlobal is the exported mutable i32 global that is 1 once growth was
	// refused, by MaxPagesGlobal or by the engine.
	RefusedGlobal = "__memory_refused"
	// MemoryExport is the name under which a prepared module exports its memory
	// if it does not export it by itself.
	MemoryExport = "__memory"
)

// guardGrowth has every memory.grow look at MaxPagesGlobal first. It adds no
// fuel: growing was charged by Meter.
//
// THREAT[EN-04] the bound is the module's own on engines that have none.
func (m *Module) guardGrowth() error {
	for _, e := range m.exports {
		if e.name == MaxPagesGlobal || e.name == RefusedGlobal {
			return reserved("export " + strconv.Quote(e.name))
		}
	}
	guard, grows := uint32(m.funcCount()), false
	for i := range m.funcs {
		if code := redirectGrowth(m.funcs[i].code, guard); code != nil {
			m.funcs[i].code, grows = code, true
		}
	}
	if grows {
		maxPages := m.addCounter(MaxPagesGlobal, I32, maxPages)
		refused := m.addCounter(RefusedGlobal, I32, 0)
		m.addGuard(maxPages, refused)
	}
	return nil
}

// exposeMemory exports the memory, if the module does not: engines that can't
// look inside an instance have to fill it.
func (m *Module) exposeMemory() error {
	for _, e := range m.exports {
		if e.kind == ExternMemory {
			return nil
		}
		if e.name == MemoryExport {
			return reserved("export " + strconv.Quote(e.name))
		}
	}
	m.exports = append(m.exports, exportDesc{MemoryExport, ExternMemory, 0})
	return nil
}

// redirectGrowth returns code with a call of guard for each memory.grow, nil
// if it has none.
func redirectGrowth(code []byte, guard uint32) []byte {
	if !bytes.Contains(code, []byte{opMemoryGrow, 0}) {
		return nil
	}
	var out []byte
	last := 0
	var in instr
	for r := (reader{buf: code}); !r.done(); {
		r.next(&in)
		if in.op == opMemoryGrow {
			out = append(out, code[last:in.at]...)
			out = appendU32(append(out, opCall), guard)
			last = in.end
		}
	}
	if last == 0 {
		return nil
	}
	return append(out, code[last:]...)
}

// addGuard adds the function that stands in for memory.grow:
//
//	if delta == 0 || size + delta <= max { result = memory.grow(delta) } else { result = -1 }
//	if result == -1 { refused = 1 }
func (m *Module) addGuard(maxPages, refused uint32) {
	const (
		memorySize              = 0x3f
		i32Eqz, i32Eq, i32Or    = 0x45, 0x46, 0x72
		i64LeU, i64Add          = 0x58, 0x7c
		i32Value, delta, result = byte(I32), 0, 1
		minusOne                = 0x7f
	)
	code := []byte{
		memorySize, 0, opI64ExtendU, opLocalGet, delta, opI64ExtendU, i64Add, opGlobalGet,
	}
	code = append(appendU32(code, maxPages), opI64ExtendU, i64LeU,
		opLocalGet, delta, i32Eqz, i32Or,
		opIf, i32Value,
		opLocalGet, delta, opMemoryGrow, 0,
		opElse, opI32Const, minusOne, opEnd,
		opLocalTee, result, opI32Const, minusOne, i32Eq,
		opIf, emptyBlock, opI32Const, 1, opGlobalSet)
	code = append(appendU32(code, refused), opEnd, opLocalGet, result, opEnd)
	m.funcs = append(m.funcs, function{
		typ:    m.typeOf([]ValType{I32}, []ValType{I32}),
		groups: 1, decls: []byte{1, byte(I32)}, locals: 2, code: code,
	})
}

// typeOf is the index of a function type, which is added if need be.
func (m *Module) typeOf(params, results []ValType) uint32 {
	for i, t := range m.types {
		if slices.Equal(t.params, params) && slices.Equal(t.results, results) {
			return uint32(i)
		}
	}
	m.types = append(m.types, funcType{params, results})
	return uint32(len(m.types) - 1)
}

// DetachStart makes the start function an export of that name, for a host that
// has to put something into the memory before it runs. It reports whether
// there is a start function.
func (m *Module) DetachStart(export string) bool {
	if !m.hasStart {
		return false
	}
	m.hasStart = false
	m.exports = append(m.exports, exportDesc{export, ExternFunc, m.start})
	return true
}
