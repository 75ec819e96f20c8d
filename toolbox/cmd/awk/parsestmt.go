package awk

import "slices"

// block reads { … }.
func (p *parser) block() []stmt {
	p.enter()
	defer func() { p.depth-- }()
	p.expect("{")
	body := []stmt{}
	for {
		p.separators()
		if p.takeOp("}") {
			return body
		}
		if p.tok.kind == tEOF {
			p.unexpected()
			return body
		}
		body = append(body, p.statement())
	}
}

// body reads the statement that a loop or condition governs.
func (p *parser) body() []stmt {
	p.newlines()
	if p.isOp("{") {
		return p.block()
	}
	if p.takeOp(";") {
		return nil
	}
	p.enter()
	defer func() { p.depth-- }()
	return []stmt{p.statement()}
}

func (p *parser) loopBody() []stmt {
	p.loops++
	defer func() { p.loops-- }()
	return p.body()
}

func (p *parser) statement() stmt {
	if p.isOp("{") {
		return &blockStmt{p.block()}
	}
	if p.tok.kind == tKeyword {
		if s := p.compound(); s != nil {
			return s
		}
	}
	s := p.simple()
	p.endStatement()
	return s
}

// endStatement checks that a simple statement is over.
func (p *parser) endStatement() {
	switch {
	case p.tok.kind == tNewline || p.isOp(";"):
		p.advance()
	case p.isOp("}") || p.tok.kind == tEOF:
	default:
		p.unexpected()
	}
}

// compound reads a statement that holds others; nil if there is none.
func (p *parser) compound() stmt {
	switch p.tok.text {
	case "if":
		return p.ifStatement()
	case "while":
		p.advance()
		c := p.parenthesised()
		if p.takeOp(";") {
			return &whileStmt{c, nil}
		}
		return &whileStmt{c, p.loopBody()}
	case "do":
		return p.doStatement()
	case "for":
		return p.forStatement()
	case "switch":
		return p.switchStatement()
	}
	return nil
}

func (p *parser) parenthesised() expr {
	p.expect("(")
	x := p.expr()
	p.expect(")")
	return x
}

func (p *parser) ifStatement() stmt {
	p.advance()
	s := &ifStmt{c: p.parenthesised()}
	s.yes = p.body()
	save, saved := p.lex, p.tok
	p.separators()
	if !p.takeKeyword("else") {
		p.rewind(save, saved)
		return s
	}
	s.no = p.body()
	return s
}

// rewind goes back to a token that was read before.
func (p *parser) rewind(l lexer, t token) {
	if !p.failed {
		p.lex, p.tok = l, t
	}
}

func (p *parser) doStatement() stmt {
	p.advance()
	s := &doStmt{body: p.loopBody()}
	p.separators()
	if !p.takeKeyword("while") {
		p.unexpected()
	}
	s.c = p.parenthesised()
	p.endStatement()
	return s
}

func (p *parser) forStatement() stmt {
	p.advance()
	p.expect("(")
	var init stmt
	if !p.isOp(";") {
		p.noIn++
		init = p.simple()
		p.noIn--
		if s := p.forIn(init); s != nil {
			return s
		}
	}
	p.expect(";")
	p.newlines()
	s := &forStmt{init: init}
	if !p.isOp(";") {
		s.c = p.expr()
	}
	p.expect(";")
	p.newlines()
	if !p.isOp(")") {
		s.step = p.simple()
	}
	p.expect(")")
	if p.takeOp(";") {
		return s
	}
	s.body = p.loopBody()
	return s
}

// forIn goes on where "for (x" turns out to be followed by "in".
func (p *parser) forIn(init stmt) stmt {
	e, ok := init.(*exprStmt)
	if !ok || !p.isKeyword("in") {
		return nil
	}
	to, ok := e.x.(target)
	if !ok {
		p.unexpected()
	}
	p.advance()
	s := &forInStmt{to: to, arr: p.arrayName()}
	p.expect(")")
	s.body = p.loopBody()
	return s
}

func (p *parser) switchStatement() stmt {
	p.advance()
	s := &switchStmt{x: p.parenthesised()}
	p.newlines()
	p.expect("{")
	p.loops++
	defer func() { p.loops-- }()
	for {
		p.separators()
		switch {
		case p.takeOp("}"):
			return s
		case p.takeKeyword("default"):
			s.cases = append(s.cases, switchCase{})
			p.expect(":")
		case p.takeKeyword("case"):
			x := p.ternaryless()
			s.cases = append(s.cases, switchCase{x: x})
			p.expect(":")
		case len(s.cases) == 0 || p.tok.kind == tEOF:
			p.unexpected()
			return s
		default:
			last := &s.cases[len(s.cases)-1]
			last.body = append(last.body, p.statement())
		}
	}
}

// ternaryless reads the constant of a case.
func (p *parser) ternaryless() expr {
	switch {
	case p.isOp("/") || p.isOp("/="):
		return p.regexLiteral(p.regex())
	case p.tok.kind == tRegex:
		t := p.tok
		p.advance()
		return p.regexLiteral(t)
	}
	return p.unary()
}

// simple reads a statement that may stand in the head of a for.
func (p *parser) simple() stmt {
	line := p.tok.line
	if p.tok.kind != tKeyword {
		return &exprStmt{p.expr(), line}
	}
	switch p.tok.text {
	case "print", "printf":
		return p.print()
	case "delete":
		return p.delete()
	case "break", "continue", "next", "nextfile":
		return p.jump()
	case "exit":
		p.advance()
		return &exitStmt{p.optionalExpr()}
	case "return":
		if !p.inFunc {
			p.fail(p.tok, "`return' used outside function context")
		}
		p.advance()
		return &returnStmt{p.optionalExpr()}
	}
	return &exprStmt{p.expr(), line}
}

var jumps = map[string]flow{"break": doBreak, "continue": doContinue, "next": doNext, "nextfile": doNextFile}

func (p *parser) jump() stmt {
	word, line := p.tok.text, p.tok.line
	how := jumps[word]
	switch {
	case how < doNext && p.loops == 0:
		p.failAt(line, "error: `%s' is not allowed outside a loop or switch", word)
	case how >= doNext && p.special != "" && !(how == doNextFile && p.special == "BEGINFILE"):
		p.failAt(line, "error: `%s' used in %s action", word, p.special)
	}
	p.advance()
	return &jumpStmt{how, line}
}

// optionalExpr reads an expression if the statement is not over.
func (p *parser) optionalExpr() expr {
	if p.tok.kind == tNewline || p.tok.kind == tEOF || p.isOp(";") || p.isOp("}") {
		return nil
	}
	return p.expr()
}

func (p *parser) delete() stmt {
	p.advance()
	paren := p.takeOp("(")
	ref := p.arrayName()
	if paren {
		p.expect(")")
	}
	if i, ok := ref.(*indexExpr); ok {
		return &deleteStmt{i.arr, i.sub}
	}
	return &deleteStmt{arr: ref}
}

// arrayName reads what names an array: a variable, or an element that is one.
func (p *parser) arrayName() arrayRef {
	if p.tok.kind != tName {
		p.unexpected()
		return nil
	}
	ref, _ := p.variable().(arrayRef)
	if ref == nil {
		p.unexpected()
	}
	return ref
}

// print reads print and printf.
func (p *parser) print() stmt {
	s := &printStmt{format: p.tok.text == "printf", line: p.tok.line}
	p.advance()
	p.noGreater++
	p.noPipe++
	if !p.printEnds() {
		s.args = p.printArgs()
	}
	p.noGreater--
	p.noPipe--
	if s.format && len(s.args) == 0 {
		p.unexpected()
	}
	if p.tok.kind == tOp {
		s.redirect = map[string]redirect{">": toFile, ">>": toAppend, "|": toPipe, "|&": toCoprocess}[p.tok.text]
	}
	if s.redirect != toStdout {
		p.advance()
		p.noGreater++
		p.noPipe++
		s.to = p.concatenation()
		p.noGreater--
		p.noPipe--
	}
	return s
}

func (p *parser) printEnds() bool {
	return p.tok.kind == tNewline || p.tok.kind == tEOF ||
		p.tok.kind == tOp && slices.Contains([]string{";", "}", ">", ">>", "|", "|&"}, p.tok.text)
}

// printArgs reads the arguments of print: a list in parentheses is the list,
// unless more of the expression follows.
func (p *parser) printArgs() []expr {
	args := p.exprList(func() bool { return false })
	if len(args) == 1 {
		if l, ok := args[0].(*listExpr); ok {
			return l.items
		}
	}
	return args
}

// exprList reads expressions with commas between, until end.
func (p *parser) exprList(end func() bool) []expr {
	var list []expr
	for !end() {
		list = append(list, p.expr())
		if !p.takeOp(",") {
			break
		}
		p.newlines()
	}
	return list
}
