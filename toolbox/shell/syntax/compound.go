package syntax

import "strings"

func (p *Parser) ifCmd() Command {
	p.next()
	return p.ifRest(false)
}

// ifRest reads what follows "if" or "elif".
func (p *Parser) ifRest(elif bool) *If {
	p.enter()
	defer p.leave()
	c := &If{Elif: elif}
	c.Cond = p.compoundList()
	p.expect("then")
	c.Then = p.compoundList()
	switch t := p.peekCmd(); {
	case t.reserved("elif"):
		p.next()
		c.Else = p.ifRest(true)
		return c
	case t.reserved("else"):
		p.next()
		c.Else = &Group{p.compoundList()}
	}
	p.expect("fi")
	return c
}

func (p *Parser) while(word string) Command {
	p.next()
	c := &While{Until: word == "until"}
	c.Cond = p.compoundList()
	c.Body = p.doGroup()
	return c
}

func (p *Parser) doGroup() *List {
	p.expect("do")
	body := p.compoundList()
	p.expect("done")
	return body
}

// loopBody is do … done or { … }, which for and select take, too.
func (p *Parser) loopBody() *List {
	if p.peekCmd().reserved("{") {
		return p.group().(*Group).Body
	}
	return p.doGroup()
}

func (p *Parser) group() Command {
	p.next()
	body := p.compoundList()
	p.expect("}")
	return &Group{body}
}

func (p *Parser) forCmd() Command {
	line := p.next().line
	if p.peek().op("(") && p.at(0) == '(' {
		return p.arithFor(int(line))
	}
	return p.forIn(int(line), false)
}

func (p *Parser) selectCmd() Command {
	line := p.next().line
	return p.forIn(int(line), true)
}

// forIn reads the variable, the words and the body of for and select.
func (p *Parser) forIn(line int, sel bool) Command {
	name := p.next()
	if name.kind != tokWord && name.kind != tokAssign {
		p.unexpected(name)
	}
	c := &For{Line: line, Var: name.word.Raw, Select: sel}
	semi := false
	if p.peekCmd().op(";") {
		p.next()
		semi = true
	}
	p.newlines()
	if !semi && p.peekCmd().reserved("in") {
		p.next()
		c.In = true
		p.forWords(c)
	}
	p.newlines()
	c.Body = p.loopBody()
	return c
}

func (p *Parser) forWords(c *For) {
	for {
		t := p.next()
		switch {
		case t.kind == tokWord, t.kind == tokAssign:
			c.Words = append(c.Words, t.word)
			continue
		case t.op(";"), t.kind == tokNewline:
			return
		}
		p.unexpected(t)
	}
}

// arithFor is for ((init; cond; step)).
func (p *Parser) arithFor(line int) Command {
	open := p.next()
	p.pos++
	start := p.pos
	src, ok := p.dparen()
	if !ok {
		if p.eof() {
			p.unmatched(line, ")")
		}
		p.fail(&Error{Line: p.line, Msg: "syntax error near unexpected token `('", Echo: p.currentLine(int(open.pos))})
	}
	exprs := splitArith(src)
	if len(exprs) != 3 {
		p.arithForError(len(exprs), p.src[start:p.pos-2], line)
	}
	c := &ArithFor{Line: line, Init: p.arith(exprs[0]), Cond: p.arith(exprs[1]), Step: p.arith(exprs[2])}
	if p.peekCmd().op(";") {
		p.next()
	}
	p.newlines()
	c.Body = p.loopBody()
	return c
}

func (p *Parser) arithForError(n int, src string, line int) {
	msg := "syntax error: arithmetic expression required"
	if n > 3 {
		msg = "syntax error: `;' unexpected"
	}
	p.fail(&Error{Line: line, Msg: msg + "\x00syntax error: `((" + src + "))'"})
}

// splitArith cuts the head of an arithmetic for at its semicolons.
func splitArith(src string) []string {
	var out []string
	start, depth := 0, 0
	for i := 0; i < len(src); i++ {
		switch src[i] {
		case '(':
			depth++
		case ')':
			depth--
		case '\\':
			i++
		case '"', '\'':
			if end := strings.IndexByte(src[i+1:], src[i]); end >= 0 {
				i += end + 1
			}
		case ';':
			if depth == 0 {
				out = append(out, src[start:i])
				start = i + 1
			}
		}
	}
	return append(out, src[start:])
}

func (p *Parser) caseCmd() Command {
	line := p.next().line
	w := p.next()
	if w.kind != tokWord && w.kind != tokAssign {
		p.unexpected(w)
	}
	c := &Case{Line: int(line), Word: w.word}
	p.plainNewlines()
	if t := p.peek(); !t.reserved("in") {
		p.unexpected(t)
	}
	p.next()
	for {
		p.plainNewlines()
		if p.peek().reserved("esac") {
			p.next()
			return c
		}
		item, last := p.caseItem()
		c.Items = append(c.Items, item)
		if last {
			p.expect("esac")
			return c
		}
	}
}

// plainNewlines skips newlines where no command may start.
func (p *Parser) plainNewlines() {
	for p.peek().kind == tokNewline {
		p.next()
	}
}

// caseItem reads one clause; last reports that no ;; ended it.
func (p *Parser) caseItem() (item *CaseItem, last bool) {
	item = &CaseItem{Body: &List{}}
	if p.peek().op("(") {
		p.next()
	}
	for {
		t := p.next()
		if t.kind != tokWord && t.kind != tokAssign {
			p.unexpected(t)
		}
		item.Patterns = append(item.Patterns, t.word)
		if t = p.next(); t.op(")") {
			break
		} else if !t.op("|") {
			p.unexpected(t)
		}
	}
	p.newlines()
	if t := p.peekCmd(); !t.op(";;") && !t.op(";&") && !t.op(";;&") && !t.reserved("esac") {
		item.Body = p.compoundList()
	}
	switch t := p.peekCmd(); {
	case t.op(";;"):
	case t.op(";&"):
		item.Fall = true
	case t.op(";;&"):
		item.Again = true
	default:
		return item, true
	}
	p.next()
	return item, false
}
