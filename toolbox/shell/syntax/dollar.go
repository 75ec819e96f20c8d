package syntax

import "strings"

// dollar reads what starts with $.
func (p *Parser) dollar(b *builder, ctx wordCtx) {
	p.enter()
	p.splice(1)
	switch c := p.at(1); {
	case c == '{':
		b.part(p.braced(ctx))
	case c == '(' && p.at(2) == '(':
		b.part(p.arithOrSub())
	case c == '(':
		p.pos++
		b.part(p.comSub())
	case c == '[':
		b.part(p.oldArith())
	case c == '\'' && (!ctx.quoted() || ctx == ctxOperandDQ):
		p.pos++
		b.quoted(p.ansiQuoted())
	case c == '"' && (!ctx.quoted() || ctx == ctxOperandDQ):
		p.pos++
		p.doubleQuoted(b, ctx)
	case IsNameStart(c):
		n := p.nameEnd(2)
		b.part(p.named(n))
	case c >= '0' && c <= '9' || c != 0 && strings.IndexByte("@*#?-$!", c) >= 0:
		b.part(p.named(2))
	default:
		b.span(1)
		p.pos++
	}
	p.leave()
}

// named reads $name, n bytes of it.
func (p *Parser) named(n int) *Param {
	x := one(p.room, &p.room.params)
	x.Raw, x.Name = p.src[p.pos:p.pos+n], p.src[p.pos+1:p.pos+n]
	p.pos += n
	return x
}

// comSub reads (…) as a command substitution; pos is at the parenthesis.
func (p *Parser) comSub() *CmdSub {
	line := p.line
	p.pos++
	start := p.pos
	saved := p.saveState()
	p.closer = ')'
	p.enter()
	body := p.subList()
	p.leave()
	if t := p.peek(); !t.op(")") {
		p.unexpected(t)
	}
	src := p.src[start : p.pos-1]
	if len(p.pending) > 0 {
		p.readHeredocs()
	}
	p.restoreState(saved)
	return &CmdSub{Src: src, Body: body, Line: line}
}

// subList is the commands of a command substitution; there may be none.
func (p *Parser) subList() *List {
	p.newlines()
	if p.peekCmd().op(")") {
		return &List{}
	}
	return p.compoundList()
}

// arithOrSub reads $((…)), or a command substitution that starts with a
// subshell where the parentheses do not fit.
func (p *Parser) arithOrSub() Part {
	start, line := p.pos, p.line
	p.pos += 3
	if src, ok := p.dparen(); ok {
		return &ArithSub{p.arith(src)}
	}
	if p.eof() {
		p.unmatched(line, ")")
	}
	p.pos, p.line = start+1, line
	return p.comSub()
}

// dparen reads up to "))" and returns what stands before it; not ok, with pos
// somewhere behind, if the parentheses close one by one.
func (p *Parser) dparen() (string, bool) {
	start := p.pos
	if !p.skipTo('(', ')') {
		return "", false
	}
	src := p.src[start : p.pos-1]
	if p.at(0) != ')' {
		return "", false
	}
	p.pos++
	return src, true
}

func (p *Parser) oldArith() Part {
	line := p.line
	p.pos += 2
	start := p.pos
	if !p.skipTo('[', ']') {
		p.unmatched(line, "]")
	}
	return &ArithSub{p.arith(p.src[start : p.pos-1])}
}

// skipTo moves behind the closer that matches an opener already read; false
// at the end of the input.
func (p *Parser) skipTo(opener, closer byte) bool {
	depth := 1
	for {
		c := p.at(0)
		switch {
		case c == 0 && p.eof():
			return false
		case c == opener:
			depth++
			p.pos++
		case c == closer:
			p.pos++
			if depth--; depth == 0 {
				return true
			}
		default:
			if !p.skipQuoted(c) {
				return false
			}
		}
	}
}

// skipQuoted moves over one byte, or over all that is quoted or nested where
// it starts; false at the end of the input.
func (p *Parser) skipQuoted(c byte) bool {
	switch c {
	case '\\':
		p.at(1)
		p.advance(min(2, len(p.src)-p.pos))
	case '\'':
		p.singleQuoted()
	case '"':
		b := p.build()
		p.doubleQuoted(&b, ctxWord)
		b.drop()
	case '`':
		p.backquote(ctxWord)
	case '$':
		if n := p.at(1); n == '{' || n == '(' || n == '\'' {
			b := p.build()
			p.dollar(&b, ctxWord)
			b.drop()
		} else {
			p.pos++
		}
	default:
		p.advance(1)
	}
	return p.pos <= len(p.src)
}
