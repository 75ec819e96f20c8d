package decimal

import (
	"math/big"
	"strconv"
	"strings"
)

// Parse reads a number in a base up to 36: digits, of which A to Z are 10 and
// more, with a point among them. A digit that is too large counts as the largest
// of the base, but where it stands alone. ok is false for what is none.
func Parse(s string, base int) (a Number, ok bool) {
	whole, behind, _ := strings.Cut(s, ".")
	n := new(big.Int)
	single := len(whole)+len(behind) == 1
	if base == 10 && strings.Trim(whole+behind, "0123456789") == "" {
		if whole+behind == "" {
			return Number{}, false
		}
		n.SetString(whole+behind, 10)
		return Number{n, len(behind)}, true
	}
	b := big.NewInt(int64(base))
	for i := range len(whole) + len(behind) {
		d, ok := digit((whole + behind)[i])
		if !ok {
			return Number{}, false
		}
		if !single {
			d = min(d, base-1)
		}
		n.Add(n.Mul(n, b), big.NewInt(int64(d)))
	}
	a = Number{n, 0}
	if behind != "" {
		part := Number{new(big.Int).Exp(b, big.NewInt(int64(len(behind))), nil), 0}
		a, _ = a.Div(part, len(behind))
	}
	return a, true
}

func digit(c byte) (int, bool) {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0'), true
	case c >= 'A' && c <= 'Z':
		return int(c-'A') + 10, true
	}
	return 0, false
}

// Text shows a number in a base from 2: without a zero in front of the point,
// and from base 17 on with each digit as a decimal number behind a space.
func (a Number) Text(base int) string {
	if a.Sign() == 0 {
		return "0"
	}
	if base == 10 {
		return a.decimal()
	}
	var b strings.Builder
	if a.Sign() < 0 {
		b.WriteByte('-')
	}
	abs := Number{new(big.Int).Abs(a.n), a.scale}
	whole := abs.Rescale(0)
	w := writer{&b, base, len(strconv.Itoa(base - 1))}
	if whole.Sign() != 0 {
		w.whole(whole.n)
	}
	if a.scale > 0 {
		b.WriteByte('.')
		w.fraction(abs.Sub(whole))
	}
	return b.String()
}

func (a Number) decimal() string {
	text := new(big.Int).Abs(a.n).Text(10)
	if a.scale > 0 {
		if len(text) < a.scale {
			text = strings.Repeat("0", a.scale-len(text)) + text
		}
		text = text[:len(text)-a.scale] + "." + text[len(text)-a.scale:]
	}
	if a.Sign() < 0 {
		return "-" + text
	}
	return text
}

// writer writes digits of a base.
type writer struct {
	b     *strings.Builder
	base  int
	width int // of a digit from base 17 on
}

func (w writer) whole(n *big.Int) {
	if w.base <= 16 {
		w.b.WriteString(strings.ToUpper(n.Text(w.base)))
		return
	}
	var digits []int
	base, rest := big.NewInt(int64(w.base)), new(big.Int)
	n = new(big.Int).Set(n)
	for n.Sign() > 0 {
		n.QuoRem(n, base, rest)
		digits = append(digits, int(rest.Int64()))
	}
	for i := len(digits) - 1; i >= 0; i-- {
		w.digit(digits[i], true)
	}
}

// fraction writes as many digits as say what the decimal ones do.
func (w writer) fraction(a Number) {
	base := Int(w.base)
	for t, first := Int(1), true; t.Length() <= a.scale; t, first = t.Mul(base, 0), false {
		a = a.Mul(base, a.scale)
		d, _ := a.Small()
		w.digit(d, !first)
		a = a.Sub(Int(d))
	}
}

func (w writer) digit(d int, space bool) {
	if w.base <= 16 {
		w.b.WriteByte("0123456789ABCDEF"[d])
		return
	}
	if space {
		w.b.WriteByte(' ')
	}
	text := strconv.Itoa(d)
	w.b.WriteString(strings.Repeat("0", w.width-len(text)) + text)
}
