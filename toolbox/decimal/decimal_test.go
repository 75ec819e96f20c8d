package decimal_test

import (
	"math"
	"strconv"
	"testing"

	"agentsandbox/toolbox/decimal"
)

func number(t testing.TB, s string) decimal.Number {
	t.Helper()
	neg := s[0] == '-'
	if neg {
		s = s[1:]
	}
	n, ok := decimal.Parse(s, 10)
	if !ok {
		t.Fatalf("%q is no number", s)
	}
	if neg {
		n = n.Neg()
	}
	return n
}

// TestFloats compares with the functions of the machine, where both are exact enough.
func TestFloats(t *testing.T) {
	for _, s := range []string{"0.001", "0.1", "0.5", "1", "1.5", "2", "3.1", "7.25", "12.5", "-0.3", "-2.75", "-9"} {
		n := number(t, s)
		x, _ := strconv.ParseFloat(s, 64)
		exp, err := n.Exp(30)
		if err != nil {
			t.Error(err)
		}
		for _, c := range []struct {
			name string
			got  decimal.Number
			want float64
		}{
			{"exp", exp, math.Exp(x)}, {"sin", n.Sin(30), math.Sin(x)}, {"cos", n.Cos(30), math.Cos(x)},
			{"atan", n.Atan(30), math.Atan(x)}, {"bessel", n.Bessel(2, 30), math.Jn(2, x)},
		} {
			near(t, c.name+" "+s, c.got, c.want)
		}
		if x > 0 {
			near(t, "log "+s, n.Log(30), math.Log(x))
			root, err := n.Sqrt(30)
			if err != nil {
				t.Error(err)
			}
			near(t, "sqrt "+s, root, math.Sqrt(x))
		}
	}
}

func near(t *testing.T, name string, got decimal.Number, want float64) {
	t.Helper()
	x, err := strconv.ParseFloat(got.Text(10), 64)
	if err != nil {
		x, err = strconv.ParseFloat("0"+got.Text(10), 64)
	}
	if err != nil || math.Abs(x-want) > 1e-14*math.Max(1, math.Abs(want)) {
		t.Errorf("%s: %s, want %v", name, got.Text(10), want)
	}
}

// TestDigits: more digits asked for only add to those that were there.
func TestDigits(t *testing.T) {
	for _, s := range []string{"0.7", "3", "25.5", "1000000"} {
		n := number(t, s)
		for name, f := range map[string]func(int) decimal.Number{"log": n.Log, "sin": n.Sin, "cos": n.Cos, "atan": n.Atan} {
			long := f(200)
			for _, scale := range []int{1, 5, 20, 60} {
				if got := f(scale); got.Compare(long.Rescale(scale)) != 0 {
					t.Errorf("%s %s to %d: %s, not %s", name, s, scale, got.Text(10), long.Rescale(scale).Text(10))
				}
			}
		}
	}
}

func TestErrors(t *testing.T) {
	zero, minus := decimal.Int(0), decimal.Int(-1)
	if _, err := minus.Div(zero, 5); err != decimal.ErrDivide {
		t.Error(err)
	}
	if _, err := minus.Mod(zero, 5); err != decimal.ErrModulo {
		t.Error(err)
	}
	if _, err := minus.Sqrt(5); err != decimal.ErrSqrt {
		t.Error(err)
	}
	huge, _ := decimal.Int(10).Pow(decimal.Int(30), 0)
	if _, err := decimal.Int(9).Pow(huge, 0); err != decimal.ErrRange {
		t.Error(err)
	}
	if _, err := huge.Exp(0); err != decimal.ErrRange {
		t.Error(err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("12.50", 10)
	f.Add("FF.8", 16)
	f.Fuzz(func(t *testing.T, s string, base int) {
		base = 2 + (base%35+35)%35
		n, ok := decimal.Parse(s, base)
		if !ok || len(s) > 100 {
			return
		}
		again, ok := decimal.Parse(n.Text(10), 10)
		if n.Sign() != 0 && (!ok || again.Compare(n) != 0) {
			t.Errorf("%q in %d is %s, read again %s", s, base, n.Text(10), again.Text(10))
		}
	})
}
