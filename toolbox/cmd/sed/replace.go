package sed

import (
	"unicode/utf8"

	"agentsandbox/toolbox/regex"
)

// recall is the regular expression of p, or what was used last.
func (m *machine) recall(p *pattern) (*regex.Regexp, error) {
	if p.re != nil {
		m.last = p.re
	}
	if m.last == nil {
		return nil, m.x.Fail(1, "-e expression #1, char 0: no previous regular expression")
	}
	return m.last, nil
}

func (m *machine) substitute(s *subst) error {
	re, err := m.recall(s.re)
	if err != nil {
		return err
	}
	if s.groups > re.Groups() {
		return m.x.Fail(4, "invalid reference \\%d on `s' command's RHS", s.groups)
	}
	loc, err := m.find(re, s, m.space, 0)
	if loc == nil || err != nil {
		return err
	}
	out, done, count, last := m.accum[:0], 0, 0, -1
	changed := false
	for from := 0; loc != nil; {
		start, end := loc[0], loc[1]
		if start != end || start != last {
			count++
			if count >= s.number {
				out = append(out, m.space[done:start]...)
				out = s.expand(out, m.space, loc)
				done, changed = end, true
				if !s.global || len(out) > m.limit {
					break
				}
			}
		}
		last, from = end, end
		if start == end {
			if from == len(m.space) {
				break
			}
			from += m.charLen(m.space, from)
		}
		if loc, err = m.find(re, s, m.space, from); err != nil {
			return err
		}
	}
	if !changed {
		return nil
	}
	out = append(out, m.space[done:]...)
	m.space, m.accum = out, m.space
	m.replaced = true
	if err := m.bounded(m.space); err != nil {
		return err
	}
	return m.substituted(s)
}

// find finds the next match, with its groups if they are referred to.
func (m *machine) find(re *regex.Regexp, s *subst, text []byte, from int) ([]int, error) {
	if s.groups > 0 {
		loc, err := re.Find(m.loc, text, from)
		if loc != nil {
			m.loc = loc
		}
		return loc, err
	}
	start, end, err := re.FindIndex(text, from)
	if start < 0 {
		return nil, err
	}
	m.loc = append(m.loc[:0], start, end)
	return m.loc, err
}

// charLen is the length of the character at a place, which may be the end.
func (m *machine) charLen(text []byte, at int) int {
	if !m.utf8 || at >= len(text) {
		return 1
	}
	_, n := utf8.DecodeRune(text[at:])
	return n
}

// expand appends the replacement of one match.
func (s *subst) expand(out, text []byte, loc []int) []byte {
	if s.cased {
		return s.expandCased(out, text, loc)
	}
	for i := range s.parts {
		p := &s.parts[i]
		if p.group < 0 {
			out = append(out, p.text...)
		} else if from := loc[2*p.group]; from >= 0 {
			out = append(out, text[from:loc[2*p.group+1]]...)
		}
	}
	return out
}

// expandCased is expand where there are changes of case.
func (s *subst) expandCased(out, text []byte, loc []int) []byte {
	var c caser
	for i := range s.parts {
		p := &s.parts[i]
		if p.change != 0 {
			c.set(p.change)
		}
		switch {
		case p.group < 0:
			out = c.append(out, p.text)
		case loc[2*p.group] >= 0:
			out = c.append(out, text[loc[2*p.group]:loc[2*p.group+1]])
		}
	}
	return out
}

// substituted does what the flags of an s that succeeded ask for.
func (m *machine) substituted(s *subst) error {
	if s.print == 1 {
		if err := m.line(m.out, m.space, m.spaceWhole); err != nil {
			return err
		}
	}
	if s.eval {
		if err := m.execute(&command{}); err != nil {
			return err
		}
		if s.print == 2 {
			if err := m.line(m.out, m.space, m.spaceWhole); err != nil {
				return err
			}
		}
	}
	if s.file != "" {
		return m.line(m.to(s.file), m.space, m.spaceWhole)
	}
	return nil
}
