package printf

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// escaped is what a backslash escape stands for.
type escaped struct {
	text string
	n    int    // bytes behind the backslash
	stop bool   // \c
	msg  string // a diagnostic: a warning in bash, the end in coreutils
}

const letters = "abefnrtv"

var letterBytes = [...]byte{7, 8, 27, 12, 10, 13, 9, 11}

// escape reads the escape s, behind its backslash; b says that it stands in
// the argument of %b and not in the format.
func (d Dialect) escape(s string, b bool) escaped {
	if s == "" {
		return escaped{text: `\`}
	}
	c := s[0]
	if i := strings.IndexByte(letters, c); i >= 0 {
		return escaped{text: string(letterBytes[i : i+1]), n: 1}
	}
	switch {
	case c == '\\':
		return escaped{text: `\`, n: 1}
	case c == 'E' && d == Bash:
		return escaped{text: "\x1b", n: 1}
	case c == '"' && (d == GNU || !b), (c == '\'' || c == '?') && d == Bash && !b:
		return escaped{text: s[:1], n: 1}
	case c == 'c' && (d == GNU || b):
		return escaped{n: 1, stop: true}
	case c >= '0' && c <= '7':
		return octal(s, b)
	case c == 'x':
		v, n := hex(s[1:], 2)
		if n == 0 {
			return d.noHex(s)
		}
		return escaped{text: string([]byte{byte(v)}), n: 1 + n}
	case c == 'u' || c == 'U':
		return d.unicode(s)
	}
	return escaped{text: `\` + s[:1], n: 1}
}

// octal reads \NNN, and in %b also \0NNN.
func octal(s string, b bool) escaped {
	lead := 0
	if b && s[0] == '0' {
		lead = 1
	}
	v, n := 0, lead
	for n < len(s) && n < lead+3 && s[n] >= '0' && s[n] <= '7' {
		v = v*8 + int(s[n]-'0')
		n++
	}
	return escaped{text: string([]byte{byte(v)}), n: n}
}

func hex(s string, most int) (v uint32, n int) {
	for n < len(s) && n < most {
		d := hexDigit(s[n])
		if d < 0 {
			break
		}
		v = v<<4 | uint32(d)
		n++
	}
	return v, n
}

func hexDigit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}

// noHex is an escape s that lacks its digits.
func (d Dialect) noHex(s string) escaped {
	if d == GNU {
		return escaped{n: 1, msg: "missing hexadecimal number in escape"}
	}
	what := "hex"
	if s[0] != 'x' {
		what = "unicode"
	}
	return escaped{text: `\` + s[:1], n: 1, msg: fmt.Sprintf("missing %s digit for \\%c", what, s[0])}
}

// unicode reads \uHHHH and \UHHHHHHHH. Coreutils wants all digits, and no
// character that has a shorter name; bash takes any.
func (d Dialect) unicode(s string) escaped {
	most := 4
	if s[0] == 'U' {
		most = 8
	}
	v, n := hex(s[1:], most)
	if n == 0 || d == GNU && n < most {
		return d.noHex(s)
	}
	if d == Bash {
		return escaped{text: string(appendAny(nil, v)), n: 1 + n}
	}
	switch {
	case v <= 0x9f && v != '$' && v != '@' && v != '`', v >= 0xd800 && v <= 0xdfff:
		return escaped{n: 1 + n, msg: fmt.Sprintf("invalid universal character name \\%c%0*x", s[0], most, v)}
	case v > utf8.MaxRune:
		return escaped{text: `\` + s[:1+n], n: 1 + n}
	}
	return escaped{text: string(rune(v)), n: 1 + n}
}

// appendAny encodes any 31-bit value the way UTF-8 does, surrogates and what
// is beyond Unicode too.
func appendAny(b []byte, v uint32) []byte {
	if v < 0x80 {
		return append(b, byte(v))
	}
	extra := 1
	for limit := uint32(0x800); extra < 5 && v >= limit; limit <<= 5 {
		extra++
	}
	b = append(b, byte(0xff<<(7-extra)&0xff)|byte(v>>(6*extra)))
	for extra--; extra >= 0; extra-- {
		b = append(b, 0x80|byte(v>>(6*extra))&0x3f)
	}
	return b
}
