package arith

import "strings"

var symbols = []string{"<<=", ">>=", "**", "++", "--", "==", "!=", "<=", ">=", "&&", "||", "<<", ">>",
	"*=", "/=", "%=", "+=", "-=", "&=", "^=", "|=", "?", ":", ",", "=", "<", ">", "+", "-", "*", "/", "%",
	"!", "~", "&", "|", "^", "(", ")"}

// read moves to the next token.
func (p *parser) read() {
	p.prev = p.tok
	for p.pos < len(p.src) && strings.IndexByte(" \t\n\r", p.src[p.pos]) >= 0 {
		p.pos++
	}
	if p.pos == len(p.src) {
		p.tok = token{}
		return
	}
	p.last = p.pos
	c := p.src[p.pos]
	switch {
	case isNameStart(c):
		p.readName()
	case c >= '0' && c <= '9':
		p.readNumber()
	default:
		p.readSymbol()
	}
}

func (p *parser) readSymbol() {
	rest := p.src[p.pos:]
	for _, s := range symbols {
		if !strings.HasPrefix(rest, s) {
			continue
		}
		if (s == "++" || s == "--") && !p.stepHere(rest) {
			s = s[:1]
		}
		p.tok = token{sym: s}
		p.pos += len(s)
		return
	}
	// What is no operator at all is an operator that is missing, unless an
	// operand was due.
	switch p.tok.sym {
	case "n", "x", ")":
		p.fail("syntax error: invalid arithmetic operator")
	}
	p.fail("syntax error: operand expected")
}

// stepHere tells ++ from two plus signs: it wants a name before or behind it.
func (p *parser) stepHere(rest string) bool {
	if p.tok.sym == "x" {
		return true
	}
	if p.tok.sym == "n" || p.tok.sym == ")" {
		return false
	}
	after := strings.TrimLeft(rest[2:], " \t\n")
	return after != "" && isNameStart(after[0])
}

func isNameStart(c byte) bool { return c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' }

func isNameByte(c byte) bool { return isNameStart(c) || c >= '0' && c <= '9' }

func (p *parser) readName() {
	end := p.pos
	for end < len(p.src) && isNameByte(p.src[end]) {
		end++
	}
	n := node{op: opName, name: p.src[p.pos:end]}
	if end < len(p.src) && p.src[end] == '[' {
		n.hasSub = true
		close := subscriptEnd(p.src, end)
		if close < 0 {
			p.fail("bad array subscript")
		}
		n.sub = p.src[end+1 : close]
		end = close + 1
	}
	p.tok = token{sym: "x", n: n}
	p.pos = end
}

// subscriptEnd finds the bracket that closes the one at open, -1 if none does.
func subscriptEnd(s string, open int) int {
	depth := 0
	for i := open; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '[':
			depth++
		case ']':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

func (p *parser) readNumber() {
	end := p.pos
	for end < len(p.src) && (isNameByte(p.src[end]) || p.src[end] == '#' || p.src[end] == '@') {
		end++
	}
	val, msg := number(p.src[p.pos:end])
	if msg != "" {
		// The message shows nothing behind the number.
		panic(bail{newError(p.src[:end], msg, p.src[p.pos:end])})
	}
	p.tok = token{sym: "n", val: val}
	p.pos = end
}

// number reads a constant: decimal, 0octal, 0xhex or base#digits.
func number(s string) (v int64, msg string) {
	base := int64(10)
	digits := s
	switch {
	case len(s) > 1 && s[0] == '0' && s[1]|0x20 == 'x':
		base, digits = 16, s[2:]
	case len(s) > 1 && s[0] == '0':
		base, digits = 8, s[1:]
	}
	based := false
	for i := 0; i < len(digits); i++ {
		c := digits[i]
		if c == '#' {
			if based || base != 10 {
				return 0, "invalid number"
			}
			if v < 2 || v > 64 {
				return 0, "invalid arithmetic base"
			}
			base, v, based = v, 0, true
			if i+1 == len(digits) {
				return 0, "invalid integer constant"
			}
			continue
		}
		d := digitValue(c, base)
		if d >= base {
			return 0, "value too great for base"
		}
		v = v*base + d
	}
	return v, ""
}

func digitValue(c byte, base int64) int64 {
	switch {
	case c >= '0' && c <= '9':
		return int64(c - '0')
	case c >= 'a' && c <= 'z':
		return int64(c-'a') + 10
	case c >= 'A' && c <= 'Z' && base <= 36:
		return int64(c-'A') + 10
	case c >= 'A' && c <= 'Z':
		return int64(c-'A') + 36
	case c == '@':
		return 62
	case c == '_':
		return 63
	}
	return 64
}
