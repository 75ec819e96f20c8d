package diff

import (
	"fmt"
	"strings"
)

// The kinds of groups of lines that have formats.
const (
	unchangedGroup = iota
	oldGroup
	newGroup
	changedGroup
)

// group is a run of lines of both files: [a, aEnd) and [b, bEnd).
type group struct{ a, aEnd, b, bEnd int }

// groups writes both files as one, each group of lines by its format.
func (p *printer) groups(changes []change) {
	p.begin()
	i, j := 0, 0
	unchanged := func(aEnd, bEnd int) {
		if i < aEnd || j < bEnd {
			p.group(unchangedGroup, group{i, aEnd, j, bEnd})
		}
		i, j = aEnd, bEnd
	}
	for _, c := range changes {
		if c.ignorable {
			continue
		}
		unchanged(c.a, c.b)
		kind := changedGroup
		switch {
		case c.inserted == 0:
			kind = oldGroup
		case c.deleted == 0:
			kind = newGroup
		}
		i, j = c.a+c.deleted, c.b+c.inserted
		p.group(kind, group{c.a, i, c.b, j})
	}
	unchanged(len(p.x.text.lines), len(p.y.text.lines))
}

func (p *printer) group(kind int, g group) {
	p.format(*p.groupFormats[kind], func(spec, verb string) bool {
		switch verb {
		case "<":
			p.lines(oldGroup, p.x.text, g.a, g.aEnd)
		case ">":
			p.lines(newGroup, p.y.text, g.b, g.bEnd)
		case "=":
			p.lines(unchangedGroup, p.x.text, g.a, g.aEnd)
		default:
			n, ok := g.number(verb)
			if ok {
				fmt.Fprintf(p.w, spec, n)
			}
			return ok
		}
		return true
	})
}

// number is what a letter stands for in the format of a group, capital letters
// for the second file.
func (g group) number(verb string) (int, bool) {
	from, to := g.a, g.aEnd
	if strings.ToUpper(verb) == verb {
		from, to = g.b, g.bEnd
	}
	switch strings.ToLower(verb) {
	case "e":
		return from, true
	case "f":
		return from + 1, true
	case "l":
		return to, true
	case "m":
		return to + 1, true
	case "n":
		return to - from, true
	}
	return 0, false
}

// lines writes lines by their format.
func (p *printer) lines(kind int, t *text, from, to int) {
	for i := from; i < to; i++ {
		p.format(*p.lineFormats[kind], func(spec, verb string) bool {
			switch verb {
			case "l":
				p.text(t.lines[i])
			case "L":
				p.text(t.lines[i])
				if !t.incomplete || i < len(t.lines)-1 {
					p.w.WriteByte('\n')
				}
			case "n":
				if spec == "" {
					return false
				}
				fmt.Fprintf(p.w, spec, i+1)
			default:
				return false
			}
			return true
		})
	}
}

// format writes text with directives. verb is given the letter of each, with
// the conversion before it, if any; what it does not know is written as it is.
func (p *printer) format(f string, verb func(spec, verb string) bool) {
	for {
		before, rest, ok := strings.Cut(f, "%")
		p.w.WriteString(before)
		if !ok {
			return
		}
		n := directive(p, rest, verb)
		if n == 0 {
			p.w.WriteByte('%')
		}
		f = rest[n:]
	}
}

// directive writes one directive, behind its "%", and returns its length; 0 if
// it is none.
func directive(p *printer, s string, verb func(spec, verb string) bool) int {
	switch {
	case s == "":
		return 0
	case s[0] == '%':
		p.w.WriteByte('%')
		return 1
	case strings.HasPrefix(s, "c'") && len(s) >= 4 && s[3] == '\'':
		p.w.WriteByte(s[2])
		return 4
	}
	n := 0
	for n < len(s) && strings.IndexByte("-'0123456789.", s[n]) >= 0 {
		n++
	}
	if n+1 < len(s) && strings.IndexByte("doxX", s[n]) >= 0 {
		if verb("%"+strings.ReplaceAll(s[:n+1], "'", ""), s[n+1:n+2]) {
			return n + 2
		}
		return 0
	}
	if verb("", s[:1]) {
		return 1
	}
	return 0
}
