package arith

import (
	"runtime"
	"strings"
)

type op int

const (
	opNone op = iota
	opNumber
	opName
	opAssign
	opComma
	opCond
	opOr
	opAnd
	opBitOr
	opXor
	opBitAnd
	opEq
	opNe
	opLt
	opLe
	opGt
	opGe
	opShl
	opShr
	opAdd
	opSub
	opMul
	opDiv
	opMod
	opPow
	opNeg
	opPos
	opNot
	opCompl
	opPreInc
	opPreDec
	opPostInc
	opPostDec
)

type node struct {
	op      op
	l, r, c *node
	assign  op // of opAssign: the operator before =, or opAssign
	val     int64
	name    string
	sub     string
	hasSub  bool
	pos     int // where an error of this operator is reported
}

// token is what the lexer found; sym is the operator's text.
type token struct {
	sym string // "" at the end, "n" for a number, "x" for a name
	val int64
	n   node // of a name
}

type parser struct {
	src   string
	pos   int
	last  int // start of the last token read, for messages
	tok   token
	prev  token // the token before tok
	depth int
}

// bail carries an error out of the parser's recursion.
type bail struct{ err error }

func (p *parser) fail(msg string) { p.failAt(msg, p.last) }

func (p *parser) failAt(msg string, at int) {
	panic(bail{newError(p.src, msg, p.src[min(at, len(p.src)):])})
}

func (p *parser) parse() (root *node, err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case bail:
			err = r.err
		default:
			panic(r)
		}
	}()
	p.read()
	if p.tok.sym == "" {
		return &node{op: opNumber}, nil
	}
	root = p.comma()
	if p.tok.sym != "" {
		p.fail("syntax error in expression")
	}
	return root, nil
}

func (p *parser) enter() {
	if p.depth++; p.depth > MaxDepth {
		p.fail("expression recursion level exceeded")
	}
	if p.depth%16 == 0 {
		runtime.Gosched()
	}
}

func (p *parser) comma() *node {
	p.enter()
	defer func() { p.depth-- }()
	n := p.assignment()
	for p.tok.sym == "," {
		p.read()
		n = &node{op: opComma, l: n, r: p.assignment()}
	}
	return n
}

var assignOps = map[string]op{"=": opAssign, "*=": opMul, "/=": opDiv, "%=": opMod, "+=": opAdd, "-=": opSub,
	"<<=": opShl, ">>=": opShr, "&=": opBitAnd, "^=": opXor, "|=": opBitOr}

func (p *parser) assignment() *node {
	left := p.conditional()
	how, ok := assignOps[p.tok.sym]
	if !ok {
		return left
	}
	if left.op != opName || p.prev.sym != "x" {
		p.fail("attempted assignment to non-variable")
	}
	p.enter()
	defer func() { p.depth-- }()
	n := &node{op: opAssign, l: left, assign: how}
	p.read()
	n.r = p.assignment()
	n.pos = p.last
	return n
}

func (p *parser) conditional() *node {
	c := p.binary(0)
	if p.tok.sym != "?" {
		return c
	}
	p.read()
	if p.tok.sym == "" || p.tok.sym == ":" {
		p.fail("expression expected")
	}
	n := &node{op: opCond, c: c, l: p.comma()}
	if p.tok.sym != ":" {
		p.fail("`:' expected for conditional expression")
	}
	p.read()
	if p.tok.sym == "" {
		p.fail("expression expected")
	}
	p.enter()
	defer func() { p.depth-- }()
	n.r = p.conditional()
	return n
}

type binaryOp struct {
	op   op
	prec int
}

var binaryOps = map[string]binaryOp{
	"||": {opOr, 1}, "&&": {opAnd, 2}, "|": {opBitOr, 3}, "^": {opXor, 4}, "&": {opBitAnd, 5},
	"==": {opEq, 6}, "!=": {opNe, 6}, "<": {opLt, 7}, "<=": {opLe, 7}, ">": {opGt, 7}, ">=": {opGe, 7},
	"<<": {opShl, 8}, ">>": {opShr, 8}, "+": {opAdd, 9}, "-": {opSub, 9},
	"*": {opMul, 10}, "/": {opDiv, 10}, "%": {opMod, 10}, "**": {opPow, 11},
}

// binary parses operators that bind tighter than floor.
func (p *parser) binary(floor int) *node {
	left := p.unary()
	for {
		b, ok := binaryOps[p.tok.sym]
		if !ok || b.prec <= floor {
			return left
		}
		n := &node{op: b.op, l: left}
		p.read()
		n.pos = p.last
		if b.op == opPow {
			p.enter()
			n.r = p.binary(b.prec - 1)
			p.depth--
			n.pos = p.last
		} else {
			n.r = p.binary(b.prec)
		}
		left = n
	}
}

var unaryOps = map[string]op{"!": opNot, "~": opCompl, "-": opNeg, "+": opPos}

func (p *parser) unary() *node {
	if u, ok := unaryOps[p.tok.sym]; ok {
		p.enter()
		defer func() { p.depth-- }()
		p.read()
		return &node{op: u, l: p.unary()}
	}
	if p.tok.sym == "++" || p.tok.sym == "--" {
		return p.prefix()
	}
	return p.primary()
}

func (p *parser) prefix() *node {
	how := opPreInc
	if p.tok.sym == "--" {
		how = opPreDec
	}
	p.read()
	if p.tok.sym != "x" {
		p.fail("syntax error: operand expected")
	}
	n := &node{op: how, l: p.nameNode()}
	p.read()
	if sym := p.tok.sym; sym == "++" || sym == "--" {
		panic(bail{newError(p.src, sym+": assignment requires lvalue", p.src[p.last:])})
	}
	return n
}

func (p *parser) nameNode() *node {
	n := p.tok.n
	return &n
}

func (p *parser) primary() *node {
	switch p.tok.sym {
	case "(":
		p.read()
		n := p.comma()
		if p.tok.sym != ")" {
			p.fail("missing `)'")
		}
		p.read()
		return n
	case "n":
		n := &node{op: opNumber, val: p.tok.val}
		p.read()
		return n
	case "x":
		n := p.nameNode()
		p.read()
		switch p.tok.sym {
		case "++":
			n = &node{op: opPostInc, l: n}
			p.read()
		case "--":
			n = &node{op: opPostDec, l: n}
			p.read()
		}
		return n
	}
	p.fail("syntax error: operand expected")
	return nil
}

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
	if p.tok.sym == "x" || p.prevStep() {
		return true
	}
	if p.tok.sym == "n" || p.tok.sym == ")" {
		return false
	}
	after := strings.TrimLeft(rest[2:], " \t\n")
	return after != "" && isNameStart(after[0])
}

// prevStep: a second ++ behind one that belongs to a name.
func (p *parser) prevStep() bool {
	return p.prev.sym == "x" && p.tok.sym == "x"
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
		p.fail(msg)
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
	case len(s) > 1 && s[0] == '0' && strings.IndexByte(s, '#') < 0:
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
