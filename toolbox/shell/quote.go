package shell

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// quoteWord quotes a word for reuse as input, as ${x@Q} does: always in quotes.
func quoteWord(s string) string {
	if needsANSI(s) {
		return quoteANSI(s)
	}
	return singleQuote(s)
}

func singleQuote(s string) string {
	if s == "'" {
		return `\'`
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// quoteBackslash quotes as printf %q does: with backslashes where it can.
func quoteBackslash(s string) string {
	if s == "" {
		return "''"
	}
	if needsANSI(s) {
		return quoteANSI(s)
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case strings.IndexByte(" \t\n'\"\\|&;()<>!{}*[]?^$`,", c) >= 0,
			c == '#' && i == 0,
			c == '~' && (i == 0 || s[i-1] == ':' || s[i-1] == '='):
			b.WriteByte('\\')
		}
		b.WriteByte(c)
	}
	return b.String()
}

// quoteDouble quotes a value as declare -p shows it.
func quoteDouble(s string) string {
	if needsANSI(s) {
		return quoteANSI(s)
	}
	var b strings.Builder
	b.WriteByte('"')
	for i := 0; i < len(s); i++ {
		if strings.IndexByte("\"$\\`", s[i]) >= 0 {
			b.WriteByte('\\')
		}
		b.WriteByte(s[i])
	}
	b.WriteByte('"')
	return b.String()
}

// quoteKey quotes the key of an associative array as declare -p shows it.
func quoteKey(s string) string {
	switch {
	case needsANSI(s):
		return quoteANSI(s)
	case s == "" || s == "@" || s == "*" || hasMetas(s):
		return quoteDouble(s)
	}
	return s
}

// quoteIfNeeded quotes a value as set shows it: only where it must.
func quoteIfNeeded(s string) string {
	switch {
	case needsANSI(s):
		return quoteANSI(s)
	case hasMetas(s):
		return singleQuote(s)
	}
	return s
}

// hasMetas reports whether the shell would read some of s as special.
func hasMetas(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case strings.IndexByte(" \t\n'\"\\|&;()<>!{}*[]?^$`", c) >= 0:
			return true
		case c == '#' && i == 0:
			return true
		case c == '~' && (i == 0 || s[i-1] == ':' || s[i-1] == '='):
			return true
		}
	}
	return false
}

// needsANSI reports whether s holds characters that do not print.
func needsANSI(s string) bool {
	for i, r := range s {
		if r == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(s[i:]); n == 1 {
				return true
			}
		}
		if r < ' ' || r == 0x7f || r > 0x7f && !unicode.IsPrint(r) {
			return true
		}
	}
	return false
}

// printable is a name as messages show it.
func printable(s string) string {
	if needsANSI(s) {
		return quoteANSI(s)
	}
	return s
}

// quoteANSI quotes with $'…'.
func quoteANSI(s string) string {
	var b strings.Builder
	b.WriteString("$'")
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1, r > 0x7f && !unicode.IsPrint(r):
			for _, c := range []byte(s[i : i+n]) {
				fmt.Fprintf(&b, "\\%03o", c)
			}
		case ansiNames[byte(r)] != 0 && r < 0x80:
			b.WriteByte('\\')
			b.WriteByte(ansiNames[byte(r)])
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, "\\%03o", r)
		default:
			b.WriteString(s[i : i+n])
		}
		i += n
	}
	b.WriteByte('\'')
	return b.String()
}

var ansiNames = map[byte]byte{7: 'a', 8: 'b', 27: 'E', 12: 'f', '\n': 'n', '\r': 'r', '\t': 't', 11: 'v', '\\': '\\', '\'': '\''}
