package syntax

import "strings"

// lexWord reads a word or an assignment.
func (p *Parser) lexWord(t token) token {
	if w := p.plainWord(); w != nil {
		t.kind, t.word = tokWord, w
		return t
	}
	w := p.newWord()
	t.kind, t.word = tokWord, w
	start := p.pos
	cmdPos := p.cmdPos
	if a := p.assignHead(); a != nil {
		a.Line = int(t.line)
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
		a.Value = p.newWord()
		a.Value.Raw, a.Value.Parts, a.Value.Line = p.src[valueAt:p.pos], value, w.Line
		a.Value.facts()
		if !cmdPos {
			// Where a command may start it is no word of one.
			w.Parts = joinLits(p.headParts(head, a), value)
			w.facts()
		}
		return t
	}
	if p.pos > start {
		// name[sub] without a =: blanks in the subscript are part of the word.
		head := p.wordOf(p.src[start:p.pos]).Parts
		w.Parts = joinLits(head, p.parts(ctxWord, false))
	} else {
		w.Parts = p.parts(ctxWord, false)
	}
	w.Raw = p.src[start:p.pos]
	w.facts()
	return t
}

// assignHead reads name=, name+=, name[sub]= or name[sub]+=, if that is what
// stands here; nil, and nothing read, otherwise. Where an assignment may stand,
// name[sub] is read in any case.
func (p *Parser) assignHead() *Assign {
	start, line := p.pos, p.line
	n := 0
	if IsNameStart(p.at(0)) {
		n = p.nameEnd(1)
	} else if !p.elemPos || p.at(0) != '[' {
		return nil
	}
	c := p.at(n)
	if c != '=' && c != '+' && c != '[' {
		return nil
	}
	if c == '+' && p.at(n+1) != '=' || p.elemPos && c != '[' {
		return nil
	}
	a := one(p.room, &p.room.assigns)
	a.Name = p.src[start : start+n]
	p.pos += n
	if c == '[' {
		whole := p.cmdPos || p.elemPos
		raw, ok := p.subscript(whole)
		if !ok && whole {
			p.unmatched(line, "]")
		}
		if !ok || p.at(0) != '=' && !(p.at(0) == '+' && p.at(1) == '=') {
			if !whole {
				p.pos, p.line = start, line
			}
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
	sub := p.sub(raw)
	b := sub.build()
	for {
		b.rest(sub.parts(ctxOperand, false))
		if sub.eof() {
			break
		}
		b.span(1)
		sub.pos++
	}
	w.Parts = b.done()
	w.facts()
	return w
}

// sub is a parser of text that was already read.
func (p *Parser) sub(src string) *Parser {
	return &Parser{Opts: p.Opts, src: src, line: p.line, depth: p.depth, room: p.room}
}

// ParseArith parses the text of an expression that may hold expansions. nil if
// it cannot be parsed.
func ParseArith(src string, line int, opts Options) (a *Arith) {
	p := &Parser{Opts: opts, line: line, room: new(Arena)}
	var err error
	defer func() {
		if err != nil {
			a = nil
		}
	}()
	defer p.catch(&err)
	return p.arith(src)
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
			a.Array = append(a.Array, &Elem{Word: t.word})
		case t.kind == tokAssign && t.assign.Index != nil && t.assign.Name == "":
			a.Array = append(a.Array, &Elem{t.word, t.assign.Index, t.assign.Append, t.assign.Value})
		case t.kind == tokAssign:
			a.Array = append(a.Array, &Elem{Word: t.word})
		default:
			p.closer = 0
			p.fail(&Error{Line: int(t.line), Msg: "syntax error near unexpected token `" + t.show() + "'",
				Echo: p.currentLine(int(t.pos)), Status: 1, Discard: true})
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
