package awk

import "slices"

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
