package tree

import (
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"agentsandbox/toolbox/filemode"
	"agentsandbox/toolbox/strftime"
	"agentsandbox/toolbox/tool"
)

// lines are what branches are drawn with.
type lines struct{ bar, tee, corner string }

var (
	utf8Lines  = lines{"│\u00a0\u00a0 ", "├── ", "└── "}
	asciiLines = lines{"|   ", "|-- ", "`-- "}
)

// textForm draws trees.
type textForm struct{ *lister }

func (t *textForm) begin()   {}
func (t *textForm) between() {}

func (t *textForm) lines() lines {
	charset := t.charset
	if charset == "" {
		charset = t.x.Getenv("TREE_CHARSET")
	}
	if charset == "" && t.x.UTF8() || strings.EqualFold(charset, "utf-8") || strings.EqualFold(charset, "utf8") {
		return utf8Lines
	}
	return asciiLines
}

func (t *textForm) root(n *node) {
	meta := ""
	if n.info.Nlink > 0 {
		meta = t.meta(n)
	}
	p := t.palette()
	t.put(meta, p.paint(n, t.shown(n.name)))
	if t.classify && n.info.IsDir() && !strings.HasSuffix(n.name, "/") {
		t.put("/")
	}
	t.note(n)
	t.put("\n")
	t.children(n, "", t.lines(), p)
}

func (t *textForm) note(n *node) {
	if n.note != "" {
		t.put("  [", n.note, "]")
	}
}

func (t *textForm) children(n *node, indent string, l lines, p palette) {
	for i, c := range n.children {
		branch, below := l.tee, l.bar
		if i == len(n.children)-1 {
			branch, below = l.corner, "    "
		}
		if t.noIndent {
			branch, below = "", ""
		}
		t.child(c, indent+branch, p)
		t.children(c, indent+below, l, p)
	}
}

// child writes the line of one file.
func (t *textForm) child(c *node, branch string, p palette) {
	if t.metaFirst {
		t.put(t.meta(c), branch)
	} else {
		t.put(branch, t.meta(c))
	}
	name := c.name
	if t.full {
		name = c.path
	}
	t.put(p.paint(c, t.shown(name)))
	if c.isLink() {
		t.put(" -> ", p.paintTarget(c, t.shown(c.target)))
		if t.classify && !c.orphan {
			t.put(mark(c.behind.Mode))
		}
	} else if t.classify {
		t.put(mark(c.info.Mode))
	}
	t.note(c)
	t.put("\n")
}

// mark is the sign of a type behind a name.
func mark(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "/"
	case mode&fs.ModeSocket != 0:
		return "="
	case mode&fs.ModeNamedPipe != 0:
		return "|"
	case mode.IsRegular() && mode&0o111 != 0:
		return "*"
	}
	return ""
}

// shown is a name as it is written.
func (t *textForm) shown(name string) string {
	s := name
	if !t.raw {
		s = t.printable(name)
	}
	if t.quote {
		return `"` + s + `"`
	}
	return s
}

func (t *textForm) printable(name string) string {
	var b strings.Builder
	for i := 0; i < len(name); {
		r, n := utf8.DecodeRuneInString(name[i:])
		switch {
		case !(r == utf8.RuneError && n == 1) && tool.RuneWidth(r) >= 0:
			b.WriteString(name[i : i+n])
		case t.question:
			b.WriteByte('?')
		default:
			for _, c := range []byte(name[i : i+n]) {
				fmt.Fprintf(&b, `\%03o`, c)
			}
		}
		i += n
	}
	return b.String()
}

// meta is what stands before a name in brackets.
func (t *lister) meta(n *node) string {
	var parts []string
	if t.inodes {
		parts = append(parts, fmt.Sprintf("%7d", n.info.Ino))
	}
	if t.device {
		parts = append(parts, fmt.Sprintf("%3d", n.info.Dev))
	}
	if t.perms {
		parts = append(parts, filemode.String(n.info.Mode))
	}
	if t.user {
		parts = append(parts, fmt.Sprintf("%-8s", tool.User))
	}
	if t.group {
		parts = append(parts, fmt.Sprintf("%-8s", tool.Group))
	}
	if t.size {
		parts = append(parts, t.sizeOf(t.bytes(n)))
	}
	if t.date {
		parts = append(parts, t.dateOf(n))
	}
	if len(parts) == 0 {
		return ""
	}
	return "[" + strings.Join(parts, " ") + "]  "
}

// bytes is the size that is shown of a file.
func (t *lister) bytes(n *node) int64 {
	if t.du {
		return n.size
	}
	return n.info.Size
}

// sizeOf writes a size, in a column of its own width.
func (t *lister) sizeOf(n int64) string {
	if !t.human {
		return fmt.Sprintf("%11d", n)
	}
	base, units := 1024.0, "BKMGTPEZY"
	if t.si {
		base, units = 1000, "dkMGTPEZY"
	}
	if float64(n) < base {
		return fmt.Sprintf("%4d", n)
	}
	v, unit := float64(n), 1
	for v >= base*base {
		v /= base
		unit++
	}
	v = v / base
	if v >= 10 {
		return fmt.Sprintf("%3.0f%c", v, units[unit])
	}
	return fmt.Sprintf("%3.1f%c", v, units[unit])
}

func (t *lister) dateOf(n *node) string {
	ns := n.info.Mtime
	if t.ctime {
		ns = n.info.Ctime
	}
	at := time.Unix(0, ns).In(t.zone)
	if t.timefmt != "" {
		return strftime.Format(t.timefmt, at)
	}
	const halfYear = 6 * 31 * 24 * time.Hour
	if age := t.x.Now().Sub(at); age < 0 || age > halfYear {
		return strftime.Format("%b %e  %Y", at)
	}
	return strftime.Format("%b %e %R", at)
}

func (t *textForm) end() {
	if t.noReport {
		return
	}
	t.put("\n")
	if t.du {
		t.put(" ", t.sizeOf(t.total.size), " used in ")
	}
	t.put(plural(t.total.dirs, "director", "y", "ies"))
	if !t.dirsOnly {
		t.put(", ", plural(t.total.files, "file", "", "s"))
	}
	t.put("\n")
}

func plural(n int, word, one, many string) string {
	if n == 1 {
		return "1 " + word + one
	}
	return strconv.Itoa(n) + " " + word + many
}
