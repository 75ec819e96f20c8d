package fmt

import (
	"bufio"
	"context"
	"strings"
)

// A paragraph is broken before it holds more than this.
const (
	maxWords = 998
	maxText  = 5000
)

const tabWidth = 8

// filler is one run.
type filler struct {
	ctx context.Context
	w   *bufio.Writer
	r   *bufio.Reader
	err error // that ended the input

	crown, split, tagged, uniform bool
	width, goal                   int
	prefix                        string
	lead, full                    int // blanks before the prefix; its length with those behind it

	tabs   bool // indent with tabs: the input does
	next   int  // the first byte of the next line that is no blank
	column int  // of input
	indent int  // of the prefix in the next line

	words                    []word
	text                     int // bytes in words
	prefixIndent             int
	firstIndent, otherIndent int
	lastLength               int // of the line put last, in one paragraph
	outColumn                int
}

// word is a word, and the best way to go on from it.
type word struct {
	text                         string
	space                        int // behind it
	paren, period, punct, final  bool
	lineLength, best, breakAfter int // breakAfter is the first word of the next line
}

func (p *filler) getc() int {
	if p.err != nil {
		return eof
	}
	c, err := p.r.ReadByte()
	if err != nil {
		p.err = err
		return eof
	}
	return int(c)
}

// blanks passes over blanks from c on, and returns what follows.
func (p *filler) blanks(c int) int {
	for ; ; c = p.getc() {
		switch c {
		case ' ':
			p.column++
		case '\t':
			p.tabs = true
			p.column = (p.column/tabWidth + 1) * tabWidth
		default:
			return c
		}
	}
}

// getPrefix reads blanks and the prefix of a line, and returns what follows.
func (p *filler) getPrefix() int {
	p.column = 0
	c := p.blanks(p.getc())
	if p.prefix == "" {
		p.indent = min(p.lead, p.column)
		return c
	}
	p.indent = p.column
	for i := range len(p.prefix) {
		if c != int(p.prefix[i]) {
			return c
		}
		p.column++
		c = p.getc()
	}
	return p.blanks(c)
}

// paragraph reads a paragraph, and copies what stands before it; false at the end.
func (p *filler) paragraph() bool {
	p.lastLength = 0
	c := p.next
	for c == '\n' || c == eof || p.indent < p.lead || p.column < p.indent+p.full {
		if c = p.copyRest(c); c == eof {
			p.next = eof
			return false
		}
		p.w.WriteByte('\n')
		c = p.getPrefix()
	}
	p.prefixIndent, p.firstIndent = p.indent, p.column
	p.words, p.text = p.words[:0], 0
	c = p.line(c)
	same := p.same(c)
	p.setOther(same)
	if !p.split && (!p.tagged || p.column != p.firstIndent || p.crown) {
		for p.same(c) && p.column == p.otherIndent {
			c = p.line(c)
		}
	}
	last := &p.words[len(p.words)-1]
	last.period, last.final = true, true
	p.next = c
	return true
}

// setOther finds the indentation of the second line and those behind it.
func (p *filler) setOther(same bool) {
	switch {
	case p.split, !p.crown && !p.tagged, p.crown && !same:
		p.otherIndent = p.firstIndent
	case p.crown, same && p.column != p.firstIndent:
		p.otherIndent = p.column
	case p.otherIndent == p.firstIndent:
		p.otherIndent = 0
		if p.firstIndent == 0 {
			p.otherIndent = 3
		}
	}
}

// same reports whether the line that begins with c goes on with the paragraph.
func (p *filler) same(c int) bool {
	return p.indent == p.prefixIndent && p.column >= p.indent+p.full && c != '\n' && c != eof
}

// copyRest copies a line that is no paragraph's.
func (p *filler) copyRest(c int) int {
	p.outColumn = 0
	if p.column > p.indent || c != '\n' && c != eof {
		p.putSpace(p.indent)
		for i := 0; p.outColumn != p.column && i < len(p.prefix); i++ {
			p.w.WriteByte(p.prefix[i])
			p.outColumn++
		}
		if c != eof && c != '\n' {
			p.putSpace(p.column - p.outColumn)
		}
		if c == eof && p.column >= p.indent+len(p.prefix) {
			p.w.WriteByte('\n')
		}
	}
	for ; c != '\n' && c != eof; c = p.getc() {
		p.w.WriteByte(byte(c))
	}
	return c
}

// line reads the words of a line, and returns what the next one begins with.
func (p *filler) line(c int) int {
	var text []byte
	for c != '\n' && c != eof {
		text = text[:0]
		for {
			if p.text+len(text) == maxText {
				p.setOther(true)
				text = p.makeRoom(text)
			}
			text = append(text, byte(c))
			if c = p.getc(); c == eof || isSpace(c) {
				break
			}
		}
		p.column += len(text)
		p.text += len(text)
		w := newWord(string(text))
		start := p.column
		c = p.blanks(c)
		w.space = p.column - start
		w.final = c == eof || w.period && (c == '\n' || w.space > 1)
		if c == '\n' || c == eof || p.uniform {
			w.space = 1
			if w.final {
				w.space = 2
			}
		}
		if len(p.words) == maxWords {
			p.setOther(true)
			p.flush()
		}
		p.words = append(p.words, w)
	}
	return p.getPrefix()
}

// makeRoom puts what a word that grows too long is preceded by, or else what of it
// was read. It returns what is kept.
func (p *filler) makeRoom(text []byte) []byte {
	if len(p.words) == 0 {
		p.w.Write(text)
		return text[:0]
	}
	p.flush()
	return text
}

func isSpace(c int) bool { return c == ' ' || c >= '\t' && c <= '\r' }

// newWord looks at the punctuation of a word.
func newWord(text string) word {
	last := text[len(text)-1]
	end := len(text) - 1
	for end > 0 && strings.IndexByte(")]'\"", text[end]) >= 0 {
		end--
	}
	return word{
		text:   text,
		paren:  strings.IndexByte("(['`\"", text[0]) >= 0,
		punct:  last > ' ' && last < 0x7f && !isAlnum(last),
		period: strings.IndexByte(".?!", text[end]) >= 0,
	}
}

func isAlnum(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}
