package seq

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"agentsandbox/toolbox/printf"
	"agentsandbox/toolbox/tool"
)

// unknown is the precision of a number that is not written in decimal.
const unknown = math.MaxInt32

// number is an operand: its value, and how it was written.
type number struct {
	text  string // without blanks and plus in front
	value printf.Long
	width int // as it is printed
	prec  int // digits behind the point
}

func one() number { return number{text: "1", value: printf.NewLong(1), width: 1} }

func parseNumber(arg string) (number, error) {
	value, n, _ := printf.ParseLong(arg)
	if n == 0 || n != len(arg) {
		return number{}, fmt.Errorf("invalid floating point argument: %s", tool.QuoteText(arg))
	}
	if value.NaN() {
		return number{}, fmt.Errorf("invalid 'not-a-number' argument: %s", tool.QuoteText(arg))
	}
	v := number{text: strings.TrimLeft(arg, " \t\n\v\f\r+"), value: value, prec: unknown}
	if !strings.ContainsAny(v.text, ".p") {
		v.prec = 0
	}
	if value.Finite() && !strings.ContainsAny(v.text, "xX") {
		v.measure()
	}
	return v, nil
}

// measure finds the width and precision of a decimal number.
func (v *number) measure() {
	mantissa, exp := v.text, 0
	e := strings.IndexAny(v.text, "eE")
	if e >= 0 {
		mantissa = v.text[:e]
		exp = exponent(v.text[e+1:])
	}
	v.width = len(mantissa)
	point := strings.IndexByte(mantissa, '.')
	fraction := 0
	if point >= 0 {
		fraction = len(mantissa) - point - 1
		v.prec = fraction
		switch {
		case fraction == 0:
			v.width-- // "1." is written as 1
		case point == 0 || mantissa[point-1] < '0' || mantissa[point-1] > '9':
			v.width++ // ".5" is written as 0.5
		}
	}
	switch {
	case exp < 0:
		if point < 0 || fraction == 0 {
			v.width++ // a point appears
		}
		v.prec = min(v.prec-exp, unknown-1)
		v.width += -exp
	case exp > 0:
		v.prec -= min(v.prec, exp)
		if fraction > 0 && v.prec == 0 {
			v.width-- // the point goes
		}
		v.width += exp - min(fraction, exp)
	}
}

// exponent reads the exponent of a number, bounded.
func exponent(s string) int {
	n, err := strconv.Atoi(s)
	const bound = 1 << 30
	if err != nil {
		n = bound
		if strings.HasPrefix(s, "-") {
			n = -bound
		}
	}
	return max(-bound, min(n, bound))
}

// defaultFormat is the format where none was given.
func (s *seq) defaultFormat() *format {
	prec := max(s.first.prec, s.step.prec)
	if prec == unknown || s.last.prec == unknown {
		return &format{spec: printf.Spec{Prec: -1, Verb: 'g'}}
	}
	spec := printf.Spec{Prec: prec, Verb: 'f'}
	if s.equalWidth {
		spec.Zero = true
		spec.Width = s.width(prec)
	}
	return &format{spec: spec}
}

// width is the width that all numbers are padded to.
func (s *seq) width(prec int) int {
	first := s.first.width + prec - s.first.prec
	last := s.last.width + prec - s.last.prec
	switch {
	case s.last.prec > 0 && prec == 0:
		last--
	case s.last.prec == 0 && prec > 0:
		last++
	}
	if s.first.prec == 0 && prec > 0 {
		first++
	}
	return max(first, last)
}
