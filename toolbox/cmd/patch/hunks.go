package patch

import (
	"strconv"
	"strings"
)

// hunks reads the hunks of f.
func (r *reader) hunks(f *filePatch) error {
	for {
		l, ok := r.peek()
		if !ok {
			return nil
		}
		var h *hunk
		var err error
		switch {
		case f.format == unified && strings.HasPrefix(l, "@@ -"):
			h, err = r.unified()
		case f.format == contextDiff && strings.HasPrefix(l, "***************"):
			h, err = r.context()
		case f.format == normal && isNormal(l):
			h, err = r.normal()
		default:
			return nil
		}
		if err != nil {
			return err
		}
		f.hunks = append(f.hunks, h)
	}
}

// bounds reads "start[,count]"; count is 1 if it is not there.
func bounds(s string) (start, count int, ok bool) {
	a, b, both := strings.Cut(s, ",")
	start, err := strconv.Atoi(a)
	count = 1
	if err == nil && both {
		count, err = strconv.Atoi(b)
	}
	return start, count, err == nil && start >= 0 && count >= 0
}

func (r *reader) unified() (*hunk, error) {
	head, _ := r.take()
	old, rest, ok := strings.Cut(strings.TrimPrefix(head, "@@ -"), " +")
	new, section, okay := strings.Cut(rest, " @@")
	if !ok || !okay {
		return nil, r.malformed(head)
	}
	h := &hunk{section: strings.TrimSuffix(section, "\r")}
	var oldLeft, newLeft int
	h.oldStart, oldLeft, ok = bounds(old)
	h.newStart, newLeft, okay = bounds(new)
	if !ok || !okay {
		return nil, r.malformed(head)
	}
	if oldLeft == 0 {
		h.oldStart++
	}
	if newLeft == 0 {
		h.newStart++
	}
	for oldLeft > 0 || newLeft > 0 {
		l, ok := r.take()
		switch {
		case !ok && oldLeft == newLeft && oldLeft < 3:
			// Empty lines of context at the end may be lost on the way.
			return h, nil
		case !ok:
			return nil, r.endless()
		}
		if l == "" {
			l = " "
		}
		switch l[0] {
		case ' ', '\t':
			oldLeft--
			newLeft--
		case '-':
			oldLeft--
		case '+':
			newLeft--
		case '\\':
			r.noNewline(h)
			continue
		default:
			return nil, r.malformed(l)
		}
		if oldLeft < 0 || newLeft < 0 {
			return nil, r.malformed(l)
		}
		op, text := l[0], l[1:]
		if op == '\t' {
			op, text = ' ', l
		}
		h.lines = append(h.lines, line{op: op, text: text})
	}
	if l, ok := r.peek(); ok && strings.HasPrefix(l, `\`) {
		r.skip()
		r.noNewline(h)
	}
	return h, nil
}

type errEnd struct{}

// Error implements error.
func (errEnd) Error() string { return "unexpected end of file in patch" }

func (r *reader) endless() error { return errEnd{} }

// noNewline says that the last line has no newline: "\ No newline at end of file".
func (r *reader) noNewline(h *hunk) {
	if n := len(h.lines); n > 0 {
		h.lines[n-1].incomplete = true
	}
}

// context reads a hunk of a context diff: both sides, one after the other.
func (r *reader) context() (*hunk, error) {
	head, _ := r.take()
	h := &hunk{section: strings.TrimPrefix(head, "***************")}
	old, oldStart, err := r.half("*** ", " ****")
	if err != nil {
		return nil, err
	}
	new, newStart, err := r.half("--- ", " ----")
	if err != nil {
		return nil, err
	}
	h.oldStart, h.newStart = oldStart, newStart
	// A side without changes is left out: it is the context of the other.
	if len(old) == 0 {
		old = contextOf(new)
	}
	if len(new) == 0 {
		new = contextOf(old)
	}
	i, j := 0, 0
	for i < len(old) || j < len(new) {
		switch {
		case i < len(old) && old[i].op == '-':
			h.lines = append(h.lines, old[i])
			i++
		case j < len(new) && new[j].op == '+':
			h.lines = append(h.lines, new[j])
			j++
		case i < len(old) && j < len(new):
			h.lines = append(h.lines, old[i])
			i++
			j++
		default:
			return nil, r.malformed("context mangled in hunk")
		}
	}
	return h, nil
}

func contextOf(lines []line) []line {
	var out []line
	for _, l := range lines {
		if l.op == ' ' {
			out = append(out, l)
		}
	}
	return out
}

// half reads one side of a context hunk.
func (r *reader) half(prefix, suffix string) (lines []line, start int, err error) {
	head, ok := r.take()
	if !ok {
		return nil, 0, r.endless()
	}
	text, found := strings.CutPrefix(head, prefix)
	text, ends := strings.CutSuffix(text, suffix)
	first, last, both := strings.Cut(text, ",")
	start, err = strconv.Atoi(first)
	end := start
	if err == nil && both {
		end, err = strconv.Atoi(last)
	}
	if !found || !ends || err != nil {
		return nil, 0, r.malformed(head)
	}
	if start == 0 {
		return nil, 1, nil
	}
	for n := 0; n < end-start+1; n++ {
		l, ok := r.peek()
		if !ok || strings.HasPrefix(l, "--- ") || strings.HasPrefix(l, "***************") {
			break
		}
		if len(l) < 2 || l[1] != ' ' && l[1] != '\t' {
			if l == "" {
				l = "  "
			} else {
				break
			}
		}
		op := l[0]
		switch {
		case op == '!' && prefix[0] == '*':
			op = '-'
		case op == '!':
			op = '+'
		case op != ' ' && op != '-' && op != '+':
			return lines, start, nil
		}
		lines = append(lines, line{op: op, text: l[2:]})
		r.skip()
		if l, ok := r.peek(); ok && strings.HasPrefix(l, `\`) {
			r.skip()
			lines[len(lines)-1].incomplete = true
		}
	}
	return lines, start, nil
}

// isNormal reports whether l is a command of a normal diff: "3,4c5".
func isNormal(l string) bool {
	at := strings.IndexAny(l, "acd")
	if at <= 0 || at == len(l)-1 {
		return false
	}
	_, _, ok := normalRange(l[:at])
	_, _, okay := normalRange(strings.TrimSuffix(l[at+1:], "\r"))
	return ok && okay
}

func normalRange(s string) (from, to int, ok bool) {
	a, b, both := strings.Cut(s, ",")
	from, err := strconv.Atoi(a)
	to = from
	if err == nil && both {
		to, err = strconv.Atoi(b)
	}
	return from, to, err == nil && from >= 0 && to >= from
}

func (r *reader) normal() (*hunk, error) {
	head, _ := r.take()
	at := strings.IndexAny(head, "acd")
	oldFrom, oldTo, _ := normalRange(head[:at])
	newFrom, newTo, _ := normalRange(strings.TrimSuffix(head[at+1:], "\r"))
	h := &hunk{oldStart: oldFrom, newStart: newFrom}
	if head[at] == 'a' {
		h.oldStart++
	} else if err := r.marked(h, "<", oldTo-oldFrom+1, '-'); err != nil {
		return nil, err
	}
	if head[at] == 'c' {
		if l, _ := r.take(); !strings.HasPrefix(l, "---") {
			return nil, r.malformed(l)
		}
	}
	if head[at] == 'd' {
		h.newStart++
		return h, nil
	}
	return h, r.marked(h, ">", newTo-newFrom+1, '+')
}

// marked reads n lines of a normal diff.
func (r *reader) marked(h *hunk, mark string, n int, op byte) error {
	for range n {
		l, ok := r.take()
		if !ok {
			return r.endless()
		}
		if !strings.HasPrefix(l, mark) || len(l) > 1 && l[1] != ' ' && l[1] != '\t' {
			return r.malformed(l)
		}
		h.lines = append(h.lines, line{op: op, text: l[min(2, len(l)):]})
		if l, ok := r.peek(); ok && strings.HasPrefix(l, `\`) {
			r.skip()
			r.noNewline(h)
		}
	}
	return nil
}
