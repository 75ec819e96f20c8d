package numfmt

import (
	"errors"
	"fmt"
	"math/big"
	"strings"

	"agentsandbox/toolbox/tool"
)

// suffixes are the units by power.
const suffixes = "KMGTPEZY"

// mostDigits is how many digits are read at most; mostWritten, how many are
// written without a unit.
const (
	mostDigits  = 27
	mostWritten = 18
)

func newFloat(v int64) *big.Float { return new(big.Float).SetPrec(64).SetInt64(v) }

func power(base int64, n int) *big.Float {
	v := newFloat(1)
	for range n {
		v.Mul(v, newFloat(base))
	}
	return v
}

// number converts a number.
func (n *numfmt) number(s string) (string, error) {
	text := s
	if n.suffix != "" {
		text = strings.TrimSuffix(text, n.suffix)
	}
	v, digits, err := n.read(text)
	if err != nil {
		return "", err
	}
	v.Mul(v, newFloat(n.fromUnit))
	v.Quo(v, newFloat(n.toUnit))
	if n.precision >= 0 {
		digits = n.precision
	}
	if n.to == none {
		if len(wholeDigits(v))+digits > mostWritten+1 {
			return "", fmt.Errorf("value too large to be printed: '%s' (consider using --to)", v.Text('g', 6))
		}
		return n.layout(n.plain(v, digits)) + n.suffix, nil
	}
	return n.layout(n.scaled(v)) + n.suffix, nil
}

func wholeDigits(v *big.Float) string {
	i, _ := v.Int(nil)
	return i.Text(10)
}

// read reads a number with its unit; digits is how many it has behind the point.
func (n *numfmt) read(s string) (v *big.Float, digits int, err error) {
	i := 0
	if strings.HasPrefix(s, "-") {
		i++
	}
	start := i
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	if i == start && !strings.HasPrefix(s[i:], ".") || i == start && (i+1 >= len(s) || !isDigit(s[i+1])) {
		return nil, 0, fmt.Errorf("invalid number: %s", tool.QuoteText(s))
	}
	if i-start > mostDigits {
		return nil, 0, fmt.Errorf("value too large to be converted: %s", tool.QuoteText(s))
	}
	if i < len(s) && s[i] == '.' {
		point := i
		for i++; i < len(s) && isDigit(s[i]); i++ {
		}
		if digits = i - point - 1; digits == 0 {
			return nil, 0, fmt.Errorf("invalid number: %s", tool.QuoteText(s))
		}
	}
	v, _, parseErr := newFloat(0).Parse(s[:i], 10)
	if parseErr != nil {
		return nil, 0, fmt.Errorf("invalid number: %s", tool.QuoteText(s))
	}
	unit := strings.TrimLeft(s[i:], " \t")
	if unit == "" {
		return v, digits, nil
	}
	scale, err := n.unit(s, unit)
	if err != nil {
		return nil, 0, err
	}
	return v.Mul(v, scale), 0, nil
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// unit is the factor of a unit.
func (n *numfmt) unit(whole, unit string) (*big.Float, error) {
	at := strings.IndexByte(suffixes, unit[0])
	switch {
	case at < 0:
		return nil, n.badUnit(whole)
	case n.from == none:
		return nil, fmt.Errorf("rejecting suffix in input: %s (consider using --from)", tool.QuoteText(whole))
	}
	rest := unit[1:]
	base := int64(1000)
	switch n.from {
	case iec:
		base = 1024
	case iecI:
		base = 1024
		if !strings.HasPrefix(rest, "i") {
			return nil, fmt.Errorf("missing 'i' suffix in input: %s (e.g Ki/Mi/Gi)", tool.QuoteText(whole))
		}
		rest = rest[1:]
	case auto:
		if strings.HasPrefix(rest, "i") {
			base, rest = 1024, rest[1:]
		}
	}
	if rest != "" {
		return nil, n.badUnit(whole)
	}
	return power(base, at+1), nil
}

func (n *numfmt) badUnit(whole string) error {
	return errors.New("invalid suffix in input: " + tool.QuoteText(whole))
}

// plain is a number without a unit.
func (n *numfmt) plain(v *big.Float, digits int) string {
	scale := power(10, digits)
	v.Mul(v, scale)
	n.roundWhole(v)
	return v.Quo(v, scale).Text('f', digits)
}

// scaled is a number with a unit.
func (n *numfmt) scaled(v *big.Float) string {
	base := newFloat(1000)
	if n.to != si {
		base = newFloat(1024)
	}
	abs := func() *big.Float { return new(big.Float).Abs(v) }
	unit := 0
	for abs().Cmp(base) >= 0 && unit < len(suffixes) {
		v.Quo(v, base)
		unit++
	}
	ten := newFloat(10)
	digits := 0
	switch {
	case n.precision >= 0:
		digits = min(unit*3, n.precision)
	case abs().Cmp(ten) < 0:
		digits = 1
	}
	scale := power(10, digits)
	v.Mul(v, scale)
	n.roundWhole(v)
	v.Quo(v, scale)
	if abs().Cmp(base) >= 0 && unit < len(suffixes) {
		v.Quo(v, base)
		unit++
	}
	shown := n.precision
	if shown < 0 {
		shown = 0
		if v.Sign() != 0 && abs().Cmp(ten) < 0 && unit > 0 {
			shown = 1
		}
	}
	s := v.Text('f', shown)
	if unit > 0 {
		s += suffixes[unit-1 : unit]
		if n.to == iecI {
			s += "i"
		}
	}
	return s
}

// roundWhole rounds to a whole number.
func (n *numfmt) roundWhole(v *big.Float) {
	whole, accuracy := v.Int(nil)
	if accuracy == big.Exact {
		return
	}
	away := false
	switch n.round {
	case fromZero:
		away = true
	case up:
		away = v.Sign() > 0
	case down:
		away = v.Sign() < 0
	case nearest:
		rest := new(big.Float).Sub(v, new(big.Float).SetInt(whole))
		away = rest.Abs(rest).Cmp(big.NewFloat(0.5)) >= 0
	}
	if away {
		whole.Add(whole, big.NewInt(int64(v.Sign())))
	}
	v.SetInt(whole)
}

// layout puts a number in the form of --format.
func (n *numfmt) layout(s string) string {
	if n.zero > len(s) {
		sign := ""
		if strings.HasPrefix(s, "-") {
			sign, s = "-", s[1:]
		}
		s = sign + strings.Repeat("0", n.zero-len(sign)-len(s)) + s
	}
	return n.before + pad(s, n.formatWidth) + n.behind
}
