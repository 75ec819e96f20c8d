package printf

import (
	"math"
	"math/big"
	"strings"
)

// Long is C's long double as x86 has it: 64 bits of mantissa, a 15-bit
// exponent, infinities and NaN. The zero value is 0. Values do not change.
type Long struct {
	class class
	neg   bool
	v     *big.Float // finite; nil is 0
}

type class byte

const (
	finite class = iota
	infinite
	nan
)

// prec is the mantissa of a long double, in bits.
const prec = 64

// maxExp and minExp bound the binary exponent of a fraction in [0.5, 1).
const (
	maxExp = 16384
	minExp = -16445
)

func newFloat() *big.Float { return new(big.Float).SetPrec(prec) }

// NewLong is v as a Long.
func NewLong(v float64) Long {
	switch {
	case math.IsNaN(v):
		return Long{class: nan}
	case math.IsInf(v, 0):
		return Long{class: infinite, neg: v < 0}
	}
	return Long{neg: math.Signbit(v), v: newFloat().SetFloat64(v)}
}

// Finite reports whether l is a number.
func (l Long) Finite() bool { return l.class == finite }

// NaN reports whether l is not a number.
func (l Long) NaN() bool { return l.class == nan }

// Zero reports whether l is 0 or -0.
func (l Long) Zero() bool { return l.class == finite && (l.v == nil || l.v.Sign() == 0) }

// Neg reports whether the sign of l is minus.
func (l Long) Neg() bool { return l.neg }

// Abs is l without its sign.
func (l Long) Abs() Long {
	if l.v != nil {
		l.v = newFloat().Abs(l.v)
	}
	l.neg = false
	return l
}

// Cmp compares a and b, neither of them NaN: -1, 0 or 1.
func (l Long) Cmp(m Long) int { return l.value().Cmp(m.value()) }

// Add is l + m rounded; NaN where either is, or for opposite infinities.
func (l Long) Add(m Long) Long {
	if l.class == finite && m.class == finite {
		return wrap(newFloat().Add(l.value(), m.value()))
	}
	if l.class == nan || m.class == nan || l.class == m.class && l.neg != m.neg {
		return Long{class: nan}
	}
	if l.class == infinite {
		return l
	}
	return m
}

// Mul is l * m rounded; NaN where either is, or for 0 times infinity.
func (l Long) Mul(m Long) Long {
	if l.class == finite && m.class == finite {
		return wrap(newFloat().Mul(l.value(), m.value()))
	}
	if l.class == nan || m.class == nan || l.Zero() || m.Zero() {
		return Long{class: nan}
	}
	return Long{class: infinite, neg: l.neg != m.neg}
}

// value is l as a big.Float that is not NaN.
func (l Long) value() *big.Float {
	switch {
	case l.class == infinite:
		return newFloat().SetInf(l.neg)
	case l.v == nil:
		return newFloat()
	}
	return l.v
}

// wrap bounds the exponent.
func wrap(v *big.Float) Long {
	l := Long{neg: v.Signbit(), v: v}
	switch exp := v.MantExp(nil); {
	case v.IsInf() || exp > maxExp:
		l.class, l.v = infinite, nil
	case exp < minExp:
		l.v = newFloat()
		if l.neg {
			l.v.Neg(l.v)
		}
	}
	return l
}

// ParseLong reads the number that s starts with, as C's strtold does:
// decimal, hexadecimal, inf or nan. n is how many bytes it took, 0 for no
// number; over says that it is out of range.
func ParseLong(s string) (l Long, n int, over bool) {
	i := len(s) - len(strings.TrimLeft(s, " \t\n\v\f\r"))
	neg := false
	if i < len(s) && (s[i] == '+' || s[i] == '-') {
		neg = s[i] == '-'
		i++
	}
	l, n, over = parseMagnitude(s[i:])
	if n == 0 {
		return Long{}, 0, false
	}
	l.neg = neg
	if neg && l.class == finite {
		l.v = newFloat().Neg(l.value())
	}
	return l, i + n, over
}

func parseMagnitude(s string) (l Long, n int, over bool) {
	switch {
	case hasFold(s, "infinity"):
		return Long{class: infinite}, 8, false
	case hasFold(s, "inf"):
		return Long{class: infinite}, 3, false
	case hasFold(s, "nan"):
		return Long{class: nan}, 3 + nanTag(s[3:]), false
	case hasFold(s, "0x"):
		if n := mantissa(s[2:], true); n > 0 {
			n += 2
			n += exponent(s[n:], 'p')
			l, over = convert(s[:n], true)
			return l, n, over
		}
	}
	n = mantissa(s, false)
	if n == 0 {
		return Long{}, 0, false
	}
	n += exponent(s[n:], 'e')
	l, over = convert(s[:n], false)
	return l, n, over
}

func hasFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// nanTag is the length of "(chars)".
func nanTag(s string) int {
	if s == "" || s[0] != '(' {
		return 0
	}
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == ')':
			return i + 1
		case c != '_' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z'):
			return 0
		}
	}
	return 0
}

// mantissa is the length of the digits with at most one point, 0 if there is
// no digit.
func mantissa(s string, hexadecimal bool) int {
	i, digits, point := 0, 0, false
	for ; i < len(s); i++ {
		d := hexDigit(s[i])
		switch {
		case d >= 0 && (d < 10 || hexadecimal):
			digits++
		case s[i] == '.' && !point:
			point = true
		default:
			if digits == 0 {
				return 0
			}
			return i
		}
	}
	if digits == 0 {
		return 0
	}
	return i
}

// exponent is the length of the mark with a signed number behind it, else 0.
func exponent(s string, mark byte) int {
	if s == "" || s[0]|0x20 != mark {
		return 0
	}
	i := 1
	if i < len(s) && (s[i] == '+' || s[i] == '-') {
		i++
	}
	start := i
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	if i == start {
		return 0
	}
	return i
}

// convert turns a well-formed number into its value.
func convert(s string, hexadecimal bool) (l Long, over bool) {
	body, exp, mark := s, "", "e"
	if hexadecimal {
		body, mark = s[2:], "p"
	}
	if i := strings.IndexAny(body, mark+strings.ToUpper(mark)); i >= 0 {
		body, exp = body[:i], body[i+1:]
	}
	if strings.Trim(body, "0.") == "" {
		return Long{v: newFloat()}, false
	}
	if huge, neg := extreme(exp); huge {
		if neg {
			return Long{v: newFloat()}, true
		}
		return Long{class: infinite}, true
	}
	if hexadecimal {
		body = "0x" + body
		if exp == "" {
			exp = "0"
		}
	}
	if exp != "" {
		body += mark + exp
	}
	base := 10
	if hexadecimal {
		base = 0
	}
	v, _, err := newFloat().Parse(body, base)
	if err != nil {
		return Long{class: infinite}, true
	}
	l = wrap(v)
	return l, l.class == infinite || l.Zero()
}

// extreme reports an exponent that no digits before it can bring into range.
func extreme(exp string) (huge, neg bool) {
	neg = strings.HasPrefix(exp, "-")
	return len(strings.TrimLeft(exp, "+-0")) > 8, neg
}

// Float64 is the nearest float64.
func (l Long) Float64() float64 {
	if l.class == nan {
		return math.NaN()
	}
	v, _ := l.value().Float64()
	if l.neg && v == 0 {
		return math.Copysign(0, -1)
	}
	return v
}
