package syntax

import "unicode/utf8"

// ansiQuoted reads '…' behind a $ and decodes it.
func (p *Parser) ansiQuoted() string {
	line := p.line
	n := 1
	for p.at(n) != '\'' {
		if p.at(n) == 0 && p.pos+n >= len(p.src) {
			p.unmatched(line, "'")
		}
		if p.at(n) == '\\' {
			n++
		}
		n++
	}
	text := p.src[p.pos+1 : p.pos+n]
	p.advance(n + 1)
	return DecodeANSI(text)
}

// DecodeANSI undoes the escapes of $'…'. A NUL ends the text, as in bash.
func DecodeANSI(s string) string {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		if s[i] != '\\' || i+1 == len(s) {
			out = append(out, s[i])
			i++
			continue
		}
		var n int
		var end bool
		out, n, end = decodeEscape(out, s[i+1:])
		if end {
			return string(out[:len(out)-1])
		}
		i += 1 + n
	}
	return string(out)
}

var ansiEscapes = map[byte]byte{'a': 7, 'b': 8, 'e': 27, 'E': 27, 'f': 12, 'n': 10, 'r': 13, 't': 9, 'v': 11,
	'\\': '\\', '\'': '\'', '"': '"', '?': '?'}

// decodeEscape appends what the escape s (behind its backslash) stands for and
// returns how many bytes it took; end reports a NUL.
func decodeEscape(out []byte, s string) (_ []byte, n int, end bool) {
	c := s[0]
	if r, ok := ansiEscapes[c]; ok {
		return append(out, r), 1, false
	}
	switch {
	case c >= '0' && c <= '7':
		v, n := number(s, 8, 3)
		return append(out, byte(v)), n, byte(v) == 0
	case c == 'x':
		skip := 1
		most := 2
		if len(s) > 1 && s[1] == '{' {
			skip, most = 2, 16
		}
		v, n := number(s[skip:], 16, most)
		if n == 0 {
			return append(out, '\\', 'x'), 1, false
		}
		if skip == 2 && len(s) > skip+n && s[skip+n] == '}' {
			n++
		}
		return append(out, byte(v)), skip + n, byte(v) == 0
	case c == 'u' || c == 'U':
		most := 4
		if c == 'U' {
			most = 8
		}
		v, n := number(s[1:], 16, most)
		if n == 0 {
			return append(out, '\\', c), 1, false
		}
		return appendRune(out, v), 1 + n, v == 0
	case c == 'c' && len(s) > 1:
		if s[1] == '\\' && len(s) > 2 && s[2] == '\\' {
			return append(out, '\\'&0x1f), 3, false
		}
		return append(out, s[1]&0x1f), 2, s[1]&0x1f == 0
	}
	return append(out, '\\', c), 1, false
}

// appendRune appends v in UTF-8; beyond Unicode in the longer forms that the
// encoding once had, as bash does.
func appendRune(out []byte, v int) []byte {
	if v <= utf8.MaxRune && (v < 0xd800 || v > 0xdfff) {
		return utf8.AppendRune(out, rune(v))
	}
	switch {
	case v < 0x10000:
		return append(out, 0xe0|byte(v>>12), 0x80|byte(v>>6)&0x3f, 0x80|byte(v)&0x3f)
	case v < 0x200000:
		return append(out, 0xf0|byte(v>>18), 0x80|byte(v>>12)&0x3f, 0x80|byte(v>>6)&0x3f, 0x80|byte(v)&0x3f)
	case v < 0x4000000:
		return append(out, 0xf8|byte(v>>24), 0x80|byte(v>>18)&0x3f, 0x80|byte(v>>12)&0x3f, 0x80|byte(v>>6)&0x3f, 0x80|byte(v)&0x3f)
	}
	return append(out, 0xfc|byte(v>>30)&1, 0x80|byte(v>>24)&0x3f, 0x80|byte(v>>18)&0x3f, 0x80|byte(v>>12)&0x3f, 0x80|byte(v>>6)&0x3f, 0x80|byte(v)&0x3f)
}

// number reads up to most digits of the base.
func number(s string, base, most int) (v, n int) {
	for n < len(s) && n < most {
		d := digitOf(s[n])
		if d < 0 || d >= base {
			break
		}
		v = v*base + d
		n++
	}
	return v, n
}

func digitOf(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}
