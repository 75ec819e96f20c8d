package syntax

import (
	"strconv"
	"strings"
)

type tokKind uint8

const (
	tokEOF tokKind = iota
	tokNewline
	tokWord
	tokAssign // a word that is an assignment
	tokOp     // text says which
	tokRedir  // text is the operator; fd and name stand before it
)

type token struct {
	kind   tokKind
	fd     int32
	line   int32
	end    int32 // the line in which it ends
	pos    int32 // of the first byte
	text   string
	name   string // {name} before a redirection
	word   *Word
	assign *Assign
}

// show is the token as messages name it.
func (t token) show() string {
	switch t.kind {
	case tokNewline:
		return "newline"
	case tokWord, tokAssign:
		return t.word.Raw
	case tokRedir:
		return t.text
	}
	return t.text
}

func (t token) op(text string) bool { return t.kind == tokOp && t.text == text }

// reserved reports whether the token is the reserved word text.
func (t token) reserved(text string) bool { return t.kind == tokWord && t.word.Raw == text }

func (p *Parser) peek() token {
	if !p.have {
		p.tok = p.lex()
		p.have = true
	}
	return p.tok
}

// peekCmd looks at a token that stands where a command may start.
func (p *Parser) peekCmd() token {
	if !p.have {
		p.cmdPos = true
	}
	return p.peek()
}

func (p *Parser) next() token {
	t := p.peek()
	p.have = false
	return t
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

func isMeta(c byte) bool {
	switch c {
	case ' ', '\t', '\n', '|', '&', ';', '(', ')', '<', '>':
		return true
	}
	return false
}

// IsNameStart reports whether c may start a variable's name.
func IsNameStart(c byte) bool { return c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' }

// IsNameByte reports whether c may stand in a variable's name.
func IsNameByte(c byte) bool { return IsNameStart(c) || c >= '0' && c <= '9' }

// IsName reports whether s is the name of a variable.
func IsName(s string) bool {
	if s == "" || !IsNameStart(s[0]) {
		return false
	}
	for i := 1; i < len(s); i++ {
		if !IsNameByte(s[i]) {
			return false
		}
	}
	return true
}

// skipBlank moves over blanks, line continuations and a comment.
func (p *Parser) skipBlank() {
	for {
		switch c := p.at(0); {
		case isBlank(c):
			p.pos++
		case c == '\\' && p.at(1) == '\n':
			p.advance(2)
		case c == '#':
			for p.at(0) != 0 && p.at(0) != '\n' {
				p.pos++
			}
		default:
			return
		}
	}
}

func (p *Parser) lex() token {
	for again := false; ; {
		p.skipBlank()
		p.endAliases()
		p.aliasEnd = p.aliasEnd || again
		t := p.lexOne()
		if t.kind == tokWord && p.expandAlias(t) {
			again = p.aliasEnd // what the alias stands for is looked at, too
			continue
		}
		p.cmdPos, p.elemPos = false, false
		if t.end = int32(p.line); t.kind == tokNewline {
			t.end = t.line
		}
		return t
	}
}

func (p *Parser) lexOne() token {
	t := token{line: int32(p.line), pos: int32(p.pos)}
	if p.eof() {
		p.endHeredocs()
		return t
	}
	c := p.at(0)
	switch {
	case c == '\n':
		t.kind = tokNewline
		p.advance(1)
		p.readHeredocs()
		return t
	case (c == '<' || c == '>') && p.at(1) == '(':
		return p.lexWord(t)
	case isMeta(c):
		return p.lexOperator(t)
	}
	if p.lexRedirPrefix(&t) {
		return t
	}
	return p.lexWord(t)
}

// lexOperator reads an operator; one byte that starts none is one.
func (p *Parser) lexOperator(t token) token {
	p.splice(1)
	n := p.operatorLen(p.at(0), p.at(1))
	t.kind, t.text, t.fd = tokOp, p.src[p.pos:p.pos+n], -1
	if c := t.text[n-1]; t.text[0] == '<' || t.text[0] == '>' || n > 1 && c == '>' {
		t.kind = tokRedir
	}
	p.pos += n
	return t
}

// operatorLen is how long the operator is that starts with c and d.
func (p *Parser) operatorLen(c, d byte) int {
	switch {
	case c == '<' && d == '<':
		p.splice(2)
		if e := p.at(2); e == '<' || e == '-' {
			return 3
		}
	case c == '&' && d == '>':
		p.splice(2)
		if p.at(2) == '>' {
			return 3
		}
	case c == ';' && d == ';':
		p.splice(2)
		if p.at(2) == '&' {
			return 3
		}
	case c == ';' && d == '&', c == '&' && d == '&', c == '|' && (d == '|' || d == '&'):
	case c == '<' && (d == '&' || d == '>'), c == '>' && (d == '>' || d == '&' || d == '|'):
	default:
		return 1
	}
	return 2
}

var redirOps = map[string]RedirOp{
	"<": RedirIn, ">": RedirOut, ">|": RedirClobber, ">>": RedirAppend, "<>": RedirInOut,
	"<&": RedirDupIn, ">&": RedirDupOut, "&>": RedirBoth, "&>>": RedirBothAdd,
	"<<": RedirHeredoc, "<<-": RedirHeredocT, "<<<": RedirHerestr,
}

// lexRedirPrefix reads digits or {name} that stand right before a redirection.
func (p *Parser) lexRedirPrefix(t *token) bool {
	n := 0
	switch c := p.at(0); {
	case c >= '0' && c <= '9':
		for p.at(n) >= '0' && p.at(n) <= '9' {
			n++
		}
	case c == '{' && IsNameStart(p.at(1)):
		n = p.bracedName()
	}
	if n == 0 || p.at(n) != '<' && p.at(n) != '>' || p.at(n+1) == '(' {
		return false
	}
	prefix := p.src[p.pos : p.pos+n]
	fd, err := strconv.Atoi(prefix)
	if prefix[0] != '{' && err != nil {
		return false
	}
	p.pos += n
	*t = p.lexOperator(*t)
	t.fd = int32(fd)
	if prefix[0] == '{' {
		t.fd, t.name = -1, prefix[1:n-1]
	}
	return true
}

// bracedName is the length of {name} or {name[sub]} at pos, 0 if none.
func (p *Parser) bracedName() int {
	n := 1
	for IsNameByte(p.at(n)) {
		n++
	}
	if p.at(n) == '[' {
		for p.at(n) != ']' && p.at(n) != 0 && !isMeta(p.at(n)) {
			n++
		}
		if p.at(n) != ']' {
			return 0
		}
		n++
	}
	if p.at(n) != '}' {
		return 0
	}
	return n + 1
}

// endAliases drops aliases whose text has been read.
func (p *Parser) endAliases() {
	p.aliasEnd = false
	for n := len(p.aliases); n > 0; n-- {
		a := p.aliases[n-1]
		if len(p.src)-p.pos > a.tail {
			return
		}
		p.aliases = p.aliases[:n-1]
		p.aliasEnd = p.aliasEnd || a.blank
	}
}

// expandAlias replaces the word just read by its alias, if it is one.
func (p *Parser) expandAlias(t token) bool {
	if !p.Opts.Aliases || p.Opts.Host == nil || !p.cmdPos && !p.aliasEnd || !plainRaw(t.word.Raw) {
		return false
	}
	name := t.word.Raw
	for _, a := range p.aliases {
		if a.name == name {
			return false
		}
	}
	text, ok := p.Opts.Host.Alias(name)
	if !ok {
		return false
	}
	if len(p.aliases) > 100 || len(p.src) > 64<<20 {
		p.fail(&Error{Line: p.line, Msg: "alias expansion too deep"})
	}
	blank := text != "" && isBlank(text[len(text)-1])
	rest := p.src[p.pos:]
	if blank {
		p.aliases = append(p.aliases, activeAlias{name, len(rest), true})
	} else {
		p.aliases = append(p.aliases, activeAlias{name, len(rest), false})
		text += " "
	}
	p.src = p.src[:t.pos] + text + rest
	p.pos = int(t.pos)
	p.line = int(t.line)
	return true
}

func plainRaw(s string) bool {
	return s != "" && !strings.ContainsAny(s, "\\\"'$`/")
}
