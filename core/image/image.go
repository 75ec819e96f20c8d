// Package image rewrites WebAssembly modules into guest images: bounded, metered
// and, if wanted, already initialised. It knows the binary format and no engine.
//
// [Parse] reads a module strictly, in linear time, and refuses what exceeds
// [Limits] or uses a feature that we do not run: such a module never reaches a
// compiler. The [Module] that it returns can then be changed ([Module.Meter],
// [Module.ExportGlobals], [Module.Snapshot], [Module.Split], …) and written out
// again with [Module.Encode]. Types are not checked: that is left to the engine,
// which has to do it anyway. Changes keep a valid module valid and an invalid
// one invalid.
//
// Accepted are WebAssembly 1.0, sign extension, saturating conversion,
// multi-value, bulk memory, reference types and fixed-width SIMD.
package image

// Module is a parsed module. It aliases the bytes that it was parsed from,
// which must not change. A Module is for one goroutine at a time.
type Module struct {
	limits    Limits
	types     []funcType
	imports   []importDesc
	funcs     []function // the defined ones
	tables    []tableType
	memories  []memoryType
	globals   []global
	exports   []exportDesc
	start     uint32 // function, if hasStart
	hasStart  bool
	elements  []element
	data      []dataSegment
	dataCount int64 // as declared, or -1
	customs   []custom

	// Imported things come first in each index space.
	importedFuncs    []uint32 // their types
	importedTables   []tableType
	importedMemories []memoryType
	importedGlobals  []globalType

	work          uint64 // to compile it, as estimated
	usesSegments  bool   // memory.init or data.drop
	changesTables bool   // table.set, .grow, .fill, .copy, .init

	metered     bool
	fuel, stack uint32 // the globals that Meter added
	hasStack    bool
}

type funcType struct {
	params, results []ValType
}

type importDesc struct {
	module, name string
	kind         ExternKind
	index        uint32 // type of a function; position in Module.imported… of others
}

// function is a function that the module defines.
type function struct {
	typ    uint32
	groups uint32 // of locals
	decls  []byte // the groups of locals, without their count
	locals uint32 // how many, parameters included
	code   []byte // up to and with the last end
	base   int    // offset of code in the module
	leaf   bool   // no loop, no call, nothing whose cost depends on an operand
	calls  bool
	cost   uint32 // of all its instructions, each counted once
}

type tableType struct {
	elem ValType
	limitsType
}

type memoryType struct{ limitsType }

type limitsType struct {
	min, max uint32
	hasMax   bool
}

type globalType struct {
	typ     ValType
	mutable bool
}

type global struct {
	globalType
	init constExpr
}

// constExpr is a constant expression: one instruction.
type constExpr struct {
	op  uint16
	x   uint32 // the index of ref.func and global.get, the type of ref.null
	imm []byte // the encoded operand of the others
}

type exportDesc struct {
	name  string
	kind  ExternKind
	index uint32
}

// element is an element segment. Its items are functions or, with flag 4,
// expressions.
type element struct {
	flags  uint32
	table  uint32
	offset constExpr
	typ    ValType
	funcs  []uint32
	exprs  []constExpr
}

type dataSegment struct {
	passive bool
	offset  constExpr
	bytes   []byte
}

// custom is a custom section; it stands behind the section of rank after.
type custom struct {
	name  string
	data  []byte
	after int
}

// Vet reports why wasm is refused, or nil. The error is a *VetError.
func Vet(wasm []byte, limits Limits) error {
	_, err := Parse(wasm, limits)
	return err
}

// Meter is Parse with the default limits, Module.Meter and Encode in one.
func Meter(wasm []byte) ([]byte, error) {
	m, err := Parse(wasm, DefaultLimits())
	if err != nil {
		return nil, err
	}
	if err := m.Meter(MeterOptions{}); err != nil {
		return nil, err
	}
	return m.Encode(), nil
}

func (m *Module) funcCount() int   { return len(m.importedFuncs) + len(m.funcs) }
func (m *Module) tableCount() int  { return len(m.importedTables) + len(m.tables) }
func (m *Module) memoryCount() int { return len(m.importedMemories) + len(m.memories) }
func (m *Module) globalCount() int { return len(m.importedGlobals) + len(m.globals) }

// funcTypeOf is the type of a function by its index.
func (m *Module) funcTypeOf(fn uint32) *funcType {
	if n := uint32(len(m.importedFuncs)); fn >= n {
		return &m.types[m.funcs[fn-n].typ]
	}
	return &m.types[m.importedFuncs[fn]]
}

func (m *Module) globalTypeOf(i uint32) globalType {
	if n := uint32(len(m.importedGlobals)); i >= n {
		return m.globals[i-n].globalType
	}
	return m.importedGlobals[i]
}

func (m *Module) tableTypeOf(i uint32) tableType {
	if n := uint32(len(m.importedTables)); i >= n {
		return m.tables[i-n]
	}
	return m.importedTables[i]
}

func (m *Module) memoryTypeOf(i uint32) memoryType {
	if n := uint32(len(m.importedMemories)); i >= n {
		return m.memories[i-n]
	}
	return m.importedMemories[i]
}
