package jq

import (
	"math"
	"unicode/utf8"
)

// iterate yields what is in an array or object.
func (m *machine) iterate(in item, out yield) error {
	if err := m.reached(in, "iterate through"); err != nil {
		return err
	}
	switch v := in.v.(type) {
	case []any:
		for i, x := range v {
			var p *path
			if in.p != nil {
				p = in.p.to(float64(i))
			}
			if err := out(item{x, p}); err != nil {
				return err
			}
		}
		return m.tick()
	case *object:
		for i, k := range v.keys() {
			if err := out(item{v.vals[i], in.p.to(k)}); err != nil {
				return err
			}
		}
		return m.tick()
	case nil:
		return fail("Cannot iterate over null (null)")
	}
	return fail("Cannot iterate over ", shown(in.v))
}

// reached checks that a value was found by a path, where paths are asked for.
func (m *machine) reached(in item, attempt string) error {
	if in.p != nil && in.p.bad {
		return fail("Invalid path expression with result ", cut(toJSON(in.v), maxShownPath))
	}
	return nil
}

func (n iterate) eval(m *machine, e *env, in item, out yield) error {
	return n.of.eval(m, e, in, func(it item) error { return m.iterate(it, out) })
}

func (n index) eval(m *machine, e *env, in item, out yield) error {
	return n.key.eval(m, e, item{v: in.v}, func(key item) error {
		return n.of.eval(m, e, in, func(it item) error {
			if err := m.reached(it, "access"); err != nil {
				return err
			}
			v, err := get(it.v, key.v)
			if err != nil {
				return err
			}
			return out(item{v, it.p.to(key.v)})
		})
	})
}

func (n slice) eval(m *machine, e *env, in item, out yield) error {
	return m.bound(n.from, e, in.v, func(from any) error {
		return m.bound(n.to, e, in.v, func(to any) error {
			return n.of.eval(m, e, in, func(it item) error {
				if err := m.reached(it, "access"); err != nil {
					return err
				}
				key := newObject()
				key.put("start", from)
				key.put("end", to)
				v, err := get(it.v, key)
				if err != nil {
					return err
				}
				return out(item{v, it.p.to(key)})
			})
		})
	})
}

// bound evaluates one end of a slice, null where it is open.
func (m *machine) bound(n node, e *env, v any, f func(any) error) error {
	if n == nil {
		return f(nil)
	}
	return m.each(n, e, v, f)
}

// get is v[key].
func get(v, key any) (any, error) {
	switch k := key.(type) {
	case string:
		switch v := v.(type) {
		case nil:
			return nil, nil
		case *object:
			found, _ := v.get(k)
			return found, nil
		}
		return nil, fail("Cannot index ", typeName(v), " with string ", toJSON(k))
	case float64, literal:
		f, _ := number(k)
		switch v := v.(type) {
		case nil:
			return nil, nil
		case []any:
			return elementAt(v, f), nil
		}
		return nil, fail("Cannot index ", typeName(v), " with number")
	case *object:
		return getSlice(v, k)
	case []any:
		if a, ok := v.([]any); ok {
			return indicesOfArray(a, k), nil
		}
		if v == nil {
			return nil, nil
		}
	case nil:
		if v == nil {
			return nil, nil
		}
	}
	return nil, fail("Cannot index ", typeName(v), " with ", typeName(key))
}

func elementAt(a []any, f float64) any {
	if f != math.Trunc(f) {
		return nil
	}
	i := int(f)
	if i < 0 {
		i += len(a)
	}
	if i < 0 || i >= len(a) {
		return nil
	}
	return a[i]
}

func getSlice(v any, key *object) (any, error) {
	from, to, err := sliceKey(key)
	if err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case nil:
		return nil, nil
	case []any:
		lo, hi := sliceBounds(len(v), from, to)
		return v[lo:hi:hi], nil
	case string:
		lo, hi := sliceBounds(utf8.RuneCountInString(v), from, to)
		return substring(v, lo, hi), nil
	}
	return nil, fail("Cannot index ", typeName(v), " with object")
}

// sliceKey takes the bounds out of {"start":…,"end":…}.
func sliceKey(key *object) (from, to any, err error) {
	from, okFrom := key.get("start")
	to, okTo := key.get("end")
	_, numFrom := number(from)
	_, numTo := number(to)
	if !okFrom && !okTo || from != nil && !numFrom || to != nil && !numTo {
		return nil, nil, fail("Start and end indices of an array slice must be numbers")
	}
	return from, to, nil
}

// sliceBounds turns bounds, which may be null, negative or fractions, into
// places.
func sliceBounds(n int, from, to any) (lo, hi int) {
	start, end := 0.0, float64(n)
	if f, ok := number(from); ok {
		start = f
	}
	if f, ok := number(to); ok {
		end = f
	}
	if start < 0 {
		start += float64(n)
	}
	if end < 0 {
		end += float64(n)
	}
	start = math.Min(math.Max(start, 0), float64(n))
	end = math.Min(math.Max(end, start), float64(n))
	return int(math.Floor(start)), int(math.Ceil(end))
}

// substring is the characters from lo to hi.
func substring(s string, lo, hi int) string {
	at := func(n int) int {
		i := 0
		for ; n > 0 && i < len(s); n-- {
			_, size := utf8.DecodeRuneInString(s[i:])
			i += size
		}
		return i
	}
	return s[at(lo):at(hi)]
}
