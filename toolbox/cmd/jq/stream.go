package jq

import "slices"

func flatten(in any, depth float64) (any, error) {
	list := elements(in)
	if list == nil {
		return nil, iterateError(in)
	}
	return flattened([]any{}, list, depth), nil
}

func flattened(out, list []any, depth float64) []any {
	for _, v := range list {
		if a, ok := v.([]any); ok && depth > 0 {
			out = flattened(out, a, depth-1)
			continue
		}
		out = append(out, v)
	}
	return out
}

func transpose(_ *machine, in any, _ []any) (any, error) {
	rows, ok := in.([]any)
	if !ok {
		return nil, iterateError(in)
	}
	width := 0
	for _, row := range rows {
		a, ok := row.([]any)
		if !ok {
			return nil, fail("Cannot index ", typeName(row), " with number")
		}
		width = max(width, len(a))
	}
	out := make([]any, width)
	for i := range out {
		col := make([]any, len(rows))
		for j, row := range rows {
			if a := row.([]any); i < len(a) {
				col[j] = a[i]
			}
		}
		out[i] = col
	}
	return out, nil
}

func toEntries(_ *machine, in any, _ []any) (any, error) {
	keys, err := keysOf(in, false)
	if err != nil {
		return nil, err
	}
	vals := elements(in)
	out := make([]any, len(vals))
	for i, k := range keys.([]any) {
		o := newObject()
		o.put("key", k)
		o.put("value", vals[i])
		out[i] = o
	}
	return out, nil
}

// stream calls f with the events of a value: paths with leaves, and where
// arrays and objects end.
func stream(prefix []any, v any, top bool, f func(any) error) error {
	vals := elements(v)
	if len(vals) == 0 {
		return f([]any{slices.Clone(prefix), v})
	}
	keys, err := keysOf(v, false)
	if err != nil {
		return err
	}
	var last []any
	for i, k := range keys.([]any) {
		last = append(slices.Clone(prefix), k)
		if err := stream(last, vals[i], false, f); err != nil {
			return err
		}
	}
	return f([]any{last})
}
