package awk

import (
	"math"
	"strconv"
	"strings"
)

// number formats a number by itself.
func (s spec) number(f float64) string {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return s.special(f)
	}
	switch s.verb {
	case 'd', 'i':
		return s.integer(math.Trunc(f))
	case 'o', 'x', 'X', 'u':
		return s.unsigned(math.Trunc(f))
	}
	return s.float(f)
}

func (s spec) special(f float64) string {
	s.zero = false
	return s.fill("", specialText(f))
}

func (s spec) integer(f float64) string {
	sign := s.sign(f < 0)
	digits := strconv.FormatFloat(math.Abs(f), 'f', 0, 64)
	if s.prec == 0 && f == 0 {
		digits = ""
	}
	if len(digits) < s.prec {
		digits = strings.Repeat("0", s.prec-len(digits)) + digits
	}
	if s.prec >= 0 {
		s.zero = false
	}
	return s.fill(sign, digits)
}

func (s spec) sign(negative bool) string {
	switch {
	case negative:
		return "-"
	case s.plus:
		return "+"
	case s.space:
		return " "
	}
	return ""
}

// unsigned formats in base 8, 10 or 16. What does not fit is shown as %g has
// it, and a negative number as its two's complement.
func (s spec) unsigned(f float64) string {
	var n uint64
	switch {
	case f < 0 && f >= math.MinInt64:
		n = uint64(int64(f))
	case f >= 0 && f < math.MaxUint64:
		n = uint64(f)
	default:
		s.verb = 'g'
		return s.float(f)
	}
	base, prefix := 10, ""
	switch s.verb {
	case 'o':
		base, prefix = 8, "0"
	case 'x', 'X':
		base, prefix = 16, "0"+string(s.verb)
	}
	digits := strconv.FormatUint(n, base)
	if s.verb == 'X' {
		digits = strings.ToUpper(digits)
	}
	if len(digits) < s.prec {
		digits = strings.Repeat("0", s.prec-len(digits)) + digits
	}
	if s.prec >= 0 {
		s.zero = false
	}
	if !s.alt || n == 0 || s.verb == 'u' {
		prefix = ""
	}
	return s.fill(prefix, digits)
}

func (s spec) float(f float64) string {
	prec := s.prec
	if prec < 0 {
		prec = 6
	}
	sign := s.sign(math.Signbit(f))
	abs := math.Abs(f)
	var digits string
	switch s.verb {
	case 'e', 'E', 'f', 'F':
		digits = strconv.FormatFloat(abs, s.verb|0x20, prec, 64)
		if s.alt && prec == 0 {
			digits += "."
		}
	case 'g', 'G':
		digits = formatG(abs, prec, s.alt, 'e')
	case 'a', 'A':
		digits = hexFloat(abs, s.prec)
	}
	if s.verb < 'a' {
		digits = strings.ToUpper(digits)
	}
	return s.fill(sign, digits)
}

// hexFloat is %a.
func hexFloat(f float64, prec int) string {
	s := strconv.FormatFloat(f, 'x', prec, 64)
	mantissa, exp, _ := strings.Cut(s, "p")
	n, _ := strconv.Atoi(exp)
	if n >= 0 {
		return mantissa + "p+" + strconv.Itoa(n)
	}
	return mantissa + "p" + strconv.Itoa(n)
}

// fill pads a number: zeros go between its sign and its digits.
func (s spec) fill(sign, digits string) string {
	fill := s.width - len(sign) - len(digits)
	switch {
	case fill <= 0:
		return sign + digits
	case s.minus:
		return sign + digits + strings.Repeat(" ", fill)
	case s.zero:
		return sign + strings.Repeat("0", fill) + digits
	}
	return strings.Repeat(" ", fill) + sign + digits
}

// formatG is %g: the shorter of %e and %f, without zeros at the end unless
// alt.
func formatG(f float64, prec int, alt bool, e byte) string {
	if prec == 0 {
		prec = 1
	}
	if f == 0 {
		if alt {
			return "0." + strings.Repeat("0", prec-1)
		}
		return "0"
	}
	s := strconv.FormatFloat(f, e, prec-1, 64)
	at := strings.LastIndexByte(s, e)
	exp, _ := strconv.Atoi(s[at+1:])
	if exp < -4 || exp >= prec {
		return trimZeros(s[:at], alt) + s[at:]
	}
	return trimZeros(strconv.FormatFloat(f, 'f', prec-1-exp, 64), alt)
}

func trimZeros(s string, keep bool) string {
	if keep {
		return s
	}
	if strings.IndexByte(s, '.') >= 0 {
		s = strings.TrimRight(s, "0")
		s = strings.TrimSuffix(s, ".")
	}
	return s
}

// formatNumber formats one number by CONVFMT or OFMT.
func formatNumber(format string, f float64) string {
	fm := formatter{m: &machine{convfmt: "%.6g", limit: 1 << 16, utf8: true}, format: format, args: []value{num(f)}}
	fm.run()
	return string(fm.b)
}
