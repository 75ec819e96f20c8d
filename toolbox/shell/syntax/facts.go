package syntax

import "strings"

// Classes of bytes: what a word may have of them and still be plain.
const (
	bytePlain = 1 << iota // means itself in any word
	byteCheck             // may mean something: tame decides
	byteBrace             // {
)

var classes = func() (t [256]uint8) {
	for c := range 256 {
		t[c] = bytePlain
	}
	for _, c := range []byte("\x00\\'\"$` \t\n|&;()<>{}[]*?~=:") {
		t[c] = 0
	}
	for _, c := range []byte("*?[]{}()|~=:\\") {
		t[c] |= byteCheck
	}
	t['{'] |= byteBrace
	return t
}()

// plainWord reads a word of a command that is made of ordinary bytes alone, as
// most are; nil, and nothing read, for any other.
func (p *Parser) plainWord() *Word {
	i := p.pos
	for i < len(p.src) && classes[p.src[i]]&bytePlain != 0 {
		i++
	}
	if i == p.pos && p.src[i] == '[' && !p.elemPos {
		i++
	}
	if i == p.pos || i == len(p.src) {
		return nil
	}
	switch p.src[i] {
	case ' ', '\t', '\n', ';', '|', '&', ')':
	default:
		return nil
	}
	w := p.newWord()
	w.Raw = p.src[p.pos:i]
	w.Lit, w.Plain = w.Raw, true
	if len(p.room.parts) == 0 {
		p.room.parts = make([]Part, 2*p.room.more())
	}
	w.Parts = p.room.parts[:1:1]
	p.room.parts = p.room.parts[1:]
	w.Parts[0] = p.newLit(w.Raw)
	p.pos = i
	return w
}

// facts notes what the evaluator wants to know of the word at a glance.
func (w *Word) facts() {
	w.Plain = true
	size := 0
	for i, part := range w.Parts {
		switch part := part.(type) {
		case *Lit:
			w.checkLit(part.Text, i == 0, len(w.Parts) == 1)
			size += len(part.Text)
		case *Quoted:
			size += len(part.Text)
		case *Double:
			n, plain := part.plain()
			size += n
			w.Plain = w.Plain && plain
		default:
			w.Plain = false
		}
	}
	if w.Plain {
		w.Lit = literal(w.Parts, size)
	}
}

// checkLit notes whether unquoted text may mean more than itself.
func (w *Word) checkLit(s string, first, only bool) {
	var seen uint8
	for i := 0; i < len(s); i++ {
		seen |= classes[s[i]]
	}
	w.Brace = w.Brace || seen&byteBrace != 0
	if seen&byteCheck != 0 && !tame(s, first, only) {
		w.Plain = false
	}
}

// literal is the text of parts that hold no expansion, size bytes of it.
func literal(parts []Part, size int) string {
	if len(parts) == 1 {
		switch part := parts[0].(type) {
		case *Lit:
			return part.Text
		case *Quoted:
			return part.Text
		}
	}
	var b strings.Builder
	b.Grow(size)
	appendLiteral(&b, parts)
	return b.String()
}

func appendLiteral(b *strings.Builder, parts []Part) {
	for _, part := range parts {
		switch part := part.(type) {
		case *Lit:
			b.WriteString(part.Text)
		case *Quoted:
			b.WriteString(part.Text)
		case *Double:
			appendLiteral(b, part.Parts)
		}
	}
}

// tame reports whether unquoted text means only itself: no pattern, no brace,
// no tilde where one would be expanded.
func tame(s string, first, only bool) bool {
	if strings.ContainsAny(s, "*?[{\\") {
		return only && s == "["
	}
	if strings.ContainsAny(s, "()|") {
		return false
	}
	if first && s[0] == '~' {
		return false
	}
	return !strings.Contains(s, "=~") && !strings.Contains(s, ":~")
}

// plain reports whether the quotes hold no expansion, and the bytes of text.
func (d *Double) plain() (size int, plain bool) {
	for _, part := range d.Parts {
		switch part := part.(type) {
		case *Lit:
			size += len(part.Text)
		case *Quoted:
			size += len(part.Text)
		default:
			return 0, false
		}
	}
	return size, true
}
