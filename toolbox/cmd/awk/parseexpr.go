package awk

import (
	"fmt"
	"slices"

	"agentsandbox/toolbox/regex"
)

// expr reads an expression, down to assignment.
func (p *parser) expr() expr {
	p.enter()
	defer func() { p.depth-- }()
	x := p.ternary()
	if p.tok.kind != tOp {
		return x
	}
	to, ok := x.(target)
	if !ok {
		return x
	}
	line := p.tok.line
	switch op := p.tok.text; op {
	case "=":
		p.advance()
		p.newlines()
		return &assignExpr{to, p.expr()}
	case "+=", "-=", "*=", "/=", "%=", "^=":
		p.advance()
		p.newlines()
		return &updateExpr{op[0], to, p.expr(), line}
	}
	return x
}

func (p *parser) ternary() expr {
	c := p.or()
	if !p.takeOp("?") {
		return c
	}
	p.newlines()
	yes := p.expr()
	p.newlines()
	p.expect(":")
	p.newlines()
	return &condExpr{c, yes, p.expr()}
}

func (p *parser) or() expr {
	x := p.and()
	for p.takeOp("||") {
		p.newlines()
		x = &orExpr{x, p.and()}
	}
	return x
}

func (p *parser) and() expr {
	x := p.in()
	for p.takeOp("&&") {
		p.newlines()
		x = &andExpr{x, p.in()}
	}
	return x
}

func (p *parser) in() expr {
	x := p.match()
	for p.noIn == 0 && p.takeKeyword("in") {
		sub := []expr{x}
		if l, ok := x.(*listExpr); ok {
			sub = l.items
		}
		x = &inExpr{sub, p.arrayName()}
	}
	return x
}

func (p *parser) match() expr {
	x := p.comparison()
	for p.isOp("~") || p.isOp("!~") {
		negate := p.tok.text == "!~"
		p.advance()
		x = &matchExpr{x, p.comparison(), negate}
	}
	return x
}

var compareOps = map[string]compareOp{"<": lt, "<=": le, "==": eq, "!=": ne, ">": gt, ">=": ge}

func (p *parser) comparison() expr {
	x := p.concatenation()
	for compared := false; p.tok.kind == tOp; {
		op, ok := compareOps[p.tok.text]
		if ok && !compared && !(op == gt && p.noGreater > 0) {
			p.advance()
			x = &compareExpr{op, x, p.concatenation()}
			compared = true
			continue
		}
		if p.noPipe > 0 && p.noGreater > 0 || !p.isOp("|") && !p.isOp("|&") {
			break
		}
		next, ok := p.pipedGetline(x)
		if !ok {
			break
		}
		x = next
	}
	return x
}

// pipedGetline reads "| getline" behind the command x.
func (p *parser) pipedGetline(x expr) (expr, bool) {
	kind := getlineCommand
	if p.isOp("|&") {
		kind = getlineCoprocess
	}
	save, saved := p.lex, p.tok
	line := p.tok.line
	p.advance()
	if !p.takeKeyword("getline") {
		p.rewind(save, saved)
		return nil, false
	}
	return &getlineExpr{kind: kind, from: x, to: p.optionalTarget(), line: line}, true
}

// optionalTarget reads what getline stores in, if that is said.
func (p *parser) optionalTarget() target {
	if p.tok.kind != tName && !p.isOp("$") {
		return nil
	}
	to, ok := p.postfixless().(target)
	if !ok {
		p.unexpected()
	}
	return to
}

// concatenation reads operands side by side.
func (p *parser) concatenation() expr {
	x := p.additive()
	if !p.startsOperand() {
		return x
	}
	parts := []expr{x}
	for p.startsOperand() {
		parts = append(parts, p.additive())
	}
	return &concatExpr{parts}
}

// startsOperand reports whether the token can start another operand of a
// concatenation.
func (p *parser) startsOperand() bool {
	switch p.tok.kind {
	case tNumber, tString, tName, tFunc, tBuiltin, tRegex:
		return true
	case tOp:
		return slices.Contains([]string{"$", "!", "(", "-", "+", "++", "--", "@"}, p.tok.text)
	}
	return false
}

func (p *parser) additive() expr {
	x := p.multiplicative()
	for p.isOp("+") || p.isOp("-") {
		op, line := p.tok.text[0], p.tok.line
		p.advance()
		x = p.folded(&binaryExpr{op, x, p.multiplicative(), line})
	}
	return x
}

func (p *parser) multiplicative() expr {
	x := p.unary()
	for p.isOp("*") || p.isOp("/") || p.isOp("%") {
		op, line := p.tok.text[0], p.tok.line
		p.advance()
		x = p.folded(&binaryExpr{op, x, p.unary(), line})
	}
	return x
}

// folded works out an operation on two constants, as gawk does while it
// parses: a division by zero is an error then.
func (p *parser) folded(b *binaryExpr) expr {
	l, ok := b.l.(*numLit)
	r, also := b.r.(*numLit)
	if !ok || !also {
		return b
	}
	if r.v == 0 && b.op == '/' {
		p.failAt(b.line, "error: division by zero attempted")
	}
	if r.v == 0 && b.op == '%' {
		p.failAt(b.line, "error: division by zero attempted in `%%'")
	}
	return &numLit{arith(b.op, l.v, r.v)}
}

func (p *parser) unary() expr {
	p.enter()
	defer func() { p.depth-- }()
	switch {
	case p.takeOp("!"):
		return &notExpr{p.unary()}
	case p.takeOp("-"):
		x := p.unary()
		if n, ok := x.(*numLit); ok {
			return &numLit{-n.v}
		}
		return &minusExpr{x}
	case p.takeOp("+"):
		return &plusExpr{p.unary()}
	}
	return p.power()
}

func (p *parser) power() expr {
	x := p.postfix()
	if !p.isOp("^") {
		return x
	}
	line := p.tok.line
	p.advance()
	return p.folded(&binaryExpr{'^', x, p.powerOperand(), line})
}

// powerOperand is what stands right of "^": it binds to the right, and takes
// signs.
func (p *parser) powerOperand() expr {
	p.enter()
	defer func() { p.depth-- }()
	switch {
	case p.takeOp("-"):
		x := p.powerOperand()
		if n, ok := x.(*numLit); ok {
			return &numLit{-n.v}
		}
		return &minusExpr{x}
	case p.takeOp("+"):
		return &plusExpr{p.powerOperand()}
	case p.takeOp("!"):
		return &notExpr{p.powerOperand()}
	}
	return p.power()
}

func (p *parser) postfix() expr {
	if p.isOp("++") || p.isOp("--") {
		return p.prefixStep()
	}
	x := p.postfixless()
	to, ok := x.(target)
	if ok && (p.isOp("++") || p.isOp("--")) {
		by := step(p.tok.text)
		p.advance()
		return &stepExpr{to, by, true}
	}
	return x
}

func step(op string) float64 {
	if op == "++" {
		return 1
	}
	return -1
}

func (p *parser) prefixStep() expr {
	by := step(p.tok.text)
	p.advance()
	to, ok := p.postfixless().(target)
	if !ok {
		p.unexpected()
	}
	return &stepExpr{to, by, false}
}

// postfixless reads an operand without "++" or "--" behind.
func (p *parser) postfixless() expr {
	t := p.tok
	switch t.kind {
	case tNumber:
		p.advance()
		return &numLit{t.num}
	case tString:
		p.advance()
		return &strLit{str(t.text)}
	case tRegex:
		p.advance()
		return p.regexLiteral(t)
	case tName:
		return p.variable()
	case tFunc:
		return p.call()
	case tBuiltin:
		return p.builtin()
	case tKeyword:
		if t.text == "getline" {
			return p.getline()
		}
	case tOp:
		if x := p.operandOp(); x != nil {
			return x
		}
	}
	p.unexpected()
	return nil
}

func (p *parser) operandOp() expr {
	switch p.tok.text {
	case "$":
		return p.field()
	case "(":
		return p.grouping()
	case "/", "/=":
		return p.regexLiteral(p.regex())
	case "-", "+", "!":
		return p.unary()
	case "@":
		return p.indirect()
	}
	return nil
}

func (p *parser) regexLiteral(t token) expr {
	if _, err := regex.Compile(t.text, regex.Awk, 0); err != nil {
		p.failAt(t.line, "error: %s: /%s/", err, t.text)
	}
	return &regexLit{src: t.text, typed: t.typed}
}

// field reads $x; "++" and "--" before x belong to it.
func (p *parser) field() expr {
	p.advance()
	switch {
	case p.isOp("++") || p.isOp("--"):
		return &fieldExpr{p.prefixStep()}
	case p.takeOp("-"):
		return &fieldExpr{&minusExpr{p.postfixless()}}
	}
	return &fieldExpr{p.postfixless()}
}

// grouping reads (…): one expression, or a list before "in" or for print.
func (p *parser) grouping() expr {
	p.advance()
	noIn, noGreater, noPipe := p.noIn, p.noGreater, p.noPipe
	p.noIn, p.noGreater, p.noPipe = 0, 0, 0
	p.newlines()
	list := p.exprList(func() bool { return false })
	p.newlines()
	p.expect(")")
	p.noIn, p.noGreater, p.noPipe = noIn, noGreater, noPipe
	if len(list) == 1 {
		return &groupExpr{list[0]}
	}
	if !p.isKeyword("in") && noGreater == 0 {
		p.unexpected()
	}
	return &listExpr{list}
}

// variable reads a name, and its subscripts.
func (p *parser) variable() expr {
	name := p.tok.text
	p.advance()
	var x expr
	if at, ok := p.locals[name]; ok {
		x = &localVar{name, at}
	} else if id, ok := specials[name]; ok {
		return &specialVar{id}
	} else {
		x = &globalVar{name, p.global(name)}
	}
	for p.isOp("[") {
		p.advance()
		noIn, noGreater, noPipe := p.noIn, p.noGreater, p.noPipe
		p.noIn, p.noGreater, p.noPipe = 0, 0, 0
		sub := p.exprList(func() bool { return p.isOp("]") })
		p.expect("]")
		p.noIn, p.noGreater, p.noPipe = noIn, noGreater, noPipe
		if len(sub) == 0 {
			p.unexpected()
		}
		x = &indexExpr{x.(arrayRef), sub}
	}
	return x
}

// arguments reads (…) behind a function.
func (p *parser) arguments() []expr {
	p.expect("(")
	noIn, noGreater, noPipe := p.noIn, p.noGreater, p.noPipe
	p.noIn, p.noGreater, p.noPipe = 0, 0, 0
	p.newlines()
	args := p.exprList(func() bool { return p.isOp(")") })
	p.newlines()
	p.closer = p.tok
	p.expect(")")
	p.noIn, p.noGreater, p.noPipe = noIn, noGreater, noPipe
	return args
}

func (p *parser) call() expr {
	c := &callExpr{name: p.tok.text, line: p.tok.line}
	p.advance()
	c.args = p.arguments()
	p.calls = append(p.calls, c)
	return c
}

// indirect reads @name(…).
func (p *parser) indirect() expr {
	p.advance()
	t := p.tok
	if t.kind != tFunc && t.kind != tName {
		p.unexpected()
	}
	p.advance()
	var name expr
	if at, ok := p.locals[t.text]; ok {
		name = &localVar{t.text, at}
	} else {
		name = &globalVar{t.text, p.global(t.text)}
	}
	return &indirectExpr{name: name, args: p.arguments(), line: t.line}
}

func (p *parser) builtin() expr {
	t := p.tok
	b := builtins[t.text]
	p.advance()
	e := &builtinExpr{b: &b, line: t.line}
	if p.isOp("(") {
		e.args = p.arguments()
	} else if t.text != "length" {
		p.unexpected()
	}
	if len(e.args) < b.min || len(e.args) > b.max {
		p.fail(p.closer, fmt.Sprintf("%d is invalid as number of arguments for %s", len(e.args), t.text))
	}
	p.checkArrays(e, t)
	return e
}

// checkArrays makes sure that what must be an array can be one, and what must
// be assigned to, too.
func (p *parser) checkArrays(e *builtinExpr, t token) {
	for i, arg := range e.args {
		if e.b.arrays&(1<<i) != 0 {
			if _, ok := arg.(arrayRef); !ok {
				p.failAt(t.line, "fatal: %s: argument %d is not an array", t.text, i+1)
			}
		}
	}
	if (t.text == "sub" || t.text == "gsub") && len(e.args) == 3 {
		if _, ok := ungroup(e.args[2]).(target); !ok {
			if _, isConst := e.args[2].(*strLit); !isConst {
				p.warn(t.line, "warning: %s: third argument is not a changeable object", t.text)
			}
		}
	}
}

func ungroup(x expr) expr {
	if g, ok := x.(*groupExpr); ok {
		return ungroup(g.x)
	}
	return x
}

// getline reads getline without a command before it.
func (p *parser) getline() expr {
	g := &getlineExpr{line: p.tok.line}
	p.advance()
	g.to = p.optionalTarget()
	if p.takeOp("<") {
		g.kind = getlineFile
		g.from = p.fileOperand()
	}
	return g
}

// fileOperand reads what "<" of getline takes: an operand without
// concatenation.
func (p *parser) fileOperand() expr { return p.postfix() }
