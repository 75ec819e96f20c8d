package grep

import (
	"bytes"
	"unicode/utf8"

	"agentsandbox/toolbox/sweep"
	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// blockSize is how much is read at once.
const blockSize = 128 << 10

// scanner searches one file. Its buffer holds whole lines, what is kept of
// them for context, and the start of the next line.
type scanner struct {
	*grep
	name string
	in   *tool.File

	buf   []byte
	end   int   // of what was read into buf
	base  int64 // offset in the file of buf[0]
	read  int64 // bytes read from the file
	pos   int   // start of the next line to look at
	shown int   // what is before was printed, or passed over; negative if long gone

	counted int   // place up to which lines were counted
	line    int64 // lines before it

	selected int
	left     int // lines that may still be selected
	trailing int // lines of context that may follow
	stopped  bool
	text     bool
	binary   bool // it holds zero bytes
	suppress bool // it is binary: only say that it matches
}

// run reads and searches block after block.
func (s *scanner) run() error {
	s.buf = s.grep.buf
	eof := false
	for !eof && !s.stopped {
		var err error
		if eof, err = s.fill(); err != nil {
			return s.readFailed(err)
		}
		limit := s.end
		if !eof {
			limit = sweep.LastIndexByte(s.buf[s.pos:s.end], s.delim) + 1 + s.pos
		}
		s.checkBinary(limit)
		if err := s.block(limit); err != nil {
			return s.stop(err)
		}
		if err := s.printTrailing(limit); err != nil {
			return err
		}
	}
	return s.finish()
}

func (s *scanner) readFailed(err error) error {
	if s.ctx.Err() != nil {
		return s.ctx.Err()
	}
	return s.fail(s.name, err)
}

// finish says that a binary file matches.
func (s *scanner) finish() error {
	if !s.suppress || s.selected == 0 || s.silent() || s.grep.binary == "without-match" {
		return nil
	}
	if err := s.out.Flush(); err != nil {
		return err
	}
	s.x.Errorf("%s: binary file matches", s.name)
	return nil
}

// silent reports whether no lines are printed at all.
func (s *scanner) silent() bool { return s.quiet || s.count || s.list != lines }

// fill reads until there is another whole line, or the end.
func (s *scanner) fill() (eof bool, err error) {
	if s.lineBuffered || s.in.Stream() {
		if err := s.out.Flush(); err != nil {
			return false, err
		}
	}
	s.makeRoom()
	for {
		if err := s.ctx.Err(); err != nil {
			return false, err
		}
		if s.end == len(s.buf) {
			s.grow(2 * len(s.buf))
		}
		n, eof, err := s.in.ReadBlock(s.buf[s.end:])
		from := s.end
		s.end += n
		s.read += int64(n)
		switch {
		case eof:
			return true, nil
		case err != nil:
			return false, err
		case bytes.IndexByte(s.buf[from:s.end], s.delim) >= 0:
			return false, nil
		case s.end-s.pos > s.limit():
			return false, vfs.ENOMEM
		}
	}
}

func (s *scanner) limit() int {
	if s.x.Budget.Record > 0 {
		return s.x.Budget.Record
	}
	return tool.DefaultRecord
}

// makeRoom drops what is done with, but for the lines that may be wanted as
// context.
func (s *scanner) makeRoom() {
	keep := s.pos
	keep = s.back(keep, s.before)
	s.countTo(keep)
	copy(s.buf, s.buf[keep:s.end])
	s.end -= keep
	s.pos -= keep
	s.base += int64(keep)
	s.counted -= keep
	s.shown -= keep
	if len(s.buf)-s.end < blockSize/2 {
		s.grow(max(blockSize, 2*len(s.buf)))
	}
}

// back goes some lines back from a place, not beyond what was printed.
func (s *scanner) back(at, lines int) int {
	floor := max(s.shown, 0)
	for ; lines > 0 && at > floor; lines-- {
		at = sweep.LastIndexByte(s.buf[floor:at-1], s.delim) + 1 + floor
	}
	return at
}

func (s *scanner) grow(size int) {
	buf := make([]byte, size)
	copy(buf, s.buf[:s.end])
	s.buf = buf
}

// countTo counts the lines up to a place.
func (s *scanner) countTo(at int) {
	if s.lineNumber && at > s.counted {
		s.line += int64(sweep.Count(s.buf[s.counted:at], s.delim))
	}
	s.counted = max(s.counted, at)
}

// checkBinary looks for zero bytes in what was not yet searched; they then
// end lines.
func (s *scanner) checkBinary(limit int) {
	if s.text || s.delim == 0 {
		return
	}
	fresh := s.buf[s.pos:limit]
	if !s.binary && bytes.IndexByte(fresh, 0) < 0 {
		return
	}
	s.binary = true
	if s.grep.binary == "without-match" {
		s.stopped = true
		return
	}
	s.suppressed()
	for i, c := range fresh {
		if c == 0 {
			fresh[i] = '\n'
		}
	}
}

// suppressed marks the file as binary: its lines are not printed, and without
// a count the first that matches is enough.
func (s *scanner) suppressed() {
	s.suppress = true
	if !s.silent() {
		s.left = min(s.left, 1)
	}
}

// block searches the lines up to limit.
func (s *scanner) block(limit int) error {
	if s.counting(limit) {
		return s.countBlock(limit)
	}
	for s.pos < limit && !s.stopped {
		if s.left <= 0 {
			s.stopped = s.trailing == 0
			return nil
		}
		start, end, err := s.nextMatch(limit)
		if err != nil {
			return err
		}
		if s.invert {
			if err = s.selectRange(s.pos, start); s.left > 0 {
				s.pos = end
			}
		} else if start < limit {
			err = s.selectLine(start, end)
		} else {
			s.pos = limit
		}
		if err != nil {
			return err
		}
		if err := s.ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

// counting reports whether only the number of lines is wanted of those up to limit.
func (s *scanner) counting(limit int) bool {
	return s.count && s.silent() && !s.quiet && s.list == lines && s.delim == '\n' && !s.never && s.left > limit-s.pos
}

// countBlock counts the lines up to limit that are selected.
func (s *scanner) countBlock(limit int) error {
	if s.pos == limit {
		return nil
	}
	text := bytes.TrimSuffix(s.buf[s.pos:limit], []byte("\n"))
	n, err := s.re.CountLines(text)
	if s.invert {
		n = sweep.Count(text, '\n') + 1 - n
	}
	s.selected += n
	s.left -= n
	s.pos = limit
	return err
}

// nextMatch finds the next line that matches, with its end; limit for none.
func (s *scanner) nextMatch(limit int) (start, end int, err error) {
	if s.never {
		return limit, limit, nil
	}
	if s.delim == 0 {
		return s.nextRecord(limit)
	}
	text := s.buf[:limit]
	if text[limit-1] == '\n' {
		text = text[:limit-1]
	}
	at, err := s.re.Scan(text, s.pos)
	if at < 0 || err != nil {
		return limit, limit, err
	}
	start = sweep.LastIndexByte(text[s.pos:at], '\n') + 1 + s.pos
	return start, s.lineEnd(at, limit), nil
}

// lineEnd is the end of the line that holds a place, with its delimiter.
func (s *scanner) lineEnd(at, limit int) int {
	if n := bytes.IndexByte(s.buf[at:limit], s.delim); n >= 0 {
		return at + n + 1
	}
	return limit
}

// nextRecord is nextMatch for records, which may hold newlines.
func (s *scanner) nextRecord(limit int) (start, end int, err error) {
	for start = s.pos; start < limit; start = end {
		end = s.lineEnd(start, limit)
		ok, err := s.re.Match(s.trim(s.buf[start:end]))
		if ok || err != nil {
			return start, end, err
		}
	}
	return limit, limit, nil
}

// trim cuts the delimiter off.
func (s *scanner) trim(line []byte) []byte {
	if n := len(line); n > 0 && line[n-1] == s.delim {
		return line[:n-1]
	}
	return line
}

// selectRange selects every line in a stretch of the buffer.
func (s *scanner) selectRange(start, end int) error {
	if s.silent() && s.left > end-start {
		n := sweep.Count(s.buf[start:end], s.delim)
		if end > start && s.buf[end-1] != s.delim {
			n++
		}
		s.selected += n
		s.left -= n
		s.pos = max(s.pos, end)
		return nil
	}
	for start < end && s.left > 0 {
		next := s.lineEnd(start, end)
		if err := s.selectLine(start, next); err != nil {
			return err
		}
		start = next
	}
	return nil
}

// selectLine counts a selected line and prints it with its context.
func (s *scanner) selectLine(start, end int) error {
	s.pos = end
	if !s.suppress && !s.text && !s.silent() && s.utf8 && !utf8.Valid(s.buf[start:end]) {
		s.suppressed()
	}
	s.selected++
	s.left--
	if s.left <= 0 {
		s.stopped = s.after <= 0 || s.silent() || s.suppress
	}
	if s.silent() || s.suppress {
		return nil
	}
	if err := s.printContext(start); err != nil {
		return err
	}
	s.trailing = max(s.after, 0)
	s.shown = end
	return s.printLine(start, end, true)
}
