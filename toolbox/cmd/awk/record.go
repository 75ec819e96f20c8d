package awk

import (
	"slices"
	"strings"

	"agentsandbox/toolbox/sweep"
)

// maxFields bounds the number of a field.
const maxFields = 1 << 24

// record is $0 and its fields. Each is made of the other when it is asked for.
type record struct {
	line   string // $0, unless stale
	fields []value
	splits bool // the fields are those of line, all of them
	stale  bool // line is to be made of the fields
	para   bool // read in paragraph mode: newlines end fields, too

	// Where blanks or one character part the fields, they are known by their places
	// in line until they are asked for as values.
	placed bool
	edges  []int32 // where each begins and ends; or with a character, where that is
	next   int     // where in line to look for more
}

// setRecord makes s $0.
func (m *machine) setRecord(s string) {
	r := &m.record
	r.line, r.splits, r.stale = s, false, false
	r.fields, r.edges, r.next = r.fields[:0], r.edges[:0], 0
	r.placed = m.splitter.mode == byBlanks || m.splitter.mode == byChar && !r.para
}

// whole is $0.
func (m *machine) whole() string {
	if m.stale {
		parts := make([]string, len(m.fields))
		for i := range m.fields {
			parts[i] = m.text(m.fields[i])
		}
		m.record.line = strings.Join(parts, m.ofs)
		m.stale = false
		m.bound(len(m.record.line))
	}
	return m.record.line
}

// field is $n.
func (m *machine) field(n int) value {
	if n == 0 {
		return given(m.whole())
	}
	if m.placed {
		if s, ok := m.placedField(n); ok {
			return given(s)
		}
		return value{kind: missing}
	}
	m.splitAll()
	if n > len(m.fields) {
		return value{kind: missing}
	}
	return m.fields[n-1]
}

// placedField is $n where the fields are known by their places.
func (m *machine) placedField(n int) (string, bool) {
	r := &m.record
	if m.splitter.mode == byBlanks {
		if len(r.edges) < 2*n && r.next < len(r.line) {
			r.edges, r.next = sweep.Fields(r.edges, r.line, r.next, 2*n)
		}
		if len(r.edges) < 2*n {
			return "", false
		}
		return r.line[r.edges[2*n-2]:r.edges[2*n-1]], true
	}
	if len(r.edges) < n && r.next < len(r.line) {
		r.edges, r.next = sweep.Places(r.edges, r.line, m.splitter.char, r.next, n)
	}
	if n > len(r.edges)+1 || r.line == "" {
		return "", false
	}
	from, to := 0, len(r.line)
	if n > 1 {
		from = int(r.edges[n-2]) + 1
	}
	if n <= len(r.edges) {
		to = int(r.edges[n-1])
	}
	return r.line[from:to], true
}

// fieldCount is NF.
func (m *machine) fieldCount() int {
	r := &m.record
	switch {
	case !r.placed:
		m.splitAll()
		return len(r.fields)
	case m.splitter.mode == byBlanks:
		r.edges, r.next = sweep.Fields(r.edges, r.line, r.next, 2*maxFields)
		return len(r.edges) / 2
	case r.line == "":
		return 0
	}
	r.edges, r.next = sweep.Places(r.edges, r.line, m.splitter.char, r.next, maxFields)
	return len(r.edges) + 1
}

// setField assigns to $n.
func (m *machine) setField(n int, v value) {
	if n == 0 {
		m.setRecord(m.text(v))
		return
	}
	if n > maxFields {
		m.fatal("field number %d is too large", n)
		return
	}
	m.split()
	for len(m.fields) < n {
		m.fields = append(m.fields, given(""))
	}
	m.fields[n-1] = v
	m.stale = true
}

// setNF cuts or adds fields.
func (m *machine) setNF(n int) {
	if n < 0 {
		m.fatal("NF set to negative value")
		return
	}
	if n > maxFields {
		m.fatal("NF set to a value that is too large")
		return
	}
	m.split()
	for len(m.fields) < n {
		m.fields = append(m.fields, given(""))
	}
	m.fields = m.fields[:n]
	m.stale = true
}

// split makes all fields of $0 values.
func (m *machine) split() {
	if !m.placed {
		m.splitAll()
		return
	}
	n := m.fieldCount()
	for i := range n {
		s, _ := m.placedField(i + 1)
		m.fields = append(m.fields, given(s))
	}
	m.placed, m.splits = false, true
}

// splitAll makes the fields of $0 where they are not known by their places.
func (m *machine) splitAll() {
	if m.splits {
		return
	}
	m.splits = true
	m.fields = m.fields[:0]
	m.splitText(m.record.line, &m.splitter, m.record.para, func(field, _ string) {
		m.fields = append(m.fields, given(field))
	})
}

// visit lists the elements of an array in the order that for visits them.
func (m *machine) visit(a *array) []*cell {
	if how, ok := m.sortedIn(); ok {
		cells := a.list()
		m.sortCells(cells, how)
		return cells
	}
	if len(a.cells) < 2 {
		return a.list()
	}
	return a.ordered()
}

// sortedIn is PROCINFO["sorted_in"], if it is set.
func (m *machine) sortedIn() (string, bool) {
	p := m.globals[gPROCINFO].arr
	if p == nil {
		return "", false
	}
	c := p.cells["sorted_in"]
	if c == nil {
		return "", false
	}
	how := m.text(c.v)
	return how, how != "" && !slices.Contains([]string{"@unsorted"}, how)
}
