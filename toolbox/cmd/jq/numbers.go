package jq

import "math"

var numbers = func() map[string]valueFunc {
	all := map[string]valueFunc{
		"infinite/0":   func(*machine, any, []any) (any, error) { return math.Inf(1), nil },
		"nan/0":        func(*machine, any, []any) (any, error) { return math.NaN(), nil },
		"isinfinite/0": about(func(f float64) bool { return math.IsInf(f, 0) }),
		"isnan/0":      about(math.IsNaN),
		"isnormal/0":   about(func(f float64) bool { return f != 0 && !math.IsNaN(f) && !math.IsInf(f, 0) && math.Abs(f) >= 0x1p-1022 }),
		"abs/0": func(_ *machine, in any, _ []any) (any, error) {
			f, ok := number(in)
			switch {
			case !ok:
				return nil, fail(shown(in), " has no absolute value")
			case f >= 0:
				return in, nil
			}
			return -f, nil
		},
		"frexp/0":    pairOf(func(f float64) (float64, float64) { frac, exp := math.Frexp(f); return frac, float64(exp) }),
		"modf/0":     pairOf(func(f float64) (float64, float64) { whole, frac := math.Modf(f); return frac, whole }),
		"lgamma_r/0": pairOf(func(f float64) (float64, float64) { v, sign := math.Lgamma(f); return v, float64(sign) }),
		"fma/3": func(_ *machine, _ any, args []any) (any, error) {
			f, err := floats(args)
			if err != nil {
				return nil, err
			}
			return math.FMA(f[0], f[1], f[2]), nil
		},
	}
	for name, f := range functionsOfOne {
		all[name+"/0"] = func(_ *machine, in any, _ []any) (any, error) {
			x, ok := number(in)
			if !ok {
				return nil, fail(shown(in), " number required")
			}
			return f(x), nil
		}
	}
	for name, f := range functionsOfTwo {
		all[name+"/2"] = func(_ *machine, _ any, args []any) (any, error) {
			x, err := floats(args)
			if err != nil {
				return nil, err
			}
			return f(x[0], x[1]), nil
		}
	}
	return all
}()

func about(f func(float64) bool) valueFunc {
	return func(_ *machine, in any, _ []any) (any, error) {
		x, ok := number(in)
		if !ok {
			return nil, fail(shown(in), " number required")
		}
		return f(x), nil
	}
}

func pairOf(f func(float64) (float64, float64)) valueFunc {
	return func(_ *machine, in any, _ []any) (any, error) {
		x, ok := number(in)
		if !ok {
			return nil, fail(shown(in), " number required")
		}
		a, b := f(x)
		return []any{a, b}, nil
	}
}

func floats(args []any) ([]float64, error) {
	out := make([]float64, len(args))
	for i, v := range args {
		f, ok := number(v)
		if !ok {
			return nil, fail(shown(v), " number required")
		}
		out[i] = f
	}
	return out, nil
}

var functionsOfOne = map[string]func(float64) float64{
	"floor": math.Floor, "ceil": math.Ceil, "round": math.Round, "trunc": math.Trunc, "rint": math.RoundToEven,
	"nearbyint": math.RoundToEven, "fabs": math.Abs, "sqrt": math.Sqrt, "cbrt": math.Cbrt, "exp": math.Exp, "exp2": math.Exp2,
	"exp10": func(f float64) float64 { return math.Pow(10, f) }, "pow10": func(f float64) float64 { return math.Pow(10, f) },
	"expm1": math.Expm1, "log": math.Log, "log2": math.Log2, "log10": math.Log10, "log1p": math.Log1p, "logb": math.Logb,
	"sin": math.Sin, "cos": math.Cos, "tan": math.Tan, "asin": math.Asin, "acos": math.Acos, "atan": math.Atan,
	"sinh": math.Sinh, "cosh": math.Cosh, "tanh": math.Tanh, "asinh": math.Asinh, "acosh": math.Acosh, "atanh": math.Atanh,
	"gamma": lgamma, "lgamma": lgamma, "tgamma": math.Gamma, "erf": math.Erf, "erfc": math.Erfc, "j0": math.J0, "j1": math.J1,
	"y0": math.Y0, "y1": math.Y1, "significand": func(f float64) float64 {
		if f == 0 || math.IsInf(f, 0) || math.IsNaN(f) {
			return f
		}
		frac, _ := math.Frexp(f)
		return 2 * frac
	},
}

func lgamma(f float64) float64 {
	v, _ := math.Lgamma(f)
	return v
}

var functionsOfTwo = map[string]func(x, y float64) float64{
	"pow": math.Pow, "atan2": math.Atan2, "fmod": math.Mod, "fmin": math.Min, "fmax": math.Max, "fdim": math.Dim, "hypot": math.Hypot,
	"copysign": math.Copysign, "nextafter": math.Nextafter, "nexttoward": math.Nextafter, "drem": math.Remainder,
	"remainder": math.Remainder, "ldexp": scale, "scalb": scale, "scalbln": scale,
	"jn": func(n, x float64) float64 { return math.Jn(int(n), x) }, "yn": func(n, x float64) float64 { return math.Yn(int(n), x) },
}

func scale(x, n float64) float64 { return math.Ldexp(x, int(math.Max(math.Min(n, 1<<20), -1<<20))) }
