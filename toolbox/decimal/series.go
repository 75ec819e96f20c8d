package decimal

import "math/big"

// guard is how many digits more than asked for are computed.
const guard = 12

// fixed is a number as n/unit, for series.
type fixed struct{ unit *big.Int }

func newFixed(scale int) fixed { return fixed{ten(scale)} }

func (f fixed) of(a Number) *big.Int {
	x := new(big.Int).Mul(a.int(), f.unit)
	return x.Quo(x, ten(a.scale))
}

func (f fixed) mul(a, b *big.Int) *big.Int {
	x := new(big.Int).Mul(a, b)
	return x.Quo(x, f.unit)
}

func (f fixed) div(a, b *big.Int) *big.Int {
	x := new(big.Int).Mul(a, f.unit)
	return x.Quo(x, b)
}

func (f fixed) sqrt(a *big.Int) *big.Int {
	x := new(big.Int).Mul(a, f.unit)
	return x.Sqrt(x)
}

// result cuts n/10^digits to the scale.
func result(n *big.Int, digits, scale int) Number { return Number{n, digits}.Rescale(scale) }

// Exp is e to the power a, to the scale. The error is ErrRange for more than
// could be written down.
func (a Number) Exp(scale int) (Number, error) {
	if a.Sign() == 0 {
		return Int(1).Rescale(scale), nil
	}
	whole, ok := a.Small()
	if !ok || whole > 1<<24 {
		return Number{}, ErrRange
	}
	// e^x is the reverse of e^-x, with as many digits more as that is long.
	long := whole*100/230 + 2
	if a.Sign() < 0 {
		if -whole > 3*(scale+10) {
			return Number{nil, scale}, nil
		}
		long = 2
	}
	digits := scale + guard + long
	f := newFixed(digits)
	x := f.of(a)
	halves := 0
	for limit := new(big.Int).Quo(f.unit, big.NewInt(256)); x.CmpAbs(limit) > 0; halves++ {
		x.Quo(x, big.NewInt(2))
	}
	// The squares below double the error each time: as many digits more.
	digits += halves/3 + 1
	f = newFixed(digits)
	x = f.of(a)
	x.Quo(x, new(big.Int).Lsh(big.NewInt(1), uint(halves)))
	sum := new(big.Int).Set(f.unit)
	term := new(big.Int).Set(f.unit)
	for i := int64(1); term.Sign() != 0; i++ {
		term = f.mul(term, x)
		term.Quo(term, big.NewInt(i))
		sum.Add(sum, term)
	}
	for range halves {
		sum = f.mul(sum, sum)
	}
	return result(sum, digits, scale), nil
}

// Log is the natural logarithm of a positive number, to the scale.
func (a Number) Log(scale int) Number {
	digits := max(scale, a.scale) + guard
	f := newFixed(digits)
	x := f.of(a)
	// x = y * 2^k with y about 1.
	k := x.BitLen() - f.unit.BitLen()
	y := new(big.Int)
	if k >= 0 {
		f = newFixed(digits + k/3 + 1)
		y.Rsh(f.of(a), uint(k))
	} else {
		y.Lsh(x, uint(-k))
	}
	digits = len(f.unit.Text(10)) - 1
	if k < 0 {
		// Small numbers lose digits in the shift: take them from the number.
		digits += -k/3 + 1
		f = newFixed(digits)
		y.Lsh(f.of(a), uint(-k))
	}
	sum := f.logNear(y)
	if k != 0 {
		two := new(big.Int).Mul(f.unit, big.NewInt(2))
		sum.Add(sum, new(big.Int).Mul(f.logNear(two), big.NewInt(int64(k))))
	}
	return result(sum, digits, scale)
}

// logNear is the logarithm of what is near 1, by the area of the hyperbola.
func (f fixed) logNear(y *big.Int) *big.Int {
	z := f.div(new(big.Int).Sub(y, f.unit), new(big.Int).Add(y, f.unit))
	square := f.mul(z, z)
	sum, term := new(big.Int), z
	for i := int64(1); term.Sign() != 0; i += 2 {
		sum.Add(sum, new(big.Int).Quo(term, big.NewInt(i)))
		term = f.mul(term, square)
	}
	return sum.Lsh(sum, 1)
}

// Sin is the sine of a, to the scale.
func (a Number) Sin(scale int) Number {
	if a.Sign() == 0 {
		return Number{}
	}
	digits := scale + guard + a.wholeDigits()
	f := newFixed(digits)
	return result(f.sin(f.of(a)), digits, scale)
}

// Cos is the cosine of a, to the scale.
func (a Number) Cos(scale int) Number {
	digits := scale + guard + a.wholeDigits()
	f := newFixed(digits)
	half := f.pi()
	half.Quo(half, big.NewInt(2))
	if a.Sign() == 0 {
		return Int(1).Rescale(scale)
	}
	return result(f.sin(half.Add(half, f.of(a))), digits, scale)
}

func (a Number) wholeDigits() int { return len(a.Rescale(0).int().Text(10)) }

func (f fixed) sin(x *big.Int) *big.Int {
	pi := f.pi()
	turns := new(big.Int)
	x = new(big.Int).Set(x)
	turns.QuoRem(x, pi, x)
	square := f.mul(x, x)
	sum, term := new(big.Int), x
	for i := int64(1); term.Sign() != 0; i += 2 {
		sum.Add(sum, term)
		term = f.mul(term, square)
		term.Quo(term, big.NewInt((i+1)*(i+2)))
		term.Neg(term)
	}
	if turns.Bit(0) == 1 {
		sum.Neg(sum)
	}
	return sum
}

// pi is by Machin's formula.
func (f fixed) pi() *big.Int {
	a := f.atanInverse(5)
	a.Mul(a, big.NewInt(16))
	b := f.atanInverse(239)
	return a.Sub(a, b.Mul(b, big.NewInt(4)))
}

// atanInverse is the arc tangent of 1/n.
func (f fixed) atanInverse(n int64) *big.Int {
	term := new(big.Int).Quo(f.unit, big.NewInt(n))
	square := big.NewInt(n * n)
	sum := new(big.Int)
	for i := int64(1); term.Sign() != 0; i += 2 {
		part := new(big.Int).Quo(term, big.NewInt(i))
		if i%4 == 3 {
			part.Neg(part)
		}
		sum.Add(sum, part)
		term.Quo(term, square)
	}
	return sum
}

// Atan is the arc tangent of a, to the scale.
func (a Number) Atan(scale int) Number {
	if a.Sign() == 0 {
		return Number{}
	}
	digits := scale + guard + 2*a.wholeDigits()
	f := newFixed(digits)
	x := f.of(a)
	// Halve the angle until the series is quick.
	doubled := uint(0)
	for limit := new(big.Int).Quo(f.unit, big.NewInt(16)); x.CmpAbs(limit) > 0; doubled++ {
		root := f.sqrt(new(big.Int).Add(f.unit, f.mul(x, x)))
		x = f.div(x, root.Add(root, f.unit))
	}
	square := f.mul(x, x)
	sum, term := new(big.Int), x
	for i := int64(1); term.Sign() != 0; i += 2 {
		sum.Add(sum, new(big.Int).Quo(term, big.NewInt(i)))
		term = f.mul(term, square)
		term.Neg(term)
	}
	return result(sum.Lsh(sum, doubled), digits, scale)
}

// Bessel is the function of Bessel of the whole order n at a, to the scale.
func (a Number) Bessel(n, scale int) Number {
	sign := int64(1)
	if n < 0 {
		n = -n
		if n%2 == 1 {
			sign = -1
		}
	}
	digits := scale + guard + 3*a.wholeDigits()
	if whole, ok := a.Small(); ok {
		digits += max(whole, -whole)
	}
	f := newFixed(digits)
	half := f.of(a)
	half.Quo(half, big.NewInt(2))
	term := new(big.Int).Set(f.unit)
	for i := int64(1); i <= int64(n); i++ {
		term = f.mul(term, half)
		term.Quo(term, big.NewInt(i))
	}
	square := f.mul(half, half)
	sum := new(big.Int)
	for i := int64(1); term.Sign() != 0; i++ {
		sum.Add(sum, term)
		term = f.mul(term, square)
		term.Quo(term, big.NewInt(i*(i+int64(n))))
		term.Neg(term)
	}
	return result(sum.Mul(sum, big.NewInt(sign)), digits, scale)
}
