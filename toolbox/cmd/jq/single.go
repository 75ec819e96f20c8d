package jq

// Most filters yield exactly one value. Calling them for it, in place of
// handing them what comes next, keeps the stack as deep as the program is
// nested, and not as deep as it has run; and a call in the last place costs no
// stack at all.

// direct is a filter that is known to yield exactly one value, or an error.
type direct struct{ n node }

func (d direct) eval(m *machine, e *env, in item, out yield) error {
	it, err := m.one(d.n, e, in)
	if err != nil {
		return err
	}
	return out(it)
}

// oneNode is a filter that may be asked for its one value.
type oneNode interface {
	one(m *machine, e *env, in item) (item, error)
}

// one evaluates a filter that yields one value.
func (m *machine) one(n node, e *env, in item) (item, error) {
	if m.depth++; m.depth > maxCalls {
		m.depth--
		return item{}, errDepth
	}
	defer func() { m.depth-- }()
	for {
		switch x := n.(type) {
		case direct:
			n = x.n
		case pipe:
			it, err := m.one(x.l, e, in)
			if err != nil {
				return item{}, err
			}
			n, in = x.r, it
		case cond:
			c, err := m.one(x.c, e, item{v: in.v})
			if err != nil {
				return item{}, err
			}
			if n = x.no; truthy(c.v) {
				n = x.yes
			}
		case scope:
			n, e = x.body, &env{up: e}
		case call:
			if err := m.tick(); err != nil {
				return item{}, err
			}
			n, e = x.fn.sole, x.frame(e)
		case param:
			fn := e.back(x.steps).fn
			n, e = fn.n, fn.e
		case valueParam:
			fn := e.back(x.steps).fn
			v, err := m.one(fn.n, fn.e, item{v: in.v})
			if err != nil {
				return item{}, err
			}
			n, e = x.body, &env{up: e, val: v.v}
		case oneNode:
			return x.one(m, e, in)
		default:
			return m.only(n, e, in)
		}
	}
}

// only takes the one value of a filter that has no shorter way to it.
func (m *machine) only(n node, e *env, in item) (it item, err error) {
	err = n.eval(m, e, in, func(got item) error {
		it = got
		return nil
	})
	return it, err
}

// frame is the environment of a function that is called.
func (n call) frame(e *env) *env {
	inner := e.back(n.steps)
	for _, arg := range n.args {
		c := &closure{arg, e}
		if d, ok := arg.(direct); ok {
			arg = d.n
		}
		if p, ok := arg.(param); ok {
			c = e.back(p.steps).fn
		}
		inner = &env{up: inner, fn: c}
	}
	return inner
}

func (n binary) one(m *machine, e *env, in item) (item, error) {
	r, err := m.one(n.r, e, item{v: in.v})
	if err != nil {
		return item{}, err
	}
	l, err := m.one(n.l, e, item{v: in.v})
	if err != nil {
		return item{}, err
	}
	v, err := n.op(m, l.v, r.v)
	return item{v, in.p.off()}, err
}

func (n index) one(m *machine, e *env, in item) (item, error) {
	key, err := m.one(n.key, e, item{v: in.v})
	if err != nil {
		return item{}, err
	}
	it, err := m.one(n.of, e, in)
	if err == nil {
		err = m.reached(it, "access")
	}
	if err != nil {
		return item{}, err
	}
	v, err := get(it.v, key.v)
	return item{v, it.p.to(key.v)}, err
}

func (identity) one(_ *machine, _ *env, in item) (item, error) { return in, nil }

func (n variable) one(_ *machine, e *env, in item) (item, error) {
	return item{e.back(n.steps).val, in.p.off()}, nil
}

func (n cartesian) one(m *machine, e *env, in item) (item, error) {
	args := make([]any, len(n.args))
	for i := len(args) - 1; i >= 0; i-- {
		it, err := m.one(n.args[i], e, item{v: in.v})
		if err != nil {
			return item{}, err
		}
		args[i] = it.v
	}
	v, err := n.fn(m, in.v, args)
	return item{v, in.p.off()}, err
}

func (n build) one(m *machine, e *env, in item) (item, error) {
	o := &object{s: n.shape, vals: make([]any, 0, len(n.entries))}
	for _, entry := range n.entries {
		key, err := m.one(entry.key, e, item{v: in.v})
		if err != nil {
			return item{}, err
		}
		k, ok := key.v.(string)
		if !ok {
			return item{}, fail("Object keys must be strings")
		}
		v, err := m.one(entry.val, e, item{v: in.v})
		if err != nil {
			return item{}, err
		}
		o.put(k, v.v)
	}
	return item{o, in.p.off()}, nil
}

// marker finds and marks filters that yield one value. given says that the
// filters which the function around them was given do so, too.
type marker struct{ given bool }

// single reports whether a filter yields exactly one value. Functions say so
// of themselves, see settle.
func (m marker) single(n node) bool {
	switch x := n.(type) {
	case direct, identity, constant, words, variable, collect, modify:
		return true
	case param:
		return m.given
	case pipe:
		return m.single(x.l) && m.single(x.r)
	case cond:
		return m.single(x.c) && m.single(x.yes) && m.single(x.no)
	case binary:
		return m.single(x.l) && m.single(x.r)
	case andN:
		return m.single(x.l) && m.single(x.r)
	case orN:
		return m.single(x.l) && m.single(x.r)
	case negate:
		return m.single(x.x)
	case index:
		return m.single(x.of) && m.single(x.key)
	case slice:
		return m.single(x.of) && (x.from == nil || m.single(x.from)) && (x.to == nil || m.single(x.to))
	case build:
		for _, entry := range x.entries {
			if !m.single(entry.key) || !m.single(entry.val) {
				return false
			}
		}
		return true
	case format:
		return m.all(x.parts)
	case reduce:
		return m.single(x.init)
	case scope:
		return m.single(x.body)
	case valueParam:
		return m.given && m.single(x.body)
	case assign:
		return m.single(x.r)
	case modifyOp:
		return m.single(x.r)
	case call:
		return x.fn.single && (m.given || !x.fn.inner) && m.all(x.args)
	case native:
		return x.fn.single
	case cartesian:
		return m.all(x.args)
	}
	return false
}

func (m marker) all(nodes []node) bool {
	for _, n := range nodes {
		if !m.single(n) {
			return false
		}
	}
	return true
}

// settle finds out which functions yield one value, given filters that do: all,
// until one is found that does not; then it marks the filters.
func settle(main node, functions []*function) node {
	for _, f := range functions {
		f.single = true
	}
	for changed := true; changed; {
		changed = false
		for _, f := range functions {
			if f.single && !(marker{true}).single(f.body) {
				f.single, changed = false, true
			}
		}
	}
	for _, f := range functions {
		f.sole = marker{true}.mark(f.body)
		f.body = marker{false}.mark(f.body)
	}
	return marker{false}.mark(main)
}

// mark puts direct around the filters that yield one value, inside out.
func (m marker) mark(n node) node {
	switch x := n.(type) {
	case nil, direct, words:
		return n
	case pipe:
		n = pipe{m.mark(x.l), m.mark(x.r)}
	case comma:
		n = comma{m.mark(x.l), m.mark(x.r)}
	case alter:
		n = alter{m.mark(x.l), m.mark(x.r)}
	case andN:
		n = andN{m.mark(x.l), m.mark(x.r)}
	case orN:
		n = orN{m.mark(x.l), m.mark(x.r)}
	case binary:
		n = binary{x.op, m.mark(x.l), m.mark(x.r)}
	case assign:
		n = assign{m.mark(x.l), m.mark(x.r)}
	case modify:
		n = modify{m.mark(x.l), m.mark(x.r)}
	case modifyOp:
		n = modifyOp{x.op, m.mark(x.l), m.mark(x.r)}
	case negate:
		n = negate{m.mark(x.x)}
	case iterate:
		n = iterate{m.mark(x.of)}
	case optional:
		n = optional{m.mark(x.of)}
	case index:
		n = index{m.mark(x.of), m.mark(x.key)}
	case slice:
		n = slice{m.mark(x.of), m.mark(x.from), m.mark(x.to)}
	case collect:
		n = collect{m.mark(x.x)}
	case cond:
		n = cond{m.mark(x.c), m.mark(x.yes), m.mark(x.no)}
	case try:
		n = try{m.mark(x.body), m.mark(x.catch)}
	case scope:
		n = scope{m.mark(x.body)}
	case label:
		n = label{m.mark(x.body)}
	case valueParam:
		n = valueParam{x.steps, m.mark(x.body)}
	default:
		n = m.many(n)
	}
	if m.single(n) {
		return direct{n}
	}
	return n
}

func (m marker) many(n node) node {
	switch x := n.(type) {
	case build:
		entries := make([]entry, len(x.entries))
		for i, e := range x.entries {
			entries[i] = entry{m.mark(e.key), m.mark(e.val)}
		}
		return build{entries, x.shape}
	case format:
		return format{m.markAll(x.parts), x.render}
	case reduce:
		return reduce{m.mark(x.src), m.mark(x.init), m.mark(x.update), x.pat}
	case foreach:
		return foreach{m.mark(x.src), m.mark(x.init), m.mark(x.update), m.mark(x.extract), x.pat}
	case bind:
		return bind{m.mark(x.src), m.mark(x.body), x.pats}
	case call:
		return call{x.fn, x.steps, m.markAll(x.args)}
	case native:
		return native{x.fn, m.markAll(x.args)}
	case cartesian:
		return cartesian{x.fn, m.markAll(x.args)}
	}
	return n
}

func (m marker) markAll(nodes []node) []node {
	out := make([]node, len(nodes))
	for i, n := range nodes {
		out[i] = m.mark(n)
	}
	return out
}
