package jq

import "slices"

// binder gives the variables of a pattern their values. names are all the
// variables that are in force then, each one step of the environment; those
// that are in other alternatives (?//) are null.
type binder struct {
	pat   *pattern
	names []string
}

// pattern is one variable, or takes an array or object apart.
type pattern struct {
	slot   int // of the variable, negative for none
	array  []*pattern
	object []patternEntry
}

// patternEntry takes the value at a key; slot is the variable it is called by,
// negative for none.
type patternEntry struct {
	key  node
	slot int
	val  *pattern
}

// bind calls f with an environment for every way in which the pattern fits.
func (b binder) bind(m *machine, e *env, v any, f func(*env) error) error {
	vals := make([]any, len(b.names))
	return b.pat.bind(m, e, v, vals, func() error {
		inner := e
		for _, v := range vals {
			inner = &env{up: inner, val: v}
		}
		return f(inner)
	})
}

func (p *pattern) bind(m *machine, e *env, v any, vals []any, f func() error) error {
	if p.slot >= 0 {
		vals[p.slot] = v
	}
	switch {
	case p.array != nil:
		return p.bindArray(m, e, v, 0, vals, f)
	case p.object != nil:
		return p.bindObject(m, e, v, p.object, vals, f)
	}
	return f()
}

func (p *pattern) bindArray(m *machine, e *env, v any, at int, vals []any, f func() error) error {
	if at == len(p.array) {
		return f()
	}
	x, err := get(v, float64(at))
	if err != nil {
		return err
	}
	return p.array[at].bind(m, e, x, vals, func() error { return p.bindArray(m, e, v, at+1, vals, f) })
}

func (p *pattern) bindObject(m *machine, e *env, v any, entries []patternEntry, vals []any, f func() error) error {
	if len(entries) == 0 {
		return f()
	}
	entry := entries[0]
	return m.each(entry.key, e, v, func(key any) error {
		if _, ok := key.(string); !ok {
			return fail("Cannot index ", typeName(v), " with ", typeName(key))
		}
		x, err := get(v, key)
		if err != nil {
			return err
		}
		if entry.slot >= 0 {
			vals[entry.slot] = x
		}
		rest := func() error { return p.bindObject(m, e, v, entries[1:], vals, f) }
		if entry.val == nil {
			return rest()
		}
		return entry.val.bind(m, e, x, vals, rest)
	})
}

func (n bind) eval(m *machine, e *env, in item, out yield) error {
	return m.each(n.src, e, in.v, func(v any) error { return m.fit(n, 0, e, v, in, out) })
}

// fit runs the body with the alternative at, and goes on to the next if an
// error comes of it.
func (m *machine) fit(n bind, at int, e *env, v any, in item, out yield) error {
	body := nodeFunc(func(m *machine, e *env, _ item, out yield) error {
		return n.pats[at].bind(m, e, v, func(inner *env) error { return n.body.eval(m, inner, in, out) })
	})
	if at == len(n.pats)-1 {
		return body(m, e, in, out)
	}
	return m.guarded(body, e, in, out, func(error) error { return m.fit(n, at+1, e, v, in, out) })
}

// nodeFunc is a filter made of a function.
type nodeFunc func(m *machine, e *env, in item, out yield) error

func (f nodeFunc) eval(m *machine, e *env, in item, out yield) error { return f(m, e, in, out) }

// slotOf finds or adds a name.
func slotOf(names *[]string, name string) int {
	if i := slices.Index(*names, name); i >= 0 {
		return i
	}
	*names = append(*names, name)
	return len(*names) - 1
}
