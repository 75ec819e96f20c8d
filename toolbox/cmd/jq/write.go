package jq

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// style is how values are written.
type style struct {
	indent   string // "": on one line
	sortKeys bool
	ascii    bool
	color    *palette
}

// toJSON is a value on one line.
func toJSON(v any) string { return string(appendJSON(nil, v, &style{}, 0)) }

// maxDepth bounds how deep values nest.
const maxDepth = 10000

// appendJSON appends a value as JSON, at a depth of nesting.
func appendJSON(b []byte, v any, s *style, depth int) []byte {
	if s.color != nil {
		return s.color.append(b, v, s, depth)
	}
	switch v := v.(type) {
	case []any:
		return appendArray(b, v, s, depth)
	case *object:
		return appendObject(b, v, s, depth)
	}
	return appendScalar(b, v, s)
}

func appendScalar(b []byte, v any, s *style) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case bool:
		return strconv.AppendBool(b, v)
	case float64:
		return appendNumber(b, v)
	case literal:
		return append(b, v.text...)
	case string:
		return appendString(b, v, s.ascii)
	}
	return b
}

func appendArray(b []byte, a []any, s *style, depth int) []byte {
	if len(a) == 0 {
		return append(b, "[]"...)
	}
	b = append(b, '[')
	for i, v := range a {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendBreak(b, s, depth+1)
		b = appendJSON(b, v, s, depth+1)
	}
	return append(appendBreak(b, s, depth), ']')
}

func appendObject(b []byte, o *object, s *style, depth int) []byte {
	if o.len() == 0 {
		return append(b, "{}"...)
	}
	keys := o.keys()
	if s.sortKeys {
		keys = o.sortedKeys()
	}
	b = append(b, '{')
	for i, k := range keys {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendBreak(b, s, depth+1)
		b = append(appendString(b, k, s.ascii), ':')
		if s.indent != "" {
			b = append(b, ' ')
		}
		v := o.vals[i]
		if s.sortKeys {
			v, _ = o.get(k)
		}
		b = appendJSON(b, v, s, depth+1)
	}
	return append(appendBreak(b, s, depth), '}')
}

// appendBreak starts a new line where values are spread over lines.
func appendBreak(b []byte, s *style, depth int) []byte {
	if s.indent == "" {
		return b
	}
	b = append(b, '\n')
	for range depth {
		b = append(b, s.indent...)
	}
	return b
}

// appendNumber appends a number with 17 digits at most, plain where that is
// not much longer than with an exponent.
func appendNumber(b []byte, f float64) []byte {
	switch {
	case math.IsNaN(f):
		return append(b, "null"...)
	case f > math.MaxFloat64:
		f = math.MaxFloat64
	case f < -math.MaxFloat64:
		f = -math.MaxFloat64
	case f == math.Trunc(f) && math.Abs(f) < 1e15:
		if f == 0 && math.Signbit(f) {
			return append(b, "-0"...)
		}
		return strconv.AppendInt(b, int64(f), 10)
	}
	var buf [32]byte
	digits := strconv.AppendFloat(buf[:0], f, 'e', -1, 64)
	if digits[0] == '-' {
		b, digits = append(b, '-'), digits[1:]
	}
	return appendDecimal(b, string(digits))
}

// appendDecimal rewrites d.ddde±x the way jq shows it.
func appendDecimal(b []byte, s string) []byte {
	mantissa, e, _ := strings.Cut(s, "e")
	exp, _ := strconv.Atoi(e)
	digits := strings.Replace(mantissa, ".", "", 1)
	point := exp + 1 // where the point goes in digits
	switch {
	case point <= -4 || point > len(digits)+15:
		b = append(b, mantissa...)
		b = append(b, 'e')
		if exp < 0 {
			b, exp = append(b, '-'), -exp
		} else {
			b = append(b, '+')
		}
		if exp < 10 {
			b = append(b, '0')
		}
		return strconv.AppendInt(b, int64(exp), 10)
	case point <= 0:
		b = append(b, "0."...)
		for range -point {
			b = append(b, '0')
		}
		return append(b, digits...)
	case point < len(digits):
		b = append(b, digits[:point]...)
		b = append(b, '.')
		return append(b, digits[point:]...)
	}
	b = append(b, digits...)
	for range point - len(digits) {
		b = append(b, '0')
	}
	return b
}

const hexDigits = "0123456789abcdef"

// plainByte are the bytes of a string that stand for themselves.
func plainByte(c byte) bool { return c >= ' ' && c < 0x7f && c != '"' && c != '\\' }

func appendString(b []byte, s string, ascii bool) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		if plainByte(s[i]) {
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r >= utf8.RuneSelf && !ascii && !(r == utf8.RuneError && n == 1) {
			i += n
			continue
		}
		b = append(b, s[start:i]...)
		b = appendEscape(b, r, ascii)
		i += n
		start = i
	}
	return append(append(b, s[start:]...), '"')
}

func appendEscape(b []byte, r rune, ascii bool) []byte {
	switch r {
	case '"', '\\':
		return append(b, '\\', byte(r))
	case '\b':
		return append(b, `\b`...)
	case '\f':
		return append(b, `\f`...)
	case '\n':
		return append(b, `\n`...)
	case '\r':
		return append(b, `\r`...)
	case '\t':
		return append(b, `\t`...)
	}
	if r >= utf8.RuneSelf && !ascii {
		return utf8.AppendRune(b, r)
	}
	if r > 0xffff {
		r -= 0x10000
		b = appendUnicode(b, 0xd800+r>>10)
		return appendUnicode(b, 0xdc00+r&0x3ff)
	}
	return appendUnicode(b, r)
}

func appendUnicode(b []byte, r rune) []byte {
	return append(b, '\\', 'u', hexDigits[r>>12&15], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
}

// palette holds the colours of values.
type palette struct {
	null, no, yes, number, text, array, object, key string
}

// newPalette is the default, altered by JQ_COLORS.
func newPalette(colors string) *palette {
	p := &palette{"1;30", "0;39", "0;39", "0;39", "0;32", "1;39", "1;39", "34;1"}
	if strings.Trim(colors, "0123456789;:") != "" {
		return p
	}
	fields := []*string{&p.null, &p.no, &p.yes, &p.number, &p.text, &p.array, &p.object}
	for i, c := range strings.Split(colors, ":") {
		if i < len(fields) && (c != "" || colors != "") {
			*fields[i] = c
		}
	}
	return p
}

const resetColor = "\x1b[0m"

func start(color string) string { return "\x1b[" + color + "m" }

func (p *palette) append(b []byte, v any, s *style, depth int) []byte {
	switch v := v.(type) {
	case []any:
		return p.appendArray(b, v, s, depth)
	case *object:
		return p.appendObject(b, v, s, depth)
	}
	b = append(b, start(p.of(v))...)
	b = appendScalar(b, v, s)
	return append(b, resetColor...)
}

func (p *palette) of(v any) string {
	switch v := v.(type) {
	case nil:
		return p.null
	case bool:
		if v {
			return p.yes
		}
		return p.no
	case string:
		return p.text
	}
	return p.number
}

func (p *palette) appendArray(b []byte, a []any, s *style, depth int) []byte {
	on := start(p.array)
	b = append(b, on...)
	if len(a) == 0 {
		return append(append(b, "[]"...), resetColor...)
	}
	b = append(b, '[')
	for i, v := range a {
		if i > 0 {
			b = append(b, on...)
			b = append(b, ',')
		}
		b = appendBreak(b, s, depth+1)
		b = p.append(b, v, s, depth+1)
	}
	b = append(b, on...)
	b = append(appendBreak(b, s, depth), on...)
	return append(append(b, ']'), resetColor...)
}

func (p *palette) appendObject(b []byte, o *object, s *style, depth int) []byte {
	on := start(p.object)
	b = append(b, on...)
	if o.len() == 0 {
		return append(append(b, "{}"...), resetColor...)
	}
	keys := o.keys()
	if s.sortKeys {
		keys = o.sortedKeys()
	}
	b = append(b, '{')
	for i, k := range keys {
		if i > 0 {
			b = append(b, on...)
			b = append(b, ',')
		}
		b = appendBreak(b, s, depth+1)
		b = append(b, resetColor...)
		b = append(b, start(p.key)...)
		b = appendString(b, k, s.ascii)
		b = append(b, resetColor...)
		b = append(b, on...)
		b = append(b, ':')
		if s.indent != "" {
			b = append(b, ' ')
		}
		b = append(b, resetColor...)
		v, _ := o.get(k)
		b = p.append(b, v, s, depth+1)
	}
	b = append(b, on...)
	b = append(appendBreak(b, s, depth), on...)
	return append(append(b, '}'), resetColor...)
}
