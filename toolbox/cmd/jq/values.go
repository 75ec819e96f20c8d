package jq

import (
	"context"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// valueFunc is a function of values: its input and its arguments.
type valueFunc = func(m *machine, in any, args []any) (any, error)

// values are the functions of values, by name and number of arguments.
var values = func() map[string]valueFunc {
	all := map[string]valueFunc{}
	for _, table := range []map[string]valueFunc{collections, texts, numbers, regexes, times} {
		maps.Copy(all, table)
	}
	all["builtins/0"] = func(*machine, any, []any) (any, error) { return builtinNames(all), nil }
	return all
}()

// builtinNames lists all functions.
func builtinNames(all map[string]valueFunc) []any {
	out := []any{}
	add := func(name string) {
		if name[0] != '_' {
			out = append(out, name)
		}
	}
	for name := range all {
		add(name)
	}
	for name := range natives {
		add(name)
	}
	for name := range prelude {
		add(name)
	}
	return out
}

var collections = map[string]valueFunc{
	"length/0": length,
	"utf8bytelength/0": func(_ *machine, in any, _ []any) (any, error) {
		s, ok := in.(string)
		if !ok {
			return nil, fail(shown(in), " only strings have UTF-8 byte length")
		}
		return float64(len(s)), nil
	},
	"type/0":          func(_ *machine, in any, _ []any) (any, error) { return typeName(in), nil },
	"keys/0":          func(_ *machine, in any, _ []any) (any, error) { return keysOf(in, true) },
	"keys_unsorted/0": func(_ *machine, in any, _ []any) (any, error) { return keysOf(in, false) },
	"has/1":           func(_ *machine, in any, args []any) (any, error) { return hasKey(in, args[0]) },
	"contains/1": func(_ *machine, in any, args []any) (any, error) {
		if typeName(in) != typeName(args[0]) {
			return nil, fail(shown(in), " and ", shown(args[0]), " cannot have their containment checked")
		}
		return contains(in, args[0]), nil
	},
	"add/0":     func(m *machine, in any, _ []any) (any, error) { return addAll(m, elements(in), in) },
	"any/0":     func(_ *machine, in any, _ []any) (any, error) { return decided(in, true) },
	"all/0":     func(_ *machine, in any, _ []any) (any, error) { return decided(in, false) },
	"reverse/0": reverse,
	"sort/0":    sortValues,
	"unique/0":  unique,
	"min/0":     func(_ *machine, in any, _ []any) (any, error) { return best(in, -1) },
	"max/0":     func(_ *machine, in any, _ []any) (any, error) { return best(in, 1) },
	"flatten/0": func(_ *machine, in any, _ []any) (any, error) { return flatten(in, math.Inf(1)) },
	"flatten/1": func(_ *machine, in any, args []any) (any, error) {
		depth, ok := number(args[0])
		if !ok || depth < 0 {
			return nil, fail("flatten depth must not be negative")
		}
		return flatten(in, depth)
	},
	"transpose/0":  transpose,
	"to_entries/0": toEntries,
	"setpath/2": func(_ *machine, in any, args []any) (any, error) {
		p, ok := args[0].([]any)
		if !ok {
			return nil, fail("Path must be specified as an array")
		}
		return setPath(in, p, args[1])
	},
	"delpaths/1": func(_ *machine, in any, args []any) (any, error) {
		list, ok := args[0].([]any)
		if !ok {
			return nil, fail("Paths must be specified as an array")
		}
		var paths [][]any
		for _, p := range list {
			keys, ok := p.([]any)
			if !ok {
				return nil, fail("Path must be specified as array, not ", typeName(p))
			}
			paths = append(paths, keys)
		}
		return deletePaths(in, paths)
	},
	"tojson/0":   func(_ *machine, in any, _ []any) (any, error) { return toJSON(in), nil },
	"fromjson/0": fromJSON,
	"tostring/0": func(_ *machine, in any, _ []any) (any, error) { return textOf(in), nil },
	"tonumber/0": toNumber,
	"toarray/0": func(_ *machine, in any, _ []any) (any, error) {
		if a, ok := in.([]any); ok {
			return a, nil
		}
		return []any{in}, nil
	},
	"bsearch/1":              bsearch,
	"indices/1":              func(_ *machine, in any, args []any) (any, error) { return indices(in, args[0]) },
	"index/1":                func(_ *machine, in any, args []any) (any, error) { return oneIndex(in, args[0], false) },
	"rindex/1":               func(_ *machine, in any, args []any) (any, error) { return oneIndex(in, args[0], true) },
	"get_search_list/0":      func(*machine, any, []any) (any, error) { return []any{}, nil },
	"have_decnum/0":          func(*machine, any, []any) (any, error) { return false, nil },
	"have_literal_numbers/0": func(*machine, any, []any) (any, error) { return true, nil },
}

func length(_ *machine, in any, _ []any) (any, error) {
	switch v := in.(type) {
	case nil:
		return 0.0, nil
	case float64, literal:
		f, _ := number(v)
		return math.Abs(f), nil
	case string:
		return float64(utf8.RuneCountInString(v)), nil
	case []any:
		return float64(len(v)), nil
	case *object:
		return float64(v.len()), nil
	}
	return nil, fail(shown(in), " has no length")
}

func keysOf(v any, sorted bool) (any, error) {
	out := []any{}
	switch v := v.(type) {
	case []any:
		for i := range v {
			out = append(out, float64(i))
		}
	case *object:
		keys := v.keys()
		if sorted {
			keys = v.sortedKeys()
		}
		for _, k := range keys {
			out = append(out, k)
		}
	default:
		return nil, fail(shown(v), " has no keys")
	}
	return out, nil
}

// elements are the values in an array or object, nil for anything else.
func elements(v any) []any {
	switch v := v.(type) {
	case []any:
		return v
	case *object:
		return v.vals
	}
	return nil
}

func addAll(m *machine, list []any, in any) (any, error) {
	if list == nil && in != nil {
		return nil, fail("Cannot iterate over ", shown(in))
	}
	if in == nil && list == nil {
		return nil, fail("Cannot iterate over null (null)")
	}
	if joined, ok := joinTexts(list); ok {
		return joined, nil
	}
	var sum any
	for _, v := range list {
		var err error
		if sum, err = add(m, sum, v); err != nil {
			return nil, err
		}
	}
	return sum, nil
}

// joinTexts adds strings at once.
func joinTexts(list []any) (string, bool) {
	var b strings.Builder
	for _, v := range list {
		s, ok := v.(string)
		if !ok {
			return "", false
		}
		b.WriteString(s)
	}
	return b.String(), len(list) > 0 && b.Len() <= maxText
}

func decided(in any, by bool) (any, error) {
	list := elements(in)
	if list == nil {
		return nil, iterateError(in)
	}
	for _, v := range list {
		if truthy(v) == by {
			return by, nil
		}
	}
	return !by, nil
}

func iterateError(v any) error { return fail("Cannot iterate over ", shown(v)) }

func reverse(_ *machine, in any, _ []any) (any, error) {
	switch v := in.(type) {
	case nil:
		return []any{}, nil
	case []any:
		out := slices.Clone(v)
		slices.Reverse(out)
		return out, nil
	}
	// What has a length has as many elements to look for.
	n, err := length(nil, in, nil)
	if err == nil && n.(float64) > 0 {
		_, err = get(in, 0.0)
	}
	return []any{}, err
}

func sortValues(_ *machine, in any, _ []any) (any, error) {
	a, ok := in.([]any)
	if !ok {
		return nil, fail(shown(in), " cannot be sorted, as it is not an array")
	}
	out := slices.Clone(a)
	slices.SortStableFunc(out, compare)
	return out, nil
}

func unique(m *machine, in any, _ []any) (any, error) {
	if _, ok := in.([]any); !ok {
		if o, ok := in.(*object); ok {
			return nil, mismatch(in, wrapped(o.vals), "sorted, as they are not both arrays")
		}
		return nil, iterateError(in)
	}
	v, err := sortValues(m, in, nil)
	if err != nil {
		return nil, err
	}
	return slices.CompactFunc(v.([]any), equal), nil
}

// wrapped puts each value into an array of its own.
func wrapped(list []any) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = []any{v}
	}
	return out
}

func best(in any, sign int) (any, error) {
	a, ok := in.([]any)
	if !ok {
		return nil, mismatch(in, in, "iterated over")
	}
	var found any
	for i, v := range a {
		c := sign * compare(v, found)
		if i == 0 || c > 0 || c == 0 && sign > 0 {
			found = v
		}
	}
	return found, nil
}

// textOf is a string itself, or the JSON of anything else.
func textOf(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	return toJSON(v)
}

func toText(v any) (string, error) { return textOf(v), nil }

func fromJSON(_ *machine, in any, _ []any) (any, error) {
	s, ok := in.(string)
	if !ok {
		return nil, fail(shown(in), " only strings can be parsed")
	}
	v, err := parseText(context.Background(), s)
	if err != nil {
		return nil, fail(err.Error(), " (while parsing '", s, "')")
	}
	return v, nil
}

func toNumber(m *machine, in any, _ []any) (any, error) {
	switch v := in.(type) {
	case float64, literal:
		return v, nil
	case string:
		n, err := fromJSON(m, v, nil)
		if err == nil && typeName(n) != "number" {
			err = fail(shown(in), " cannot be parsed as a number")
		}
		return n, err
	}
	return nil, fail(shown(in), " cannot be parsed as a number")
}
