package syntax

import "strings"

// Print returns a command as bash shows it: in BASH_COMMAND and in jobs.
func Print(c Command) string {
	p := printer{}
	p.skip = 1
	p.command(c)
	p.flushDocs()
	return p.b.String()
}

// PrintHead is Print, but of a loop only the line that starts it.
func PrintHead(c Command) string {
	switch c := c.(type) {
	case *For, *ArithFor, *Case:
		head, _, _ := strings.Cut(Print(c), "\n")
		return strings.TrimSuffix(head, ";")
	}
	return Print(c)
}

// PrintFunc returns the definition of a function as declare -f shows it,
// without the newline at its end.
func PrintFunc(name string, body Command) string {
	p := printer{inFunc: 1}
	p.b.WriteString(name + " () \n")
	p.funcBody(body)
	return p.b.String()
}

// PrintExported returns the definition of a function as the environment holds
// it, without its name.
func PrintExported(body Command) string {
	p := printer{inFunc: 1, exported: true}
	p.b.WriteString("() ")
	p.funcBody(body)
	return p.b.String()
}

// printer writes commands in bash's own layout.
type printer struct {
	b        strings.Builder
	indent   int
	skip     int // commands that are not indented, because they follow on a line
	inFunc   int
	exported bool     // in the compact layout of the environment
	docs     []*Redir // here-documents whose bodies are still to come
}

// margin starts a line.
func (p *printer) margin() {
	if p.exported {
		p.text(" ")
		return
	}
	p.text(strings.Repeat("    ", p.indent))
}

func (p *printer) text(s string) { p.b.WriteString(s) }

func (p *printer) newline(s string) {
	p.b.WriteByte('\n')
	p.margin()
	p.text(s)
}

// semicolon ends a command, unless its end is plain already.
func (p *printer) semicolon() {
	p.flushDocs()
	if s := p.b.String(); s == "" || s[len(s)-1] == '&' || s[len(s)-1] == '\n' {
		return
	}
	p.text(";")
}

func (p *printer) flushDocs() {
	if len(p.docs) == 0 {
		return
	}
	for _, r := range p.docs {
		p.text("\n" + r.Doc.Text + r.Doc.Delim)
	}
	p.text("\n")
	p.docs = nil
}

func (p *printer) funcBody(body Command) {
	redirs := []*Redir(nil)
	if r, ok := body.(*Redirected); ok {
		body, redirs = r.Cmd, r.Redirs
	}
	p.open()
	p.indent++
	if g, ok := body.(*Group); ok {
		p.list(g.Body)
	} else {
		p.command(body)
	}
	p.flushDocs()
	p.indent--
	if s := p.b.String(); s[len(s)-1] != '\n' {
		p.text("\n")
	}
	if !p.exported {
		p.margin()
	}
	p.text("}")
	p.redirs(redirs)
}

// open starts the body of a function.
func (p *printer) open() {
	if p.exported {
		p.text("{ ")
		return
	}
	p.margin()
	p.text("{ \n")
}

func (p *printer) command(c Command) {
	if l, ok := c.(*List); ok {
		p.list(l)
		return
	}
	if a, ok := c.(*AndOr); ok {
		p.andOr(a)
		return
	}
	if pl, ok := c.(*Pipeline); ok {
		p.pipeline(pl)
		return
	}
	if p.skip > 0 {
		p.skip--
	} else {
		p.margin()
	}
	p.compound(c)
}

func (p *printer) compound(c Command) {
	switch c := c.(type) {
	case *Simple:
		p.simple(c)
	case *Redirected:
		p.compound(c.Cmd)
		p.redirs(c.Redirs)
	case *Subshell:
		p.text("( ")
		p.skip++
		p.list(c.Body)
		p.flushDocs()
		p.text(" )")
	case *Group:
		p.group(c)
	case *If:
		p.ifCmd(c)
	case *While:
		p.while(c)
	case *For:
		p.forCmd(c)
	case *ArithFor:
		p.text("for ((" + trimLeft(c.Init.Src) + "; " + trimLeft(c.Cond.Src) + "; " + trimLeft(c.Step.Src) + "))")
		p.doBody(c.Body)
	case *Case:
		p.caseCmd(c)
	case *ArithCmd:
		p.text("((" + c.Expr.Src + "))")
	case *Cond:
		p.text("[[ " + printCond(c.Expr) + " ]]")
	case *FuncDef:
		p.funcDef(c)
	case *Coproc:
		p.text("coproc " + c.Name + " ")
		p.skip++
		p.command(c.Body)
	}
}

func (p *printer) funcDef(c *FuncDef) {
	p.inFunc++
	p.text("function " + c.Name + " () \n")
	p.funcBody(c.Body)
	p.inFunc--
}

func (p *printer) list(l *List) {
	for i := range l.Items {
		it := &l.Items[i]
		p.command(it.Cmd)
		last := i == len(l.Items)-1
		switch {
		case it.Background && last:
			p.text(" &")
		case it.Background:
			p.text(" & ")
			p.skip++
		case last:
		default:
			p.semicolon()
			if p.inFunc > 0 {
				p.text("\n")
			} else {
				p.text(" ")
				p.skip++
			}
		}
	}
}

func (p *printer) andOr(c *AndOr) {
	p.command(c.Left)
	if c.Or {
		p.text(" || ")
	} else {
		p.text(" && ")
	}
	p.skip++
	p.command(c.Right)
}

func (p *printer) pipeline(c *Pipeline) {
	if c.Time || c.Not {
		if p.skip > 0 {
			p.skip--
		} else {
			p.margin()
		}
		p.skip++
	}
	if c.Time {
		p.text("time ")
		if c.TimePosix {
			p.text("-p ")
		}
	}
	if c.Not {
		p.text("! ")
	}
	for i, cmd := range c.Cmds {
		if i > 0 {
			p.text(" | ")
			p.skip++
		}
		p.command(cmd)
		if c.Both[i] {
			p.text(" 2>&1")
		}
	}
}

func (p *printer) simple(c *Simple) {
	sep := ""
	for _, a := range c.Assigns {
		p.text(sep + showRaw(a.Raw))
		sep = " "
	}
	for _, a := range c.Args {
		p.text(sep)
		p.raw(a.Word)
		sep = " "
	}
	if len(c.Redirs) == 0 {
		return
	}
	if sep == "" {
		p.redirList(c.Redirs)
		return
	}
	p.redirs(c.Redirs)
}

func (p *printer) group(c *Group) {
	if p.inFunc == 0 {
		p.text("{ ")
		p.skip++
		p.list(c.Body)
		p.semicolon()
		p.text(" }")
		return
	}
	p.text("{ \n")
	p.indent++
	p.list(c.Body)
	p.flushDocs()
	p.indent--
	p.newline("}")
}

func (p *printer) ifCmd(c *If) {
	p.text("if ")
	p.skip++
	p.list(c.Cond)
	p.semicolon()
	p.text(" then\n")
	p.block(c.Then)
	if c.Else != nil {
		p.semicolon()
		p.newline("else\n")
		p.indent++
		if g, ok := c.Else.(*Group); ok {
			p.list(g.Body)
		} else {
			p.command(c.Else)
		}
		p.indent--
	}
	p.semicolon()
	p.newline("fi")
}

func (p *printer) block(l *List) {
	p.indent++
	p.list(l)
	p.indent--
}

func (p *printer) while(c *While) {
	if c.Until {
		p.text("until ")
	} else {
		p.text("while ")
	}
	p.skip++
	p.list(c.Cond)
	p.semicolon()
	p.text(" do\n")
	p.block(c.Body)
	p.semicolon()
	p.newline("done")
}

func (p *printer) forCmd(c *For) {
	if c.Select {
		p.text("select ")
	} else {
		p.text("for ")
	}
	p.text(c.Var + " in ")
	if !c.In {
		p.text(`"$@"`)
	}
	for i, w := range c.Words {
		if i > 0 {
			p.text(" ")
		}
		p.raw(w)
	}
	p.text(";")
	p.doBody(c.Body)
}

func (p *printer) doBody(body *List) {
	p.newline("do\n")
	p.block(body)
	p.semicolon()
	p.newline("done")
}

func (p *printer) caseCmd(c *Case) {
	p.text("case " + showRaw(c.Word.Raw) + " in ")
	p.indent++
	for _, it := range c.Items {
		p.newline("")
		for i, w := range it.Patterns {
			if i > 0 {
				p.text(" | ")
			}
			p.raw(w)
		}
		p.text(")\n")
		p.block(it.Body)
		end := ";;"
		if it.Fall {
			end = ";&"
		} else if it.Again {
			end = ";;&"
		}
		p.flushDocs()
		p.newline(end)
	}
	p.indent--
	p.newline("esac")
}

func printCond(x CondExpr) string {
	switch x := x.(type) {
	case *CondBinary:
		op := " && "
		if x.Or {
			op = " || "
		}
		return printCond(x.Left) + op + printCond(x.Right)
	case *CondNot:
		return "! " + printCond(x.X)
	case *CondGroup:
		return "( " + printCond(x.X) + " )"
	case *CondTest:
		switch {
		case x.Y != nil:
			return x.X.Raw + " " + x.Op + " " + x.Y.Raw
		case x.Op == "":
			return "-n " + x.X.Raw
		}
		return x.Op + " " + x.X.Raw
	}
	return ""
}
