package sed

import (
	"bytes"
	"strings"
)

var simpleEscapes = map[byte]byte{'a': 7, 'f': 12, 'n': 10, 'r': 13, 't': 9, 'v': 11}

// charEscape reads an escape that stands for a byte, s being what follows the
// backslash; n is how much of s it takes, 0 if it is none.
func charEscape(s string) (c byte, n int) {
	if s == "" {
		return 0, 0
	}
	if c, ok := simpleEscapes[s[0]]; ok {
		return c, 1
	}
	switch s[0] {
	case 'c':
		if len(s) > 1 {
			return upper(s[1]) ^ 0x40, 2
		}
	case 'd':
		return digits(s, 10, 3)
	case 'o':
		return digits(s, 8, 3)
	case 'x':
		return digits(s, 16, 2)
	}
	return 0, 0
}

func upper(c byte) byte {
	if c >= 'a' && c <= 'z' {
		return c - 0x20
	}
	return c
}

// digits reads up to most digits behind the first byte of s.
func digits(s string, base, most int) (c byte, n int) {
	v := 0
	for n < most && n+1 < len(s) {
		d := strings.IndexByte("0123456789abcdef", s[n+1]|0x20)
		if s[n+1] >= '0' && s[n+1] <= '9' {
			d = int(s[n+1] - '0')
		}
		if d < 0 || d >= base {
			break
		}
		v = v*base + d
		n++
	}
	if n == 0 {
		return 0, 0
	}
	return byte(v), n + 1
}

// unescapeText takes the backslashes out of the text of a, i or c.
func unescapeText(raw []byte) []byte {
	var out []byte
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' || i+1 == len(raw) {
			out = append(out, raw[i])
			continue
		}
		if c, n := charEscape(string(raw[i+1 : min(i+5, len(raw))])); n > 0 {
			out = append(out, c)
			i += n
			continue
		}
		i++
		out = append(out, raw[i])
	}
	return out
}

// regexEscapes replaces the escapes of a regular expression that stand for a
// byte by that byte, quoted where it would be an operator.
func regexEscapes(src string) string {
	if !strings.Contains(src, `\`) {
		return src
	}
	var b strings.Builder
	for i := 0; i < len(src); i++ {
		if src[i] == '[' {
			if end := bracketEnd(src[i+1:]); end >= 0 {
				b.WriteByte('[')
				b.WriteString(bracketEscapes(src[i+1 : i+1+end]))
				i += end
				continue
			}
		}
		if src[i] != '\\' || i+1 == len(src) {
			b.WriteByte(src[i])
			continue
		}
		if c, n := charEscape(src[i+1:]); n > 0 {
			if n > 1 && strings.IndexByte(`$*.[\]^/+?{}()|`, c) >= 0 {
				b.WriteString(quoted(c))
			} else {
				b.WriteByte(c)
			}
			i += n
			continue
		}
		b.WriteByte('\\')
		i++
		b.WriteByte(src[i])
	}
	return b.String()
}

// quoted is an expression for one byte that holds in both syntaxes.
func quoted(c byte) string {
	if c == '^' || c == '\\' {
		return `\` + string(c)
	}
	return "[" + string(c) + "]"
}

func bracketEscapes(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' {
			if c, n := charEscape(s[i+1:]); n > 0 && c != ']' {
				b.WriteByte(c)
				i += n
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// unescapeY reads one side of a y command: characters, with \\, \n, \delim
// (already plain) and the escapes.
func unescapeY(s string) []byte {
	var out bytes.Buffer
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			out.WriteByte(s[i])
			continue
		}
		if s[i+1] == '\\' {
			out.WriteByte('\\')
			i++
			continue
		}
		if c, n := charEscape(s[i+1:]); n > 0 {
			out.WriteByte(c)
			i += n
			continue
		}
		i++
		out.WriteByte(s[i])
	}
	return out.Bytes()
}
