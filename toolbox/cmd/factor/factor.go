/*
Package factor writes the prime factors of numbers.

	factor [NUMBER]...

Without NUMBER it reads numbers from standard input. They may be of any size;
those with two large factors take long.
*/
package factor

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"math/big"
	"slices"
	"strings"

	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	numbers, err := tool.NewFlags(x).Parse()
	if err != nil {
		return err
	}
	f := factorer{ctx: ctx, x: x, w: x.Writer()}
	if len(numbers) > 0 {
		for _, n := range numbers {
			if err := f.number(strings.Trim(n, " ")); err != nil {
				return err
			}
		}
	} else if err := f.stdin(); err != nil {
		return err
	}
	if err := f.w.Flush(); err != nil {
		return err
	}
	if f.failed {
		return tool.Exit(1)
	}
	return nil
}

// factorer is one run.
type factorer struct {
	ctx    context.Context
	x      *tool.Exec
	w      *bufio.Writer
	failed bool
}

func (f *factorer) stdin() error {
	lines := f.x.Lines(f.ctx, f.x.Stdin, '\n')
	lines.BeforeRead = f.w.Flush
	for {
		line, err := lines.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		for word := range bytes.FieldsSeq(line) {
			if err := f.number(string(word)); err != nil {
				return err
			}
		}
	}
}

// mostDigits bounds a number: there is no hope for larger ones.
const mostDigits = 200

// number writes the factors of one number.
func (f *factorer) number(s string) error {
	digits := strings.TrimPrefix(s, "+")
	if digits == "" || strings.Trim(digits, "0123456789") != "" || len(digits) > mostDigits {
		if err := f.w.Flush(); err != nil {
			return err
		}
		f.failed = true
		f.x.Errorf("%s is not a valid positive integer", tool.QuoteText(s))
		return nil
	}
	n, _ := new(big.Int).SetString(digits, 10)
	f.w.WriteString(n.String() + ":")
	factors, err := primes(f.ctx, n)
	if err != nil {
		return err
	}
	for _, p := range factors {
		f.w.WriteString(" " + p.String())
	}
	return f.w.WriteByte('\n')
}

// smallest is how far factors are found by division.
const smallest = 2000

// primes is the prime factors of n in order.
func primes(ctx context.Context, n *big.Int) ([]*big.Int, error) {
	var found []*big.Int
	if n.Sign() == 0 {
		return nil, nil
	}
	n = new(big.Int).Set(n)
	var q, r big.Int
	for d := int64(2); d < smallest; d++ {
		p := big.NewInt(d)
		for {
			if q.QuoRem(n, p, &r); r.Sign() != 0 {
				break
			}
			found = append(found, p)
			n.Set(&q)
		}
	}
	err := split(ctx, n, &found)
	slices.SortFunc(found, (*big.Int).Cmp)
	return found, err
}

// split adds the prime factors of n, which has no small ones.
func split(ctx context.Context, n *big.Int, found *[]*big.Int) error {
	switch {
	case n.Cmp(big.NewInt(1)) == 0:
		return nil
	case n.ProbablyPrime(20):
		*found = append(*found, n)
		return nil
	}
	d, err := divisor(ctx, n)
	if err != nil {
		return err
	}
	if err := split(ctx, d, found); err != nil {
		return err
	}
	return split(ctx, new(big.Int).Quo(n, d), found)
}

// divisor finds a divisor of n, which is not prime: Pollard's rho, after Brent.
func divisor(ctx context.Context, n *big.Int) (*big.Int, error) {
	if n.IsUint64() {
		return divisor64(ctx, n.Uint64())
	}
	const batch = 128
	one := big.NewInt(1)
	for c := int64(1); ; c++ {
		add := big.NewInt(c)
		step := func(v *big.Int) { v.Mod(v.Add(v.Mul(v, v), add), n) }
		x, y, saved := big.NewInt(2), big.NewInt(2), new(big.Int)
		product, d, diff := big.NewInt(1), big.NewInt(1), new(big.Int)
		for length := 1; d.Cmp(one) == 0; length *= 2 {
			x.Set(y)
			for range length {
				step(y)
			}
			for done := 0; done < length && d.Cmp(one) == 0; done += batch {
				if err := ctx.Err(); err != nil {
					return nil, err
				}
				saved.Set(y)
				for range min(batch, length-done) {
					step(y)
					product.Mod(product.Mul(product, diff.Abs(diff.Sub(x, y))), n)
				}
				d.GCD(nil, nil, product, n)
			}
		}
		if d.Cmp(n) == 0 {
			// Several divisors at once: once more, one by one.
			for d.SetInt64(1); d.Cmp(one) == 0; {
				step(saved)
				d.GCD(nil, nil, diff.Abs(diff.Sub(x, saved)), n)
			}
		}
		if d.Cmp(n) != 0 {
			return d, nil
		}
	}
}
