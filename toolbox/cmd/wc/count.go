package wc

import (
	"io"
	"unicode"
	"unicode/utf8"

	"agentsandbox/toolbox/sweep"
	"agentsandbox/toolbox/tool"
)

// counts are the numbers of one file. width is the longest line.
type counts struct{ lines, words, chars, bytes, width uint64 }

func (n *counts) add(m counts) {
	n.lines += m.lines
	n.words += m.words
	n.chars += m.chars
	n.bytes += m.bytes
	n.width = max(n.width, m.width)
}

// count counts f in the cheapest way that gives what is asked.
func (c *wc) count(f *tool.File) (n counts, err error) {
	if c.bytes && !c.chars && !c.lines && !c.words && !c.width {
		if size, ok := sizeLeft(f); ok {
			n.bytes = size
			return n, nil
		}
	}
	var t text
	err = tool.Blocks(c.ctx, f, func(block []byte) error {
		n.bytes += uint64(len(block))
		switch {
		case c.width:
			t.widths(block)
		case c.words || c.chars:
			t.block(block)
		case c.lines:
			t.lines += uint64(sweep.Count(block, '\n'))
		}
		return nil
	})
	n.lines, n.words, n.chars, n.width = t.lines, t.words, t.chars, max(t.width, t.column)
	return n, err
}

// sizeLeft is what a regular file still holds, without reading it.
func sizeLeft(f *tool.File) (uint64, bool) {
	if f.Stream() {
		return 0, false
	}
	info, err := f.Stat()
	if err != nil || !info.Mode.IsRegular() || info.Size == 0 {
		return 0, false
	}
	pos, err := f.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0, false
	}
	f.Seek(max(pos, info.Size), io.SeekStart)
	return uint64(max(info.Size-pos, 0)), true
}

// text counts words and characters; what a character is may be known only
// with the next block.
type text struct {
	lines, words, chars, width, column uint64

	word    uint64 // 1 within a word
	partial []byte // the beginning of a character
}

// The classes of ASCII: what prints makes words, white space ends them, and
// control characters do neither. Two bits, so that counting needs no branch.
const (
	prints = 1 << iota
	space
)

var classes = func() (t [utf8.RuneSelf]uint8) {
	for c := '!'; c < 0x7f; c++ {
		t[c] = prints
	}
	for _, c := range " \t\n\v\f\r" {
		t[c] = space
	}
	return t
}()

// closely is how many bytes are looked at one by one where a block holds what is
// no plain text.
const closely = 64

// block counts a block.
func (t *text) block(block []byte) {
	block = t.complete(block, t.block)
	for len(block) > 0 {
		w := sweep.Words{Within: t.word != 0}
		n := w.Count(block)
		t.lines += uint64(w.Lines)
		t.words += uint64(w.Words)
		t.chars += uint64(n)
		t.word = 0
		if w.Within {
			t.word = 1
		}
		block = block[n:]
		block = block[t.slow(block, min(closely, len(block))):]
	}
}

// slow counts what block begins with, at least the n bytes given, and returns how
// much that was.
func (t *text) slow(block []byte, n int) int {
	for i := 0; i < n; {
		if c := block[i]; c < utf8.RuneSelf {
			class := uint64(classes[c])
			p := class & prints
			t.words += p &^ t.word
			t.word = t.word&^(class>>1) | p
			t.chars++
			if c == '\n' {
				t.lines++
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(block[i:])
		if r == utf8.RuneError && size == 1 {
			if !utf8.FullRune(block[i:]) {
				t.partial = append(t.partial, block[i:]...)
				return len(block)
			}
			i++
			continue
		}
		i += size
		n = max(n, i)
		t.chars++
		t.class(wideClass(r))
	}
	return n
}

// class goes on with a character of a class.
func (t *text) class(class int) {
	switch class {
	case prints:
		t.words += 1 &^ t.word
		t.word = 1
	case space:
		t.word = 0
	}
}

// complete hands the character that the last block began to count, and
// returns what follows it.
func (t *text) complete(block []byte, count func([]byte)) []byte {
	if len(t.partial) == 0 {
		return block
	}
	held := t.partial
	for len(block) > 0 && !utf8.FullRune(held) {
		held = append(held, block[0])
		block = block[1:]
	}
	t.partial = nil
	count(held)
	return block
}

// wideClass is the class of a character beyond ASCII. Spaces that do not
// break a line do end a word.
func wideClass(r rune) int {
	switch {
	case r == 0x85:
		return 0
	case unicode.IsSpace(r), r == 0x2060:
		return space
	case tool.RuneWidth(r) >= 0:
		return prints
	}
	return 0
}

// widths counts a block and follows the columns of its lines.
func (t *text) widths(block []byte) {
	block = t.complete(block, t.widths)
	for i := 0; i < len(block); {
		r, n := rune(block[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRune(block[i:])
			if r == utf8.RuneError && n == 1 {
				if !utf8.FullRune(block[i:]) {
					t.partial = append(t.partial, block[i:]...)
					return
				}
				i++
				continue
			}
		}
		i += n
		t.chars++
		t.rune(r)
	}
}

func (t *text) rune(r rune) {
	class := 0
	if r == '\n' {
		t.lines++
	}
	switch {
	case r == '\n' || r == '\r' || r == '\f':
		t.width = max(t.width, t.column)
		t.column, class = 0, space
	case r == '\t':
		t.column += 8 - t.column%8
		class = space
	case r < utf8.RuneSelf:
		class = int(classes[r])
		if r == ' ' || class == prints {
			t.column++
		}
	default:
		class = wideClass(r)
		t.column += uint64(max(tool.RuneWidth(r), 0))
	}
	t.class(class)
}
