package diff

import (
	"bytes"
	"fmt"
	"strconv"
)

// hunk is changes that are close to one another, with the lines around them:
// [a, aEnd) of the first file and [b, bEnd) of the second.
type hunk struct {
	changes       []change
	a, aEnd       int
	b, bEnd       int
	old, inserted bool // anything is deleted, inserted
}

// hunks writes the changes with context.
func (p *printer) hunks(changes []change) {
	p.function = -1
	for len(changes) > 0 {
		n := p.together(changes)
		h := p.hunk(changes[:n])
		changes = changes[n:]
		if h == nil {
			continue
		}
		p.begin()
		if p.style == unified {
			p.unified(h)
		} else {
			p.context(h)
		}
	}
}

// together is how many changes make the next hunk: those whose contexts touch.
// One that is ignorable is taken in only within the context of the one before.
func (p *printer) together(changes []change) int {
	n := 1
	for ; n < len(changes); n++ {
		last, next := changes[n-1], changes[n]
		apart := 2*p.diff.context + 1
		if next.ignorable {
			apart = p.diff.context
		}
		if next.a-(last.a+last.deleted) >= apart {
			break
		}
	}
	return n
}

// hunk puts the context around changes; nil if all of them are ignorable.
func (p *printer) hunk(changes []change) *hunk {
	h := &hunk{changes: changes}
	ignorable := true
	for _, c := range changes {
		ignorable = ignorable && c.ignorable
		h.old = h.old || c.deleted > 0
		h.inserted = h.inserted || c.inserted > 0
	}
	if ignorable {
		return nil
	}
	first, last := changes[0], changes[len(changes)-1]
	around := p.diff.context
	h.a, h.b = max(first.a-around, 0), max(first.b-around, 0)
	h.aEnd = min(last.a+last.deleted+around, len(p.x.text.lines))
	h.bEnd = min(last.b+last.inserted+around, len(p.y.text.lines))
	return h
}

func (p *printer) unified(h *hunk) {
	p.paint(cyan, "@@ -"+unifiedRange(h.a, h.aEnd)+" +"+unifiedRange(h.b, h.bEnd)+" @@")
	p.w.Write(p.functionText(h.a))
	p.w.WriteByte('\n')
	i, j := h.a, h.b
	common := func(to int) {
		for ; i < to; i++ {
			mark := " "
			if p.initialTab {
				mark = "\t"
			}
			p.line("", mark, p.x.text, i)
			j++
		}
	}
	tab := ""
	if p.initialTab {
		tab = "\t"
	}
	for _, c := range h.changes {
		common(c.a)
		for range c.deleted {
			p.line(red, "-"+tab, p.x.text, i)
			i++
		}
		for range c.inserted {
			p.line(green, "+"+tab, p.y.text, j)
			j++
		}
	}
	common(h.aEnd)
}

// unifiedRange shows lines [from, to) as "first,count", the count left out if
// it is 1.
func unifiedRange(from, to int) string {
	switch to - from {
	case 0:
		return fmt.Sprintf("%d,0", to)
	case 1:
		return strconv.Itoa(to)
	}
	return fmt.Sprintf("%d,%d", from+1, to-from)
}

func (p *printer) context(h *hunk) {
	p.w.WriteString("***************")
	p.w.Write(p.functionText(h.a))
	p.w.WriteByte('\n')
	p.paint(cyan, "*** "+lineRange(h.a, h.aEnd)+" ****")
	p.w.WriteByte('\n')
	if h.old {
		p.half(p.x.text, h.a, h.aEnd, red, "-", h.changes, func(c change) (int, int, bool) { return c.a, c.deleted, c.inserted > 0 })
	}
	p.paint(cyan, "--- "+lineRange(h.b, h.bEnd)+" ----")
	p.w.WriteByte('\n')
	if h.inserted {
		p.half(p.y.text, h.b, h.bEnd, green, "+", h.changes, func(c change) (int, int, bool) { return c.b, c.inserted, c.deleted > 0 })
	}
}

// half writes one file's half of a hunk; at tells where a change lies in it,
// and whether it has a counterpart in the other.
func (p *printer) half(t *text, from, to int, color, sign string, changes []change, at func(change) (start, n int, both bool)) {
	for i := from; i < to; i++ {
		mark := " "
		for _, c := range changes {
			start, n, both := at(c)
			if i < start || i >= start+n {
				continue
			}
			mark = sign
			if both {
				mark = "!"
			}
		}
		p.line(color, p.mark(mark), t, i)
	}
}

// longestFunction is how much of a function line is shown.
const longestFunction = 40

// functionText is the last line before line i that matches -F, as it stands in
// the line that begins a hunk.
func (p *printer) functionText(i int) []byte {
	if p.options.function == nil {
		return nil
	}
	lines := p.x.text.lines
	for k := i - 1; k >= p.searched; k-- {
		if ok, err := p.options.function.Match(lines[k]); ok && err == nil {
			p.function = k
			break
		}
	}
	p.searched = max(p.searched, i)
	if p.function < 0 {
		return nil
	}
	text := bytes.TrimLeft(lines[p.function], " \t\v\f\r")
	text = bytes.TrimRight(text[:min(len(text), longestFunction)], " \t\v\f\r")
	return append([]byte(" "), text...)
}
