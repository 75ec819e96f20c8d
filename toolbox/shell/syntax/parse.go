package syntax

// simpleList is a list that ends with its line.
func (p *Parser) simpleList() *List {
	l := p.startList()
	for {
		start := p.peekCmd()
		if l.len() > 0 && (start.kind == tokNewline || start.kind == tokEOF) {
			p.next()
			return l.complete(start)
		}
		l.add(Item{Cmd: p.andOr(), Line: int(start.line)})
		switch t := p.peek(); {
		case t.op(";"):
			p.next()
		case t.op("&"):
			p.next()
			l.background(start, t)
		case t.kind == tokNewline || t.kind == tokEOF:
			p.next()
			return l.complete(t)
		default:
			p.unexpected(t)
		}
	}
}

// compoundList is the commands between reserved words: newlines separate
// them, too. At least one command must stand there.
func (p *Parser) compoundList() *List {
	p.enter()
	l := p.startList()
	p.newlines()
	for {
		start := p.peekCmd()
		l.add(Item{Cmd: p.andOr(), Line: int(start.line)})
		switch t := p.peek(); {
		case t.op(";"), t.kind == tokNewline:
			p.next()
		case t.op("&"):
			p.next()
			l.background(start, t)
		default:
			p.leave()
			return l.done()
		}
		p.newlines()
		if p.listEnds(p.peekCmd()) {
			p.leave()
			return l.done()
		}
	}
}

// listBuilder collects the items of a list.
type listBuilder struct {
	p    *Parser
	mark int // where they start on the stack
}

func (p *Parser) startList() listBuilder { return listBuilder{p, len(p.room.someItems)} }

func (l listBuilder) len() int { return len(l.p.room.someItems) - l.mark }

func (l listBuilder) add(item Item) { l.p.room.someItems = append(l.p.room.someItems, item) }

// background marks the item just read; it is the whole and-or list.
func (l listBuilder) background(start, end token) {
	it := &l.p.room.someItems[len(l.p.room.someItems)-1]
	it.Background = true
	if start.pos <= end.pos && int(end.pos) <= len(l.p.src) {
		it.Src = l.p.src[start.pos:end.pos]
	}
}

// complete is the list of a complete command, which the token ends.
func (l listBuilder) complete(t token) *List {
	list := l.done()
	list.End = int(t.line)
	if t.kind == tokNewline {
		list.End = l.p.line - 1 // behind the here-documents
	}
	return list
}

func (l listBuilder) done() *List {
	list := one(l.p.room, &l.p.room.lists)
	list.Items = settle(l.p.room, &l.p.room.items, &l.p.room.someItems, l.mark)
	return list
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
	start := p.peekCmd()
	var pl *Pipeline
	if start.reserved("!") || start.reserved("time") {
		pl = &Pipeline{Line: int(start.line)}
		if p.pipelinePrefix(pl); p.commandMissing() {
			return pl
		}
	}
	c := p.command()
	t := p.peek()
	if pl == nil {
		if !t.op("|") && !t.op("|&") {
			return c
		}
		pl = &Pipeline{Line: int(start.line)}
	}
	pl.Cmds = append(pl.Cmds, c)
	for t.op("|") || t.op("|&") {
		pl.Both = append(pl.Both, t.text == "|&")
		p.next()
		p.newlines()
		if n := p.peekCmd(); n.reserved("!") {
			p.unexpected(n)
		}
		pl.Cmds = append(pl.Cmds, p.command())
		t = p.peek()
	}
	pl.Both = append(pl.Both, false)
	return pl
}

// pipelinePrefix reads the reserved words before a pipeline.
func (p *Parser) pipelinePrefix(pl *Pipeline) {
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
			return
		}
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
	t := p.peekCmd()
	var c Command
	switch t.kind {
	case tokOp:
		if t.text != "(" {
			p.unexpected(t)
		}
		c = p.redirected(p.paren(t))
	case tokEOF, tokNewline:
		p.unexpected(t)
	case tokWord:
		c = p.compoundCommand(t)
	}
	if c == nil {
		c = p.simple()
	}
	p.leave()
	return c
}

// compoundCommand is the command that a reserved word starts; nil for others.
func (p *Parser) compoundCommand(t token) Command {
	switch t.word.Raw {
	case "if":
		return p.redirected(p.ifCmd())
	case "while", "until":
		return p.redirected(p.while(t.word.Raw))
	case "for":
		return p.redirected(p.forCmd())
	case "select":
		return p.redirected(p.selectCmd())
	case "case":
		return p.redirected(p.caseCmd())
	case "{":
		return p.redirected(p.group())
	case "[[":
		return p.redirected(p.condCmd())
	case "function":
		return p.function()
	case "coproc":
		return p.coproc()
	case "then", "else", "elif", "fi", "do", "done", "esac", "}":
		p.unexpected(t)
	case "in":
		p.unexpected(t)
	}
	return nil
}

func (p *Parser) redirected(c Command) Command {
	var redirs []*Redir
	for p.peek().kind == tokRedir {
		redirs = append(redirs, p.redir())
	}
	if len(redirs) == 0 {
		return c
	}
	return &Redirected{Cmd: c, Redirs: redirs}
}

// redir reads a redirection and its target.
func (p *Parser) redir() *Redir {
	t := p.next()
	r := &Redir{Op: redirOps[t.text], Fd: int(t.fd), Var: t.name, Line: int(t.line)}
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
			return &ArithCmd{Line: int(t.line), Expr: p.arith(src)}
		}
		if p.eof() {
			p.unmatched(int(t.line), ")")
		}
		p.pos, p.line, p.tok, p.have = pos, line, tok, true
	}
	p.next()
	body := p.compoundList()
	end := int(p.peek().line)
	p.expectOp(")")
	return &Subshell{Body: body, Line: int(t.line), End: end}
}
