package syntax

import "strings"

// facts notes what the evaluator wants to know of the word at a glance.
func (w *Word) facts() {
	w.Plain = true
	var lit strings.Builder
	for i, part := range w.Parts {
		switch part := part.(type) {
		case *Lit:
			w.Brace = w.Brace || strings.IndexByte(part.Text, '{') >= 0
			if strings.ContainsAny(part.Text, "*?[]{}()|~=:\\") && !tame(part.Text, i == 0) {
				w.Plain = false
			}
			lit.WriteString(part.Text)
		case *Quoted:
			lit.WriteString(part.Text)
		case *Double:
			if !part.plain(&lit) {
				w.Plain = false
			}
		default:
			w.Plain = false
		}
	}
	if w.Plain {
		w.Lit = lit.String()
	}
}

// tame reports whether unquoted text means only itself: no pattern, no brace,
// no tilde where one would be expanded.
func tame(s string, first bool) bool {
	if strings.ContainsAny(s, "*?[{\\") {
		return s == "["
	}
	if strings.ContainsAny(s, "()|") {
		return false
	}
	if first && s[0] == '~' {
		return false
	}
	return !strings.Contains(s, "=~") && !strings.Contains(s, ":~")
}

func (d *Double) plain(lit *strings.Builder) bool {
	for _, part := range d.Parts {
		switch part := part.(type) {
		case *Lit:
			lit.WriteString(part.Text)
		case *Quoted:
			lit.WriteString(part.Text)
		default:
			return false
		}
	}
	return true
}
