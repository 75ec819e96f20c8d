package jq

// recurseBy yields a value, and what f makes of it again and again. The last
// output of f is followed in a loop, so that a chain may be long.
func recurseBy(m *machine, e *env, in item, args []node, out yield) error {
	for {
		if err := out(in); err != nil {
			return err
		}
		next, err := m.items(args[0], e, in)
		if err != nil || len(next) == 0 {
			return err
		}
		for _, it := range next[:len(next)-1] {
			if err := recurseBy(m, e, it, args, out); err != nil {
				return err
			}
		}
		in = next[len(next)-1]
		if err := m.tick(); err != nil {
			return err
		}
	}
}

func (m *machine) count(from, to, by float64, in item, out yield) error {
	for f := from; by > 0 && f < to || by < 0 && f > to; f += by {
		if err := m.tick(); err != nil {
			return err
		}
		if err := out(item{f, in.p.off()}); err != nil {
			return err
		}
	}
	return nil
}

func rangeNumber(v any) (float64, error) {
	f, ok := number(v)
	if !ok {
		return 0, fail("Range bounds must be numeric")
	}
	return f, nil
}

func rangeTo(m *machine, e *env, in item, args []node, out yield) error {
	return m.each(args[0], e, in.v, func(v any) error {
		to, err := rangeNumber(v)
		if err != nil {
			return err
		}
		return m.count(0, to, 1, in, out)
	})
}

func rangeFromTo(m *machine, e *env, in item, args []node, out yield) error {
	return m.each(args[0], e, in.v, func(v any) error {
		from, err := rangeNumber(v)
		if err != nil {
			return err
		}
		return m.each(args[1], e, in.v, func(v any) error {
			to, err := rangeNumber(v)
			if err != nil {
				return err
			}
			return m.count(from, to, 1, in, out)
		})
	})
}

func rangeBy(m *machine, e *env, in item, args []node, out yield) error {
	return m.each(args[0], e, in.v, func(a any) error {
		return m.each(args[1], e, in.v, func(b any) error {
			return m.each(args[2], e, in.v, func(c any) error {
				from, ok1 := number(a)
				to, ok2 := number(b)
				by, ok3 := number(c)
				if !ok1 || !ok2 || !ok3 {
					return fail("Range bounds must be numeric")
				}
				return m.count(from, to, by, in, out)
			})
		})
	})
}

func firstOf(m *machine, e *env, in item, args []node, out yield) error {
	it, ok, err := m.first(args[0], e, in)
	if err != nil || !ok {
		return err
	}
	return out(it)
}

func lastOf(m *machine, e *env, in item, args []node, out yield) error {
	last, found := item{}, false
	err := args[0].eval(m, e, in, func(it item) error {
		last, found = it, true
		return m.tick()
	})
	if err != nil || !found {
		return err
	}
	return out(last)
}

func limit(m *machine, e *env, in item, args []node, out yield) error {
	return m.each(args[0], e, in.v, func(v any) error {
		n, ok := number(v)
		switch {
		case !ok:
			return mismatch(v, 1.0, "subtracted")
		case n == 0:
			return nil
		case n < 0:
			return args[1].eval(m, e, in, out)
		}
		stop := &errStop{}
		err := args[1].eval(m, e, in, func(it item) error {
			n--
			if err := out(it); err != nil {
				return err
			}
			if n <= 0 {
				return stop
			}
			return nil
		})
		if err == stop {
			return nil
		}
		return err
	})
}

func skip(m *machine, e *env, in item, args []node, out yield) error {
	return m.each(args[0], e, in.v, func(v any) error {
		n, _ := number(v)
		return args[1].eval(m, e, in, func(it item) error {
			if n > 0 {
				n--
				return nil
			}
			return out(it)
		})
	})
}

func until(m *machine, e *env, in item, args []node, out yield) error {
	for {
		c, ok, err := m.first(args[0], e, item{v: in.v})
		if err != nil || !ok {
			return err
		}
		if truthy(c.v) {
			return out(in)
		}
		next, err := m.items(args[1], e, in)
		if err != nil || len(next) == 0 {
			return err
		}
		for _, it := range next[:len(next)-1] {
			if err := until(m, e, it, args, out); err != nil {
				return err
			}
		}
		in = next[len(next)-1]
		if err := m.tick(); err != nil {
			return err
		}
	}
}

func while(m *machine, e *env, in item, args []node, out yield) error {
	for {
		c, ok, err := m.first(args[0], e, item{v: in.v})
		if err != nil || !ok || !truthy(c.v) {
			return err
		}
		if err := out(in); err != nil {
			return err
		}
		next, err := m.items(args[1], e, in)
		if err != nil || len(next) == 0 {
			return err
		}
		for _, it := range next[:len(next)-1] {
			if err := while(m, e, it, args, out); err != nil {
				return err
			}
		}
		in = next[len(next)-1]
		if err := m.tick(); err != nil {
			return err
		}
	}
}

// repeat yields the outputs of f on one value without end.
func repeat(m *machine, e *env, in item, args []node, out yield) error {
	for {
		if err := args[0].eval(m, e, in, out); err != nil {
			return err
		}
		if err := m.tick(); err != nil {
			return err
		}
	}
}

func isEmpty(m *machine, e *env, in item, args []node, out yield) error {
	_, ok, err := m.first(args[0], e, item{v: in.v})
	if err != nil {
		return err
	}
	return out(item{!ok, in.p.off()})
}

// anyOf is any (for true) or all (for false): it stops at the first output of
// the condition that decides.
func anyOf(decides bool) func(*machine, *env, item, []node, yield) error {
	return func(m *machine, e *env, in item, args []node, out yield) error {
		stop := &errStop{}
		err := m.each(args[0], e, in.v, func(v any) error {
			return m.each(args[1], e, v, func(c any) error {
				if truthy(c) == decides {
					return stop
				}
				return nil
			})
		})
		if err != nil && err != stop {
			return err
		}
		return out(item{(err == stop) == decides, in.p.off()})
	}
}
