package tree

import (
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"unicode/utf8"

	"agentsandbox/toolbox/filemode"
	"agentsandbox/toolbox/tool"
)

// kind is the type of a file as XML and JSON have it.
func kind(mode fs.FileMode) string {
	switch {
	case mode.IsRegular():
		return "file"
	case mode.IsDir():
		return "directory"
	case mode&fs.ModeSymlink != 0:
		return "link"
	case mode&fs.ModeNamedPipe != 0:
		return "fifo"
	case mode&fs.ModeSocket != 0:
		return "socket"
	case mode&fs.ModeCharDevice != 0:
		return "char"
	case mode&fs.ModeDevice != 0:
		return "block"
	}
	return "unknown"
}

// attribute is one thing known of a file; bare ones are numbers.
type attribute struct {
	name, value string
	bare        bool
}

// attributes are those that the options ask for.
func (t *lister) attributes(n *node) []attribute {
	var out []attribute
	add := func(on bool, name, value string, bare bool) {
		if on {
			out = append(out, attribute{name, value, bare})
		}
	}
	add(t.inodes, "inode", strconv.FormatUint(n.info.Ino, 10), true)
	add(t.device, "dev", strconv.FormatUint(n.info.Dev, 10), true)
	add(t.perms, "mode", fmt.Sprintf("%04o", uint32(filemode.Of(n.info.Mode))), false)
	add(t.perms, "prot", filemode.String(n.info.Mode), false)
	add(t.user, "user", tool.User, false)
	add(t.group, "group", tool.Group, false)
	size := strconv.FormatInt(t.bytes(n), 10)
	if t.human {
		size = strings.TrimLeft(t.sizeOf(t.bytes(n)), " ")
	}
	add(t.size, "size", size, !t.human)
	add(t.date, "time", t.dateOf(n), false)
	return out
}

func (t *lister) nameOf(n *node) string {
	if t.full {
		return n.path
	}
	return n.name
}

// jsonForm writes trees as JSON.
type jsonForm struct{ *lister }

func (t *jsonForm) begin()       { t.put("[\n") }
func (t *jsonForm) between()     { t.put(",\n") }
func (t *jsonForm) root(n *node) { t.node(n, "  "); t.put("\n") }

func (t *jsonForm) node(n *node, indent string) {
	t.put(indent, `{"type":`, quoteJSON(kind(n.info.Mode)), `,"name":`, quoteJSON(t.nameOf(n)))
	if n.isLink() {
		t.put(`,"target":`, quoteJSON(n.target))
	}
	for _, a := range t.attributes(n) {
		value := quoteJSON(a.value)
		if a.bare {
			value = a.value
		}
		t.put(`,"`, a.name, `":`, value)
	}
	switch {
	case n.note != "":
		t.put(`,"contents":[{"error": `, quoteJSON(n.note), "}]")
	case len(n.children) > 0:
		t.put(`,"contents":[`, "\n")
		for i, c := range n.children {
			t.node(c, indent+"  ")
			if i < len(n.children)-1 {
				t.put(",")
			}
			t.put("\n")
		}
		t.put(indent, "]")
	}
	t.put("}")
}

func (t *jsonForm) end() {
	if !t.noReport {
		t.put(",\n", `  {"type":"report"`)
		if t.du {
			t.put(`,"size":`, strconv.FormatInt(t.total.size, 10))
		}
		t.put(`,"directories":`, strconv.Itoa(t.total.dirs))
		if !t.dirsOnly {
			t.put(`,"files":`, strconv.Itoa(t.total.files))
		}
		t.put("}\n")
	}
	t.put("]\n")
}

func quoteJSON(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(s) {
		c := s[i]
		switch at := strings.IndexByte("\b\f\n\r\t\"\\", c); {
		case at >= 0:
			b.WriteByte('\\')
			b.WriteByte(`bfnrt"\`[at])
		case c < ' ':
			fmt.Fprintf(&b, `\u%04x`, c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	if s := b.String(); utf8.ValidString(s) {
		return s
	}
	return strings.ToValidUTF8(b.String(), "\uFFFD")
}

// xmlForm writes trees as XML.
type xmlForm struct{ *lister }

func (t *xmlForm) begin()       { t.put(`<?xml version="1.0" encoding="UTF-8"?>`, "\n<tree>\n") }
func (t *xmlForm) between()     {}
func (t *xmlForm) root(n *node) { t.node(n, "  ") }

func (t *xmlForm) node(n *node, indent string) {
	tag := kind(n.info.Mode)
	t.put(indent, "<", tag, ` name="`, quoteXML(t.nameOf(n)), `"`)
	if n.isLink() {
		t.put(` target="`, quoteXML(n.target), `"`)
	}
	for _, a := range t.attributes(n) {
		t.put(" ", a.name, `="`, quoteXML(a.value), `"`)
	}
	t.put(">")
	switch {
	case n.note != "":
		t.put("\n", indent, "  <error>", quoteXML(n.note), "</error>\n", indent)
	case len(n.children) > 0:
		t.put("\n")
		for _, c := range n.children {
			t.node(c, indent+"  ")
		}
		t.put(indent)
	}
	t.put("</", tag, ">\n")
}

func (t *xmlForm) end() {
	if !t.noReport {
		t.put("  <report>\n")
		if t.du {
			t.put("    <size>", strconv.FormatInt(t.total.size, 10), "</size>\n")
		}
		t.put("    <directories>", strconv.Itoa(t.total.dirs), "</directories>\n")
		if !t.dirsOnly {
			t.put("    <files>", strconv.Itoa(t.total.files), "</files>\n")
		}
		t.put("  </report>\n")
	}
	t.put("</tree>\n")
}

func quoteXML(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(s)
}
