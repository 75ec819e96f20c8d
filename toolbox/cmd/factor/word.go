package factor

import (
	"context"
	"math/big"
	"math/bits"
)

// divisor64 is divisor for a number that fits in a word.
func divisor64(ctx context.Context, n uint64) (*big.Int, error) {
	const batch = 128
	for c := uint64(1); ; c++ {
		step := func(v uint64) uint64 { return addMod(mulMod(v, v, n), c, n) }
		x, y, saved := uint64(2), uint64(2), uint64(2)
		product, d := uint64(1), uint64(1)
		for length := 1; d == 1; length *= 2 {
			x = y
			for range length {
				y = step(y)
			}
			for done := 0; done < length && d == 1; done += batch {
				if err := ctx.Err(); err != nil {
					return nil, err
				}
				saved = y
				for range min(batch, length-done) {
					y = step(y)
					product = mulMod(product, distance(x, y), n)
				}
				d = gcd(product, n)
			}
		}
		if d == n {
			for d = 1; d == 1; {
				saved = step(saved)
				d = gcd(distance(x, saved), n)
			}
		}
		if d != n {
			return new(big.Int).SetUint64(d), nil
		}
	}
}

func mulMod(a, b, n uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return bits.Rem64(hi, lo, n)
}

func addMod(a, b, n uint64) uint64 {
	sum, carry := bits.Add64(a, b, 0)
	return bits.Rem64(carry, sum, n)
}

func distance(a, b uint64) uint64 {
	if a < b {
		return b - a
	}
	return a - b
}

func gcd(a, b uint64) uint64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
