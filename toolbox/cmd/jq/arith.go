package jq

import (
	"math"
	"strings"

	"github.com/itchyny/gojq"
)

// operators are the functions of two values.
var operators = map[gojq.Operator]func(m *machine, l, r any) (any, error){
	gojq.OpAdd: add, gojq.OpSub: subtract, gojq.OpMul: multiply, gojq.OpDiv: divide, gojq.OpMod: modulo,
	gojq.OpEq: comparison(func(c int) bool { return c == 0 }), gojq.OpNe: comparison(func(c int) bool { return c != 0 }),
	gojq.OpLt: comparison(func(c int) bool { return c < 0 }), gojq.OpLe: comparison(func(c int) bool { return c <= 0 }),
	gojq.OpGt: comparison(func(c int) bool { return c > 0 }), gojq.OpGe: comparison(func(c int) bool { return c >= 0 }),
}

// updates are the operators that stand before "=".
var updates = map[gojq.Operator]func(m *machine, l, r any) (any, error){
	gojq.OpUpdateAdd: add, gojq.OpUpdateSub: subtract, gojq.OpUpdateMul: multiply, gojq.OpUpdateDiv: divide,
	gojq.OpUpdateMod: modulo, gojq.OpUpdateAlt: func(_ *machine, l, r any) (any, error) {
		if truthy(l) {
			return l, nil
		}
		return r, nil
	},
}

func comparison(holds func(int) bool) func(*machine, any, any) (any, error) {
	return func(_ *machine, l, r any) (any, error) { return holds(compare(l, r)), nil }
}

func mismatch(l, r any, what string) error {
	return fail(shown(l), " and ", shown(r), " cannot be ", what)
}

// maxText bounds the strings that are made.
const maxText = 64 << 20

func add(_ *machine, l, r any) (any, error) {
	if l == nil {
		return r, nil
	}
	if r == nil {
		return l, nil
	}
	switch l := l.(type) {
	case float64, literal:
		x, _ := number(l)
		if y, ok := number(r); ok {
			return x + y, nil
		}
	case string:
		if s, ok := r.(string); ok {
			if len(l)+len(s) > maxText {
				return nil, fail("Repeat string result too long")
			}
			return l + s, nil
		}
	case []any:
		if a, ok := r.([]any); ok {
			return appended(l, a...), nil
		}
	case *object:
		if o, ok := r.(*object); ok {
			return merged(l, o), nil
		}
	}
	return nil, mismatch(l, r, "added")
}

func merged(a, b *object) *object {
	if b.len() == 1 {
		return a.with(b.keys()[0], b.vals[0])
	}
	out := a.clone()
	for i, k := range b.keys() {
		out.put(k, b.vals[i])
	}
	return out
}

func subtract(_ *machine, l, r any) (any, error) {
	x, ok := number(l)
	y, also := number(r)
	if ok && also {
		return x - y, nil
	}
	a, ok := l.([]any)
	b, also := r.([]any)
	if !ok || !also {
		return nil, mismatch(l, r, "subtracted")
	}
	out := []any{}
	for _, v := range a {
		if !holds(b, v) {
			out = append(out, v)
		}
	}
	return out, nil
}

func holds(a []any, v any) bool {
	for _, x := range a {
		if equal(x, v) {
			return true
		}
	}
	return false
}

func multiply(_ *machine, l, r any) (any, error) {
	x, ok := number(l)
	y, also := number(r)
	if ok && also {
		return x * y, nil
	}
	if s, isText := l.(string); isText && also {
		return repeated(s, y)
	}
	if s, isText := r.(string); isText && ok {
		return repeated(s, x)
	}
	a, ok := l.(*object)
	b, also := r.(*object)
	if ok && also {
		return mergedDeep(a, b), nil
	}
	return nil, mismatch(l, r, "multiplied")
}

// repeated is a string n times, null for none.
func repeated(s string, n float64) (any, error) {
	if !(n > 0) {
		return nil, nil
	}
	times := math.Max(math.Trunc(n), 1)
	if times*float64(len(s)) > maxText {
		return nil, fail("Repeat string result too long")
	}
	return strings.Repeat(s, int(times)), nil
}

func mergedDeep(a, b *object) *object {
	out := a.clone()
	for i, k := range b.keys() {
		v := b.vals[i]
		old, _ := out.get(k)
		x, ok := old.(*object)
		y, also := v.(*object)
		if ok && also {
			v = mergedDeep(x, y)
		}
		out.put(k, v)
	}
	return out
}

func divide(_ *machine, l, r any) (any, error) {
	x, ok := number(l)
	y, also := number(r)
	if ok && also {
		if y == 0 {
			return nil, mismatch(l, r, "divided because the divisor is zero")
		}
		return x / y, nil
	}
	a, ok := l.(string)
	b, also := r.(string)
	if ok && also {
		return splitText(a, b), nil
	}
	return nil, mismatch(l, r, "divided")
}

// splitText splits at a separator; an empty text has no parts.
func splitText(s, sep string) []any {
	out := []any{}
	if s == "" {
		return out
	}
	for part := range strings.SplitSeq(s, sep) {
		out = append(out, part)
	}
	return out
}

func modulo(_ *machine, l, r any) (any, error) {
	x, ok := number(l)
	y, also := number(r)
	if !ok || !also {
		return nil, mismatch(l, r, "divided (remainder)")
	}
	if math.IsNaN(x) || math.IsNaN(y) {
		return math.NaN(), nil
	}
	a, b := clampInt(x), clampInt(y)
	if b == 0 {
		return nil, mismatch(l, r, "divided (remainder) because the divisor is zero")
	}
	if b < 0 {
		b = -b
	}
	if b < 0 {
		return float64(a), nil
	}
	if a < 0 {
		if a = -a; a < 0 {
			a = math.MaxInt64
		}
		return float64(-(a % b)), nil
	}
	return float64(a % b), nil
}

func clampInt(f float64) int64 {
	switch {
	case f >= math.MaxInt64:
		return math.MaxInt64
	case f <= math.MinInt64:
		return math.MinInt64
	}
	return int64(f)
}
