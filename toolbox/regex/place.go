package regex

import "unicode/utf8"

// side is what stands on one side of a place in the text.
type side uint8

const (
	edge    side = iota // nothing: the text begins or ends
	newline             // a newline
	final               // the newline that ends the text
	word                // a word character
	other               // any other
	high                // a byte beyond ASCII, not looked at closely
)

// holds reports whether an assertion holds between left and right. known is
// false where a side would have to be looked at more closely.
func holds(kind int32, left, right side) (ok, known bool) {
	switch kind {
	case beginText:
		return left == edge, true
	case endText:
		return right == edge, true
	case endTextNewline:
		return right == edge || right == final, true
	case beginLine:
		return left == edge || left == newline || left == final, true
	case endLine:
		return right == edge || right == newline || right == final, true
	}
	l, r := left == word, right == word
	known = left != high && right != high
	switch kind {
	case wordEdge:
		ok = l != r
	case notWordEdge:
		ok = l == r
	case wordStart:
		ok = !l && r
	case wordEnd:
		ok = l && !r
	case notWordBefore:
		return !l, left != high
	case notWordAfter:
		return !r, right != high
	}
	return ok, known
}

// byteSide classifies a byte.
func byteSide(c byte) side {
	switch {
	case c == '\n':
		return newline
	case c >= utf8.RuneSelf:
		return high
	case isWord(rune(c), false):
		return word
	}
	return other
}

// leftOf looks closely at what stands left of place at.
func (p *prog) leftOf(text []byte, at int) side {
	if at == 0 {
		return edge
	}
	if s := byteSide(text[at-1]); s != high {
		if s == newline && at == len(text) {
			return final
		}
		return s
	}
	if !p.wide {
		return other
	}
	r, n := utf8.DecodeLastRune(text[:at])
	return p.runeSide(r, n)
}

// rightOf looks closely at what stands right of place at.
func (p *prog) rightOf(text []byte, at int) side {
	if at == len(text) {
		return edge
	}
	if s := byteSide(text[at]); s != high {
		if s == newline && at == len(text)-1 {
			return final
		}
		return s
	}
	if !p.wide {
		return other
	}
	r, n := utf8.DecodeRune(text[at:])
	return p.runeSide(r, n)
}

func (p *prog) runeSide(r rune, n int) side {
	if n > 1 && isWord(r, true) {
		return word
	}
	return other
}

// holdsAt reports whether an assertion holds at a place.
func (p *prog) holdsAt(kind int32, text []byte, at int) bool {
	ok, _ := holds(kind, p.leftOf(text, at), p.rightOf(text, at))
	return ok
}
