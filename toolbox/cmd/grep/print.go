package grep

import (
	"strconv"
	"unicode/utf8"
)

// printName prints the name of a file as a line.
func (g *grep) printName(name string) error {
	g.colored(g.color.filename, name)
	if g.nullName {
		return g.out.WriteByte(0)
	}
	return g.endLine('\n')
}

func (g *grep) printCount(name string, n int) error {
	if g.named {
		g.prefixName(name, ':')
	}
	g.out.WriteString(strconv.Itoa(n))
	return g.endLine('\n')
}

func (g *grep) endLine(c byte) error {
	err := g.out.WriteByte(c)
	if g.lineBuffered && err == nil {
		err = g.out.Flush()
	}
	return err
}

func (g *grep) colored(color, s string) {
	g.out.WriteString(g.color.start(color))
	g.out.WriteString(s)
	g.out.WriteString(g.color.end(color))
}

func (g *grep) prefixName(name string, sep byte) {
	g.colored(g.color.filename, name)
	if g.nullName {
		g.out.WriteByte(0)
		return
	}
	g.colored(g.color.separatorMark, string(sep))
}

// printContext prints what goes before a selected line: the rest of the
// context of the line selected before it, a separator, and its own context.
func (s *scanner) printContext(start int) error {
	if err := s.printTrailing(start); err != nil {
		return err
	}
	from := s.back(start, s.before)
	gap := from > s.shown || s.selected == 1
	if (s.before >= 0 || s.after >= 0) && s.grep.printed && gap && !s.noSeparator {
		s.colored(s.color.separatorMark, s.separator)
		if err := s.endLine('\n'); err != nil {
			return err
		}
	}
	s.grep.printed = true
	for from < start {
		next := s.lineEnd(from, start)
		if err := s.printLine(from, next, false); err != nil {
			return err
		}
		from = next
	}
	return nil
}

// printTrailing prints what context is due after the last selected line.
func (s *scanner) printTrailing(limit int) error {
	for s.trailing > 0 && s.shown < limit {
		next := s.lineEnd(s.shown, limit)
		if err := s.printLine(s.shown, next, false); err != nil {
			return err
		}
		s.shown = next
		s.trailing--
		if s.left <= 0 {
			s.pos = max(s.pos, min(next, limit))
		}
	}
	if s.left <= 0 && s.trailing == 0 {
		s.stopped = true
	}
	return nil
}

// printLine prints one line, selected or as context.
func (s *scanner) printLine(start, end int, selected bool) error {
	line := s.trim(s.buf[start:end])
	sep, lineColor, matchColor := byte(':'), s.color.selectedLine, s.color.selectedMatch
	if !selected {
		sep, lineColor, matchColor = '-', s.color.contextLine, s.color.contextMatch
	}
	matching := selected != s.invert
	if !s.onlyMatching {
		s.head(start, sep, len(line) > 0)
	}
	if s.onlyMatching && matching || s.color.on && (lineColor != "" || matchColor != "") && (matching || lineColor != "") {
		rest, err := s.middle(line, start, sep, lineColor, matchColor, matching)
		if err != nil || s.onlyMatching {
			return err
		}
		line = rest
	}
	if s.onlyMatching {
		return nil
	}
	s.out.Write(line)
	return s.endLine(s.delim)
}

// head prints name, number and offset of a line, as far as asked for.
func (s *scanner) head(at int, sep byte, tab bool) {
	if s.named {
		s.prefixName(s.name, sep)
	}
	if s.lineNumber {
		s.countTo(at)
		s.number(s.line+1, s.color.lineNumber, sep)
	}
	if s.byteOffset {
		s.number(s.base+int64(at), s.color.byteOffset, sep)
	}
	if s.initialTab && tab && (s.named || s.lineNumber || s.byteOffset) {
		s.out.WriteByte('\t')
	}
}

// number prints a number; with -T small ones are padded.
func (s *scanner) number(n int64, color string, sep byte) {
	var digits [24]byte
	text := strconv.AppendInt(digits[:0], n, 10)
	s.out.WriteString(s.color.start(color))
	if s.initialTab && len(text) < 2 {
		s.out.WriteByte(' ')
	}
	s.out.Write(text)
	s.out.WriteString(s.color.end(color))
	s.colored(s.color.separatorMark, string(sep))
}

// middle prints the matches in a line, with -o alone and each on a line of its
// own, and returns what is left of the line.
func (s *scanner) middle(line []byte, at int, sep byte, lineColor, matchColor string, matching bool) ([]byte, error) {
	done := 0
	for from := 0; from <= len(line) && matching; {
		start, end, err := s.re.FindIndex(line, from)
		if err != nil {
			return nil, s.stop(err)
		}
		if start < 0 {
			break
		}
		if end <= start {
			from = start + charLen(line[start:])
			continue
		}
		if s.onlyMatching {
			s.head(at+start, sep, true)
		} else {
			s.out.WriteString(s.color.start(lineColor))
			s.out.Write(line[done:start])
		}
		s.colored(matchColor, string(line[start:end]))
		if s.onlyMatching {
			if err := s.endLine(s.delim); err != nil {
				return nil, err
			}
		}
		done, from = end, end
	}
	if s.onlyMatching || lineColor == "" || done == len(line) {
		return line[done:], nil
	}
	s.colored(lineColor, string(line[done:]))
	return nil, nil
}

func charLen(text []byte) int {
	if len(text) == 0 {
		return 1
	}
	_, n := utf8.DecodeRune(text)
	return n
}
