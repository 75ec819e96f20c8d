package syntax

import "strings"

// condCmd is [[ expr ]].
func (p *Parser) condCmd() Command {
	t := p.next()
	expr := p.condOr()
	end := p.next()
	if !end.reserved("]]") {
		p.condFail(end, "syntax error in conditional expression")
	}
	return &Cond{Line: int(t.line), Expr: expr}
}

// condFail reports an error within [[ ]]: the shell stops with status 0, as
// bash does.
func (p *Parser) condFail(t token, msg string) {
	if t.kind == tokEOF {
		p.fail(&Error{Line: p.lineAtEOF(), Msg: "unexpected token `EOF' in conditional command", EOF: true})
	}
	p.fail(&Error{Line: int(t.line), Msg: msg, Status: -1})
}

func (p *Parser) condOr() CondExpr {
	left := p.condAnd()
	for p.condPeek().op("||") {
		p.next()
		left = &CondBinary{left, p.condAnd(), true}
	}
	return left
}

func (p *Parser) condAnd() CondExpr {
	left := p.condTerm()
	for p.condPeek().op("&&") {
		p.next()
		left = &CondBinary{left, p.condTerm(), false}
	}
	return left
}

// condPeek looks behind newlines, which are blanks in [[ ]].
func (p *Parser) condPeek() token {
	p.plainNewlines()
	return p.peek()
}

func (p *Parser) condTerm() CondExpr {
	p.enter()
	defer p.leave()
	t := p.condPeek()
	switch {
	case t.reserved("!"):
		p.next()
		return &CondNot{p.condTerm()}
	case t.op("("):
		p.next()
		x := p.condOr()
		if end := p.condPeek(); !end.op(")") {
			p.condFail(end, "unexpected token `"+end.show()+"', expected `)'")
		}
		p.next()
		return &CondGroup{x}
	case t.reserved("]]"):
		p.condFail(t, "")
	case t.kind != tokWord && t.kind != tokAssign:
		p.condFail(t, "unexpected token `"+t.show()+"' in conditional command")
	}
	p.next()
	if isUnary(t.word.Raw) {
		if x, ok := p.condUnary(t); ok {
			return x
		}
	}
	return p.condBinary(t)
}

// condUnary reads the operand of a unary operator; not ok if the word turns
// out to be the left side of a binary one.
func (p *Parser) condUnary(op token) (CondExpr, bool) {
	t := p.peek()
	if t.kind != tokWord && t.kind != tokAssign {
		if t.op("&&") || t.op("||") || t.op(")") {
			return nil, false
		}
		p.condFail(t, "unexpected argument `"+t.show()+"' to conditional unary operator")
	}
	if t.reserved("]]") {
		p.condFail(t, "unexpected argument `]]' to conditional unary operator")
	}
	p.next()
	return &CondTest{Op: op.word.Raw, X: t.word}, true
}

func (p *Parser) condBinary(left token) CondExpr {
	t := p.peek()
	op := ""
	switch {
	case t.kind == tokWord && isBinary(t.word.Raw):
		op = t.word.Raw
	case t.kind == tokRedir && t.fd < 0 && (t.text == "<" || t.text == ">"):
		op = t.text
	case t.reserved("]]"), t.op("&&"), t.op("||"), t.op(")"):
		return &CondTest{X: left.word}
	case t.kind == tokNewline, t.kind == tokEOF:
		status := -1
		if p.eof() {
			status = 2
		}
		p.fail(&Error{Line: int(t.line), Msg: "unexpected token `newline', conditional binary operator expected", Status: status})
	case t.kind == tokWord:
		p.condFail(t, "conditional binary operator expected")
	default:
		p.condFail(t, "unexpected token `"+t.show()+"', conditional binary operator expected")
	}
	p.next()
	if op == "=~" {
		return &CondTest{Op: op, X: left.word, Y: p.regexWord()}
	}
	right := p.condRight(op)
	if right.reserved("]]") || right.kind != tokWord && right.kind != tokAssign {
		p.condFail(right, "unexpected argument `"+right.show()+"' to conditional binary operator")
	}
	return &CondTest{Op: op, X: left.word, Y: right.word}
}

// condRight reads the right side of a binary operator; that of = and != is
// always read with extended patterns.
func (p *Parser) condRight(op string) token {
	extglob := p.Opts.ExtGlob
	p.Opts.ExtGlob = extglob || op == "=" || op == "==" || op == "!="
	t := p.next()
	p.Opts.ExtGlob = extglob
	return t
}

// regexWord reads the right side of =~, in which parentheses and bars are
// part of the word.
func (p *Parser) regexWord() *Word {
	p.skipBlank()
	w := p.newWord()
	start := p.pos
	w.Parts = p.parts(ctxRegex, false)
	w.Raw = p.src[start:p.pos]
	if w.Raw == "" {
		t := p.next()
		p.condFail(t, "unexpected argument `"+t.show()+"' to conditional binary operator")
	}
	w.facts()
	return w
}

func isUnary(s string) bool {
	return len(s) == 2 && s[0] == '-' && strings.IndexByte("abcdefghknoprstuvwxzGLNORS", s[1]) >= 0
}

func isBinary(s string) bool {
	switch s {
	case "=", "==", "!=", "=~", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef":
		return true
	}
	return false
}
