package awk

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"agentsandbox/toolbox/regex"
)

// splitMode is how text is split.
type splitMode uint8

const (
	byBlanks  splitMode = iota
	byChar              // at each char
	byEach              // every character is a field
	byRegex             // at each match of re
	byPattern           // each match of re is a field
	byWidths
)

// splitter is what FS, FPAT or FIELDWIDTHS say.
type splitter struct {
	id     special
	mode   splitMode
	char   byte
	re     *regex.Regexp
	widths []int // pairs: skip, width; width -1: the rest
}

// setSplitter makes the variable that was set last decide. The record that was
// read is split as before.
func (m *machine) setSplitter(id special) {
	m.split()
	m.splitter = m.splitterFor(id)
}

func (m *machine) splitterFor(id special) splitter {
	v := m.special[id]
	switch id {
	case sFIELDWIDTHS:
		return splitter{id: id, mode: byWidths, widths: m.widths(m.text(v))}
	case sFPAT:
		return splitter{id: id, mode: byPattern, re: m.regex(m.text(v))}
	}
	s := m.separators(m.text(v))
	s.id = sFS
	return s
}

// separators is a splitter at what FS, or the third argument of split, says.
func (m *machine) separators(fs string) splitter {
	switch {
	case fs == " ":
		return splitter{mode: byBlanks}
	case fs == "":
		return splitter{mode: byEach}
	case len(fs) == 1 && fs != "\\" && !(m.fold && fs[0]|0x20 >= 'a' && fs[0]|0x20 <= 'z'):
		return splitter{mode: byChar, char: fs[0]}
	case fs == "\\":
		return splitter{mode: byChar, char: '\\'}
	}
	return splitter{mode: byRegex, re: m.regex(fs)}
}

// widths parses FIELDWIDTHS: widths, each with an optional "skip:" before it,
// and "*" at the end for the rest.
func (m *machine) widths(s string) []int {
	var out []int
	for _, item := range strings.Fields(s) {
		skip, width := "0", item
		if a, b, ok := strings.Cut(item, ":"); ok {
			skip, width = a, b
		}
		n, err := strconv.Atoi(skip)
		w := -1
		if width != "*" && err == nil {
			w, err = strconv.Atoi(width)
		}
		if err != nil || n < 0 || w < -1 {
			m.fatal("invalid FIELDWIDTHS value, for field %d, near `%s'", len(out)/2+1, item)
			return nil
		}
		out = append(out, n, w)
	}
	return out
}

// splitText calls each with every field of s, and what separates it from the
// next.
func (m *machine) splitText(s string, sp *splitter, para bool, each func(field, sep string)) {
	switch sp.mode {
	case byBlanks:
		splitBlanks(s, each)
	case byChar:
		splitChar(s, sp.char, para, each)
	case byEach:
		m.splitEach(s, each)
	case byRegex:
		m.splitRegex(s, sp.re, para, each)
	case byPattern:
		m.splitPattern(s, sp.re, func(_, field string) { each(field, "") })
	case byWidths:
		m.splitWidths(s, sp.widths, each)
	}
}

func isBlank(c byte) bool { return c <= ' ' && (c == ' ' || c == '\t' || c == '\n') }

func splitBlanks(s string, each func(field, sep string)) {
	i := 0
	for i < len(s) && isBlank(s[i]) {
		i++
	}
	for i < len(s) {
		start := i
		for i < len(s) && !isBlank(s[i]) {
			i++
		}
		end := i
		for i < len(s) && isBlank(s[i]) {
			i++
		}
		each(s[start:end], s[end:i])
	}
}

func splitChar(s string, c byte, para bool, each func(field, sep string)) {
	if s == "" {
		return
	}
	start := 0
	for i := 0; i < len(s); i++ {
		if !para && s[i] != c {
			n := strings.IndexByte(s[i:], c)
			if n < 0 {
				break
			}
			i += n
		}
		if s[i] == c || para && s[i] == '\n' {
			each(s[start:i], s[i:i+1])
			start = i + 1
		}
	}
	each(s[start:], "")
}

func (m *machine) splitEach(s string, each func(field, sep string)) {
	for len(s) > 0 {
		n := 1
		if m.utf8 {
			_, n = utf8.DecodeRuneInString(s)
		}
		each(s[:n], "")
		s = s[n:]
	}
}

func (m *machine) splitRegex(s string, re *regex.Regexp, para bool, each func(field, sep string)) {
	if s == "" || re == nil {
		return
	}
	start := 0
	for from := 0; from <= len(s); {
		a, b, err := re.FindStringIndex(s, from)
		if err != nil {
			m.fatal("%s", err)
			return
		}
		if para {
			a, b = earlierNewline(s, from, a, b)
		}
		if a < 0 {
			break
		}
		if b == a {
			from = a + 1
			continue
		}
		each(s[start:a], s[a:b])
		start, from = b, b
	}
	each(s[start:], "")
}

// earlierNewline prefers a newline that stands before the match.
func earlierNewline(s string, from, a, b int) (int, int) {
	if n := strings.IndexByte(s[from:], '\n'); n >= 0 && (a < 0 || from+n < a) {
		return from + n, from + n + 1
	}
	return a, b
}

// splitPattern calls each with every match of re, and what stands before it;
// the last call has what stands behind the last, without a match.
func (m *machine) splitPattern(s string, re *regex.Regexp, each func(sep, field string)) string {
	if re == nil {
		return ""
	}
	start, last := 0, -1
	for from := 0; from <= len(s); {
		a, b, err := re.FindStringIndex(s, from)
		if err != nil {
			m.fatal("%s", err)
			return ""
		}
		if a < 0 || a == len(s) && a == b && (s == "" || last == a) {
			break
		}
		if a == b && a == last {
			from++
			continue
		}
		each(s[start:a], s[a:b])
		start, last, from = b, b, b
		if a == b {
			from++
		}
	}
	return s[min(start, len(s)):]
}

func (m *machine) splitWidths(s string, widths []int, each func(field, sep string)) {
	for i := 0; i+1 < len(widths) && s != ""; i += 2 {
		s = m.after(s, widths[i])
		rest := ""
		if widths[i+1] >= 0 {
			rest = m.after(s, widths[i+1])
		}
		each(s[:len(s)-len(rest)], "")
		s = rest
	}
}

// after is s without its first n characters.
func (m *machine) after(s string, n int) string {
	if !m.utf8 {
		return s[min(n, len(s)):]
	}
	for ; n > 0 && s != ""; n-- {
		_, size := utf8.DecodeRuneInString(s)
		s = s[size:]
	}
	return s
}
