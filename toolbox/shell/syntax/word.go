package syntax

import "strings"

// wordCtx says where the text of a word stands: which characters end it and
// which are special in it.
type wordCtx int

const (
	ctxWord      wordCtx = iota // a word of a command
	ctxRegex                    // the right side of =~
	ctxOperand                  // in ${…}, not inside double quotes
	ctxOperandDQ                // in "${x:-…}": single quotes are literal
	ctxPatternDQ                // in "${x#…}": single quotes quote
	ctxDouble                   // in "…"
	ctxDoc                      // a here-document
	ctxArith                    // an arithmetic expression
)

// quoted reports whether literal text of the context is quoted text.
func (c wordCtx) quoted() bool {
	return c == ctxOperandDQ || c == ctxDouble || c == ctxDoc || c == ctxArith
}

// inner is the context of an operand of a ${…} that stands in c.
func (c wordCtx) inner(pattern bool) wordCtx {
	switch {
	case !c.quoted() && c != ctxPatternDQ:
		return ctxOperand
	case pattern:
		return ctxPatternDQ
	}
	return ctxOperandDQ
}

// builder collects parts and joins adjacent literals.
type builder struct {
	parts []Part
	lit   []byte
}

func (b *builder) add(c byte)      { b.lit = append(b.lit, c) }
func (b *builder) text(s string)   { b.lit = append(b.lit, s...) }
func (b *builder) part(part Part)  { b.flush(); b.parts = append(b.parts, part) }
func (b *builder) done() []Part    { b.flush(); return b.parts }
func (b *builder) quoted(s string) { b.part(&Quoted{s}) }

func (b *builder) flush() {
	if len(b.lit) > 0 {
		b.parts = append(b.parts, &Lit{string(b.lit)})
		b.lit = b.lit[:0]
	}
}

// special marks the bytes at which the loop of parts must look closer.
var special = func() (t [256]bool) {
	for _, c := range []byte("\x00\\'\"$` \t\n|&;()<>{}/?*+@!") {
		t[c] = true
	}
	return t
}()

// parts reads pieces of a word up to what ends it in ctx. With slash, an
// unquoted slash ends it, too.
func (p *Parser) parts(ctx wordCtx, slash bool) []Part {
	var b builder
	line := p.line
	depth := 0 // of parentheses that are part of the word
	for {
		c := p.at(0)
		if !special[c] {
			p.literalRun(&b)
			continue
		}
		if c == 0 && p.eof() {
			if depth > 0 {
				p.unmatched(line, ")")
			}
			return b.done()
		}
		if p.ends(ctx, slash, depth, c) {
			return b.done()
		}
		switch {
		case c == '\\':
			p.backslash(&b, ctx)
		case c == '\'' && !ctx.quoted():
			b.quoted(p.singleQuoted())
		case c == '"' && ctx != ctxDoc:
			p.doubleQuoted(&b, ctx)
		case c == '$':
			p.dollar(&b, ctx)
		case c == '`':
			b.part(p.backquote(ctx))
		case (c == '<' || c == '>') && ctx == ctxWord && depth == 0:
			b.part(p.procSub())
		case p.extGlobAt(ctx, c):
			b.text(p.src[p.pos : p.pos+2])
			p.pos += 2
			depth++
		default:
			depth += p.nesting(ctx, depth, c)
			b.add(c)
			p.advance(1)
		}
	}
}

// literalRun takes the ordinary bytes that stand here.
func (p *Parser) literalRun(b *builder) {
	n := 1
	for p.pos+n < len(p.src) && !special[p.src[p.pos+n]] {
		n++
	}
	b.text(p.src[p.pos : p.pos+n])
	p.pos += n
}

func (p *Parser) ends(ctx wordCtx, slash bool, depth int, c byte) bool {
	switch ctx {
	case ctxDouble:
		return c == '"'
	case ctxOperand, ctxOperandDQ, ctxPatternDQ:
		return c == '}' || slash && c == '/'
	case ctxWord:
		return depth == 0 && isMeta(c) && !((c == '<' || c == '>') && p.at(1) == '(')
	case ctxRegex:
		return depth == 0 && (isBlank(c) || c == '\n' || c == ')' || c == '&' || c == ';' || c == '<' || c == '>')
	}
	return false
}

// nesting is how the byte changes the depth of parentheses within the word.
func (p *Parser) nesting(ctx wordCtx, depth int, c byte) int {
	switch {
	case ctx != ctxWord && ctx != ctxRegex:
		return 0
	case c == '(' && (depth > 0 || ctx == ctxRegex):
		return 1
	case c == ')' && depth > 0:
		return -1
	}
	return 0
}

func (p *Parser) extGlobAt(ctx wordCtx, c byte) bool {
	if ctx != ctxWord || !p.Opts.ExtGlob {
		return false
	}
	return strings.IndexByte("?*+@!", c) >= 0 && p.at(1) == '('
}

func (p *Parser) backslash(b *builder, ctx wordCtx) {
	c := p.at(1)
	switch {
	case c == 0:
		b.add('\\')
		p.pos++
		return
	case c == '\n':
		p.advance(2)
		return
	case ctx == ctxDouble || ctx == ctxArith:
		p.escape(b, c, "$`\"\\")
		return
	case ctx == ctxDoc:
		p.escape(b, c, "$`\\")
		return
	case ctx == ctxOperandDQ:
		p.escape(b, c, "$`\"\\}")
		return
	}
	b.quoted(p.src[p.pos+1 : p.pos+2])
	p.pos += 2
}

// escape is a backslash that is special only before the bytes of set.
func (p *Parser) escape(b *builder, c byte, set string) {
	if strings.IndexByte(set, c) >= 0 {
		b.quoted(string([]byte{c}))
	} else {
		b.add('\\')
		b.add(c)
	}
	p.advance(2)
}

// singleQuoted reads '…' and returns what stands between the quotes.
func (p *Parser) singleQuoted() string {
	line, start := p.line, p.pos+1
	n := 1
	for p.at(n) != '\'' {
		if p.at(n) == 0 && p.pos+n >= len(p.src) {
			p.unmatched(line, "'")
		}
		n++
	}
	text := p.src[start : p.pos+n]
	p.advance(n + 1)
	return text
}

func (p *Parser) doubleQuoted(b *builder, ctx wordCtx) {
	line := p.line
	p.pos++
	p.enter()
	parts := p.parts(ctxDouble, false)
	p.leave()
	if p.eof() {
		p.unmatched(line, `"`)
	}
	p.pos++
	b.part(&Double{parts})
}

// backquote reads `…`. Within double quotes a backslash also escapes a quote.
func (p *Parser) backquote(ctx wordCtx) *CmdSub {
	line := p.line
	p.pos++
	var src []byte
	for {
		c := p.at(0)
		switch {
		case c == 0 && p.eof():
			p.unmatched(line, "`")
		case c == '`':
			p.pos++
			return &CmdSub{Src: string(src), Line: line, Back: true}
		case c == '\\':
			d := p.at(1)
			if d != '$' && d != '`' && d != '\\' && !(d == '"' && (ctx == ctxDouble || ctx == ctxOperandDQ)) {
				src = append(src, '\\')
			}
			p.pos++
			if d != 0 {
				src = append(src, d)
				p.advance(1)
			}
			continue
		}
		src = append(src, c)
		p.advance(1)
	}
}

func (p *Parser) procSub() *ProcSub {
	out := p.at(0) == '>'
	p.pos++
	sub := p.comSub()
	return &ProcSub{Out: out, Src: sub.Src, Body: sub.Body}
}

// lexWord reads a word or an assignment.
func (p *Parser) lexWord(t token) token {
	w := &Word{Line: p.line}
	t.kind, t.word = tokWord, w
	start := p.pos
	cmdPos := p.cmdPos
	if a := p.assignHead(); a != nil {
		a.Line = t.line
		t.kind, t.assign = tokAssign, a
		if p.at(0) == '(' && (cmdPos || p.assignOK) {
			p.compound(a)
			w.Raw = p.src[start:p.pos]
			a.Raw = w.Raw
			return t
		}
		head := p.src[start:p.pos]
		valueAt := p.pos
		value := p.parts(ctxWord, false)
		w.Raw, a.Raw = p.src[start:p.pos], p.src[start:p.pos]
		a.Value = &Word{Raw: p.src[valueAt:p.pos], Parts: value, Line: w.Line}
		a.Value.facts()
		w.Parts = joinLits(p.headParts(head, a), value)
		w.facts()
		return t
	}
	w.Parts = p.parts(ctxWord, false)
	w.Raw = p.src[start:p.pos]
	w.facts()
	return t
}

// assignHead reads name=, name+=, name[sub]= or name[sub]+=, if that is what
// stands here; nil, and nothing read, otherwise.
func (p *Parser) assignHead() *Assign {
	start, line := p.pos, p.line
	n := 0
	if IsNameStart(p.at(0)) {
		for IsNameByte(p.at(n)) {
			n++
		}
	} else if !p.elemPos || p.at(0) != '[' {
		return nil
	}
	a := &Assign{Name: p.src[start : start+n]}
	c := p.at(n)
	if c != '=' && c != '+' && c != '[' {
		return nil
	}
	if c == '+' && p.at(n+1) != '=' || p.elemPos && c != '[' {
		return nil
	}
	p.pos += n
	if c == '[' {
		raw, ok := p.subscript(p.cmdPos || p.elemPos)
		if !ok || p.at(0) != '=' && !(p.at(0) == '+' && p.at(1) == '=') {
			p.pos, p.line = start, line
			return nil
		}
		a.Index = p.index(raw)
	}
	if p.at(0) == '+' {
		a.Append = true
		p.pos++
	}
	p.pos++
	return a
}

// joinLits joins two lists of parts, and the literals where they meet.
func joinLits(a, b []Part) []Part {
	if len(a) > 0 && len(b) > 0 {
		last, ok1 := a[len(a)-1].(*Lit)
		first, ok2 := b[0].(*Lit)
		if ok1 && ok2 {
			a = append(a[:len(a)-1:len(a)-1], &Lit{last.Text + first.Text})
			b = b[1:]
		}
	}
	return append(a, b...)
}

// headParts are the parts of the left side of an assignment that is used as
// an ordinary word.
func (p *Parser) headParts(head string, a *Assign) []Part {
	if a.Index == nil {
		return []Part{&Lit{head}}
	}
	return p.sub(head).parts(ctxOperand, false)
}

// subscript reads […] and returns what stands between; spaces says whether
// it may hold unquoted blanks.
func (p *Parser) subscript(spaces bool) (string, bool) {
	start := p.pos + 1
	p.pos++
	depth := 1
	for {
		c := p.at(0)
		switch {
		case c == 0 && p.eof(), c == '\n' && !spaces, !spaces && isMeta(c) && c != '(' && c != ')':
			return "", false
		case c == '[':
			depth++
		case c == ']':
			if depth--; depth == 0 {
				raw := p.src[start:p.pos]
				p.pos++
				return raw, true
			}
		default:
			if !p.skipQuoted(c) {
				return "", false
			}
			continue
		}
		p.pos++
	}
}

// index makes the subscript with that text.
func (p *Parser) index(raw string) *Index {
	x := &Index{Raw: raw}
	if raw == "@" || raw == "*" {
		x.All = raw[0]
	}
	x.Word = p.wordOf(raw)
	x.Arith = p.arith(raw)
	return x
}

// wordOf parses text as one word that nothing ends.
func (p *Parser) wordOf(raw string) *Word {
	w := &Word{Raw: raw, Line: p.line}
	var b builder
	sub := p.sub(raw)
	for {
		b.flush()
		b.parts = append(b.parts, sub.parts(ctxOperand, false)...)
		if sub.eof() {
			break
		}
		b.add('}')
		sub.pos++
	}
	w.Parts = b.done()
	w.facts()
	return w
}

// sub is a parser of text that was already read.
func (p *Parser) sub(src string) *Parser {
	return &Parser{Opts: p.Opts, src: src, line: p.line, depth: p.depth}
}

func (p *Parser) arith(src string) *Arith {
	a := &Arith{Src: src}
	if !strings.ContainsAny(src, "$`\"\\'") {
		a.Plain = true
		return a
	}
	a.Parts = p.sub(src).parts(ctxArith, false)
	return a
}

// compound reads the elements of name=(…).
func (p *Parser) compound(a *Assign) {
	line := p.line
	p.pos++
	a.IsArr, a.Array = true, []*Elem{}
	saved := p.saveState()
	p.enter()
	for {
		p.elemPos = true
		t := p.next()
		switch {
		case t.kind == tokNewline:
		case t.kind == tokEOF:
			p.fail(&Error{Line: line, Msg: "unexpected EOF while looking for matching `)'", EOF: true, Status: 1})
		case t.op(")"):
			p.leave()
			p.restoreState(saved)
			return
		case t.kind == tokWord:
			a.Array = append(a.Array, &Elem{Value: t.word})
		case t.kind == tokAssign && t.assign.Index != nil && t.assign.Name == "":
			a.Array = append(a.Array, &Elem{t.assign.Index, t.assign.Append, t.assign.Value})
		case t.kind == tokAssign:
			a.Array = append(a.Array, &Elem{Value: t.word})
		default:
			p.closer = 0
			p.fail(&Error{Line: t.line, Msg: "syntax error near unexpected token `" + t.show() + "'",
				Echo: p.currentLine(t.pos), Status: 1})
		}
	}
}

// state is what a nested construct must not disturb.
type state struct {
	cmdPos, assignOK, elemPos bool
	pending                   []*Redir
	closer                    byte
}

func (p *Parser) saveState() state {
	s := state{p.cmdPos, p.assignOK, p.elemPos, p.pending, p.closer}
	p.cmdPos, p.assignOK, p.elemPos, p.pending = false, false, false, nil
	return s
}

func (p *Parser) restoreState(s state) {
	p.cmdPos, p.assignOK, p.elemPos, p.closer = s.cmdPos, s.assignOK, s.elemPos, s.closer
	p.pending = append(s.pending, p.pending...)
	p.have = false
}

// facts notes what the evaluator wants to know of the word at a glance.
func (w *Word) facts() {
	w.Plain = true
	var lit strings.Builder
	for i, part := range w.Parts {
		switch part := part.(type) {
		case *Lit:
			w.Brace = w.Brace || strings.IndexByte(part.Text, '{') >= 0
			if strings.ContainsAny(part.Text, "*?[]{}()|~=:\\") && !tame(part.Text, i == 0) {
				w.Plain = false
			}
			lit.WriteString(part.Text)
		case *Quoted:
			lit.WriteString(part.Text)
		case *Double:
			if !part.plain(&lit) {
				w.Plain = false
			}
		default:
			w.Plain = false
		}
	}
	if w.Plain {
		w.Lit = lit.String()
	}
}

// tame reports whether unquoted text means only itself: no pattern, no brace,
// no tilde where one would be expanded.
func tame(s string, first bool) bool {
	if strings.ContainsAny(s, "*?[{\\") {
		return s == "["
	}
	if strings.ContainsAny(s, "()|") {
		return false
	}
	if first && s[0] == '~' {
		return false
	}
	return !strings.Contains(s, "=~") && !strings.Contains(s, ":~")
}

func (d *Double) plain(lit *strings.Builder) bool {
	for _, part := range d.Parts {
		switch part := part.(type) {
		case *Lit:
			lit.WriteString(part.Text)
		case *Quoted:
			lit.WriteString(part.Text)
		default:
			return false
		}
	}
	return true
}
