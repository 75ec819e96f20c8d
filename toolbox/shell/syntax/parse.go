package syntax

// simpleList is a list that ends with its line.
func (p *Parser) simpleList() *List {
	list := &List{}
	for {
		start := p.peekCmd()
		if len(list.Items) > 0 && (start.kind == tokNewline || start.kind == tokEOF) {
			p.next()
			return list
		}
		item := p.item(start)
		list.Items = append(list.Items, item)
		switch t := p.peek(); {
		case t.op(";"):
			p.next()
		case t.op("&"):
			p.next()
			p.background(list, start, t)
		case t.kind == tokNewline || t.kind == tokEOF:
			p.next()
			return list
		default:
			p.unexpected(t)
		}
	}
}

func (p *Parser) item(start token) Item {
	return Item{Cmd: p.andOr(), Line: start.line}
}

// background marks the item just read; it is the whole and-or list.
func (p *Parser) background(list *List, start, end token) {
	it := &list.Items[len(list.Items)-1]
	it.Background = true
	if start.pos <= end.pos && end.pos <= len(p.src) {
		it.Src = p.src[start.pos:end.pos]
	}
}

// compoundList is the commands between reserved words: newlines separate
// them, too. At least one command must stand there.
func (p *Parser) compoundList() *List {
	p.enter()
	defer p.leave()
	list := &List{}
	p.newlines()
	for {
		start := p.peekCmd()
		list.Items = append(list.Items, p.item(start))
		switch t := p.peek(); {
		case t.op(";"), t.kind == tokNewline:
			p.next()
		case t.op("&"):
			p.next()
			p.background(list, start, t)
		default:
			return list
		}
		p.newlines()
		if p.listEnds(p.peekCmd()) {
			return list
		}
	}
}

// listEnds reports whether the token cannot start a command, so that the
// construct around the list has to deal with it.
func (p *Parser) listEnds(t token) bool {
	switch t.kind {
	case tokEOF:
		return true
	case tokOp:
		return t.text != "("
	case tokWord:
		switch t.word.Raw {
		case "then", "else", "elif", "fi", "do", "done", "esac", "}":
			return true
		}
	}
	return false
}

// newlines skips newlines before a command.
func (p *Parser) newlines() {
	for p.peekCmd().kind == tokNewline {
		p.next()
	}
}

func (p *Parser) andOr() Command {
	left := p.pipeline()
	for {
		t := p.peek()
		if !t.op("&&") && !t.op("||") {
			return left
		}
		p.next()
		p.newlines()
		left = &AndOr{Left: left, Right: p.pipeline(), Or: t.text == "||"}
	}
}

// pipeline is [time [-p]] [!] command | command …
func (p *Parser) pipeline() Command {
	pl := &Pipeline{Line: p.peekCmd().line}
	prefixed := p.pipelinePrefix(pl)
	if prefixed && p.commandMissing() {
		return pl
	}
	for {
		pl.Cmds = append(pl.Cmds, p.command())
		t := p.peek()
		if !t.op("|") && !t.op("|&") {
			break
		}
		pl.Both = append(pl.Both, t.text == "|&")
		p.next()
		p.newlines()
		if n := p.peekCmd(); n.reserved("!") {
			p.unexpected(n)
		}
	}
	pl.Both = append(pl.Both, false)
	if !prefixed && len(pl.Cmds) == 1 {
		return pl.Cmds[0]
	}
	return pl
}

func (p *Parser) pipelinePrefix(pl *Pipeline) (found bool) {
	for {
		switch t := p.peekCmd(); {
		case t.reserved("!"):
			pl.Not = !pl.Not
			p.next()
		case t.reserved("time") && !pl.Time:
			pl.Time = true
			p.next()
			if p.peekCmd().reserved("-p") {
				pl.TimePosix = true
				p.next()
			}
			if p.peekCmd().reserved("--") {
				p.next()
			}
		default:
			return found
		}
		found = true
	}
}

// commandMissing reports whether nothing follows "time" or "!".
func (p *Parser) commandMissing() bool {
	t := p.peekCmd()
	return t.kind == tokNewline || t.kind == tokEOF || t.op(";") || t.op("&") || t.op(")") || t.op("&&") || t.op("||")
}

// command is a simple or compound command, with the redirections of the latter.
func (p *Parser) command() Command {
	p.enter()
	defer p.leave()
	t := p.peekCmd()
	switch t.kind {
	case tokOp:
		if t.text == "(" {
			return p.redirected(p.paren(t), t.line)
		}
		p.unexpected(t)
	case tokEOF, tokNewline:
		p.unexpected(t)
	case tokWord:
		if c, ok := p.compoundCommand(t); ok {
			return c
		}
	}
	return p.simple()
}

func (p *Parser) compoundCommand(t token) (Command, bool) {
	switch t.word.Raw {
	case "if":
		return p.redirected(p.ifCmd(), t.line), true
	case "while", "until":
		return p.redirected(p.while(t.word.Raw), t.line), true
	case "for":
		return p.redirected(p.forCmd(), t.line), true
	case "select":
		return p.redirected(p.selectCmd(), t.line), true
	case "case":
		return p.redirected(p.caseCmd(), t.line), true
	case "{":
		return p.redirected(p.group(), t.line), true
	case "[[":
		return p.redirected(p.condCmd(), t.line), true
	case "function":
		return p.function(), true
	case "coproc":
		return p.coproc(), true
	case "then", "else", "elif", "fi", "do", "done", "esac", "}":
		p.unexpected(t)
	case "in":
		p.unexpected(t)
	}
	return nil, false
}

func (p *Parser) redirected(c Command, line int) Command {
	var redirs []*Redir
	for p.peek().kind == tokRedir {
		redirs = append(redirs, p.redir())
	}
	if len(redirs) == 0 {
		return c
	}
	return &Redirected{Cmd: c, Redirs: redirs, Line: line}
}

// redir reads a redirection and its target.
func (p *Parser) redir() *Redir {
	t := p.next()
	r := &Redir{Op: redirOps[t.text], Fd: t.fd, Var: t.name, Line: t.line}
	if t.kind == tokRedir && t.text != "" && t.fd < 0 && t.name == "" {
		r.Fd = -1
	}
	w := p.next()
	switch w.kind {
	case tokWord, tokAssign:
	default:
		p.unexpected(w)
	}
	r.Word = w.word
	if r.Word.Parts == nil && w.kind == tokAssign && w.assign.IsArr {
		p.unexpected(w)
	}
	if r.Op == RedirHeredoc || r.Op == RedirHeredocT {
		p.heredoc(r)
	}
	return r
}

// expect takes the reserved word or reports what stands in its place.
func (p *Parser) expect(word string) {
	if t := p.peekCmd(); !t.reserved(word) {
		p.unexpected(t)
	}
	p.next()
}

func (p *Parser) expectOp(op string) {
	if t := p.peek(); !t.op(op) {
		p.unexpected(t)
	}
	p.next()
}

// paren is (( expr )) or a subshell.
func (p *Parser) paren(t token) Command {
	if p.at(0) == '(' {
		pos, line, tok := p.pos, p.line, p.tok
		p.pos++
		p.have = false
		if src, ok := p.dparen(); ok {
			return &ArithCmd{Line: t.line, Expr: p.arith(src)}
		}
		if p.eof() {
			p.unmatched(t.line, ")")
		}
		p.pos, p.line, p.tok, p.have = pos, line, tok, true
	}
	p.next()
	body := p.compoundList()
	p.expectOp(")")
	return &Subshell{Body: body, Line: t.line}
}
