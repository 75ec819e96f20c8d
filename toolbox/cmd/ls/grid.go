package ls

import (
	"strconv"

	"agentsandbox/toolbox/tool"
)

// print prints entries in the form that was asked for. What others need counts
// for the widths, too.
func (l *lister) print(entries, others []*entry) {
	padded := l.aligned && (l.anyQuoted(entries) || l.anyQuoted(others))
	switch l.format {
	case long:
		l.long(entries, others, padded)
	case commas:
		l.commas(entries)
	case vertical, across:
		if l.width == 0 {
			l.line(entries)
			return
		}
		l.grid(entries, l.frills(entries, others), padded)
	default:
		f := l.frills(entries, others)
		for _, e := range entries {
			l.full(e, f, false, 0)
			l.out.WriteByte(l.eol)
		}
	}
}

func (l *lister) anyQuoted(entries []*entry) bool {
	for _, e := range entries {
		if l.quoted(e) {
			return true
		}
	}
	return false
}

// frills are the widths of what stands before names.
type frills struct{ inode, blocks int }

func (l *lister) frills(groups ...[]*entry) frills {
	var f frills
	for _, entries := range groups {
		for _, e := range entries {
			if l.inodes {
				f.inode = max(f.inode, len(l.inode(e)))
			}
			if l.blocks {
				f.blocks = max(f.blocks, len(l.diskSize(e)))
			}
		}
	}
	return f
}

func (l *lister) inode(e *entry) string {
	if e.info.Ino == 0 {
		return "?"
	}
	return strconv.FormatUint(e.info.Ino, 10)
}

func (l *lister) diskSize(e *entry) string {
	if !e.known {
		return "?"
	}
	return l.blockSize.Show(tool.DiskBlocks(e.info), 512)
}

// before is what stands before a name: inode number and blocks.
func (l *lister) before(e *entry, f frills) string {
	s := ""
	if l.inodes {
		s += right(l.inode(e), f.inode) + " "
	}
	if l.blocks {
		s += right(l.diskSize(e), f.blocks) + " "
	}
	if l.context {
		s += "? "
	}
	return s
}

// full writes an entry with what stands before and behind its name, starting
// in the given column.
func (l *lister) full(e *entry, f frills, padded bool, column int) {
	s := l.before(e, f)
	l.out.WriteString(s)
	l.write(e, padded, column+len(s))
	if m := l.mark(e.info.Mode); m != 0 {
		l.out.WriteByte(m)
	}
}

// length is the number of columns that full takes.
func (l *lister) length(e *entry, f frills, padded bool) int {
	n := len(l.before(e, f)) + l.nameWidth(e)
	if padded && !l.quoted(e) {
		n++
	}
	if l.mark(e.info.Mode) != 0 {
		n++
	}
	return n
}

// line writes all on one line.
func (l *lister) line(entries []*entry) {
	for i, e := range entries {
		if i > 0 {
			l.out.WriteString("  ")
		}
		l.full(e, frills{}, false, 0)
	}
	l.out.WriteByte(l.eol)
}

// commas writes entries with commas between them.
func (l *lister) commas(entries []*entry) {
	column := 0
	for i, e := range entries {
		n := 0
		if l.width > 0 {
			n = l.length(e, frills{}, false)
		}
		if i > 0 {
			l.out.WriteByte(',')
			if l.width == 0 || column+n+2 < l.width {
				l.out.WriteByte(' ')
				column += 2
			} else {
				l.out.WriteByte(l.eol)
				column = 0
			}
		}
		l.full(e, frills{}, false, column)
		column += n
	}
	l.out.WriteByte(l.eol)
}

// grid writes entries in as many columns as there is room for.
func (l *lister) grid(entries []*entry, f frills, padded bool) {
	lengths := make([]int, len(entries))
	for i, e := range entries {
		lengths[i] = l.length(e, f, padded)
	}
	widths := l.columns(lengths)
	rows := (len(entries) + len(widths) - 1) / len(widths)
	for row := range rows {
		column := 0
		for col := range widths {
			i := col*rows + row
			if l.format == across {
				i = row*len(widths) + col
			}
			if i >= len(entries) {
				break
			}
			if col > 0 {
				l.indent(column, sum(widths[:col]))
				column = sum(widths[:col])
			}
			l.full(entries[i], f, padded, column)
			column += lengths[i]
		}
		l.out.WriteByte(l.eol)
	}
}

func sum(ns []int) int {
	total := 0
	for _, n := range ns {
		total += n
	}
	return total
}

// columns finds the most columns that fit, and their widths.
func (l *lister) columns(lengths []int) []int {
	const narrowest = 3
	most := l.width / narrowest
	if l.width%narrowest != 0 {
		most++
	}
	for n := min(max(most, 1), len(lengths)); n > 1; n-- {
		widths := make([]int, n)
		rows := (len(lengths) + n - 1) / n
		total := n * narrowest
		for i := range widths {
			widths[i] = narrowest
		}
		for i, length := range lengths {
			col := i / rows
			if l.format == across {
				col = i % n
			}
			if col < n-1 {
				length += 2
			}
			if length > widths[col] {
				total += length - widths[col]
				widths[col] = length
			}
		}
		if total < l.width {
			return widths
		}
	}
	return []int{narrowest}
}

// indent moves from one column to another, by tabs where they fit.
func (l *lister) indent(from, to int) {
	for from < to {
		if l.tab > 0 && to/l.tab > (from+1)/l.tab {
			l.out.WriteByte('\t')
			from += l.tab - from%l.tab
			continue
		}
		l.out.WriteByte(' ')
		from++
	}
}

func right(s string, width int) string { return spaces(width-len(s)) + s }
func left(s string, width int) string  { return s + spaces(width-len(s)) }

func spaces(n int) string {
	const some = "                                "
	s := ""
	for n > len(some) {
		s += some
		n -= len(some)
	}
	return s + some[:max(n, 0)]
}
