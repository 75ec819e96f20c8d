package jq

import (
	"slices"
	"strings"
)

func hasKey(v, key any) (any, error) {
	switch v := v.(type) {
	case *object:
		if k, ok := key.(string); ok {
			_, found := v.get(k)
			return found, nil
		}
	case []any:
		if f, ok := number(key); ok {
			return f >= 0 && f < float64(len(v)), nil
		}
	}
	return nil, fail("Cannot check whether ", typeName(v), " has a ", typeName(key), " key")
}

func contains(a, b any) bool {
	switch x := a.(type) {
	case *object:
		y, ok := b.(*object)
		if !ok {
			return false
		}
		for i, k := range y.keys() {
			v, found := x.get(k)
			if !found || !contains(v, y.vals[i]) {
				return false
			}
		}
		return true
	case []any:
		y, ok := b.([]any)
		if !ok {
			return false
		}
		for _, want := range y {
			if !slices.ContainsFunc(x, func(v any) bool { return contains(v, want) }) {
				return false
			}
		}
		return true
	case string:
		y, ok := b.(string)
		return ok && strings.Contains(x, y)
	}
	return equal(a, b)
}

func bsearch(_ *machine, in any, args []any) (any, error) {
	a, ok := in.([]any)
	if !ok {
		return nil, fail(shown(in), " cannot be searched from")
	}
	i, found := slices.BinarySearchFunc(a, args[0], compare)
	if !found {
		return float64(-1 - i), nil
	}
	return float64(i), nil
}

func indices(in, sub any) (any, error) {
	switch v := in.(type) {
	case nil:
		return nil, nil
	case string:
		if s, ok := sub.(string); ok {
			return indicesOfText(v, s), nil
		}
	case []any:
		if s, ok := sub.([]any); ok {
			return indicesOfArray(v, s), nil
		}
		out := []any{}
		for i, x := range v {
			if equal(x, sub) {
				out = append(out, float64(i))
			}
		}
		return out, nil
	}
	return get(in, sub)
}

// indicesOfText counts in bytes, as jq does.
func indicesOfText(s, sub string) any {
	if sub == "" {
		return nil
	}
	out := []any{}
	for i := 0; i+len(sub) <= len(s); i++ {
		n := strings.Index(s[i:], sub)
		if n < 0 {
			break
		}
		i += n
		out = append(out, float64(i))
	}
	return out
}

func oneIndex(in, sub any, last bool) (any, error) {
	v, err := indices(in, sub)
	list, ok := v.([]any)
	if err != nil || !ok || len(list) == 0 {
		return nil, err
	}
	if last {
		return list[len(list)-1], nil
	}
	return list[0], nil
}
