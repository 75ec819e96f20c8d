package awk

import (
	"slices"
	"strings"
)

// maxFields bounds the number of a field.
const maxFields = 1 << 24

// record is $0 and its fields. Each is made of the other when it is asked for.
type record struct {
	line   string // $0, unless stale
	fields []value
	splits bool // the fields are those of line, all of them
	rest   int  // where in line the fields that are missing start
	stale  bool // line is to be made of the fields
	para   bool // read in paragraph mode: newlines end fields, too
}

// setRecord makes s $0.
func (m *machine) setRecord(s string) {
	m.record.line, m.splits, m.stale = s, false, false
	m.fields, m.rest = m.fields[:0], 0
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
	m.splitTo(n)
	if n > len(m.fields) {
		return value{kind: missing}
	}
	return m.fields[n-1]
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

// split makes all fields of $0.
func (m *machine) split() { m.splitTo(maxFields) }

// splitTo makes the first n fields of $0, or more.
func (m *machine) splitTo(n int) {
	if m.splits || len(m.fields) >= n {
		return
	}
	switch mode := m.splitter.mode; {
	case mode == byBlanks:
		m.splitBlanksTo(n)
		return
	case mode == byChar && !m.record.para:
		m.splitCharTo(n)
		return
	}
	m.splits = true
	m.fields = m.fields[:0]
	m.splitText(m.record.line, &m.splitter, m.record.para, func(field, _ string) {
		m.fields = append(m.fields, given(field))
	})
}

func (m *machine) splitBlanksTo(n int) {
	s, i := m.record.line, m.rest
	for len(m.fields) < n {
		for i < len(s) && isBlank(s[i]) {
			i++
		}
		if i == len(s) {
			m.splits = true
			return
		}
		start := i
		for i < len(s) && !isBlank(s[i]) {
			i++
		}
		m.fields = append(m.fields, given(s[start:i]))
	}
	m.rest = i
}

func (m *machine) splitCharTo(n int) {
	s, i := m.record.line, m.rest
	for len(m.fields) < n {
		if s == "" || i > len(s) {
			m.splits = true
			return
		}
		length := strings.IndexByte(s[i:], m.splitter.char)
		if length < 0 {
			length = len(s) - i
		}
		m.fields = append(m.fields, given(s[i:i+length]))
		i += length + 1
	}
	m.rest = i
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
