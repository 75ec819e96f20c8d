package awk

import (
	"math"
	"strconv"
	"strings"
)

// kind is what a value is.
type kind uint8

const (
	unset   kind = iota // no value yet: "" and 0
	number              // num
	text                // str
	input               // str, from outside: a number if it looks like one
	missing             // "", a field that is not there
	regexK              // str, a regular expression as a value
)

// value is the value of a scalar.
type value struct {
	kind kind
	num  float64
	str  string
}

func num(f float64) value  { return value{kind: number, num: f} }
func str(s string) value   { return value{kind: text, str: s} }
func given(s string) value { return value{kind: input, str: s} }

func boolean(b bool) value {
	if b {
		return num(1)
	}
	return num(0)
}

// setNum makes the value a number.
func (v *value) setNum(f float64) {
	if v.kind == number {
		v.num = f
		return
	}
	*v = num(f)
}

// toNum is the value as a number.
func (v *value) toNum() float64 {
	if v.kind == number {
		return v.num
	}
	if v.kind == unset {
		return 0
	}
	return strNum(v.str)
}

// isTrue is the value as a condition.
func (v *value) isTrue() bool {
	switch v.kind {
	case number:
		return v.num != 0
	case input:
		if f, ok := looksNumeric(v.str); ok {
			return f != 0
		}
	}
	return v.str != ""
}

// numeric reports whether the value counts as a number in comparisons.
func (v *value) numeric() (float64, bool) {
	switch v.kind {
	case number:
		return v.num, true
	case unset:
		return 0, true
	case input:
		return looksNumeric(v.str)
	}
	return 0, false
}

// strNum is the number that a string starts with.
func strNum(s string) float64 {
	if len(s) == 1 && isDigit(s[0]) {
		return float64(s[0] - '0')
	}
	f, _ := scanNumber(trimLeft(s))
	return f
}

func trimLeft(s string) string {
	for len(s) > 0 && (s[0] == ' ' || s[0] >= '\t' && s[0] <= '\r') {
		s = s[1:]
	}
	return s
}

// looksNumeric reports whether all of s is a number, blanks around it aside.
func looksNumeric(s string) (float64, bool) {
	s = trimLeft(s)
	if s == "" || s[0] > '9' {
		return 0, false
	}
	f, n := scanNumber(s)
	return f, n > 0 && trimLeft(s[n:]) == ""
}

// scanNumber reads a decimal number, or a signed inf or nan, and returns how
// long it is.
func scanNumber(s string) (float64, int) {
	n := 0
	if n < len(s) && (s[n] == '+' || s[n] == '-') {
		n++
		if f, ok := infOrNaN(s); ok {
			return f, 4
		}
	}
	start, v := n, 0.0
	for n < len(s) && isDigit(s[n]) {
		v = v*10 + float64(s[n]-'0')
		n++
	}
	count := n - start
	simple := count < 16
	if n < len(s) && s[n] == '.' {
		end := n + 1
		for end < len(s) && isDigit(s[end]) {
			end++
		}
		if count += end - n - 1; count > 0 {
			simple = simple && end == n+1
			n = end
		}
	}
	if count == 0 {
		return 0, 0
	}
	if e := exponent(s[n:]); e > 0 {
		n += e
		simple = false
	}
	if !simple {
		v, _ = strconv.ParseFloat(s[start:n], 64)
	}
	if s[0] == '-' {
		v = -v
	}
	return v, n
}

// exponent is the length of an exponent.
func exponent(s string) int {
	if s == "" || s[0]|0x20 != 'e' {
		return 0
	}
	n := 1
	if n < len(s) && (s[n] == '+' || s[n] == '-') {
		n++
	}
	digits := n
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	if n == digits {
		return 0
	}
	return n
}

// infOrNaN reads a signed inf or nan, which nothing may follow.
func infOrNaN(s string) (float64, bool) {
	if len(s) < 4 || len(s) > 4 && isName(s[4]) {
		return 0, false
	}
	sign := 1.0
	if s[0] == '-' {
		sign = -1
	}
	switch strings.ToLower(s[1:4]) {
	case "inf":
		return math.Inf(int(sign)), true
	case "nan":
		return math.Copysign(math.NaN(), sign), true
	}
	return 0, false
}

// hexOrOctal reads a number as the source of a program has it.
func hexOrOctal(s string) float64 {
	if len(s) > 1 && s[0] == '0' {
		base, digits := 8, s[1:]
		if s[1]|0x20 == 'x' {
			base, digits = 16, s[2:]
		}
		v := 0.0
		for i := range len(digits) {
			d := strings.IndexByte("0123456789abcdef", lower(digits[i]))
			if d < 0 || d >= base {
				break
			}
			v = v*float64(base) + float64(d)
		}
		return v
	}
	f, _ := scanNumber(s)
	return f
}

// numText is a number as text; format is CONVFMT or OFMT.
func numText(f float64, format string) string {
	if f == math.Trunc(f) && !math.IsInf(f, 0) {
		if math.Abs(f) < 1e16 {
			return smallInt(int64(f))
		}
		return strconv.FormatFloat(f, 'f', 0, 64)
	}
	switch {
	case math.IsInf(f, 0) || math.IsNaN(f):
		return specialText(f)
	case format == "%.6g":
		return formatG(f, 6, false, 'e')
	}
	return formatNumber(format, f)
}

// smallInt is an integer as text.
func smallInt(n int64) string { return strconv.FormatInt(n, 10) }

func specialText(f float64) string {
	sign := "+"
	if math.Signbit(f) {
		sign = "-"
	}
	if math.IsNaN(f) {
		return sign + "nan"
	}
	return sign + "inf"
}

// variable is a place that holds a scalar or an array. An argument that was
// not set yet knows the caller's variable, in case it becomes an array.
type variable struct {
	v     value
	arr   *array
	alias *variable
	sub   *cell // the element that an array argument would be made in
}

// array returns the array in the variable, which it makes if there is no
// value yet; nil if there is a scalar.
func (v *variable) array() *array {
	switch {
	case v.arr != nil:
		return v.arr
	case v.v.kind != unset:
		return nil
	case v.alias != nil:
		v.arr = v.alias.array()
	case v.sub != nil:
		v.arr = v.sub.array()
	default:
		v.arr = newArray()
	}
	return v.arr
}

// isArray reports whether the variable holds an array.
func (v *variable) isArray() bool {
	return v.arr != nil || v.alias != nil && v.v.kind == unset && v.alias.isArray()
}
