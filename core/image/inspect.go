package image

// ExternKind is what an import or export is.
type ExternKind byte

// The kinds of imports and exports.
const (
	ExternFunc ExternKind = iota
	ExternTable
	ExternMemory
	ExternGlobal
)

// String is "func", "table", "memory" or "global".
func (k ExternKind) String() string {
	if k > ExternGlobal {
		return "?"
	}
	return [...]string{"func", "table", "memory", "global"}[k]
}

// Info is what a module asks for and offers.
type Info struct {
	Imports  []Import
	Exports  []Export
	Memory   *MemoryInfo // its one memory, defined or imported, or nil
	HasStart bool        // it runs code when it is instantiated
}

// Import is a thing that a module wants, and of what type.
type Import struct {
	Module, Name string
	Extern
}

// Export is a thing that a module offers, and of what type.
type Export struct {
	Name string
	Extern
}

// Extern is the type of an import or export. Which fields matter depends on the
// Kind.
type Extern struct {
	Kind            ExternKind
	Params, Results []ValType // of a function
	Type            ValType   // of a global or of a table's elements
	Mutable         bool      // of a global
	Min, Max        uint32    // of a table in elements, of a memory in pages
	HasMax          bool
}

// MemoryInfo tells how large a memory is, in pages of 64 KiB.
type MemoryInfo struct {
	Min, Max uint32
	HasMax   bool
	Imported bool
}

// Inspect lists what the module imports and exports. The types' slices are the
// module's own.
func (m *Module) Inspect() Info {
	info := Info{HasStart: m.hasStart}
	var funcs, tables, memories, globals uint32
	for _, d := range m.imports {
		n := map[ExternKind]*uint32{ExternFunc: &funcs, ExternTable: &tables,
			ExternMemory: &memories, ExternGlobal: &globals}[d.kind]
		info.Imports = append(info.Imports, Import{d.module, d.name, m.extern(d.kind, *n)})
		*n++
	}
	for _, e := range m.exports {
		info.Exports = append(info.Exports, Export{e.name, m.extern(e.kind, e.index)})
	}
	if m.memoryCount() > 0 {
		t := m.memoryTypeOf(0)
		info.Memory = &MemoryInfo{t.min, t.max, t.hasMax, len(m.importedMemories) > 0}
	}
	return info
}

func (m *Module) extern(kind ExternKind, index uint32) Extern {
	x := Extern{Kind: kind}
	switch kind {
	case ExternFunc:
		t := m.funcTypeOf(index)
		x.Params, x.Results = t.params, t.results
	case ExternTable:
		t := m.tableTypeOf(index)
		x.Type, x.Min, x.Max, x.HasMax = t.elem, t.min, t.max, t.hasMax
	case ExternMemory:
		t := m.memoryTypeOf(index)
		x.Min, x.Max, x.HasMax = t.min, t.max, t.hasMax
	case ExternGlobal:
		t := m.globalTypeOf(index)
		x.Type, x.Mutable = t.typ, t.mutable
	}
	return x
}
