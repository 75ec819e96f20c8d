package jq

import (
	"errors"
	"slices"
)

func (identity) eval(_ *machine, _ *env, in item, out yield) error { return out(in) }

func (n constant) eval(_ *machine, _ *env, in item, out yield) error {
	p := in.p.off()
	if n.v == nil && in.v == nil {
		p = in.p // null found and null made are the same
	}
	return out(item{n.v, p})
}

func (emptyN) eval(*machine, *env, item, yield) error { return nil }

func (n variable) eval(_ *machine, e *env, in item, out yield) error {
	return out(item{e.back(n.steps).val, in.p.off()})
}

func (recurse) eval(m *machine, _ *env, in item, out yield) error { return m.recurse(in, out, 0) }

// recurse yields a value and all that is in it.
func (m *machine) recurse(in item, out yield, depth int) error {
	if err := out(in); err != nil {
		return err
	}
	if depth > maxDepth {
		return errDepth
	}
	switch in.v.(type) {
	case []any, *object:
		return m.iterate(in, func(it item) error { return m.recurse(it, out, depth+1) })
	}
	return nil
}

func (n optional) eval(m *machine, e *env, in item, out yield) error {
	return m.guarded(n.of, e, in, out, func(error) error { return nil })
}

// outside is an error of what comes after a filter, which the filter is not to
// catch.
type outside struct{ err error }

// Error implements error.
func (o *outside) Error() string { return o.err.Error() }

// guarded evaluates a filter and hands an error of its own to handle.
func (m *machine) guarded(n node, e *env, in item, out yield, handle func(error) error) error {
	err := n.eval(m, e, in, func(it item) error {
		if err := out(it); err != nil {
			return &outside{err}
		}
		return nil
	})
	if after, ok := err.(*outside); ok {
		return after.err
	}
	if err == nil || !catchable(err) {
		return err
	}
	return handle(err)
}

// catchable reports whether an error is one of the program.
func catchable(err error) bool {
	var v *valueError
	return errors.As(err, &v)
}

func (n pipe) eval(m *machine, e *env, in item, out yield) error {
	if d, ok := n.l.(direct); ok {
		it, err := m.one(d.n, e, in)
		if err != nil {
			return err
		}
		return n.r.eval(m, e, it, out)
	}
	return n.l.eval(m, e, in, func(it item) error { return n.r.eval(m, e, it, out) })
}

func (n comma) eval(m *machine, e *env, in item, out yield) error {
	if err := n.l.eval(m, e, in, out); err != nil {
		return err
	}
	return n.r.eval(m, e, in, out)
}

// alter yields what l yields that is true, or all of r if there is none.
func (n alter) eval(m *machine, e *env, in item, out yield) error {
	found := false
	err := n.l.eval(m, e, in, func(it item) error {
		if !truthy(it.v) {
			return nil
		}
		found = true
		return out(it)
	})
	if err != nil || found {
		return err
	}
	return n.r.eval(m, e, in, out)
}

func (n andN) eval(m *machine, e *env, in item, out yield) error {
	return m.each(n.l, e, in.v, func(l any) error {
		if !truthy(l) {
			return out(item{false, in.p.off()})
		}
		return m.each(n.r, e, in.v, func(r any) error { return out(item{truthy(r), in.p.off()}) })
	})
}

func (n orN) eval(m *machine, e *env, in item, out yield) error {
	return m.each(n.l, e, in.v, func(l any) error {
		if truthy(l) {
			return out(item{true, in.p.off()})
		}
		return m.each(n.r, e, in.v, func(r any) error { return out(item{truthy(r), in.p.off()}) })
	})
}

func (n negate) eval(m *machine, e *env, in item, out yield) error {
	return m.each(n.x, e, in.v, func(v any) error {
		f, ok := number(v)
		if !ok {
			return fail(shown(v), " cannot be negated")
		}
		return out(item{-f, in.p.off()})
	})
}

func (n binary) eval(m *machine, e *env, in item, out yield) error {
	return m.each(n.r, e, in.v, func(r any) error {
		return m.each(n.l, e, in.v, func(l any) error {
			v, err := n.op(m, l, r)
			if err != nil {
				return err
			}
			return out(item{v, in.p.off()})
		})
	})
}

func (n collect) eval(m *machine, e *env, in item, out yield) error {
	list := []any{}
	if n.x != nil {
		var err error
		if list, err = m.all(n.x, e, in.v); err != nil {
			return err
		}
	}
	return out(item{list, in.p.off()})
}

func (n build) eval(m *machine, e *env, in item, out yield) error {
	return m.build(n.entries, newObject(), e, in, out)
}

// build adds the entries that are left to o, in every way.
func (m *machine) build(entries []entry, o *object, e *env, in item, out yield) error {
	if len(entries) == 0 {
		return out(item{o, in.p.off()})
	}
	return m.each(entries[0].key, e, in.v, func(key any) error {
		k, ok := key.(string)
		if !ok {
			return fail("Object keys must be strings")
		}
		return m.each(entries[0].val, e, in.v, func(v any) error {
			return m.build(entries[1:], o.with(k, v), e, in, out)
		})
	})
}

func (n format) eval(m *machine, e *env, in item, out yield) error {
	return m.format(n, len(n.parts)-1, "", e, in, out)
}

// words is the part of a string that stands between values.
type words string

func (w words) eval(_ *machine, _ *env, in item, out yield) error {
	return out(item{string(w), in.p.off()})
}

// format puts the parts up to at before the tail; the last part is the outer
// loop.
func (m *machine) format(n format, at int, tail string, e *env, in item, out yield) error {
	if at < 0 {
		return out(item{tail, in.p.off()})
	}
	if s, ok := n.parts[at].(words); ok {
		return m.format(n, at-1, string(s)+tail, e, in, out)
	}
	return m.each(n.parts[at], e, in.v, func(v any) error {
		s, err := n.render(v)
		if err != nil {
			return err
		}
		return m.format(n, at-1, s+tail, e, in, out)
	})
}

func (n cond) eval(m *machine, e *env, in item, out yield) error {
	return m.each(n.c, e, in.v, func(c any) error {
		if truthy(c) {
			return n.yes.eval(m, e, in, out)
		}
		return n.no.eval(m, e, in, out)
	})
}

func (n try) eval(m *machine, e *env, in item, out yield) error {
	return m.guarded(n.body, e, in, out, func(err error) error {
		var v *valueError
		errors.As(err, &v)
		if n.catch == nil {
			return nil
		}
		return n.catch.eval(m, e, item{v.v, in.p.off()}, out)
	})
}

func (n reduce) eval(m *machine, e *env, in item, out yield) error {
	return n.init.eval(m, e, in, func(state item) error {
		err := m.each(n.src, e, in.v, func(v any) error {
			return n.pat.bind(m, e, v, func(inner *env) error {
				last := item{nil, in.p.off()}
				err := n.update.eval(m, inner, state, func(it item) error {
					last = it
					return nil
				})
				state = last
				if err == nil {
					err = m.tick()
				}
				return err
			})
		})
		if err != nil {
			return err
		}
		return out(state)
	})
}

func (n foreach) eval(m *machine, e *env, in item, out yield) error {
	return n.init.eval(m, e, in, func(state item) error {
		return m.each(n.src, e, in.v, func(v any) error {
			return n.pat.bind(m, e, v, func(inner *env) error {
				return n.update.eval(m, inner, state, func(it item) error {
					state = it
					if n.extract == nil {
						return out(it)
					}
					return n.extract.eval(m, inner, it, out)
				})
			})
		})
	})
}

func (n label) eval(m *machine, e *env, in item, out yield) error {
	inner := &env{up: e}
	err := n.body.eval(m, inner, in, out)
	if b, ok := err.(*breakError); ok && b.label == inner {
		return nil
	}
	return err
}

func (n breakN) eval(_ *machine, e *env, _ item, _ yield) error {
	return &breakError{e.back(n.steps)}
}

func (n scope) eval(m *machine, e *env, in item, out yield) error {
	return n.body.eval(m, &env{up: e}, in, out)
}

func (n param) eval(m *machine, e *env, in item, out yield) error {
	fn := e.back(n.steps).fn
	return fn.n.eval(m, fn.e, in, out)
}

func (n call) eval(m *machine, e *env, in item, out yield) error {
	if m.depth++; m.depth > maxCalls {
		m.depth--
		return errDepth
	}
	defer func() { m.depth-- }()
	if err := m.tick(); err != nil {
		return err
	}
	return n.fn.body.eval(m, n.frame(e), in, out)
}

// valueParam binds the value of a parameter like $x; the filter itself is
// steps back.
type valueParam struct {
	steps int
	body  node
}

func (n valueParam) eval(m *machine, e *env, in item, out yield) error {
	fn := e.back(n.steps).fn
	return m.each(fn.n, fn.e, in.v, func(v any) error {
		return n.body.eval(m, &env{up: e, val: v}, in, out)
	})
}

func (n native) eval(m *machine, e *env, in item, out yield) error {
	return n.fn.run(m, e, in, n.args, out)
}

func (n cartesian) eval(m *machine, e *env, in item, out yield) error {
	args := make([]any, len(n.args))
	return m.spread(n, len(n.args)-1, args, e, in, out)
}

// spread evaluates the arguments up to at, the last as the outer loop.
func (m *machine) spread(n cartesian, at int, args []any, e *env, in item, out yield) error {
	if at < 0 {
		v, err := n.fn(m, in.v, slices.Clone(args))
		if err != nil {
			return err
		}
		return out(item{v, in.p.off()})
	}
	return m.each(n.args[at], e, in.v, func(v any) error {
		args[at] = v
		return m.spread(n, at-1, args, e, in, out)
	})
}
