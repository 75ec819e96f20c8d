package rg

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The colours of what is shown.
const (
	pathColor  = "\x1b[0m\x1b[35m"
	lineColor  = "\x1b[0m\x1b[32m"
	plainColor = "\x1b[0m"
	matchColor = "\x1b[0m\x1b[1m\x1b[31m"
)

func (r *rg) colored(color, s string) string {
	if !r.color {
		return s
	}
	return color + s + plainColor
}

// shown is the name of a file as it is printed.
func (r *rg) shown(name string) string {
	if r.slash == "" {
		return name
	}
	return strings.ReplaceAll(name, "/", r.slash)
}

// printPath prints the name of a file as a line.
func (r *rg) printPath(name string) error {
	r.out.WriteString(r.colored(pathColor, r.shown(name)))
	if r.null {
		return r.out.WriteByte(0)
	}
	return r.out.WriteByte('\n')
}

// print prints what was found in the file.
func (f *file) print() error {
	switch {
	case f.quiet:
		return nil
	case f.json:
		return f.printJSON()
	case f.list == asFiles && len(f.blocks) > 0, f.list == asFilesWithout && len(f.blocks) == 0:
		return f.printPath(f.name)
	case f.list == asCount && !f.only && (len(f.blocks) > 0 || f.zero):
		return f.printCount(len(f.blocks))
	case (f.list == asMatchCount || f.list == asCount) && (len(f.blocks) > 0 || f.zero):
		return f.printCount(f.count)
	case f.list != asLines || len(f.blocks) == 0 && !f.passthru:
		return nil
	case f.binary >= 0:
		return f.printBinary()
	}
	return f.printLines()
}

func (f *file) printCount(n int) error {
	if f.named {
		f.prefix(':')
	}
	_, err := f.out.WriteString(strconv.Itoa(n) + "\n")
	return err
}

// prefix prints the name of the file, as it stands before a line.
func (f *file) prefix(sep byte) {
	if f.null {
		sep = 0
	}
	f.out.WriteString(f.colored(pathColor, f.shown(f.name)))
	f.out.WriteByte(sep)
}

// number prints a number that stands before a line.
func (f *file) number(color string, n int, sep byte) {
	if f.color {
		f.out.WriteString(color)
	}
	f.out.Write(strconv.AppendInt(f.out.AvailableBuffer(), int64(n), 10))
	if f.color {
		f.out.WriteString(plainColor)
	}
	f.out.WriteByte(sep)
}

func (f *file) printBinary() error {
	if f.named {
		f.out.WriteString(f.colored(pathColor, f.shown(f.name)) + ": ")
	}
	_, err := fmt.Fprintf(f.out, "binary file matches (found \"\\0\" byte around offset %d)\n", f.binary)
	return err
}

// visitor takes the parts of a file that are to be shown, in their order.
type visitor interface {
	gap()                   // what is between was left out
	context(start, end int) // lines that do not match
	block(b block) error
}

// visit shows the blocks of a file with their context to v.
func (f *file) visit(v visitor) error {
	before, after := max(f.before, 0), max(f.after, 0)
	if f.passthru {
		before, after = len(f.data), len(f.data)
	}
	done := 0
	for i, b := range f.blocks {
		if f.passthru && i+1 == f.maxCount {
			after = 0
		}
		from := b.start
		for n := before; n > 0 && from > done; n-- {
			from = f.lineStart(from - 1)
		}
		if i > 0 && from > done {
			v.gap()
		}
		v.context(from, b.start)
		if err := v.block(b); err != nil {
			return err
		}
		limit := len(f.data)
		if i+1 < len(f.blocks) {
			limit = f.blocks[i+1].start
		}
		done = b.end
		for n := after; n > 0 && done < limit; n-- {
			done = f.lineEnd(done)
		}
		v.context(b.end, done)
	}
	if f.passthru && len(f.blocks) == 0 {
		v.context(0, len(f.data))
	}
	return nil
}

// printLines prints the blocks with their context.
func (f *file) printLines() error {
	if f.heading && f.named {
		if f.printed {
			f.out.WriteByte('\n')
		}
		f.out.WriteString(f.colored(pathColor, f.shown(f.name)) + "\n")
	}
	p := linePrinter{file: f}
	if f.printed && !f.heading {
		p.gap()
	}
	f.printed = true
	return f.visit(&p)
}

// linePrinter prints the lines of one file.
type linePrinter struct {
	*file
	counted int // place up to which lines were counted
	lines   int
}

func (p *linePrinter) gap() {
	if !p.noSeparator && (p.before > 0 || p.after > 0) {
		p.out.WriteString(p.separator + "\n")
	}
}

func (p *linePrinter) context(from, to int) {
	for from < to {
		end := p.lineEnd(from)
		p.head(from, from, -1, '-')
		p.text(p.limited(p.line(from, end), nil, "context"))
		from = end
	}
}

// line is a line without its newline, and trimmed if that is asked for.
func (p *linePrinter) line(start, end int) []byte {
	line := bytes.TrimSuffix(p.data[start:end], []byte("\n"))
	if p.trim {
		line = bytes.TrimLeft(line, " \t")
	}
	return line
}

func (p *linePrinter) text(line []byte) {
	p.out.Write(line)
	p.out.WriteByte('\n')
}

// head prints what stands before the line at a place; column is negative for
// none.
func (p *linePrinter) head(at, offset, column int, sep byte) {
	if p.named && !p.heading {
		p.prefix(sep)
	}
	if p.lineNumber > 0 {
		if at > p.counted {
			p.lines += bytes.Count(p.data[p.counted:at], []byte("\n"))
			p.counted = at
		}
		p.number(lineColor, p.lines+1, sep)
	}
	if p.column && column >= 0 {
		p.number(plainColor, column+1, sep)
	}
	if p.offset {
		p.number(plainColor, offset, sep)
	}
}

// block prints selected lines.
func (p *linePrinter) block(b block) error {
	var found []block
	if !p.invert && (p.only || p.replaces || p.color || p.column) {
		found = p.matches(b)
	}
	switch {
	case p.only && !p.invert:
		for _, m := range found {
			p.match(m)
		}
	case p.vimgrep && !p.invert:
		for _, m := range found {
			start := p.lineStart(m.start)
			p.head(start, start, m.start-start, ':')
			p.text(p.marked(start, p.lineEnd(m.start), found))
		}
	case p.replaces:
		p.parts(b.start, b.start, column(found, b.start), p.limited(p.marked(b.start, b.end, found), found, "matching"))
	default:
		for start := b.start; start < b.end; start = p.lineEnd(start) {
			p.head(start, start, column(found, start), ':')
			p.text(p.limited(p.marked(start, p.lineEnd(start), found), found, "matching"))
		}
	}
	return p.ctx.Err()
}

// column is where in a line its first match is.
func column(found []block, start int) int {
	if len(found) == 0 {
		return -1
	}
	return max(found[0].start-start, 0)
}

// match prints one match by itself.
func (p *linePrinter) match(m block) {
	line := p.lineStart(m.start)
	s := p.data[m.start:m.end]
	if p.replaces {
		s = []byte(p.expand(m))
	}
	p.parts(line, m.start, m.start-line, s)
}

// parts prints text that takes the place of the line at a place, and may be of
// many lines.
func (p *linePrinter) parts(at, offset, column int, s []byte) {
	for more := true; more; {
		var part []byte
		part, s, more = bytes.Cut(s, []byte("\n"))
		p.head(at, offset, column, ':')
		if p.only && p.color {
			part = []byte(p.colored(matchColor, string(part)))
		}
		p.text(part)
		at = min(p.lineEnd(at), len(p.data))
		more = more && len(s) > 0
	}
}

// marked is a line, or a block of them, with its matches replaced and coloured.
func (p *linePrinter) marked(start, end int, found []block) []byte {
	if !p.replaces && !p.color {
		return p.line(start, end)
	}
	stop := len(bytes.TrimSuffix(p.data[:end], []byte("\n")))
	var b []byte
	done := start
	for _, m := range found {
		if m.end < start || m.start > stop || m.start == m.end && !p.replaces {
			continue
		}
		from, to := max(m.start, start), min(m.end, stop)
		b = append(b, p.data[done:from]...)
		s := string(p.data[from:to])
		if p.replaces {
			s = p.expand(m)
		}
		b = append(b, p.colored(matchColor, s)...)
		done = to
	}
	b = append(b, p.data[done:stop]...)
	if p.trim {
		b = bytes.TrimLeft(b, " \t")
	}
	return b
}

// limited is a line, or what stands in its place if it is too long for -M.
func (p *linePrinter) limited(line []byte, found []block, kind string) []byte {
	switch {
	case p.maxColumns == 0 || len(line) <= p.maxColumns:
		return line
	case p.preview:
		at := p.maxColumns
		for at > 0 && !utf8.RuneStart(line[at]) {
			at--
		}
		return append(line[:at:at], " [... omitted end of long line]"...)
	case len(found) > 0:
		return fmt.Appendf(nil, "[Omitted long line with %d matches]", len(found))
	}
	return fmt.Appendf(nil, "[Omitted long %s line]", kind)
}
