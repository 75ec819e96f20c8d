package syntax

import "strings"

// raw is the source of a word; $'…' is shown decoded.
func (p *printer) raw(w *Word) { p.text(showRaw(w.Raw)) }

func showRaw(s string) string {
	if !strings.Contains(s, "$'") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s):
			b.WriteString(s[i : i+2])
			i += 2
		case c == '$' && i+1 < len(s) && s[i+1] == '\'':
			end := ansiEnd(s, i+2)
			b.WriteString(quoteSingle(DecodeANSI(s[i+2 : end])))
			i = min(end+1, len(s))
		case c == '\'' || c == '"':
			end := quoteEnd(s, i)
			b.WriteString(s[i:end])
			i = end
		default:
			b.WriteByte(c)
			i++
		}
	}
	return b.String()
}

// ansiEnd is where the $'…' whose text starts at i closes.
func ansiEnd(s string, i int) int {
	for i < len(s) && s[i] != '\'' {
		if s[i] == '\\' {
			i++
		}
		i++
	}
	return min(i, len(s))
}

// quoteEnd is the place behind the quotes that open at i.
func quoteEnd(s string, i int) int {
	q := s[i]
	for i++; i < len(s) && s[i] != q; i++ {
		if q == '"' && s[i] == '\\' {
			i++
		}
	}
	return min(i+1, len(s))
}

func quoteSingle(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

func trimLeft(s string) string { return strings.TrimLeft(s, " \t\n") }
