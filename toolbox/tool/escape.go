package tool

import "unicode/utf8"

// EscapeMode says whose backslash escapes are meant.
type EscapeMode int

const (
	// EscapeEcho is echo -e and printf %b: octal is \0NNN, \c ends all output.
	EscapeEcho EscapeMode = iota
	// EscapePrintf is the format of printf: octal is \NNN, \c ends all
	// output, \" is a quote.
	EscapePrintf
	// EscapePrintfB is the argument of printf %b: octal is \NNN or \0NNN.
	EscapePrintfB
)

var simpleEscapes = map[byte]byte{'a': 7, 'b': 8, 'e': 27, 'E': 27, 'f': 12, 'n': 10, 'r': 13, 't': 9, 'v': 11, '\\': '\\'}

// Unescape replaces the backslash escapes in s. stop reports that \c was met:
// what stands behind it is cut off, and nothing more is to be printed.
func Unescape(s string, mode EscapeMode) (out string, stop bool) {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		if s[i] != '\\' || i+1 == len(s) {
			b = append(b, s[i])
			i++
			continue
		}
		c := s[i+1]
		if c == 'c' {
			return string(b), true
		}
		n := 0
		b, n = unescapeOne(b, s[i+1:], mode)
		i += 1 + n
	}
	return string(b), false
}

// unescapeOne appends what the escape s (behind its backslash) stands for, and
// returns how many bytes of s it took.
func unescapeOne(b []byte, s string, mode EscapeMode) ([]byte, int) {
	c := s[0]
	if r, ok := simpleEscapes[c]; ok {
		return append(b, r), 1
	}
	switch {
	case c == '"' && mode == EscapePrintf:
		return append(b, '"'), 1
	case c == 'x':
		if v, n := digits(s[1:], 16, 2); n > 0 {
			return append(b, byte(v)), 1 + n
		}
	case c == 'u' || c == 'U':
		if v, n := digits(s[1:], 16, map[byte]int{'u': 4, 'U': 8}[c]); n > 0 {
			return utf8.AppendRune(b, rune(v)), 1 + n
		}
	case c == '0' && mode != EscapePrintf:
		v, n := digits(s[1:], 8, 3)
		return append(b, byte(v)), 1 + n
	case c >= '0' && c <= '7' && mode != EscapeEcho:
		v, n := digits(s, 8, 3)
		return append(b, byte(v)), n
	}
	return append(b, '\\', c), 1
}

// digits reads up to most digits of the base.
func digits(s string, base, most int) (v, n int) {
	for n < len(s) && n < most {
		d := digit(s[n])
		if d < 0 || d >= base {
			break
		}
		v = v*base + d
		n++
	}
	return v, n
}

func digit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
