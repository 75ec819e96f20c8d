package syntax

// simple reads a simple command, or a function definition that starts like one.
func (p *Parser) simple() Command {
	c, mark := one(p.room, &p.room.simples), len(p.room.someArgs)
	c.Line = int(p.peekCmd().line)
	for n := 0; ; n++ {
		args := len(p.room.someArgs) - mark
		t := p.wordToken(args == 0)
		if n == 1 {
			// Bash numbers a command by the line in which its second word ends.
			c.Line = int(t.end)
		}
		switch {
		case t.kind == tokRedir:
			c.Redirs = append(c.Redirs, p.redir())
			continue
		case t.kind == tokAssign && args == 0:
			p.next()
			c.Assigns = append(c.Assigns, t.assign)
			continue
		case t.kind == tokAssign:
			p.next()
			if t.assign.IsArr && !c.Decl {
				t.word.Parts = p.wordOf(t.word.Raw).Parts
			}
			p.room.someArgs = append(p.room.someArgs, Arg{t.word, t.assign})
			continue
		case t.kind == tokWord:
			p.next()
			p.room.someArgs = append(p.room.someArgs, Arg{Word: t.word})
			if args == 0 {
				p.firstWord(c, t)
				if p.at1Paren() && len(c.Assigns) == 0 && len(c.Redirs) == 0 {
					p.room.someArgs = p.room.someArgs[:mark]
					return p.funcParens(t)
				}
			}
			p.nestedDecl(c, p.room.someArgs[mark:], t)
			continue
		}
		p.assignOK = false
		c.Args = settle(p.room, &p.room.args, &p.room.someArgs, mark)
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
	case "declare", "typeset", "local", "export", "readonly", "alias":
		c.Decl = true
		p.assignOK = true
	case "eval", "let":
		p.assignOK = true
	default:
		p.assignOK = false
	}
}

// nestedDecl sees the declaration builtin behind "command", which POSIX wants
// to be one still.
func (p *Parser) nestedDecl(c *Simple, args []Arg, t token) {
	if !p.Opts.Posix || len(args) < 2 || c.Decl {
		return
	}
	for _, a := range args[:len(args)-1] {
		if a.Word.Raw != "command" {
			return
		}
	}
	switch t.word.Raw {
	case "declare", "typeset", "local", "export", "readonly":
		c.Decl = true
	}
}

// at1Paren reports whether "(" follows, which makes the word before it the
// name of a function.
func (p *Parser) at1Paren() bool { return p.peek().op("(") }

func (p *Parser) funcParens(name token) Command {
	p.next()
	p.expectOp(")")
	p.newlines()
	return p.funcBody(name.word.Raw, int(name.line), false)
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
	return p.funcBody(name.word.Raw, int(line), true)
}

// coproc is coproc [NAME] command; a name may stand only before a compound
// command.
func (p *Parser) coproc() Command {
	line := p.next().line
	t := p.peekCmd()
	c := &Coproc{Name: "COPROC", Line: int(line)}
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
	c := &Simple{Line: int(first.line), Args: []Arg{{Word: first.word}}}
	for {
		switch t := p.peek(); t.kind {
		case tokRedir:
			c.Redirs = append(c.Redirs, p.redir())
		case tokWord, tokAssign:
			p.next()
			c.Args = append(c.Args, Arg{t.word, t.assign})
		default:
			return c
		}
	}
}
