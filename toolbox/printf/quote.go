package printf

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"agentsandbox/toolbox/tool"
)

func quote(s string) string { return tool.QuoteText(s) }

// quoteShell is coreutils' %q.
func quoteShell(s string) string { return tool.QuoteName(s, tool.QuoteShellEscape, "") }

// BashQuote quotes s as bash's printf %q does: with backslashes, or as $'…'
// where something does not print.
func BashQuote(s string) string {
	if s == "" {
		return "''"
	}
	if !allPrint(s) {
		return ansiQuote(s)
	}
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		special := strings.IndexByte(" \t\n'\"\\|&;()<>!{}*[?]^$`,", c) >= 0 ||
			i == 0 && (c == '#' || c == '~')
		if special {
			b.WriteByte('\\')
		}
		b.WriteByte(c)
	}
	return b.String()
}

func allPrint(s string) bool {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if !bashPrints(r, n) {
			return false
		}
		i += n
	}
	return true
}

func bashPrints(r rune, size int) bool {
	return !(r == utf8.RuneError && size <= 1) && (unicode.IsPrint(r) || r > 127 && unicode.Is(unicode.Zs, r))
}

func ansiQuote(s string) string {
	var b strings.Builder
	b.WriteString("$'")
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '\\' || r == '\'':
			b.WriteByte('\\')
			b.WriteByte(s[i])
		case bashPrints(r, n):
			b.WriteString(s[i : i+n])
		default:
			writeAnsi(&b, s[i:i+n])
		}
		i += n
	}
	b.WriteByte('\'')
	return b.String()
}

func writeAnsi(b *strings.Builder, s string) {
	for i := range len(s) {
		at := strings.IndexByte("\a\b\x1b\f\n\r\t\v", s[i])
		if at >= 0 {
			b.WriteByte('\\')
			b.WriteByte("abEfnrtv"[at])
		} else {
			fmt.Fprintf(b, `\%03o`, s[i])
		}
	}
}
