// Package decimal is arithmetic on decimal numbers of any length, as POSIX has
// it for bc: a number keeps how many digits stand behind its point, and results
// are cut off, not rounded.
package decimal

import (
	"errors"
	"math/big"
)

// Number is a decimal number. It is not changed once made. The zero value is 0.
type Number struct {
	n     *big.Int // without the point; nil is 0
	scale int      // digits behind the point
}

// What can't be computed.
var (
	ErrDivide = errors.New("Divide by zero")
	ErrModulo = errors.New("Modulo by zero")
	ErrSqrt   = errors.New("Square root of a negative number")
	ErrRange  = errors.New("exponent too large")
)

// Int is n as a number.
func Int(n int) Number { return Number{big.NewInt(int64(n)), 0} }

var zero = new(big.Int)

func (a Number) int() *big.Int {
	if a.n == nil {
		return zero
	}
	return a.n
}

// Scale is how many digits stand behind the point.
func (a Number) Scale() int { return a.scale }

// Sign is -1, 0 or 1.
func (a Number) Sign() int { return a.int().Sign() }

// Length is how many significant digits there are; those behind the point
// count all, and 0 has one.
func (a Number) Length() int {
	if a.Sign() == 0 {
		return max(a.scale, 1)
	}
	text := new(big.Int).Abs(a.n).Text(10)
	return max(len(text), a.scale)
}

// Small is the whole part, if it is no more than an int of 32 bits takes.
func (a Number) Small() (int, bool) {
	n := a.Rescale(0).int()
	if !n.IsInt64() || n.Int64() != int64(int32(n.Int64())) {
		return 0, false
	}
	return int(n.Int64()), true
}

// ten is 10 to the power n.
func ten(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

// Rescale gives a the scale: digits are cut off, or zeros put behind.
func (a Number) Rescale(scale int) Number {
	switch {
	case a.Sign() == 0 || scale == a.scale:
		return Number{a.n, scale}
	case scale > a.scale:
		return Number{new(big.Int).Mul(a.n, ten(scale-a.scale)), scale}
	}
	return Number{new(big.Int).Quo(a.n, ten(a.scale-scale)), scale}
}

// Neg is -a.
func (a Number) Neg() Number { return Number{new(big.Int).Neg(a.int()), a.scale} }

// align gives two numbers one scale.
func align(a, b Number) (x, y *big.Int, scale int) {
	scale = max(a.scale, b.scale)
	return a.Rescale(scale).int(), b.Rescale(scale).int(), scale
}

// Compare is -1, 0 or 1 as a is less than, as much as or more than b.
func (a Number) Compare(b Number) int {
	x, y, _ := align(a, b)
	return x.Cmp(y)
}

// Add is a+b.
func (a Number) Add(b Number) Number {
	x, y, scale := align(a, b)
	return Number{new(big.Int).Add(x, y), scale}
}

// Sub is a-b.
func (a Number) Sub(b Number) Number {
	x, y, scale := align(a, b)
	return Number{new(big.Int).Sub(x, y), scale}
}

// Mul is a*b, cut to the given scale where that is more than those of a and b.
func (a Number) Mul(b Number, scale int) Number {
	full := a.scale + b.scale
	product := Number{new(big.Int).Mul(a.int(), b.int()), full}
	return product.Rescale(min(full, max(scale, a.scale, b.scale)))
}

// Div is a/b, cut to the scale.
func (a Number) Div(b Number, scale int) (Number, error) {
	if b.Sign() == 0 {
		return Number{}, ErrDivide
	}
	shift := scale + b.scale - a.scale
	x, y := a.int(), b.int()
	if shift >= 0 {
		x = new(big.Int).Mul(x, ten(shift))
	} else {
		y = new(big.Int).Mul(y, ten(-shift))
	}
	return Number{new(big.Int).Quo(x, y), scale}, nil
}

// Mod is what is left of a when b is taken off as often as a/b says, that cut
// to the scale.
func (a Number) Mod(b Number, scale int) (Number, error) {
	q, err := a.Div(b, scale)
	if err != nil {
		return Number{}, ErrModulo
	}
	left := max(a.scale, b.scale+scale)
	return a.Sub(q.Mul(b, left)).Rescale(left), nil
}

// Pow is a to the whole part of b.
func (a Number) Pow(b Number, scale int) (Number, error) {
	e := b.Rescale(0).int()
	if e.Sign() == 0 {
		return Int(1), nil
	}
	if !e.IsInt64() || e.BitLen() > 40 && a.int().BitLen() > 1 {
		return Number{}, ErrRange
	}
	n := e.Int64()
	size := n
	if n < 0 {
		size = -n
	}
	want := scale
	if n > 0 {
		// More digits than both are worth are cut off; those of the operand stay.
		want = max(scale, a.scale)
		if full := int64(a.scale) * size; full < int64(want) {
			want = int(full)
		}
	}
	p := Number{new(big.Int).Exp(a.int(), big.NewInt(size), nil), int(int64(a.scale) * size)}
	if n < 0 {
		return Int(1).Div(p, scale)
	}
	return p.Rescale(want), nil
}

// Sqrt is the square root of a.
func (a Number) Sqrt(scale int) (Number, error) {
	switch a.Sign() {
	case -1:
		return Number{}, ErrSqrt
	case 0:
		return Number{}, nil
	}
	want := max(scale, a.scale)
	return Number{new(big.Int).Sqrt(a.Rescale(2 * want).int()), want}, nil
}
