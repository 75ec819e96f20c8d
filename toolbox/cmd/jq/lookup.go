package jq

import (
	"strings"

	"github.com/itchyny/gojq"
)

// call compiles a variable or the call of a function.
func (c *compiler) call(f *gojq.Func) (node, error) {
	if strings.HasPrefix(f.Name, "$") {
		return c.variable(f.Name)
	}
	name := signature(f.Name, len(f.Args))
	args := make([]node, len(f.Args))
	for i, q := range f.Args {
		n, err := c.query(q)
		if err != nil {
			return nil, err
		}
		args[i] = n
	}
	if found, steps := c.find(name); found != nil {
		if found.arg {
			return param{steps}, nil
		}
		return call{found.fn, steps, args}, nil
	}
	return c.builtin(f.Name, name, args)
}

func (c *compiler) builtin(name, signature string, args []node) (node, error) {
	if b, ok := natives[signature]; ok {
		return native{b, args}, nil
	}
	if fn, ok := values[signature]; ok {
		return cartesian{fn, args}, nil
	}
	fn, err := c.library(name, signature, len(args))
	if err != nil {
		return nil, err
	}
	_, depth := c.find("")
	return call{fn, depth, args}, nil
}

// library compiles a function of the prelude when it is first used.
func (c *compiler) library(name, signature string, args int) (*function, error) {
	if fn, ok := c.lib[signature]; ok {
		return fn, nil
	}
	src, ok := prelude[signature]
	if !ok {
		return nil, c.at(name, signature+" is not defined")
	}
	q, err := gojq.Parse("def " + src + "; .")
	if err != nil {
		return nil, err
	}
	saved := c.scope
	c.scope = c.root()
	fn := &function{name: name}
	c.lib[signature] = fn
	c.all = append(c.all, fn)
	def := q.FuncDefs[0]
	_, err = c.within(func() (node, error) {
		for _, p := range def.Args {
			c.push(signatureOf(p)).arg = true
		}
		body, err := c.valueParams(def, 0)
		fn.body = body
		return nil, err
	})
	c.scope = saved
	return fn, err
}

func signatureOf(param string) string { return signature(strings.TrimPrefix(param, "$"), 0) }

// root is the step at the bottom, which has no name.
func (c *compiler) root() *names {
	n := c.scope
	for n.up != nil {
		n = n.up
	}
	return n
}

func (c *compiler) variable(name string) (node, error) {
	if found, steps := c.find(name); found != nil {
		return variable{steps}, nil
	}
	switch name {
	case "$ENV":
		return native{natives["env/0"], nil}, nil
	case "$__loc__":
		o := newObject()
		o.put("file", "<top-level>")
		o.put("line", float64(1+strings.Count(c.src[:max(strings.Index(c.src, name), 0)], "\n")))
		return constant{o}, nil
	}
	if v, ok := c.vars[name]; ok {
		return constant{v}, nil
	}
	return nil, c.at(name, name+" is not defined")
}
