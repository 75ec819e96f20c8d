package arith

import "runtime"

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
