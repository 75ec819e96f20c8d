package tool

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Quoting is a way to show a file name, as --quoting-style of GNU's ls.
type Quoting int

// The quoting styles.
const (
	QuoteLiteral     Quoting = iota
	QuoteShell               // 'a b' where the shell would need it
	QuoteShellAlways         // 'a', always
	QuoteEscape              // a\ b, for terminals that copy and paste
	QuoteC                   // "a b"
	QuoteLocale              // 'a b', as messages have it
	// The shell styles with what does not print as $'\n'.
	QuoteShellEscape
	QuoteShellEscapeAlways
)

// quotingNames are the words of --quoting-style.
var quotingNames = [...]string{
	QuoteLiteral: "literal", QuoteShell: "shell", QuoteShellAlways: "shell-always", QuoteEscape: "escape",
	QuoteC: "c", QuoteLocale: "locale", QuoteShellEscape: "shell-escape", QuoteShellEscapeAlways: "shell-escape-always",
}

// ParseQuoting finds a style by the word that --quoting-style and the variable
// QUOTING_STYLE have for it.
func ParseQuoting(word string) (Quoting, bool) {
	if word == "clocale" {
		return QuoteLocale, true
	}
	for style, name := range quotingNames {
		if name == word {
			return Quoting(style), true
		}
	}
	return QuoteLiteral, false
}

// Quote shows a name in an error message, in quotes always: 'a b', "it's".
func Quote(s string) string { return QuoteName(s, QuoteShellEscapeAlways, "") }

// QuoteFile shows a name in front of a colon, in quotes only where it would
// be read wrongly without.
func QuoteFile(s string) string { return QuoteName(s, QuoteShellEscape, ":") }

// QuoteText shows a word that is no file name in an error message: 'word'.
func QuoteText(s string) string { return QuoteName(s, QuoteLocale, "") }

// QuoteName shows s in the given style; the bytes of special need quoting too.
func QuoteName(s string, style Quoting, special string) string {
	switch style {
	case QuoteLiteral:
		return s
	case QuoteC:
		return `"` + escape(s, `"\`+special) + `"`
	case QuoteLocale:
		return "'" + escape(s, `\`+special) + "'"
	case QuoteEscape:
		return escape(s, ` \`+special)
	}
	always := style == QuoteShellAlways || style == QuoteShellEscapeAlways
	escapes := style == QuoteShellEscape || style == QuoteShellEscapeAlways
	return quoteShell(s, always, escapes, special)
}

func quoteShell(s string, always, escapes bool, special string) string {
	if !always && plain(s, escapes, special) {
		return s
	}
	if strings.Contains(s, "'") && doubleQuotable(s) {
		return `"` + s + `"`
	}
	var b strings.Builder
	b.WriteByte('\'')
	open := false // inside $'…'
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if escapes && !printable(r, n) {
			if !open {
				b.WriteString(`'$'`)
				open = true
			}
			escapeBytes(&b, s[i:i+n])
		} else {
			if open {
				b.WriteString(`''`)
				open = false
			}
			if r == '\'' {
				b.WriteString(`'\''`)
			} else {
				b.WriteString(s[i : i+n])
			}
		}
		i += n
	}
	b.WriteByte('\'')
	return b.String()
}

// plain reports whether the shell reads s as the one word that it shows.
func plain(s string, escapes bool, special string) bool {
	if s == "" || s == "{" || s == "}" || s[0] == '#' || s[0] == '~' {
		return false
	}
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if escapes && !printable(r, n) || strings.ContainsRune("\n\t '!\"$&()*;<=>?[\\^`|", r) || strings.ContainsRune(special, r) {
			return false
		}
		i += n
	}
	return true
}

// doubleQuotable reports whether "s" means s in the shell and in C.
func doubleQuotable(s string) bool {
	for i, r := range s {
		ok := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' ||
			strings.ContainsRune("%+,-./:]_ '", r) || i == 0 && (r == '#' || r == '~')
		if !ok {
			return false
		}
	}
	return true
}

// escape writes what does not print, and the bytes of special, with backslashes.
func escape(s, special string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case !printable(r, n):
			escapeBytes(&b, s[i:i+n])
		case strings.ContainsRune(special, r):
			b.WriteByte('\\')
			b.WriteRune(r)
		default:
			b.WriteString(s[i : i+n])
		}
		i += n
	}
	return b.String()
}

func escapeBytes(b *strings.Builder, s string) {
	for i := range len(s) {
		if at := strings.IndexByte("\a\b\f\n\r\t\v", s[i]); at >= 0 {
			b.WriteByte('\\')
			b.WriteByte("abfnrtv"[at])
			continue
		}
		fmt.Fprintf(b, `\%03o`, s[i])
	}
}

// printable reports whether the rune r, read from n bytes, shows on a terminal.
func printable(r rune, n int) bool {
	if r == utf8.RuneError && n == 1 {
		return false
	}
	return unicode.IsPrint(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zs, r) || unicode.Is(unicode.Co, r)
}
