// Package linediff compares two texts line by line and writes the difference
// as a unified diff. The command diff and the patches of the command line
// share it.
package linediff

import "bytes"

// Edit says that lines A0 to A1 of the first text are lines B0 to B1 of the
// second. Indices are from 0, ends are exclusive; either range may be empty.
type Edit struct{ A0, A1, B0, B1 int }

// Lines cuts a text into lines, each with its newline; the last may have none.
// The lines alias data.
func Lines(data []byte) [][]byte {
	lines := make([][]byte, 0, bytes.Count(data, []byte("\n"))+1)
	for len(data) > 0 {
		n := bytes.IndexByte(data, '\n') + 1
		if n == 0 {
			n = len(data)
		}
		lines = append(lines, data[:n:n])
		data = data[n:]
	}
	return lines
}

// Diff returns the edits that turn a into b, in order, as few lines as the
// budget allows to find out: it is a number of steps, and beyond it what is left of
// a stretch is taken to differ whole. 0 is DefaultBudget.
func Diff(a, b [][]byte, budget int) []Edit {
	if budget == 0 {
		budget = DefaultBudget
	}
	ids := map[string]int{}
	d := differ{a: number(ids, a), b: number(ids, b), budget: budget}
	d.compare(0, len(d.a), 0, len(d.b))
	return d.edits
}

// DefaultBudget is about a second's work.
const DefaultBudget = 50_000_000

// number replaces lines by numbers that are equal where the lines are.
func number(ids map[string]int, lines [][]byte) []int {
	out := make([]int, len(lines))
	for i, line := range lines {
		id, ok := ids[string(line)]
		if !ok {
			id = len(ids)
			ids[string(line)] = id
		}
		out[i] = id
	}
	return out
}

// differ is Myers's algorithm in linear space: find the middle of a shortest
// path, and compare what lies before it and behind it.
type differ struct {
	a, b     []int
	edits    []Edit
	fwd, bwd []int // furthest x by diagonal, offset by the middle
	budget   int
}

func (d *differ) compare(a0, a1, b0, b1 int) {
	for a0 < a1 && b0 < b1 && d.a[a0] == d.b[b0] {
		a0, b0 = a0+1, b0+1
	}
	for a0 < a1 && b0 < b1 && d.a[a1-1] == d.b[b1-1] {
		a1, b1 = a1-1, b1-1
	}
	if a0 == a1 || b0 == b1 {
		d.add(Edit{a0, a1, b0, b1})
		return
	}
	x, y, ok := d.middle(a0, a1, b0, b1)
	if !ok {
		d.add(Edit{a0, a1, b0, b1})
		return
	}
	d.compare(a0, x, b0, y)
	d.compare(x, a1, y, b1)
}

// add appends an edit, joined to the last one where they touch.
func (d *differ) add(e Edit) {
	if e.A0 == e.A1 && e.B0 == e.B1 {
		return
	}
	if n := len(d.edits); n > 0 && d.edits[n-1].A1 == e.A0 && d.edits[n-1].B1 == e.B0 {
		d.edits[n-1].A1, d.edits[n-1].B1 = e.A1, e.B1
		return
	}
	d.edits = append(d.edits, e)
}

// middle finds a point on a shortest path from one corner to the other, by
// searching from both ends until they meet. ok is false when the budget is used up.
func (d *differ) middle(a0, a1, b0, b1 int) (x, y int, ok bool) {
	n, m := a1-a0, b1-b0
	size := 2*(n+m) + 3
	if len(d.fwd) < size {
		d.fwd, d.bwd = make([]int, size), make([]int, size)
	}
	mid := n + m + 1
	delta := n - m
	d.fwd[mid+1], d.bwd[mid+1] = 0, 0
	for steps := 0; steps <= (n+m+1)/2; steps++ {
		if d.budget -= 2 * (steps + 1); d.budget < 0 {
			return 0, 0, false
		}
		for k := -steps; k <= steps; k += 2 {
			x := furthest(d.fwd, mid, k, steps)
			y := x - k
			x0 := x
			for x < n && y < m && d.a[a0+x] == d.b[b0+y] {
				x, y = x+1, y+1
			}
			d.fwd[mid+k] = x
			back := delta - k
			if delta%2 != 0 && back > -steps && back < steps && x+d.bwd[mid+back] >= n && x0 <= n && y <= m {
				return a0 + x, b0 + y, inside(x, y, n, m)
			}
		}
		for k := -steps; k <= steps; k += 2 {
			x := furthest(d.bwd, mid, k, steps)
			y := x - k
			for x < n && y < m && d.a[a1-1-x] == d.b[b1-1-y] {
				x, y = x+1, y+1
			}
			d.bwd[mid+k] = x
			ahead := delta - k
			if delta%2 == 0 && ahead >= -steps && ahead <= steps && x+d.fwd[mid+ahead] >= n && y <= m {
				return a1 - x, b1 - y, inside(n-x, m-y, n, m)
			}
		}
	}
	return 0, 0, false
}

// furthest is how far diagonal k is reached from its neighbours.
func furthest(v []int, mid, k, steps int) int {
	if k == -steps || k != steps && v[mid+k-1] < v[mid+k+1] {
		return v[mid+k+1]
	}
	return v[mid+k-1] + 1
}

// inside makes sure that a middle splits the rectangle into two smaller ones.
func inside(x, y, n, m int) bool {
	return x >= 0 && y >= 0 && x <= n && y <= m && x+y > 0 && x+y < n+m
}
