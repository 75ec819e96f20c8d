package diff

import (
	"bytes"
	"fmt"
	"strconv"

	"agentsandbox/toolbox/tool"
)

// The colours of --color.
const (
	bold  = "\x1b[1m"
	cyan  = "\x1b[36m"
	red   = "\x1b[31m"
	green = "\x1b[32m"
	plain = "\x1b[0m"
)

// write shows the changes in the style that was asked for.
func (d *diff) write(x, y *file, changes []change) error {
	p := printer{diff: d, x: x, y: y}
	switch d.style {
	case contextual, unified:
		p.hunks(changes)
	case ed:
		p.ed(changes)
	case rcs:
		p.rcs(changes)
	case sideBySide:
		p.sideBySide(changes)
	case groups:
		p.groups(changes)
	default:
		p.normal(changes)
	}
	return d.w.Flush()
}

// printer shows the changes of two files. Errors stay in the writer until it
// is flushed.
type printer struct {
	*diff
	x, y  *file
	begun bool

	function, searched int // the last line that matched -F, and how far was looked
}

// begin writes what stands before the first change.
func (p *printer) begin() {
	if p.begun {
		return
	}
	p.begun = true
	p.w.Write(p.header)
	p.diff.header = nil
	marks := [2]string{"---", "+++"}
	switch p.style {
	case contextual:
		marks = [2]string{"***", "---"}
	case unified:
	default:
		return
	}
	for i, f := range []*file{p.x, p.y} {
		line := marks[i] + " " + headerName(f.name) + "\t" + p.stamp(f)
		if i < len(p.labels) {
			line = marks[i] + " " + p.labels[i]
		}
		p.paint(bold, line)
		p.w.WriteByte('\n')
	}
}

// headerName is a name as it stands in a header: in quotes, with escapes, if
// it would be misread without.
func headerName(name string) string {
	for _, c := range []byte(name) {
		if c <= ' ' || c == '"' || c == '\\' || c == 0x7f {
			return tool.QuoteName(name, tool.QuoteC, "")
		}
	}
	return name
}

// paint writes text in a colour, if there are colours.
func (p *printer) paint(color, text string) {
	if p.color && color != "" {
		p.w.WriteString(color + text + plain)
		return
	}
	p.w.WriteString(text)
}

// line writes a line of a file behind its mark.
func (p *printer) line(color, mark string, t *text, i int) {
	if p.color && color != "" {
		p.w.WriteString(color)
	}
	p.w.WriteString(mark)
	p.text(t.lines[i])
	if p.color && color != "" {
		p.w.WriteString(plain)
	}
	p.w.WriteByte('\n')
	if t.incomplete && i == len(t.lines)-1 {
		p.w.WriteString("\\ No newline at end of file\n")
	}
}

// text writes the text of a line, its tabs expanded if asked for.
func (p *printer) text(line []byte) {
	if !p.expandTabs {
		p.w.Write(line)
		return
	}
	column := 0
	for _, c := range line {
		switch {
		case c == '\t':
			for n := p.tabSize - column%p.tabSize; n > 0; n-- {
				p.w.WriteByte(' ')
				column++
			}
			continue
		case c == '\r':
			column = 0
		case c == '\b':
			column = max(column-1, 0)
		case c >= ' ' && c != 0x7f:
			column++
		}
		p.w.WriteByte(c)
	}
}

// mark is a mark with what stands between it and the text.
func (p *printer) mark(s string) string {
	if p.initialTab {
		return s + "\t"
	}
	return s + " "
}

// lineRange shows lines [from, to) as normal diffs do: "3" or "3,5", and the
// line before for none.
func lineRange(from, to int) string {
	if to-from <= 1 {
		return strconv.Itoa(to)
	}
	return fmt.Sprintf("%d,%d", from+1, to)
}

// letter is the command for a change.
func letter(c change) string {
	switch {
	case c.deleted == 0:
		return "a"
	case c.inserted == 0:
		return "d"
	}
	return "c"
}

func (p *printer) normal(changes []change) {
	for _, c := range changes {
		if c.ignorable {
			continue
		}
		p.begin()
		p.paint(cyan, lineRange(c.a, c.a+c.deleted)+letter(c)+lineRange(c.b, c.b+c.inserted))
		p.w.WriteByte('\n')
		for i := range c.deleted {
			p.line(red, p.mark("<"), p.x.text, c.a+i)
		}
		if c.deleted > 0 && c.inserted > 0 {
			p.w.WriteString("---\n")
		}
		for i := range c.inserted {
			p.line(green, p.mark(">"), p.y.text, c.b+i)
		}
	}
}

// ed writes commands from the end of the file to its beginning, so that line
// numbers stay right.
func (p *printer) ed(changes []change) {
	for i := len(changes) - 1; i >= 0; i-- {
		c := changes[i]
		if c.ignorable {
			continue
		}
		p.begin()
		p.w.WriteString(lineRange(c.a, c.a+c.deleted) + letter(c) + "\n")
		if c.inserted == 0 {
			continue
		}
		inserting := true
		for i := range c.inserted {
			line := p.y.text.lines[c.b+i]
			if !inserting {
				p.w.WriteString("a\n")
				inserting = true
			}
			if string(line) == "." {
				// A lone dot would end the insertion: two dots, and one is
				// taken off behind it.
				p.w.WriteString("..\n.\ns/.//\n")
				inserting = false
				continue
			}
			p.text(line)
			p.w.WriteByte('\n')
		}
		if inserting {
			p.w.WriteString(".\n")
		}
	}
}

func (p *printer) rcs(changes []change) {
	for _, c := range changes {
		if c.ignorable {
			continue
		}
		p.begin()
		if c.deleted > 0 {
			fmt.Fprintf(p.w, "d%d %d\n", c.a+1, c.deleted)
		}
		if c.inserted > 0 {
			fmt.Fprintf(p.w, "a%d %d\n", c.a+c.deleted, c.inserted)
		}
		t := p.y.text
		for i := range c.inserted {
			p.text(t.lines[c.b+i])
			if !t.incomplete || c.b+i < len(t.lines)-1 {
				p.w.WriteByte('\n')
			}
		}
	}
}

// ignorable reports whether -B or -I ignore a change: all of its lines are
// empty or match.
func (d *diff) ignorable(x, y *text, c change) bool {
	if !d.blankLines && d.ignore == nil {
		return false
	}
	for _, lines := range [][][]byte{x.lines[c.a : c.a+c.deleted], y.lines[c.b : c.b+c.inserted]} {
		for _, line := range lines {
			if !d.ignorableLine(line) {
				return false
			}
		}
	}
	return true
}

func (d *diff) ignorableLine(line []byte) bool {
	if d.blankLines {
		if d.space >= noTrailing && len(bytes.TrimLeft(line, " \t\v\f\r")) == 0 || len(line) == 0 {
			return true
		}
	}
	if d.ignore == nil {
		return false
	}
	ok, err := d.ignore.Match(line)
	return ok && err == nil
}
