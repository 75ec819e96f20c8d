package jq

import (
	"strings"

	"github.com/itchyny/gojq"
)

func (c *compiler) term(t *gojq.Term) (node, error) {
	n, err := c.atom(t)
	for i := 0; i < len(t.SuffixList) && err == nil; i++ {
		n, err = c.suffix(n, t.SuffixList[i])
	}
	return n, err
}

func (c *compiler) atom(t *gojq.Term) (node, error) {
	switch t.Type {
	case gojq.TermTypeIdentity:
		return identity{}, nil
	case gojq.TermTypeRecurse:
		return recurse{}, nil
	case gojq.TermTypeNull:
		return constant{nil}, nil
	case gojq.TermTypeTrue:
		return constant{true}, nil
	case gojq.TermTypeFalse:
		return constant{false}, nil
	case gojq.TermTypeNumber:
		v, _ := parseNumber(t.Number)
		return constant{v}, nil
	case gojq.TermTypeIndex:
		return c.index(identity{}, t.Index)
	case gojq.TermTypeFunc:
		return c.call(t.Func)
	case gojq.TermTypeObject:
		return c.object(t.Object)
	case gojq.TermTypeArray:
		if t.Array.Query == nil {
			return collect{}, nil
		}
		x, err := c.query(t.Array.Query)
		return collect{x}, err
	}
	return c.compound(t)
}

func (c *compiler) compound(t *gojq.Term) (node, error) {
	switch t.Type {
	case gojq.TermTypeUnary:
		return c.unary(t.Unary)
	case gojq.TermTypeFormat:
		return c.format(t)
	case gojq.TermTypeString:
		return c.text(t.Str, toText)
	case gojq.TermTypeIf:
		return c.cond(t.If.Cond, t.If.Then, t.If.Elif, t.If.Else)
	case gojq.TermTypeTry:
		return c.try(t.Try)
	case gojq.TermTypeReduce:
		return c.reduce(t.Reduce)
	case gojq.TermTypeForeach:
		return c.foreach(t.Foreach)
	case gojq.TermTypeLabel:
		return c.within(func() (node, error) {
			c.push("*label-" + strings.TrimPrefix(t.Label.Ident, "$"))
			body, err := c.query(t.Label.Body)
			return label{body}, err
		})
	case gojq.TermTypeBreak:
		name := "*label-" + strings.TrimPrefix(t.Break, "$")
		found, steps := c.find(name)
		if found == nil {
			return nil, c.at("break", "$"+name+" is not defined")
		}
		return breakN{steps}, nil
	}
	return c.query(t.Query)
}

func (c *compiler) unary(u *gojq.Unary) (node, error) {
	x, err := c.term(u.Term)
	if err != nil || u.Op == gojq.OpAdd {
		return x, err
	}
	if k, ok := x.(constant); ok {
		if f, ok := number(k.v); ok {
			if l, ok := k.v.(literal); ok && !strings.HasPrefix(l.text, "-") {
				return constant{literal{-l.f, "-" + l.text}}, nil
			}
			return constant{-f}, nil
		}
	}
	return negate{x}, nil
}

func (c *compiler) suffix(n node, s *gojq.Suffix) (node, error) {
	switch {
	case s.Iter:
		return iterate{n}, nil
	case s.Optional:
		return optional{n}, nil
	}
	return c.index(n, s.Index)
}

func (c *compiler) index(of node, x *gojq.Index) (node, error) {
	if x.IsSlice {
		return c.slice(of, x)
	}
	key, err := c.key(x.Name, x.Str, x.Start)
	return index{of, key}, err
}

func (c *compiler) slice(of node, x *gojq.Index) (node, error) {
	s := slice{of: of}
	var err error
	if x.Start != nil {
		if s.from, err = c.query(x.Start); err != nil {
			return nil, err
		}
	}
	if x.End != nil {
		s.to, err = c.query(x.End)
	}
	return s, err
}

func (c *compiler) key(name string, str *gojq.String, q *gojq.Query) (node, error) {
	switch {
	case str != nil:
		return c.text(str, toText)
	case q != nil:
		return c.query(q)
	}
	return constant{name}, nil
}

// text compiles a string; render makes text of the values in it.
func (c *compiler) text(s *gojq.String, render func(any) (string, error)) (node, error) {
	if s.Queries == nil {
		return constant{s.Str}, nil
	}
	f := format{render: render}
	for _, q := range s.Queries {
		if q.Term != nil && q.Term.Type == gojq.TermTypeString && q.Term.Str.Queries == nil && len(q.Term.SuffixList) == 0 {
			f.parts = append(f.parts, words(q.Term.Str.Str))
			continue
		}
		n, err := c.query(q)
		if err != nil {
			return nil, err
		}
		f.parts = append(f.parts, n)
	}
	return f, nil
}

func (c *compiler) format(t *gojq.Term) (node, error) {
	render, ok := formats[t.Format]
	if !ok {
		render = func(any) (string, error) { return "", fail(t.Format[1:], " is not a valid format") }
	}
	if t.Str != nil {
		return c.text(t.Str, render)
	}
	return cartesian{fn: func(_ *machine, in any, _ []any) (any, error) {
		s, err := render(in)
		return s, err
	}}, nil
}

func (c *compiler) cond(q, yes *gojq.Query, elifs []*gojq.IfElif, no *gojq.Query) (node, error) {
	n := cond{no: identity{}}
	var err error
	if n.c, n.yes, err = c.two(q, yes); err != nil {
		return nil, err
	}
	switch {
	case len(elifs) > 0:
		n.no, err = c.cond(elifs[0].Cond, elifs[0].Then, elifs[1:], no)
	case no != nil:
		n.no, err = c.query(no)
	}
	return n, err
}

func (c *compiler) try(t *gojq.Try) (node, error) {
	n := try{}
	var err error
	if n.body, err = c.query(t.Body); err == nil && t.Catch != nil {
		n.catch, err = c.query(t.Catch)
	}
	return n, err
}

func (c *compiler) reduce(r *gojq.Reduce) (node, error) {
	n := reduce{}
	var err error
	if n.src, n.init, err = c.two(r.Query, r.Start); err != nil {
		return nil, err
	}
	pats, err := c.patterns(r.Patterns)
	if err != nil {
		return nil, err
	}
	n.pat = pats[0]
	return c.within(func() (node, error) {
		c.pushAll(n.pat.names)
		n.update, err = c.query(r.Update)
		return n, err
	})
}

func (c *compiler) foreach(f *gojq.Foreach) (node, error) {
	n := foreach{}
	var err error
	if n.src, n.init, err = c.two(f.Query, f.Start); err != nil {
		return nil, err
	}
	pats, err := c.patterns(f.Patterns)
	if err != nil {
		return nil, err
	}
	n.pat = pats[0]
	return c.within(func() (node, error) {
		c.pushAll(n.pat.names)
		if n.update, err = c.query(f.Update); err == nil && f.Extract != nil {
			n.extract, err = c.query(f.Extract)
		}
		return n, err
	})
}

func (c *compiler) object(o *gojq.Object) (node, error) {
	b := build{shape: &shape{}}
	for _, kv := range o.KeyVals {
		e, err := c.entry(kv)
		if err != nil {
			return nil, err
		}
		b.entries = append(b.entries, e)
	}
	return b, nil
}

func (c *compiler) entry(kv *gojq.ObjectKeyVal) (e entry, err error) {
	switch {
	case strings.HasPrefix(kv.Key, "$"):
		e.key = constant{kv.Key[1:]}
		if kv.Val == nil {
			e.val, err = c.call(&gojq.Func{Name: kv.Key})
			return e, err
		}
		if e.key, err = c.call(&gojq.Func{Name: kv.Key}); err != nil {
			return e, err
		}
	case kv.Key != "":
		e.key = constant{kv.Key}
	case kv.KeyString != nil:
		e.key, err = c.text(kv.KeyString, toText)
	case kv.KeyQuery != nil:
		e.key, err = c.query(kv.KeyQuery)
	}
	if err != nil {
		return e, err
	}
	if k, ok := e.key.(constant); ok {
		if _, isText := k.v.(string); !isText {
			return e, c.at("("+toJSON(k.v), "Cannot use "+shown(k.v)+" as object key")
		}
	}
	if kv.Val == nil {
		e.val = index{identity{}, e.key}
		return e, nil
	}
	e.val, err = c.query(kv.Val)
	return e, err
}
