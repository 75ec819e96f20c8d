package sed

import (
	"bytes"
	"slices"

	"agentsandbox/toolbox/regex"
	"agentsandbox/toolbox/sweep"
)

// stage is a command that works on many lines at once. A script all of whose commands
// can (most that are written on a command line) runs as a row of stages over blocks of
// whole lines; what is left of the input, and every other script, runs line by line.
type stage struct {
	name    byte // s, y, d, p
	subst   *subst
	y       *transliteration
	re      *regex.Regexp // of s
	changed bool          // s drops the lines in which it finds nothing
	where   *regex.Regexp // which lines it is for; nil for all
	negate  bool
}

// plan returns the stages of the script, nil if it has to run line by line.
func (m *machine) plan() []stage {
	if m.delim != '\n' || m.unbuffered || len(m.prog.cmds) == 0 {
		return nil
	}
	var out []stage
	printed := false
	for i, cmd := range m.prog.cmds {
		last := i == len(m.prog.cmds)-1
		st, ok := m.stage(cmd, last)
		if !ok {
			return nil
		}
		printed = printed || st.changed || st.name == 'p'
		out = append(out, st)
	}
	if m.quiet != printed {
		return nil
	}
	return out
}

// stage makes the stage of a command. What prints a line, or may make more lines of it,
// must be the last.
func (m *machine) stage(cmd *command, last bool) (st stage, ok bool) {
	st = stage{name: cmd.name, subst: cmd.subst, y: cmd.y, negate: cmd.negate}
	if cmd.to != nil || cmd.from != nil && cmd.from.kind != addrRegex {
		return st, false
	}
	if cmd.from != nil {
		if st.where, ok = cmd.from.re.byLine(); !ok {
			return st, false
		}
	}
	switch cmd.name {
	case 'd':
		return st, cmd.from != nil
	case 'p':
		return st, last
	case 'y':
		return st, cmd.y.chars == nil && cmd.y.keepsLines()
	case 's':
		st.changed = cmd.subst.print == 1
		if !cmd.subst.plain() || (st.changed || cmd.subst.breaksLines()) && !last {
			return st, false
		}
		st.re, ok = cmd.subst.re.byLine()
		return st, ok
	}
	return st, false
}

// byLine is the pattern for a text of many lines, if it can be had.
func (p *pattern) byLine() (*regex.Regexp, bool) {
	if p.re == nil {
		return nil, false
	}
	re, err := regex.Compile(p.src, p.syntax, p.flags|regex.Lines)
	return re, err == nil && re.Linear()
}

// keepsLines reports whether newlines stay what they are, and nothing becomes one.
func (t *transliteration) keepsLines() bool {
	for from, to := range t.bytes {
		if (from == '\n') != (to == '\n') {
			return false
		}
	}
	return true
}

// plain reports whether s does nothing but exchange text, and perhaps print once.
func (s *subst) plain() bool { return !s.eval && s.file == "" && s.print <= 1 }

// breaksLines reports whether the replacement has a newline.
func (s *subst) breaksLines() bool {
	return slices.ContainsFunc(s.parts, func(p part) bool { return bytes.IndexByte(p.text, '\n') >= 0 })
}

// blocks runs the stages on all whole lines that can be read from the open file.
func (m *machine) blocks() error {
	for m.in.lines != nil && !m.in.ready {
		text := m.in.lines.Whole()
		if text == nil {
			return nil
		}
		for i := 0; i < len(m.stages) && len(text) > 0; i++ {
			// The block belongs to the reader until the first stage has written another.
			out, err := m.stages[i].run(m, m.blockOut[:0], text)
			if err != nil {
				return err
			}
			m.blockOut, m.blockIn = m.blockIn, out
			text = out
		}
		if len(text) == 0 {
			continue
		}
		m.text(m.out, text)
		if err := m.wrote(m.out); err != nil {
			return err
		}
	}
	return nil
}

// run appends to out what becomes of whole lines.
func (st *stage) run(m *machine, out, text []byte) ([]byte, error) {
	if st.where == nil {
		return st.apply(m, out, text, 0, len(text))
	}
	var err error
	for at := 0; at < len(text) && err == nil; {
		var start, end int
		if start, end, err = nextLine(st.where, text, at); err != nil {
			break
		}
		if out, err = st.choose(m, out, text, at, start, st.negate); err == nil {
			out, err = st.choose(m, out, text, start, end, !st.negate)
		}
		at = end
	}
	return out, err
}

// nextLine returns the bounds of the next line that matches, the end of text if there
// is none.
func nextLine(re *regex.Regexp, text []byte, from int) (start, end int, err error) {
	at, err := re.Scan(text[:len(text)-1], from)
	if at < 0 || err != nil {
		return len(text), len(text), err
	}
	start = from + sweep.LastIndexByte(text[from:at], '\n') + 1
	return start, at + bytes.IndexByte(text[at:], '\n') + 1, nil
}

// choose appends what becomes of lines that are selected, or not.
func (st *stage) choose(m *machine, out, text []byte, from, to int, selected bool) ([]byte, error) {
	switch {
	case from == to:
		return out, nil
	case selected:
		return st.apply(m, out, text, from, to)
	case st.name == 'p' || st.changed:
		return out, nil
	}
	return append(out, text[from:to]...), nil
}

// apply appends what becomes of the whole lines of text[from:to], all of them selected.
func (st *stage) apply(m *machine, out, text []byte, from, to int) ([]byte, error) {
	switch {
	case st.name == 'd':
		return out, nil
	case st.name == 's' && st.changed:
		return st.changedLines(m, out, text, from, to)
	case st.name == 's':
		out, _, err := st.substitute(m, out, text, from, to)
		return out, err
	}
	before := len(out)
	out = append(out, text[from:to]...)
	if st.name == 'y' {
		st.y.apply(out[before:])
	}
	return out, nil
}

// changedLines is substitute for the lines alone in which something is exchanged.
func (st *stage) changedLines(m *machine, out, text []byte, from, to int) ([]byte, error) {
	for from < to {
		start, end, err := nextLine(st.re, text[:to], from)
		if start == to || err != nil {
			return out, err
		}
		before := len(out)
		changed := false
		if out, changed, err = st.substitute(m, out, text, start, end); err != nil {
			return out, err
		}
		if !changed {
			out = out[:before]
		}
		from = end
	}
	return out, nil
}

// substitute appends whole lines with what s finds in them exchanged.
func (st *stage) substitute(m *machine, out, text []byte, from, to int) (_ []byte, changed bool, err error) {
	s, begun := st.subst, len(out)
	text = text[:to-1] // without the last newline, behind which is no line
	done, last := from, -1
	count, eol := 0, -1 // matches in the line that ends at eol
	for from <= len(text) {
		loc, err := m.find(st.re, s, text, from)
		if err != nil {
			return out, false, err
		}
		if loc == nil {
			break
		}
		start, end := loc[0], loc[1]
		from = end
		if start == end {
			from += m.charLen(text, end)
		}
		if start == end && start == last {
			continue
		}
		last = end
		if s.number > 1 {
			if start > eol {
				count, eol = 0, lineEnd(text, start)
			}
			if count++; count < s.number {
				continue
			}
		}
		out = s.expand(append(out, text[done:start]...), text, loc)
		done, changed = end, true
		if !s.global {
			from = lineEnd(text, end) + 1
		}
		if len(out)-begun > m.limit && len(out)-sweep.LastIndexByte(out, '\n') > m.limit {
			return out, true, m.bounded(out)
		}
	}
	return append(append(out, text[done:]...), '\n'), changed, nil
}

// lineEnd is where the line ends that holds a place.
func lineEnd(text []byte, at int) int {
	if n := bytes.IndexByte(text[at:], '\n'); n >= 0 {
		return at + n
	}
	return len(text)
}
