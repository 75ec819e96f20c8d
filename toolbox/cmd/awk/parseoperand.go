package awk

import (
	"fmt"

	"agentsandbox/toolbox/regex"
)

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
