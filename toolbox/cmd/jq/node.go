package jq

import (
	"context"
	"errors"

	"agentsandbox/toolbox/regex"
	"agentsandbox/toolbox/tool"
)

// item is a value on its way through a filter. Where paths are asked for, it
// knows by which path it was reached.
type item struct {
	v any
	p *path // nil where paths are not asked for
}

// path is a path, from its end to its start.
type path struct {
	up  *path // nil at the start
	key any
	bad bool // the value was not reached by a path
}

var (
	rootPath = &path{}
	noPath   = &path{bad: true}
)

// list is the path as an array of keys.
func (p *path) list() []any {
	n := 0
	for q := p; q.up != nil; q = q.up {
		n++
	}
	out := make([]any, n)
	for q := p; q.up != nil; q = q.up {
		n--
		out[n] = q.key
	}
	return out
}

// to is the path to what is found at key.
func (p *path) to(key any) *path {
	if p == nil {
		return nil
	}
	return &path{up: p, key: key}
}

// off is the path of a value that is made and not found.
func (p *path) off() *path {
	if p == nil {
		return nil
	}
	return noPath
}

// yield takes the outputs of a filter one by one. An error ends the filter.
type yield func(item) error

// node is a compiled filter.
type node interface {
	eval(m *machine, e *env, in item, out yield) error
}

// env holds what names stand for: variables, and the filters that functions
// were given. Each is one step; how many steps to go is known when a filter
// is compiled.
type env struct {
	up  *env
	val any      // of a variable
	fn  *closure // of a function's parameter
}

// closure is a filter with what its names stand for.
type closure struct {
	n node
	e *env
}

func (e *env) back(steps int) *env {
	for ; steps > 0; steps-- {
		e = e.up
	}
	return e
}

// machine is one run.
type machine struct {
	ctx   context.Context
	x     *tool.Exec
	in    *inputs
	ticks int
	depth int
	flush func() error

	regexes map[string]*regex.Regexp // by flags and pattern
}

// errDepth is the error of functions that call each other without end.
var errDepth = errors.New("recursion too deep")

// maxCalls bounds how deep functions call each other.
const maxCalls = 100_000

// tick looks at the context now and then.
func (m *machine) tick() error {
	if m.ticks++; m.ticks&255 == 0 {
		return m.ctx.Err()
	}
	return nil
}

// breakError is break $label on its way.
type breakError struct{ label *env }

// Error implements error.
func (*breakError) Error() string { return "break" }

// errStop ends a filter whose further outputs are not wanted. Each use has one
// of its own.
type errStop struct{ _ byte }

// Error implements error.
func (*errStop) Error() string { return "stop" }

// each calls f with the outputs of a filter, without regard to paths.
func (m *machine) each(n node, e *env, v any, f func(v any) error) error {
	if d, ok := n.(direct); ok {
		it, err := m.one(d.n, e, item{v: v})
		if err != nil {
			return err
		}
		return f(it.v)
	}
	return n.eval(m, e, item{v: v}, func(it item) error { return f(it.v) })
}

// all collects the outputs of a filter.
func (m *machine) all(n node, e *env, v any) ([]any, error) {
	out := []any{}
	err := m.each(n, e, v, func(v any) error {
		out = append(out, v)
		return m.tick()
	})
	return out, err
}

// first evaluates a filter for its first output; ok is false if it has none.
func (m *machine) first(n node, e *env, in item) (it item, ok bool, err error) {
	if d, isOne := n.(direct); isOne {
		it, err = m.one(d.n, e, in)
		return it, err == nil, err
	}
	stop := &errStop{}
	err = n.eval(m, e, in, func(got item) error {
		it, ok = got, true
		return stop
	})
	if err == stop {
		err = nil
	}
	return it, ok, err
}

// Filters of one step.
type (
	identity struct{}
	constant struct{ v any }
	recurse  struct{} // ..
	emptyN   struct{}
	variable struct{ steps int }
	iterate  struct{ of node }
	optional struct{ of node } // f?
	index    struct {          // of[key]
		of, key node
	}
	slice struct { // of[from:to]
		of, from, to node // from, to: nil where open
	}
)

// Filters of several.
type (
	pipe   struct{ l, r node }
	comma  struct{ l, r node }
	alter  struct{ l, r node } // l // r
	andN   struct{ l, r node }
	orN    struct{ l, r node }
	negate struct{ x node }
	binary struct {
		op   func(m *machine, l, r any) (any, error)
		l, r node
	}
	collect struct{ x node } // [x]
	build   struct {
		entries []entry
		shape   *shape // of the objects it makes
	}
	entry  struct{ key, val node }
	format struct { // a string with values in it
		parts  []node
		render func(v any) (string, error)
	}
	cond struct {
		c, yes, no node
	}
	try struct {
		body, catch node // catch: nil for none
	}
	reduce struct {
		src, init, update node
		pat               binder
	}
	foreach struct {
		src, init, update, extract node
		pat                        binder
	}
	label  struct{ body node }
	breakN struct{ steps int }
	bind   struct {
		src, body node
		pats      []binder
	}
	scope struct { // binds nothing but takes a step, for a function's place
		body node
	}
	call struct {
		fn    *function
		steps int // back to where the function was defined
		args  []node
	}
	param  struct{ steps int } // a filter that the function was given
	native struct {
		fn   *builtin
		args []node
	}
	cartesian struct { // a function of values
		fn   func(m *machine, in any, args []any) (any, error)
		args []node
	}
	assign struct{ l, r node }
	modify struct {
		l node
		r node
	}
	modifyOp struct {
		op   func(m *machine, l, r any) (any, error)
		l, r node
	}
)

// function is a function of the program.
type function struct {
	name   string
	body   node
	sole   node // the body, where the function is given filters of one value
	single bool // it yields one value then
	inner  bool // it is defined in a function that is given filters, too
}
