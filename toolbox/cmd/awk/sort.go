package awk

import (
	"slices"
	"strings"
)

func bAsort(m *machine, args []expr) value  { return m.arraySort(args, "@val_type_asc", false) }
func bAsorti(m *machine, args []expr) value { return m.arraySort(args, "@ind_str_asc", true) }

// arraySort is asort and asorti: the values, or the indices, sorted, under the
// numbers from 1 on.
func (m *machine) arraySort(args []expr, how string, indices bool) value {
	src := args[0].(arrayRef).array(m)
	dst := src
	if len(args) > 1 {
		ref, ok := args[1].(arrayRef)
		if !ok {
			m.fatal("asort: second argument is not an array")
			return num(0)
		}
		dst = ref.array(m)
	}
	if len(args) > 2 {
		how = m.strArg(args, 2)
	}
	if m.err != nil {
		return num(0)
	}
	cells := src.ordered()
	m.sortCells(cells, how)
	if dst == src {
		dst = newArray()
	}
	dst.clear()
	for i, c := range cells {
		to := dst.at(smallInt(int64(i + 1)))
		if indices {
			to.v = given(c.key)
		} else {
			to.v, to.arr = c.v, c.arr
		}
	}
	if len(args) < 2 {
		*src = *dst
	}
	return num(float64(len(cells)))
}

// sortCells sorts elements by one of the orders that gawk names, or by a
// function of the program.
func (m *machine) sortCells(cells []*cell, how string) {
	compare := m.ordering(how)
	if compare == nil {
		return
	}
	slices.SortStableFunc(cells, compare)
}

func (m *machine) ordering(how string) func(a, b *cell) int {
	if !strings.HasPrefix(how, "@") {
		return m.byFunction(how)
	}
	name, descending := strings.CutSuffix(how, "_desc")
	name = strings.TrimSuffix(name, "_asc")
	compare, ok := map[string]func(a, b *cell) int{
		"@ind_str": m.byIndex, "@ind_num": byIndexNumber, "@val_str": m.byText, "@val_num": m.byNumber, "@val_type": m.byType,
	}[name]
	switch {
	case how == "@unsorted":
		return nil
	case !ok:
		m.fatal("sort comparison function `%s' is not defined", how)
		return nil
	case descending:
		return func(a, b *cell) int { return compare(b, a) }
	}
	return compare
}

func (m *machine) byIndex(a, b *cell) int { return m.compareText(a.key, b.key) }

func byIndexNumber(a, b *cell) int {
	if c := compareFloats(strNum(a.key), strNum(b.key)); c != 0 {
		return c
	}
	return strings.Compare(a.key, b.key)
}

func compareFloats(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// rank puts numbers before text before arrays.
func rank(c *cell) int {
	if c.arr != nil {
		return 2
	}
	if _, ok := c.v.numeric(); ok {
		return 0
	}
	return 1
}

// byType compares values: numbers by size, then text, then arrays.
func (m *machine) byType(a, b *cell) int {
	x, y := rank(a), rank(b)
	switch {
	case x != y:
		return x - y
	case x == 0:
		if c := compareFloats(a.v.toNum(), b.v.toNum()); c != 0 {
			return c
		}
		return m.byIndex(a, b)
	case x == 1:
		if c := m.compareText(m.text(a.v), m.text(b.v)); c != 0 {
			return c
		}
	}
	return m.byIndex(a, b)
}

func (m *machine) byText(a, b *cell) int {
	if (a.arr == nil) != (b.arr == nil) {
		return rank(a) - rank(b)
	}
	if c := m.compareText(m.text(a.v), m.text(b.v)); c != 0 {
		return c
	}
	return m.byIndex(a, b)
}

func (m *machine) byNumber(a, b *cell) int {
	if (a.arr == nil) != (b.arr == nil) {
		return rank(a) - rank(b)
	}
	if c := compareFloats(a.v.toNum(), b.v.toNum()); c != 0 {
		return c
	}
	return m.byText(a, b)
}

// byFunction lets a function of the program compare: f(i1, v1, i2, v2).
func (m *machine) byFunction(name string) func(a, b *cell) int {
	f := m.prog.functions[name]
	if f == nil || !f.defined {
		m.fatal("sort comparison function `%s' is not defined", name)
		return nil
	}
	return func(a, b *cell) int {
		args := []variable{{v: given(a.key)}, {v: a.v, arr: a.arr}, {v: given(b.key)}, {v: b.v, arr: b.arr}}
		frame := make([]variable, len(f.params))
		copy(frame, args)
		v := m.enter(f, frame, m.line)
		return compareFloats(v.toNum(), 0)
	}
}
