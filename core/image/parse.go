package image

// Section codes of the binary format.
const (
	secCustom = iota
	secType
	secImport
	secFunction
	secTable
	secMemory
	secGlobal
	secExport
	secStart
	secElement
	secCode
	secData
	secDataCount
	secTag
)

// rank is where each section stands: the data count comes before the code.
var rank = [...]int{secTag: 0, secType: 1, secImport: 2, secFunction: 3, secTable: 4, secMemory: 5,
	secGlobal: 6, secExport: 7, secStart: 8, secElement: 9, secDataCount: 10, secCode: 11, secData: 12}

// header is how every module of version 1 begins.
const header = "\x00asm\x01\x00\x00\x00"

// Parse reads and vets wasm, in time and space linear in its length. The error
// is a *VetError. The Module aliases wasm. The maximum of a table that the module
// defines becomes the limit if it is missing or greater.
func Parse(wasm []byte, limits Limits) (*Module, error) {
	if err := over("bytes", uint64(len(wasm)), limits.ModuleBytes); err != nil {
		return nil, err
	}
	m := &Module{limits: limits, dataCount: -1}
	r := &reader{buf: wasm}
	if string(r.take(8)) != header {
		r.pos = 0
		r.err = nil
		r.fail("not a WebAssembly 1 module")
		return nil, r.err
	}
	for last := 0; !r.done() && r.err == nil; {
		last = m.section(r, last)
	}
	if r.err == nil {
		r.err = m.complete()
	}
	if r.err != nil {
		return nil, r.err
	}
	return m, nil
}

// section reads one section that follows one of rank last; it returns its rank.
func (m *Module) section(r *reader, last int) int {
	id := r.byte()
	s := r.sub(r.u32())
	if s.err != nil {
		r.abort(s.err)
		return last
	}
	switch {
	case id == secCustom:
		m.custom(&s, last)
	case id == secTag:
		s.abort(unsupported("exceptions are"))
	case int(id) >= len(rank):
		s.fail("malformed section id")
	case rank[id] <= last:
		s.fail("section out of order")
	default:
		last = rank[id]
		m.known(id, &s)
	}
	if s.err == nil && !s.done() {
		s.fail("section longer than its contents")
	}
	if s.err != nil {
		r.abort(s.err)
	}
	return last
}

func (m *Module) custom(s *reader, last int) {
	c := custom{name: s.name(), after: last}
	c.data = s.buf[s.pos:]
	if c.name == "name" {
		checkNames(s)
	}
	if s.err == nil {
		m.customs = append(m.customs, c)
		s.pos = len(s.buf)
	}
}

func (m *Module) known(id byte, s *reader) {
	switch id {
	case secStart:
		m.start, m.hasStart = s.u32(), true
	case secDataCount:
		m.dataCount = int64(s.u32())
	case secType:
		m.each(s, "types", m.limits.Types, m.parseType)
	case secImport:
		m.each(s, "imports", m.limits.Imports, m.parseImport)
	case secFunction:
		m.each(s, "functions", m.limits.Functions, m.parseFunction)
	case secTable:
		m.each(s, "tables", m.limits.Tables, m.parseTable)
	case secMemory:
		m.each(s, "memories", 1, m.parseMemory)
	case secGlobal:
		m.each(s, "globals", m.limits.Globals, m.parseGlobal)
	case secExport:
		m.each(s, "exports", m.limits.Exports, m.parseExport)
	case secElement:
		m.each(s, "element segments", m.limits.Elements, m.parseElement)
	case secCode:
		m.parseCode(s)
	case secData:
		m.each(s, "data segments", m.limits.DataSegments, m.parseData)
	}
}

// each reads a vector of at most max items.
func (m *Module) each(s *reader, what string, max uint64, item func(*reader)) {
	n := s.u32()
	if err := over(what, uint64(n), max); err != nil && s.err == nil {
		s.abort(err)
	}
	if uint64(n) > uint64(s.left()) {
		s.fail("vector longer than its section")
	}
	for ; n > 0 && s.err == nil; n-- {
		item(s)
	}
}

// complete checks what concerns several sections.
func (m *Module) complete() error {
	if len(m.funcs) > 0 && m.funcs[0].code == nil {
		return invalid("functions without code")
	}
	if m.dataCount >= 0 && m.dataCount != int64(len(m.data)) {
		return invalid("data count and data section disagree")
	}
	if err := m.checkTotals(); err != nil {
		return err
	}
	if err := m.checkExports(); err != nil {
		return err
	}
	m.findMeter()
	return m.checkStart()
}

func (m *Module) checkTotals() error {
	elements := uint64(0)
	for i := range m.tableCount() {
		elements += uint64(m.tableTypeOf(uint32(i)).min)
	}
	items := uint64(0)
	for i := range m.elements {
		items += uint64(len(m.elements[i].funcs) + len(m.elements[i].exprs))
	}
	l := &m.limits
	for _, c := range []struct {
		what      string
		used, max uint64
	}{
		{"functions", uint64(m.funcCount()), l.Functions},
		{"tables", uint64(m.tableCount()), l.Tables},
		{"table elements", elements, l.TableElements},
		{"memories", uint64(m.memoryCount()), 1},
		{"globals", uint64(m.globalCount()), l.Globals},
		{"element items", items, l.ElementItems},
	} {
		if err := over(c.what, c.used, c.max); err != nil {
			return err
		}
	}
	return nil
}

func (m *Module) checkExports() error {
	count := [...]int{ExternFunc: m.funcCount(), ExternTable: m.tableCount(),
		ExternMemory: m.memoryCount(), ExternGlobal: m.globalCount()}
	seen := make(map[string]bool, len(m.exports))
	for _, e := range m.exports {
		if int(e.index) >= count[e.kind] {
			return invalid("export %q of an unknown %s", e.name, e.kind)
		}
		if seen[e.name] {
			return invalid("duplicate export %q", e.name)
		}
		seen[e.name] = true
	}
	return nil
}

func (m *Module) checkStart() error {
	if !m.hasStart {
		return nil
	}
	if int(m.start) >= m.funcCount() {
		return invalid("unknown start function")
	}
	if t := m.funcTypeOf(m.start); len(t.params)+len(t.results) > 0 {
		return invalid("start function with parameters or results")
	}
	return nil
}
