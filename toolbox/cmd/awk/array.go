package awk

import (
	"slices"
	"strings"
)

// array is an associative array. It knows in which order its elements came,
// for the order in which for visits them follows from that (see order.go).
type array struct {
	cells   map[string]*cell
	history []*cell // nil where one was deleted
	gone    int
	layout  layout
	run     int // its indices are those from 1 to run, if not negative
}

// cell is one element.
type cell struct {
	key  string
	v    value
	arr  *array
	seat int // in history
}

func newArray() *array { return &array{cells: map[string]*cell{}} }

// array returns the array in the element, which it makes if there is no value
// yet; nil if there is a scalar.
func (c *cell) array() *array {
	if c.arr == nil && c.v.kind == unset {
		c.arr = newArray()
	}
	return c.arr
}

// at returns the element at key, which it makes if there is none. A key that is kept
// is copied: it may be a part of what was read, which would stay as a whole.
func (a *array) at(key string) *cell {
	if c := a.cells[key]; c != nil {
		return c
	}
	if len(a.cells) == 0 {
		a.layout = layoutFor(key)
	}
	a.run = -1
	key = strings.Clone(key)
	c := &cell{key: key, seat: len(a.history)}
	a.cells[key] = c
	a.history = append(a.history, c)
	return c
}

func (a *array) set(key string, v value) { a.at(key).set(v) }

// set keeps a value. One that was read is copied, as a key is.
func (c *cell) set(v value) {
	if v.kind == input {
		v.str = strings.Clone(v.str)
	}
	c.v = v
}

func (a *array) delete(key string) {
	c := a.cells[key]
	if c == nil {
		return
	}
	delete(a.cells, key)
	a.run = -1
	a.history[c.seat] = nil
	if a.gone++; a.gone > len(a.cells)+16 {
		a.compact()
	}
}

// compact forgets what was deleted.
func (a *array) compact() {
	a.history = slices.DeleteFunc(a.history, func(c *cell) bool { return c == nil })
	for i, c := range a.history {
		c.seat = i
	}
	a.gone = 0
}

func (a *array) clear() {
	clear(a.cells)
	a.history, a.gone, a.run = nil, 0, 0
}

// fill makes the array hold values under the numbers from 1 on. An array that
// was filled before keeps its elements.
func (a *array) fill(n int, at func(i int) value) {
	if a.run < 0 {
		a.clear()
	}
	kept := min(a.run, n)
	for i := range kept {
		c := a.history[i]
		c.v, c.arr = at(i), nil
	}
	for len(a.history) > n {
		last := len(a.history) - 1
		delete(a.cells, a.history[last].key)
		a.history = a.history[:last]
	}
	for i := kept; i < n; i++ {
		a.at(smallInt(int64(i + 1))).v = at(i)
	}
	a.run = n
}

// list returns the elements in the order in which they came.
func (a *array) list() []*cell {
	out := make([]*cell, 0, len(a.cells))
	for _, c := range a.history {
		if c != nil {
			out = append(out, c)
		}
	}
	return out
}
