package jq

import (
	"strconv"
	"strings"

	"github.com/itchyny/gojq"
)

// compiler turns a parsed query into nodes. It walks the names in force as the
// environment will have them.
type compiler struct {
	src   string
	scope *names
	lib   map[string]*function // of the prelude, as far as used
	all   []*function
	vars  map[string]any // of the command line
}

// names is one step of the environment, and what it is called.
type names struct {
	up   *names
	name string    // "$x", "*label", or "f/0"
	fn   *function // a function: takes a step that holds nothing
	arg  bool      // a parameter
}

func (c *compiler) push(name string) *names {
	c.scope = &names{up: c.scope, name: name}
	return c.scope
}

// find looks a name up and counts the steps to it.
func (c *compiler) find(name string) (found *names, steps int) {
	for n := c.scope; n != nil; n = n.up {
		if n.name == name {
			return n, steps
		}
		steps++
	}
	return nil, 0
}

// within compiles with the names added by f, which end with it.
func (c *compiler) within(f func() (node, error)) (node, error) {
	saved := c.scope
	n, err := f()
	c.scope = saved
	return n, err
}

func (c *compiler) query(q *gojq.Query) (node, error) {
	if len(q.FuncDefs) > 0 {
		return c.within(func() (node, error) { return c.withFunctions(q, q.FuncDefs) })
	}
	return c.body(q)
}

// withFunctions compiles a query that starts with definitions. Each takes a
// step, so that it finds its place again when it is called.
func (c *compiler) withFunctions(q *gojq.Query, defs []*gojq.FuncDef) (node, error) {
	if len(defs) == 0 {
		return c.body(q)
	}
	if _, err := c.define(defs[0]); err != nil {
		return nil, err
	}
	body, err := c.withFunctions(q, defs[1:])
	return scope{body}, err
}

// define compiles a function into a step of its own.
func (c *compiler) define(def *gojq.FuncDef) (*function, error) {
	fn := &function{name: def.Name, inner: c.given()}
	c.all = append(c.all, fn)
	c.push(signature(def.Name, len(def.Args))).fn = fn
	_, err := c.within(func() (node, error) {
		for _, p := range def.Args {
			c.push(signature(strings.TrimPrefix(p, "$"), 0)).arg = true
		}
		body, err := c.valueParams(def, 0)
		fn.body = body
		return nil, err
	})
	return fn, err
}

// given reports whether a function that is given filters is being compiled.
func (c *compiler) given() bool {
	for n := c.scope; n != nil; n = n.up {
		if n.arg {
			return true
		}
	}
	return false
}

// valueParams binds the parameters like $x, from number at on, around the body.
func (c *compiler) valueParams(def *gojq.FuncDef, at int) (node, error) {
	for ; at < len(def.Args); at++ {
		if name := def.Args[at]; strings.HasPrefix(name, "$") {
			_, steps := c.find(signature(name[1:], 0))
			c.push(name)
			body, err := c.valueParams(def, at+1)
			return valueParam{steps, body}, err
		}
	}
	return c.query(def.Body)
}

func signature(name string, args int) string { return name + "/" + strconv.Itoa(args) }

func (c *compiler) body(q *gojq.Query) (node, error) {
	switch {
	case q.Term != nil:
		return c.term(q.Term)
	case len(q.Patterns) > 0:
		return c.bind(q)
	case q.Op == 0:
		return identity{}, nil
	}
	l, r, err := c.two(q.Left, q.Right)
	if err != nil {
		return nil, err
	}
	return c.operator(q, l, r)
}

func (c *compiler) two(a, b *gojq.Query) (l, r node, err error) {
	if l, err = c.query(a); err != nil {
		return nil, nil, err
	}
	r, err = c.query(b)
	return l, r, err
}

func (c *compiler) operator(q *gojq.Query, l, r node) (node, error) {
	switch q.Op {
	case gojq.OpPipe:
		return pipe{l, r}, nil
	case gojq.OpComma:
		return comma{l, r}, nil
	case gojq.OpAnd:
		return andN{l, r}, nil
	case gojq.OpOr:
		return orN{l, r}, nil
	case gojq.OpAlt:
		return alter{l, r}, nil
	case gojq.OpAssign:
		return assign{l, r}, nil
	case gojq.OpModify:
		return modify{l, r}, nil
	}
	if op, ok := updates[q.Op]; ok {
		return modifyOp{op, l, r}, nil
	}
	return c.folded(binary{operators[q.Op], l, r}, q)
}

// folded works an operation on two numbers out.
func (c *compiler) folded(b binary, q *gojq.Query) (node, error) {
	l, ok := b.l.(constant)
	r, also := b.r.(constant)
	if !ok || !also {
		return b, nil
	}
	_, ok = number(l.v)
	n, also := number(r.v)
	if !ok || !also {
		return b, nil
	}
	if q.Op == gojq.OpDiv && n == 0 {
		return nil, c.at("", "Division by zero?")
	}
	v, err := b.op(nil, l.v, r.v)
	if err != nil {
		return b, nil
	}
	return constant{v}, nil
}

func (c *compiler) bind(q *gojq.Query) (node, error) {
	src, err := c.query(q.Left)
	if err != nil {
		return nil, err
	}
	b := bind{src: src}
	if b.pats, err = c.patterns(q.Patterns); err != nil {
		return nil, err
	}
	return c.within(func() (node, error) {
		c.pushAll(b.pats[0].names)
		b.body, err = c.query(q.Right)
		return b, err
	})
}

func (c *compiler) pushAll(names []string) {
	for _, name := range names {
		c.push(name)
	}
}

// patterns compiles alternative patterns; all of them have all the names.
func (c *compiler) patterns(alts []*gojq.Pattern) ([]binder, error) {
	var names []string
	out := make([]binder, len(alts))
	for i, p := range alts {
		pat, err := c.pattern(p, &names)
		if err != nil {
			return nil, err
		}
		out[i].pat = pat
	}
	for i := range out {
		out[i].names = names
	}
	return out, nil
}

func (c *compiler) pattern(p *gojq.Pattern, names *[]string) (*pattern, error) {
	out := &pattern{slot: -1}
	if p.Name != "" {
		out.slot = slotOf(names, p.Name)
	}
	for _, sub := range p.Array {
		x, err := c.pattern(sub, names)
		if err != nil {
			return nil, err
		}
		out.array = append(out.array, x)
	}
	for _, entry := range p.Object {
		x, err := c.patternEntry(entry, names)
		if err != nil {
			return nil, err
		}
		out.object = append(out.object, x)
	}
	return out, nil
}

func (c *compiler) patternEntry(p *gojq.PatternObject, names *[]string) (e patternEntry, err error) {
	e.slot = -1
	switch {
	case strings.HasPrefix(p.Key, "$"):
		e.slot = slotOf(names, p.Key)
		e.key = constant{p.Key[1:]}
	case p.Key != "":
		e.key = constant{p.Key}
	case p.KeyString != nil:
		e.key, err = c.text(p.KeyString, toText)
	case p.KeyQuery != nil:
		e.key, err = c.query(p.KeyQuery)
	}
	if err == nil && p.Val != nil {
		e.val, err = c.pattern(p.Val, names)
	}
	return e, err
}

// compile parses and compiles a program. vars are variables that it may use.
func compile(src string, vars map[string]any) (node, error) {
	q, err := gojq.Parse(src)
	if err != nil {
		return nil, parseError(src, err)
	}
	c := &compiler{src: src, scope: &names{}, lib: map[string]*function{}, vars: vars}
	n, err := c.query(q)
	if err != nil {
		return nil, err
	}
	return settle(n, c.all), nil
}
