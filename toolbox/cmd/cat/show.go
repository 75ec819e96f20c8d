package cat

import (
	"bufio"
	"bytes"
)

// show is how lines are shown, and where in them the output stands: lines go
// on from one file to the next.
type show struct {
	nonprinting, ends, tabs   bool
	number, nonblank, squeeze bool

	w      *bufio.Writer
	bol    bool // at the beginning of a line
	blanks int  // empty lines in a row
	cr     bool // a carriage return waits for what follows it
	line   counter
}

func (s *show) plain() bool {
	return !s.nonprinting && !s.ends && !s.tabs && !s.number && !s.nonblank && !s.squeeze
}

// block shows one block. Errors stay in the writer until it is flushed.
func (s *show) block(block []byte) {
	for len(block) > 0 {
		end := bytes.IndexByte(block, '\n')
		text, rest := block, []byte(nil)
		if end >= 0 {
			text, rest = block[:end], block[end+1:]
		}
		if s.bol && len(text) == 0 && !s.cr {
			s.empty()
		} else {
			s.text(text)
			if end >= 0 {
				s.newline()
			}
		}
		block = rest
	}
}

// empty shows an empty line.
func (s *show) empty() {
	s.blanks++
	if s.squeeze && s.blanks > 1 {
		return
	}
	if s.number && !s.nonblank {
		s.writeNumber()
	}
	s.newline()
}

func (s *show) text(text []byte) {
	if len(text) == 0 {
		return
	}
	if s.bol {
		s.blanks = 0
		if s.number || s.nonblank {
			s.writeNumber()
		}
		s.bol = false
	}
	s.flushCR()
	if s.ends && !s.nonprinting && text[len(text)-1] == '\r' {
		text = text[:len(text)-1]
		s.cr = true
	}
	s.bytes(text)
}

func (s *show) bytes(text []byte) {
	switch {
	case s.nonprinting:
		s.caret(text)
	case s.tabs:
		for i := bytes.IndexByte(text, '\t'); i >= 0; i = bytes.IndexByte(text, '\t') {
			s.w.Write(text[:i])
			s.w.WriteString("^I")
			text = text[i+1:]
		}
		s.w.Write(text)
	default:
		s.w.Write(text)
	}
}

// newline ends a line; a carriage return before it shows as ^M where ends do.
func (s *show) newline() {
	if s.cr {
		s.w.WriteString("^M")
		s.cr = false
	}
	if s.ends {
		s.w.WriteByte('$')
	}
	s.w.WriteByte('\n')
	s.bol = true
}

func (s *show) flushCR() {
	if s.cr {
		s.w.WriteByte('\r')
		s.cr = false
	}
}

// end shows what is held back.
func (s *show) end() { s.flushCR() }

func (s *show) writeNumber() { s.w.Write(s.line.next()) }

// counter is a line number as it is printed: six columns at least, and a tab.
// It counts in decimal, which is quicker than to convert each number anew.
type counter struct {
	text []byte
	from int // of the first digit
}

func (c *counter) next() []byte {
	if c.text == nil {
		c.text = []byte("                   0\t")
		c.from = len(c.text) - 2
	}
	i := len(c.text) - 2
	for ; c.text[i] == '9'; i-- {
		c.text[i] = '0'
	}
	if c.text[i] == ' ' {
		c.text[i] = '0'
	}
	c.text[i]++
	c.from = min(c.from, i)
	return c.text[min(c.from, len(c.text)-7):]
}

// carets is each byte in ^ and M- notation.
var carets = func() (t [256]string) {
	for c := range t {
		meta, low := "", byte(c)
		if c >= 0x80 {
			meta, low = "M-", byte(c-0x80)
		}
		switch {
		case low < 0x20:
			t[c] = meta + "^" + string(rune(low+0x40))
		case low == 0x7f:
			t[c] = meta + "^?"
		default:
			t[c] = meta + string(rune(low))
		}
	}
	return t
}()

// caret shows text in ^ and M- notation: what prints as it is, a run at a time.
func (s *show) caret(text []byte) {
	from := 0
	for i, c := range text {
		if c >= 0x20 && c < 0x7f || c == '\t' && !s.tabs {
			continue
		}
		s.w.Write(text[from:i])
		s.w.WriteString(carets[c])
		from = i + 1
	}
	s.w.Write(text[from:])
}
