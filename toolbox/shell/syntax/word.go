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

// builder collects the parts of a word and joins adjacent literals. Literal text
// that stands in the source as it is costs no copy.
type builder struct {
	p        *Parser
	mark     int    // where its parts start on the stack
	from, to int    // literal text in the source
	lit      []byte // or literal text put together
}

func (p *Parser) build() builder { return builder{p: p, mark: len(p.room.someParts)} }

// span adds the n bytes at pos as literal text.
func (b *builder) span(n int) {
	pos := b.p.pos
	switch {
	case len(b.lit) > 0:
		b.lit = append(b.lit, b.p.src[pos:pos+n]...)
	case b.from == b.to:
		b.from, b.to = pos, pos+n
	case b.to == pos:
		b.to += n
	default:
		b.lit = append(append(b.lit, b.p.src[b.from:b.to]...), b.p.src[pos:pos+n]...)
	}
}

// part adds a part.
func (b *builder) part(part Part) {
	b.flush()
	b.p.room.someParts = append(b.p.room.someParts, part)
}

// rest adds parts that were collected apart.
func (b *builder) rest(parts []Part) {
	b.flush()
	b.p.room.someParts = append(b.p.room.someParts, parts...)
}

func (b *builder) quoted(s string) {
	q := one(b.p.room, &b.p.room.quotes)
	q.Text = s
	b.part(q)
}

func (b *builder) flush() {
	switch {
	case len(b.lit) > 0:
		lit := b.p.newLit(string(b.lit))
		b.p.room.someParts = append(b.p.room.someParts, lit)
	case b.to > b.from:
		lit := b.p.newLit(b.p.src[b.from:b.to])
		b.p.room.someParts = append(b.p.room.someParts, lit)
	}
	b.from, b.to, b.lit = 0, 0, b.lit[:0]
}

// drop forgets the parts.
func (b *builder) drop() { b.p.room.someParts = b.p.room.someParts[:b.mark] }

// done returns the parts.
func (b *builder) done() []Part {
	b.flush()
	return settle(b.p.room, &b.p.room.parts, &b.p.room.someParts, b.mark)
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
	b := p.build()
	line := p.line
	depth := 0      // of parentheses that are part of the word
	single := false // between single quotes that quote only the closing brace
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
			if single {
				p.unmatched(line, "'")
			}
			return b.done()
		}
		if !single && p.ends(ctx, slash, depth, c) {
			return b.done()
		}
		if c == '\'' && ctx == ctxOperandDQ && !p.Opts.Posix {
			single = !single
		}
		switch {
		case c == '"' && single:
			p.pos++ // bash drops it
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
			b.span(2)
			p.pos += 2
			depth++
		default:
			depth += p.nesting(ctx, depth, c)
			b.span(1)
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
	b.span(n)
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
		b.span(1)
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
		b.quoted(p.src[p.pos+1 : p.pos+2])
	} else {
		b.span(2)
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
	start := p.pos
	p.enter()
	parts := p.parts(ctxDouble, false)
	p.leave()
	if p.eof() {
		p.unmatched(line, `"`)
	}
	p.pos++
	d := one(p.room, &p.room.doubles)
	d.Parts, d.Raw = parts, p.src[start:p.pos-1]
	b.part(d)
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
