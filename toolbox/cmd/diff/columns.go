package diff

import (
	"unicode/utf8"

	"agentsandbox/toolbox/tool"
)

// columns is how two files stand side by side: half columns for the first, a
// sign, and the second from column right on.
type columns struct {
	*printer
	half, right int
	column      int // where the output stands
}

// sideBySide writes both files in two columns.
func (p *printer) sideBySide(changes []change) {
	p.begin()
	tab := p.tabSize
	if p.expandTabs {
		tab = 1
	}
	right := (p.width + tab + 3) / (2 * tab) * tab
	c := columns{printer: p, half: max(0, min(right-3, p.width-right)), right: right}
	if c.half == 0 {
		c.right = p.width
	}
	i, j := 0, 0
	for _, ch := range changes {
		if ch.ignorable {
			continue
		}
		c.common(i, ch.a, j, ch.b)
		i, j = ch.a, ch.b
		aEnd, bEnd := ch.a+ch.deleted, ch.b+ch.inserted
		for ; i < aEnd && j < bEnd; i, j = i+1, j+1 {
			c.row(i, j, '|')
		}
		for ; j < bEnd; j++ {
			c.row(-1, j, '>')
		}
		for ; i < aEnd; i++ {
			c.row(i, -1, '<')
		}
	}
	c.common(i, len(p.x.text.lines), j, len(p.y.text.lines))
}

// common writes lines that are the same, or that differ in what is ignored.
func (c *columns) common(i, iEnd, j, jEnd int) {
	if c.hideCommon {
		return
	}
	if !c.leftColumn {
		for ; i < iEnd && j < jEnd; i, j = i+1, j+1 {
			c.row(i, j, ' ')
		}
		for ; j < jEnd; j++ {
			c.row(-1, j, ')')
		}
	}
	for ; i < iEnd; i++ {
		c.row(i, -1, '(')
	}
}

// row writes line i of the first file and j of the second; -1 is none.
func (c *columns) row(i, j int, sign byte) {
	whole := func(t *text, n int) bool { return !t.incomplete || n < len(t.lines)-1 }
	c.column = 0
	newline := false
	if i >= 0 {
		newline = whole(c.x.text, i)
		c.cell(c.x.text.lines[i], 0)
	}
	if sign != ' ' {
		c.moveTo((c.half + c.right - 1) / 2)
		c.column++
		if sign == '|' && newline != whole(c.y.text, j) {
			sign = '\\'
			if newline {
				sign = '/'
			}
		}
		c.w.WriteByte(sign)
	}
	if j >= 0 {
		newline = newline || whole(c.y.text, j)
		if line := c.y.text.lines[j]; len(line) > 0 {
			c.moveTo(c.right)
			c.cell(line, c.column)
		}
	}
	if newline {
		c.w.WriteByte('\n')
	}
}

// moveTo moves to a column with tabs and spaces.
func (c *columns) moveTo(column int) {
	if !c.expandTabs {
		for tab := c.column + c.tabSize - c.column%c.tabSize; tab <= column; tab += c.tabSize {
			c.w.WriteByte('\t')
			c.column = tab
		}
	}
	for ; c.column < column; c.column++ {
		c.w.WriteByte(' ')
	}
}

// cell writes as much of a line as there is room for, from column indent on.
func (c *columns) cell(line []byte, indent int) {
	in, out := 0, 0 // columns of the line, and of what is written of it
	for i := 0; i < len(line); {
		r, n := utf8.DecodeRune(line[i:])
		switch {
		case r == '\t':
			c.tab(&in, &out)
		case r == '\r':
			c.w.WriteByte('\r')
			c.column = 0
			c.moveTo(indent)
			in, out = 0, 0
		case r == '\b':
			if in > 0 {
				in--
				if in < c.half && out > in {
					out = in
					c.w.WriteByte('\b')
				}
			}
		case r == utf8.RuneError && n == 1:
			c.w.WriteByte(line[i])
		default:
			in += max(tool.RuneWidth(r), 0)
			if in <= c.half {
				out = in
				c.w.Write(line[i : i+n])
			}
		}
		i += n
	}
	c.column = indent + out
}

func (c *columns) tab(in, out *int) {
	n := c.tabSize - *in%c.tabSize
	if *in == *out {
		stop := *out + n
		if c.expandTabs {
			for ; *out < min(stop, c.half); *out++ {
				c.w.WriteByte(' ')
			}
		} else if stop < c.half {
			*out = stop
			c.w.WriteByte('\t')
		}
	}
	*in += n
}
