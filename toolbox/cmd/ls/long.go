package ls

import (
	"io/fs"
	"strconv"
	"time"

	"agentsandbox/toolbox/filemode"
	"agentsandbox/toolbox/strftime"
	"agentsandbox/toolbox/tool"
)

// halfYear is half a year of the Gregorian calendar: how old a date may be to
// show the time of day and not the year.
const halfYear = 31556952 / 2 * time.Second

// row is an entry of a long list, as text.
type row struct {
	inode, blocks, mode, links, owner, group, author, size, date string
}

// columnWidths are those of a long list.
type columnWidths struct{ inode, blocks, links, owner, group, author, size, date int }

// total prints the sum of the blocks of a directory.
func (l *lister) total(entries []*entry) {
	if l.format != long && !l.blocks {
		return
	}
	var n uint64
	for _, e := range entries {
		if e.known {
			n += tool.DiskBlocks(e.info)
		}
	}
	l.out.WriteString("total " + l.blockSize.Show(n, 512))
	l.out.WriteByte(l.eol)
}

// long writes entries one a line with all that is known of them.
func (l *lister) long(entries, others []*entry, padded bool) {
	rows := make([]row, len(entries))
	var w columnWidths
	for i, e := range entries {
		rows[i] = l.row(e)
		w.grow(rows[i])
	}
	for _, e := range others {
		w.grow(l.row(e))
	}
	for i, e := range entries {
		s := l.layOut(rows[i], w)
		l.out.WriteString(s)
		l.write(e, padded, len(s))
		l.arrow(e)
		l.out.WriteByte(l.eol)
	}
}

func (w *columnWidths) grow(r row) {
	w.inode = max(w.inode, len(r.inode))
	w.blocks = max(w.blocks, len(r.blocks))
	w.links = max(w.links, len(r.links))
	w.owner = max(w.owner, len(r.owner))
	w.group = max(w.group, len(r.group))
	w.author = max(w.author, len(r.author))
	w.size = max(w.size, len(r.size))
	if r.date != "?" {
		w.date = max(w.date, textWidth(r.date))
	}
}

func (l *lister) row(e *entry) row {
	r := row{inode: l.inode(e), blocks: l.diskSize(e), mode: "?", links: "?", owner: "?", group: "?", author: "?", size: "?", date: "?"}
	if !e.known {
		r.mode = string(filemode.Letter(e.info.Mode)) + "?????????"
		return r
	}
	r.mode = filemode.String(e.info.Mode)
	r.links = strconv.FormatUint(e.info.Nlink, 10)
	r.owner, r.group = tool.User, tool.Group
	if l.numeric {
		r.owner, r.group = strconv.Itoa(tool.UID), strconv.Itoa(tool.GID)
	}
	r.author = r.owner
	r.size = l.size.Show(uint64(e.info.Size), 1)
	if e.info.Mode&fs.ModeDevice != 0 {
		r.size = "0, 0"
	}
	r.date = l.date(l.options.when(e))
	return r
}

func (l *lister) date(ns int64) string {
	t := time.Unix(0, ns).In(l.zone)
	format := l.oldDate
	if age := l.now.Sub(t); age < halfYear && age >= 0 {
		format = l.newDate
	}
	return strftime.Format(format, t)
}

// layOut lays out what stands before a name.
func (l *lister) layOut(r row, w columnWidths) string {
	s := ""
	if l.inodes {
		s += right(r.inode, w.inode) + " "
	}
	if l.blocks {
		s += right(r.blocks, w.blocks) + " "
	}
	s += r.mode + " " + right(r.links, w.links) + " "
	align := left
	if l.numeric {
		align = right
	}
	if l.owner {
		s += align(r.owner, w.owner) + " "
	}
	if l.group {
		s += align(r.group, w.group) + " "
	}
	if l.author {
		s += align(r.author, w.author) + " "
	}
	if l.context {
		s += "? "
	}
	return s + right(r.size, w.size) + " " + right(r.date, w.date) + " "
}

// arrow writes what stands behind a name: the target of a link, or a mark.
func (l *lister) arrow(e *entry) {
	mode := e.info.Mode
	if !e.isLink() {
		if m := l.mark(mode); m != 0 && !e.lost {
			l.out.WriteByte(m)
		}
		return
	}
	if e.target == "" {
		return
	}
	l.out.WriteString(" -> ")
	text := l.shown(e.target)
	switch {
	case l.colors == nil || !l.looksBehind:
		l.out.WriteString(text)
	case e.orphan && l.colors.has("mi"):
		l.paint(text, l.colors.codes["mi"], 0, 0)
	case e.orphan:
		l.paint(text, l.colors.code("or"), 0, 0)
	default:
		l.paint(text, l.colors.ofMode(e.target, e.behind.Mode, e.behind.Nlink), 0, 0)
	}
	if l.looksBehind && !e.orphan {
		if m := l.mark(e.behind.Mode); m != 0 {
			l.out.WriteByte(m)
		}
	}
}
