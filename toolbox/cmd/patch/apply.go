package patch

import (
	"strings"
	"unicode"
)

// content is a file while hunks are applied to it.
type content struct {
	lines      []string // without newlines
	incomplete bool     // the last line has none
	out        []string // what is done
	next       int      // the first line that is not done
	outEnd     bool     // the last line of out has no newline
	offset     int      // how far from their place hunks were found
	blanks     bool     // blanks match any blanks
}

func newContent(data string) *content {
	c := &content{}
	if data == "" {
		return c
	}
	c.lines = strings.Split(data, "\n")
	if last := len(c.lines) - 1; c.lines[last] == "" {
		c.lines = c.lines[:last]
	} else {
		c.incomplete = true
	}
	return c
}

// String is the whole file.
func (c *content) String() string {
	c.out = append(c.out, c.lines[c.next:]...)
	incomplete := c.outEnd
	if c.next < len(c.lines) {
		incomplete = c.incomplete
	}
	c.next = len(c.lines)
	if len(c.out) == 0 {
		return ""
	}
	s := strings.Join(c.out, "\n")
	if !incomplete {
		s += "\n"
	}
	return s
}

// around is how many lines of context a hunk has before and behind its changes.
func (h *hunk) around() (before, behind int) {
	for before < len(h.lines) && h.lines[before].op == ' ' {
		before++
	}
	for behind < len(h.lines)-before && h.lines[len(h.lines)-1-behind].op == ' ' {
		behind++
	}
	return before, behind
}

// locate finds where a hunk fits, from 0, with fuzz lines of context not
// looked at; -1 if nowhere.
func (c *content) locate(h *hunk, fuzz int) int {
	old := h.side('-')
	before, behind := h.around()
	context := max(before, behind)
	skipBefore, skipBehind := fuzz+before-context, fuzz+behind-context
	guess := h.oldStart - 1 + c.offset
	fits := func(at int) bool { return c.fits(old, at, max(skipBefore, 0), max(skipBehind, 0)) }
	most := len(c.lines) - len(old)
	switch {
	case len(old) == 0:
		return min(max(guess, c.next), len(c.lines))
	case skipBefore < 0 && h.oldStart <= 1:
		// Less context before than behind: it was the beginning of the file.
		if c.next == 0 && (skipBehind >= 0 || len(old) == len(c.lines)) && fits(0) {
			return 0
		}
		return -1
	case skipBehind < 0:
		if most >= c.next && fits(most) {
			return most
		}
		return -1
	}
	for off := 0; off <= max(most-guess, guess-c.next, 0); off++ {
		if guess+off <= most && guess+off >= c.next && fits(guess+off) {
			return guess + off
		}
		if off > 0 && guess-off >= c.next && guess-off <= most && fits(guess-off) {
			return guess - off
		}
	}
	return -1
}

// fits reports whether lines stand at a place, but for some at either end.
func (c *content) fits(old []line, at, skipBefore, skipBehind int) bool {
	if at < c.next || at+len(old) > len(c.lines) {
		return false
	}
	for i := skipBefore; i < len(old)-skipBehind; i++ {
		last := at+i == len(c.lines)-1
		if old[i].incomplete != (last && c.incomplete) && !c.blanks {
			return false
		}
		if !c.same(c.lines[at+i], old[i].text) {
			return false
		}
	}
	return true
}

func (c *content) same(a, b string) bool {
	return a == b || c.blanks && squeezed(a) == squeezed(b)
}

// squeezed is a line with one space for each run of blanks, and none at the end.
func squeezed(s string) string {
	var b strings.Builder
	blank := false
	for _, r := range s {
		if unicode.IsSpace(r) {
			blank = true
			continue
		}
		if blank {
			b.WriteByte(' ')
			blank = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// apply makes the change of a hunk that fits at a place.
func (c *content) apply(h *hunk, at int) {
	c.out = append(c.out, c.lines[c.next:at]...)
	c.next = at
	c.offset = at - (h.oldStart - 1)
	for _, l := range h.lines {
		switch l.op {
		case ' ':
			// The file's own line stays, where the context was not the same.
			c.out = append(c.out, c.lines[c.next])
			c.outEnd = c.incomplete && c.next == len(c.lines)-1
			c.next++
		case '-':
			c.next++
		default:
			c.out = append(c.out, l.text)
			c.outEnd = l.incomplete
		}
	}
}
