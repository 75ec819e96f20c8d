package jq

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// word reads a number or a name, up to what cannot belong to it.
func (p *parser) word() error {
	if v, n := shortWord(p.buf[p.pos:p.end]); n > 0 && !p.has {
		p.pos += n
		return p.give(v)
	}
	p.token = p.token[:0]
	for {
		i := p.pos
		for i < p.end && !endsWord(p.buf[i]) {
			i++
		}
		p.token = append(p.token, p.buf[p.pos:i]...)
		p.pos = i
		if i < p.end {
			break
		}
		ok, err := p.more()
		if err != nil {
			return err
		}
		if !ok {
			return p.check(true)
		}
	}
	// A word is looked at when what ends it was read: errors say so.
	line, lineStart := p.line, p.lineStart
	if p.pos++; p.buf[p.pos-1] == '\n' {
		p.newline()
	}
	err := p.check(false)
	p.pos--
	p.line, p.lineStart = line, lineStart
	return err
}

// shortWord reads a word that is simple and known to be over: null, true,
// false, or an integer. n is its length, 0 if it is something else.
func shortWord(b []byte) (v any, n int) {
	switch b[0] {
	case 'n':
		return nil, wordLength(b, "null")
	case 't':
		return true, wordLength(b, "true")
	case 'f':
		return false, wordLength(b, "false")
	}
	const mostDigits = 15 // a float64 holds them all
	negative := b[0] == '-'
	if negative {
		n = 1
	}
	i := 0
	start := n
	for n < len(b) && n-start <= mostDigits && b[n] >= '0' && b[n] <= '9' {
		i = i*10 + int(b[n]-'0')
		n++
	}
	switch {
	case n == start || n-start > mostDigits || n == len(b) || !endsWord(b[n]) || negative && i == 0:
		return nil, 0
	case negative:
		return float64(-i), n
	}
	return boxed(i), n
}

// wordLength is the length of word if b starts with it and it ends there.
func wordLength(b []byte, word string) int {
	if len(b) > len(word) && string(b[:len(word)]) == word && endsWord(b[len(word)]) {
		return len(word)
	}
	return 0
}

// smallNumbers makes the numbers that need no memory of their own.
var smallNumbers = sync.OnceValue(func() []any {
	all := make([]any, 1024)
	for i := range all {
		all[i] = float64(i)
	}
	return all
})

func boxed(i int) any {
	if known := smallNumbers(); i < len(known) {
		return known[i]
	}
	return float64(i)
}

func endsWord(c byte) bool {
	return c <= ' ' && (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\x1e') ||
		c == '[' || c == ']' || c == '{' || c == '}' || c == ',' || c == ':' || c == '"'
}

// check turns the word that was read into a value.
func (p *parser) check(atEOF bool) error {
	var v any
	switch s := string(p.token); s {
	case "null":
	case "true", "false":
		v = s == "true"
	default:
		if s[0] == 't' || s[0] == 'f' || s[0] == 'n' {
			return p.fail("Invalid literal", atEOF)
		}
		n, ok := parseNumber(s)
		if !ok {
			return p.fail("Invalid numeric literal", atEOF)
		}
		v = n
	}
	return p.give(v)
}

// parseNumber reads a number; an integer beyond what a float64 holds keeps its
// digits.
func parseNumber(s string) (any, bool) {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c|0x20 != 'e' {
			return nil, false
		}
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil && !math.IsInf(f, 0) {
		return nil, false
	}
	if math.Abs(f) >= 1<<53 && isInteger(s) {
		return literal{f, strings.TrimPrefix(s, "+")}, true
	}
	return f, true
}

func isInteger(s string) bool {
	digits := strings.TrimLeft(s, "+-")
	return digits != "" && digits[0] != '0' && strings.Trim(digits, "0123456789") == ""
}

// text reads a string.
func (p *parser) text() error {
	p.pos++
	if i := bytes.IndexByte(p.buf[p.pos:p.end], '"'); i >= 0 {
		raw := p.buf[p.pos : p.pos+i]
		if isPlain(raw) {
			p.pos += i + 1
			return p.give(p.intern(raw))
		}
	}
	p.token = p.token[:0]
	escaped := false
	for {
		ok, err := p.more()
		if err != nil {
			return err
		}
		if !ok {
			return p.fail("Unfinished string", true)
		}
		c := p.buf[p.pos]
		p.pos++
		switch {
		case c == '\n':
			p.newline()
		case c == '"' && !escaped:
			s, msg := unquote(p.token)
			if msg != "" {
				return p.fail(msg, false)
			}
			return p.give(s)
		}
		escaped = c == '\\' && !escaped
		if p.token = append(p.token, c); len(p.token) > maxText {
			return p.fail("String too long", false)
		}
	}
}

// intern is a string without a copy of its own where it is the key that is
// expected.
func (p *parser) intern(raw []byte) string {
	if n := len(p.stack); n > 0 && p.stack[n-1].isObject && !p.stack[n-1].hasKey {
		if key := p.stack[n-1].obj.expected(); key == string(raw) {
			return key
		}
	}
	return string(raw)
}

// isPlain reports whether a string has nothing to unquote and no newline.
func isPlain(s []byte) bool {
	for _, c := range s {
		if c == '\\' || c == '\n' || c >= utf8.RuneSelf {
			return bytes.IndexByte(s, '\\') < 0 && bytes.IndexByte(s, '\n') < 0 && utf8.Valid(s)
		}
	}
	return true
}

// unquote replaces the escapes of a string; msg says what is wrong.
func unquote(raw []byte) (s, msg string) {
	b := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' {
			b = append(b, raw[i])
			continue
		}
		if i++; i == len(raw) {
			return "", "Expected escape character at end of string"
		}
		switch c := raw[i]; c {
		case '"', '\\', '/':
			b = append(b, c)
		case 'b', 'f', 'n', 'r', 't':
			b = append(b, "\b\f\n\r\t"[strings.IndexByte("bfnrt", c)])
		case 'u':
			r, n := unicodeEscape(raw[i+1:])
			switch {
			case n == 0:
				return "", "Invalid \\uXXXX escape"
			case r < 0:
				return "", "Invalid \\uXXXX\\uXXXX surrogate pair escape"
			}
			i += n
			b = utf8.AppendRune(b, r)
		default:
			return "", "Invalid escape"
		}
	}
	return strings.ToValidUTF8(string(b), "\ufffd"), ""
}

// unicodeEscape reads XXXX, and the second half of a surrogate pair. r is
// negative for half of a pair, n is 0 where there are no four digits.
func unicodeEscape(s []byte) (r rune, n int) {
	hi, ok := hex4(s)
	if !ok {
		return 0, 0
	}
	if hi < 0xd800 || hi > 0xdfff {
		return hi, 4
	}
	if hi < 0xdc00 && len(s) >= 10 && s[4] == '\\' && s[5] == 'u' {
		if lo, ok := hex4(s[6:]); ok && lo >= 0xdc00 && lo <= 0xdfff {
			return (hi-0xd800)<<10 + (lo - 0xdc00) + 0x10000, 10
		}
	}
	return -1, 4
}

func hex4(s []byte) (rune, bool) {
	if len(s) < 4 {
		return 0, false
	}
	v, err := strconv.ParseUint(string(s[:4]), 16, 32)
	return rune(v), err == nil
}
