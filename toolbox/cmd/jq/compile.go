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

// compileError is an error in the program.
type compileError struct{ msg string }

func (e *compileError) Error() string { return e.msg }

// at makes the error of something in the source: the line it is on follows,
// and spaces up to where it starts.
func (c *compiler) at(word, msg string) error {
	offset := max(strings.Index(c.src, word), 0)
	return locate(c.src, offset, msg)
}

func locate(src string, offset int, msg string) error {
	offset = min(offset, len(src))
	line := strings.Count(src[:offset], "\n")
	start := strings.LastIndexByte(src[:offset], '\n') + 1
	end := strings.IndexByte(src[start:], '\n')
	if end < 0 {
		end = len(src) - start
	}
	return &compileError{msg + " at <top-level>, line " + strconv.Itoa(line+1) + ":\n" +
		src[start:start+end] + strings.Repeat(" ", offset-start)}
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
	fn := &function{name: def.Name}
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

// parseError puts the error of the parser into jq's words.
func parseError(src string, err error) error {
	pe, ok := err.(*gojq.ParseError)
	if !ok {
		return locate(src, 0, "syntax error")
	}
	what, start := pe.Token, pe.Offset-len(pe.Token)
	switch {
	case pe.Token == "":
		what, start = "$end", lastToken(src)
	case len(pe.Token) == 1 && strings.IndexByte(")]}", pe.Token[0]) >= 0 && strings.TrimSpace(src[:start]) == "":
		what = "INVALID_CHARACTER, expecting $end"
	case len(pe.Token) == 1 && strings.IndexByte("()[]{}|,.:;=<>+-*/%$?", pe.Token[0]) >= 0:
		what = "'" + pe.Token + "'"
	case pe.Token[0] >= '0' && pe.Token[0] <= '9':
		what = "LITERAL"
	case pe.Token[0] == '.':
		what = "FIELD"
	case pe.Token[0] == '"':
		what = "QQSTRING_START"
	case isWord(pe.Token):
		if what = "IDENT"; keywords[pe.Token] {
			what = pe.Token
		}
	default:
		what = "INVALID_CHARACTER"
	}
	return locate(src, start, "syntax error, unexpected "+what+" (Unix shell quoting issues?)")
}

var keywords = map[string]bool{
	"def": true, "if": true, "then": true, "elif": true, "else": true, "end": true, "as": true, "reduce": true,
	"foreach": true, "try": true, "catch": true, "label": true, "and": true, "or": true, "import": true, "include": true,
}

func isWord(s string) bool {
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:") == ""
}

// lastToken is where the last token of the source starts.
func lastToken(src string) int {
	end := len(strings.TrimRight(src, " \t\n"))
	start := end
	for start > 0 && isWord(src[start-1:start]) {
		start--
	}
	if start == end && start > 0 {
		start--
	}
	return start
}
