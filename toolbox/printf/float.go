package printf

import (
	"bufio"
	"math/big"
	"strconv"
	"strings"
)

// mostDigits is the largest precision that can show a digit of a Long that is
// not 0; what a format asks beyond is zeros.
const mostDigits = 16600

func (p *printer) float(s spec) error {
	arg := p.next()
	if r, ok := p.character(arg); ok {
		return s.WriteLong(p.w, NewLong(float64(r)))
	}
	l, n, over := ParseLong(arg)
	p.verify(arg, n, over)
	return s.WriteLong(p.w, l)
}

// WriteLong prints l as the conversion says, one of the verbs a, e, f and g in
// either case.
func (s Spec) WriteLong(w *bufio.Writer, l Long) error {
	n := number{prefix: s.sign(l.neg)}
	upper := s.Verb < 'a'
	switch {
	case l.class == nan:
		n.body, s.Zero = "nan", false
	case l.class == infinite:
		n.body, s.Zero = "inf", false
	default:
		s.digits(&n, l.Abs())
	}
	if upper {
		n.prefix, n.body, n.suffix = strings.ToUpper(n.prefix), strings.ToUpper(n.body), strings.ToUpper(n.suffix)
	}
	return s.write(w, n)
}

// digits fills in the digits of l, which is finite and not negative.
func (s Spec) digits(n *number, l Long) {
	switch s.Verb | 0x20 {
	case 'f':
		s.fixed(n, l, s.precision(6))
	case 'e':
		s.scientific(n, l, s.precision(6))
	case 'g':
		s.general(n, l)
	case 'a':
		s.hexadecimal(n, l)
	}
}

func (s Spec) precision(fallback int) int {
	if s.Prec < 0 {
		return fallback
	}
	return s.Prec
}

func (s Spec) fixed(n *number, l Long, prec int) {
	shown := min(prec, mostDigits)
	n.body = l.text('f', shown)
	n.trail = prec - shown
	if prec == 0 && s.Alt {
		n.body += "."
	}
}

// text is the decimal form of l. A value that a float64 holds exactly is
// converted by the quicker way, which rounds the same.
func (l Long) text(format byte, digits int) string {
	if v, accuracy := l.value().Float64(); accuracy == big.Exact && digits < 400 {
		return strconv.FormatFloat(v, format, digits, 64)
	}
	return l.value().Text(format, digits)
}

func (s Spec) scientific(n *number, l Long, prec int) {
	shown := min(prec, mostDigits)
	text := l.text('e', shown)
	e := strings.IndexByte(text, 'e')
	n.body, n.suffix = text[:e], text[e:]
	n.trail = prec - shown
	if prec == 0 && s.Alt {
		n.body += "."
	}
}

// general is %g: precision counts significant digits, the exponent that they
// leave decides for %e or %f, and zeros at the end go unless asked for.
func (s Spec) general(n *number, l Long) {
	prec := max(s.precision(6), 1)
	var e number
	Spec{}.scientific(&e, l, min(prec-1, mostDigits))
	exp, _ := strconv.Atoi(e.suffix[1:])
	if exp < -4 || exp >= prec {
		s.scientific(n, l, prec-1)
	} else {
		s.fixed(n, l, prec-1-exp)
	}
	if !s.Alt && strings.Contains(n.body, ".") {
		n.trail = 0
		n.body = strings.TrimRight(strings.TrimRight(n.body, "0"), ".")
	}
}

// hexadecimal is %a: as x86 prints its long doubles, with all four top bits of
// the mantissa before the point.
func (s Spec) hexadecimal(n *number, l Long) {
	n.prefix += "0x"
	var bits uint64
	exp := 0
	if !l.Zero() {
		mant := newFloat()
		exp = l.value().MantExp(mant)
		bits, _ = mant.SetMantExp(mant, prec).Uint64()
		exp -= 4
	}
	top, rest := bits>>60, bits<<4
	if s.Prec >= 0 && s.Prec < 15 {
		var carry bool
		rest, carry = roundNibbles(rest, s.Prec, top&1 == 1)
		if carry {
			top++
		}
		if top == 16 {
			top, exp = 1, exp+4
		}
	}
	frac := strconv.FormatUint(1<<60|rest>>4, 16)[1:]
	if s.Prec < 0 {
		frac = strings.TrimRight(frac, "0")
	} else {
		frac = frac[:min(s.Prec, 15)]
		n.trail = max(s.Prec-15, 0)
	}
	n.body = strconv.FormatUint(top, 16)
	if frac != "" || s.Alt {
		n.body += "." + frac
	}
	n.suffix = "p" + signedText(exp)
}

// roundNibbles keeps the top keep hexadecimal digits of bits, rounded to
// nearest, a tie to even; odd is the parity of the digit before.
func roundNibbles(bits uint64, keep int, odd bool) (rounded uint64, carry bool) {
	shift := 64 - 4*keep
	var kept, cut, half uint64
	if keep == 0 {
		cut, half = bits, 1<<63
	} else {
		kept, cut, half = bits>>shift, bits&(1<<shift-1), 1<<(shift-1)
		odd = kept&1 == 1
	}
	if cut > half || cut == half && odd {
		kept++
		if keep == 0 || kept>>(4*keep) != 0 {
			return 0, true
		}
	}
	if keep == 0 {
		return 0, false
	}
	return kept << shift, false
}

func signedText(n int) string {
	if n < 0 {
		return strconv.Itoa(n)
	}
	return "+" + strconv.Itoa(n)
}
