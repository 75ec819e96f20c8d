package syntax

import "strings"

// braced reads ${…}. What bash calls a bad substitution is found when it runs,
// so it is kept, with its text.
func (p *Parser) braced(ctx wordCtx) *Param {
	start, line := p.pos, p.line
	p.pos += 2
	x := one(p.room, &p.room.params)
	x.Braced = true
	ok := p.paramHead(x) && p.paramTail(x, ctx)
	if p.eof() {
		p.unmatched(line, "}")
	}
	if !ok || p.at(0) != '}' {
		p.pos, p.line = start+2, line
		if !p.skipTo('{', '}') {
			p.unmatched(line, "}")
		}
		raw := p.src[start:p.pos]
		return &Param{Raw: raw, Bad: true, Braced: true}
	}
	p.pos++
	x.Raw = p.src[start:p.pos]
	return x
}

const specialParams = "@*#?-$!"

// paramHead reads the flags, the name and the subscript.
func (p *Parser) paramHead(x *Param) bool {
	c, d := p.at(0), p.at(1)
	switch {
	case c == '#' && d != '}' && p.lengthFollows():
		x.Length = true
		p.pos++
	case c == '!' && (IsNameByte(d) || d == '@' || d == '*' || !p.Opts.Posix && (d == '#' || d == '?')):
		x.Indirect = true
		p.pos++
	}
	if !p.paramName(x) {
		return false
	}
	if p.at(0) == '[' && IsNameStart(x.Name[0]) {
		line := p.line
		raw, ok := p.subscript(true)
		if !ok {
			p.unmatched(line, "]")
		}
		x.Index = p.index(raw)
		return raw != ""
	}
	return true
}

// lengthFollows reports whether the # at pos asks for a length: a whole
// parameter follows it, and the brace.
func (p *Parser) lengthFollows() bool {
	c := p.at(1)
	if IsNameByte(c) {
		return true
	}
	return c != 0 && strings.IndexByte(specialParams, c) >= 0 && p.at(2) == '}'
}

func (p *Parser) paramName(x *Param) bool {
	n := 0
	c := p.at(0)
	switch {
	case IsNameStart(c):
		n = p.nameEnd(1)
	case c >= '0' && c <= '9':
		for p.at(n) >= '0' && p.at(n) <= '9' {
			n++
		}
	case c != 0 && strings.IndexByte(specialParams, c) >= 0:
		n = 1
	default:
		return false
	}
	x.Name = p.src[p.pos : p.pos+n]
	p.pos += n
	return true
}

// nameEnd is how far the name goes that stands here, of which n bytes are known.
func (p *Parser) nameEnd(n int) int {
	for {
		p.splice(n)
		if !IsNameByte(p.at(n)) {
			return n
		}
		n++
	}
}

// paramTail reads the operator and its operands, up to the brace.
func (p *Parser) paramTail(x *Param, ctx wordCtx) bool {
	c := p.at(0)
	switch {
	case c == '}':
		return true
	case x.Length:
		return false
	case x.Indirect && (c == '@' || c == '*') && p.at(1) == '}':
		x.Prefix = c
		p.pos++
		return x.Index == nil
	}
	switch c {
	case ':':
		return p.colonOp(x, ctx)
	case '-', '=', '?', '+':
		x.Op = valueOps[c]
		p.pos++
		x.Word = p.operand(ctx.inner(false), false)
	case '#', '%', '^', ',', '~':
		if x.Name == "#" && (c == '^' || c == ',' || c == '~') {
			return false
		}
		x.Op = patternOps[c]
		p.pos++
		if p.at(0) == c {
			x.Double = true
			p.pos++
		}
		x.Word = p.operand(ctx.inner(true), false)
	case '/':
		p.replaceOp(x, ctx)
	case '@':
		x.Op, x.Letter = OpTransform, p.at(1)
		p.at(2)
		if x.Letter == 0 || x.Letter == '}' || p.at(2) != '}' {
			return false
		}
		p.pos += 2
		return strings.IndexByte("UuLQEPAKak", x.Letter) >= 0
	default:
		return false
	}
	return true
}

var valueOps = map[byte]ParamOp{'-': OpMinus, '=': OpAssign, '?': OpError, '+': OpPlus}

var patternOps = map[byte]ParamOp{'#': OpTrimFront, '%': OpTrimBack, '^': OpUpper, ',': OpLower, '~': OpToggle}

func (p *Parser) colonOp(x *Param, ctx wordCtx) bool {
	p.pos++
	if op, ok := valueOps[p.at(0)]; ok {
		x.Op, x.Colon = op, true
		p.pos++
		x.Word = p.operand(ctx.inner(false), false)
		return true
	}
	if p.at(0) == '}' {
		return false
	}
	x.Op = OpSlice
	var more bool
	x.Off, more = p.sliceArith()
	if more {
		x.Len, _ = p.sliceArith()
	}
	return true
}

// sliceArith reads an expression up to a colon that is no part of ?:, or to
// the brace; more reports that a colon ended it.
func (p *Parser) sliceArith() (a *Arith, more bool) {
	start := p.pos
	parens, ternary := 0, 0
	for {
		c := p.at(0)
		switch {
		case c == 0 && p.eof(), c == '}':
			return p.arith(p.src[start:p.pos]), false
		case c == ':' && parens == 0 && ternary == 0:
			a = p.arith(p.src[start:p.pos])
			p.pos++
			return a, true
		case c == ':' && ternary > 0:
			ternary--
		case c == '?':
			ternary++
		case c == '(':
			parens++
		case c == ')':
			parens--
		default:
			p.skipQuoted(c)
			continue
		}
		p.pos++
	}
}

func (p *Parser) replaceOp(x *Param, ctx wordCtx) {
	x.Op = OpReplace
	p.pos++
	if c := p.at(0); c == '/' || c == '#' || c == '%' {
		x.Anchor = c
		p.pos++
	}
	if x.Anchor == '/' && p.at(0) == '/' {
		// A slash that starts the pattern belongs to it.
		p.pos++
		x.Word = p.operand(ctx.inner(true), true)
		x.Word.Raw = "/" + x.Word.Raw
		x.Word.Parts = joinLits([]Part{&Lit{"/"}}, x.Word.Parts)
		x.Word.facts()
	} else {
		x.Word = p.operand(ctx.inner(true), true)
	}
	if p.at(0) == '/' {
		p.pos++
		x.With = p.operand(ctx.inner(true), false)
	}
}

func (p *Parser) operand(ctx wordCtx, slash bool) *Word {
	p.enter()
	w := p.newWord()
	start := p.pos
	w.Parts = p.parts(ctx, slash)
	w.Raw = p.src[start:p.pos]
	w.facts()
	p.leave()
	return w
}

// ParseRef reads the text of an indirect reference: a name with or without a
// subscript, or a special parameter.
func ParseRef(text string) (*Param, bool) {
	p := &Parser{src: text, line: 1, room: new(Arena)}
	x := &Param{Raw: text}
	ok := false
	func() {
		var err error
		defer p.catch(&err)
		ok = p.paramName(x)
		if ok && p.at(0) == '[' && IsNameStart(x.Name[0]) {
			var raw string
			if raw, ok = p.subscript(true); ok {
				x.Index = p.index(raw)
			}
		}
	}()
	return x, ok && p.pos == len(text)
}
