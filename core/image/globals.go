package image

import (
	"encoding/binary"
	"strconv"
)

// Global is a mutable global that the host can read and set.
type Global struct {
	Export string  // the name under which it is exported
	Type   ValType // I32, I64, F32 or F64
	Index  uint32  // in the module
}

// ExportGlobals exports every mutable global under a reserved name ("__g0", …),
// but for those that metering added, and returns them in order of their indices.
// It fails for globals whose value is no number of 64 bits, and for
// imported ones. A second call changes nothing and returns the same.
func (m *Module) ExportGlobals() ([]Global, error) {
	globals, err := m.mutableGlobals()
	if err != nil {
		return nil, err
	}
	names := make(map[string]exportDesc, len(m.exports))
	for _, e := range m.exports {
		names[e.name] = e
	}
	for i := range globals {
		g := &globals[i]
		g.Export = "__g" + strconv.Itoa(i)
		switch e, taken := names[g.Export]; {
		case !taken:
			m.exports = append(m.exports, exportDesc{g.Export, ExternGlobal, g.Index})
		case e.kind != ExternGlobal || e.index != g.Index:
			return nil, reserved("export " + strconv.Quote(g.Export))
		}
	}
	return globals, nil
}

// mutableGlobals lists the guest's own mutable globals.
func (m *Module) mutableGlobals() ([]Global, error) {
	for _, t := range m.importedGlobals {
		if t.mutable {
			return nil, unsupported("initialising a module with an imported mutable global is")
		}
	}
	var globals []Global
	for i := range m.globals {
		t := m.globals[i].globalType
		index := uint32(len(m.importedGlobals) + i)
		switch {
		case !t.mutable || m.isMeter(index):
		case t.typ.isRef() || t.typ == V128:
			return nil, unsupported("initialising a module with a mutable global of type " + t.typ.String() + " is")
		default:
			globals = append(globals, Global{Type: t.typ, Index: index})
		}
	}
	return globals, nil
}

// isMeter reports whether the global is one that Meter added.
func (m *Module) isMeter(index uint32) bool {
	return m.metered && (index == m.fuel || m.hasStack && index == m.stack)
}

// constOf is the constant expression of a value given as its bits.
func constOf(t ValType, bits uint64) constExpr {
	switch t {
	case I32:
		return constExpr{op: opI32Const, imm: appendS64(nil, int64(int32(bits)))}
	case I64:
		return constExpr{op: opI64Const, imm: appendS64(nil, int64(bits))}
	case F32:
		return constExpr{op: opF32Const, imm: binary.LittleEndian.AppendUint32(nil, uint32(bits))}
	}
	return constExpr{op: opF64Const, imm: binary.LittleEndian.AppendUint64(nil, bits)}
}
