package image

import "strconv"

// The names by which a metered module and its host know each other.
const (
	// FuelGlobal is the exported mutable i64 global that counts the fuel that is
	// left. It starts at 0: the module asks for its first slice at once.
	FuelGlobal = "__fuel"
	// StackGlobal is the exported mutable i32 global that counts how many bytes of
	// call stack are left, as estimated, if MeterOptions.Stack is set. The host sets it
	// before each call into the module, since a trap does not restore it.
	StackGlobal = "__stack"
	// FuelModule and FuelFunc name the function that a metered module imports.
	// It is called without parameters when FuelGlobal or StackGlobal is below 0, and either
	// adds to the one that is, to let the guest go on, or traps. Adding, not setting, keeps
	// the counts exact.
	FuelModule = "sandbox"
	FuelFunc   = "__fuel_exhausted"
)

// MeterOptions choose what Meter adds.
type MeterOptions struct {
	// Stack is how many bytes of call stack, as estimated, the module may take
	// before it asks for more. 0 is no bound.
	Stack int32
	// Free leaves out everything that costs time: the module has the counters, and
	// uses none. It is there to measure what metering costs.
	Free bool
}

// Meter makes the module count its work in fuel. An instruction costs 1, but
// nothing if it only gives structure (block, end, drop, …); growing costs more,
// and what works on ranges of memory or tables costs by their length. The cost of a
// stretch of code is charged when it is entered, so the count may be a little higher than
// what was executed; it depends on the module and its input alone, never on the engine.
//
// Functions are renumbered behind one more import. Custom sections that speak of
// code offsets are dropped, the name section is kept right.
func (m *Module) Meter(o MeterOptions) error {
	if err := m.checkMeter(); err != nil {
		return err
	}
	m.addFuel(o)
	m.shiftFuncs()
	m.addImport()
	m.StripCustom(tellsOffsets)
	m.metered = true
	return m.checkWork()
}

func (m *Module) checkMeter() error {
	for _, d := range m.imports {
		if d.module == FuelModule && d.name == FuelFunc {
			return reserved("import " + FuelModule + "." + FuelFunc)
		}
	}
	for _, e := range m.exports {
		if e.name == FuelGlobal || e.name == StackGlobal {
			return reserved("export " + strconv.Quote(e.name))
		}
	}
	return nil
}

// findMeter recognises a module that was metered before it was encoded.
func (m *Module) findMeter() {
	imported := false
	for _, d := range m.imports {
		imported = imported || d.module == FuelModule && d.name == FuelFunc
	}
	for _, e := range m.exports {
		switch {
		case !imported || e.kind != ExternGlobal:
		case e.name == FuelGlobal:
			m.metered, m.fuel = true, e.index
		case e.name == StackGlobal:
			m.hasStack, m.stack = true, e.index
		}
	}
}

// addFuel adds the counters and has every function use them.
func (m *Module) addFuel(o MeterOptions) {
	m.fuel = m.addCounter(FuelGlobal, I64, 0)
	p := planner{m: m, free: o.Free}
	if o.Stack > 0 {
		m.stack, m.hasStack = m.addCounter(StackGlobal, I32, uint64(o.Stack)), true
		p.calls = m.callGraph()
	}
	for i := range m.funcs {
		p.rewrite(i)
	}
}

// addCounter adds an exported mutable global.
func (m *Module) addCounter(name string, t ValType, value uint64) uint32 {
	index := uint32(m.globalCount())
	m.globals = append(m.globals, global{globalType{t, true}, constOf(t, value)})
	m.exports = append(m.exports, exportDesc{name, ExternGlobal, index})
	return index
}

// addImport adds the import of the fuel function. It becomes the last imported
// function, the number that the functions made room for.
func (m *Module) addImport() {
	typ := uint32(len(m.types))
	for i, t := range m.types {
		if len(t.params)+len(t.results) == 0 {
			typ = uint32(i)
			break
		}
	}
	if typ == uint32(len(m.types)) {
		m.types = append(m.types, funcType{})
	}
	m.imports = append(m.imports, importDesc{FuelModule, FuelFunc, ExternFunc, typ})
	m.importedFuncs = append(m.importedFuncs, typ)
}

// shiftFuncs makes room in everything but code for an imported function more.
func (m *Module) shiftFuncs() {
	shift := func(fn *uint32) {
		if *fn >= uint32(len(m.importedFuncs)) {
			*fn++
		}
	}
	shiftConst := func(e *constExpr) {
		if e.op == opRefFunc {
			shift(&e.x)
		}
	}
	for i := range m.globals {
		shiftConst(&m.globals[i].init)
	}
	for i := range m.exports {
		if m.exports[i].kind == ExternFunc {
			shift(&m.exports[i].index)
		}
	}
	shift(&m.start)
	for i := range m.elements {
		e := &m.elements[i]
		for j := range e.funcs {
			shift(&e.funcs[j])
		}
		for j := range e.exprs {
			shiftConst(&e.exprs[j])
		}
	}
	for i := range m.customs {
		if c := &m.customs[i]; c.name == "name" {
			c.data = shiftNames(c.data, uint32(len(m.importedFuncs)))
		}
	}
}
