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
		if !p.inIsCommand() {
			p.unexpected(t)
		}
	}
	return nil, false
}

// inIsCommand: "in" is reserved only behind for, case and select.
func (p *Parser) inIsCommand() bool { return false }

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
		pos, line := p.pos, p.line
		p.pos++
		if src, ok := p.dparen(); ok {
			p.have = false
			return &ArithCmd{Line: t.line, Expr: p.arith(src)}
		}
		if p.eof() {
			p.unmatched(t.line, ")")
		}
		p.pos, p.line = pos, line
	}
	p.next()
	body := p.compoundList()
	p.expectOp(")")
	return &Subshell{Body: body, Line: t.line}
}

// simple reads a simple command, or a function definition that starts like one.
func (p *Parser) simple() Command {
	c := &Simple{Line: p.peekCmd().line}
	for n := 0; ; n++ {
		t := p.wordToken(len(c.Args) == 0)
		if n == 1 {
			// Bash numbers a command by the line in which its second word ends.
			c.Line = t.end
		}
		switch {
		case t.kind == tokRedir:
			c.Redirs = append(c.Redirs, p.redir())
			continue
		case t.kind == tokAssign && len(c.Args) == 0:
			p.next()
			c.Assigns = append(c.Assigns, t.assign)
			continue
		case t.kind == tokAssign:
			p.next()
			c.Args = append(c.Args, &Arg{t.word, t.assign})
			continue
		case t.kind == tokWord:
			p.next()
			c.Args = append(c.Args, &Arg{Word: t.word})
			if len(c.Args) == 1 {
				p.firstWord(c, t)
				if p.at1Paren() && len(c.Assigns) == 0 && len(c.Redirs) == 0 {
					return p.funcParens(t)
				}
			}
			p.nestedDecl(c, t)
			continue
		}
		p.assignOK = false
		return c
	}
}

// wordToken looks at the next token of a simple command.
func (p *Parser) wordToken(first bool) token {
	if first {
		return p.peekCmd()
	}
	return p.peek()
}

// firstWord looks at the command's name: declaration builtins take compound
// assignments.
func (p *Parser) firstWord(c *Simple, t token) {
	switch t.word.Raw {
	case "declare", "typeset", "local", "export", "readonly":
		c.Decl = true
		p.assignOK = true
	case "eval", "let", "alias":
		p.assignOK = t.word.Raw != "alias"
	default:
		p.assignOK = false
	}
}

// nestedDecl sees the declaration builtin behind "builtin" or "command".
func (p *Parser) nestedDecl(c *Simple, t token) {
	if len(c.Args) < 2 || c.Decl {
		return
	}
	for _, a := range c.Args[:len(c.Args)-1] {
		if raw := a.Word.Raw; raw != "builtin" && raw != "command" {
			return
		}
	}
	switch t.word.Raw {
	case "declare", "typeset", "local", "export", "readonly":
		c.Decl = true
		p.assignOK = true
	}
}

// at1Paren reports whether "(" follows, which makes the word before it the
// name of a function.
func (p *Parser) at1Paren() bool { return p.peek().op("(") }

func (p *Parser) funcParens(name token) Command {
	p.next()
	p.expectOp(")")
	p.newlines()
	return p.funcBody(name.word.Raw, name.line, false)
}

func (p *Parser) funcBody(name string, line int, keyword bool) Command {
	t := p.peekCmd()
	if !p.startsCompound(t) {
		p.unexpected(t)
	}
	return &FuncDef{Name: name, Keyword: keyword, Body: p.command(), Line: line}
}

func (p *Parser) startsCompound(t token) bool {
	if t.op("(") {
		return true
	}
	if t.kind != tokWord {
		return false
	}
	switch t.word.Raw {
	case "if", "while", "until", "for", "select", "case", "{", "[[":
		return true
	}
	return false
}

func (p *Parser) function() Command {
	line := p.next().line
	name := p.peek()
	if name.kind != tokWord && name.kind != tokAssign {
		p.unexpected(name)
	}
	p.next()
	if p.peekCmd().op("(") && p.at(0) != '(' {
		p.next()
		p.expectOp(")")
	}
	p.newlines()
	return p.funcBody(name.word.Raw, line, true)
}

// coproc is coproc [NAME] command; a name may stand only before a compound
// command.
func (p *Parser) coproc() Command {
	line := p.next().line
	t := p.peekCmd()
	c := &Coproc{Name: "COPROC", Line: line}
	if t.kind == tokWord && !p.startsCompound(t) && IsName(t.word.Raw) {
		p.next()
		if p.startsCompound(p.peekCmd()) {
			c.Name = t.word.Raw
			c.Body = p.command()
			return c
		}
		rest := p.simpleFrom(t)
		c.Body = rest
		return c
	}
	c.Body = p.command()
	return c
}

// simpleFrom reads a simple command whose first word was already taken.
func (p *Parser) simpleFrom(first token) Command {
	c := &Simple{Line: first.line, Args: []*Arg{{Word: first.word}}}
	for {
		switch t := p.peek(); t.kind {
		case tokRedir:
			c.Redirs = append(c.Redirs, p.redir())
		case tokWord, tokAssign:
			p.next()
			c.Args = append(c.Args, &Arg{t.word, t.assign})
		default:
			return c
		}
	}
}
