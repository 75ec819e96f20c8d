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

	done  []*node // assignments that are complete, but for those within others
	maybe int     // operands around that may not be evaluated
}

// bail carries an error out of the parser's recursion.
type bail struct{ err error }

func (p *parser) fail(msg string) { p.failAt(msg, p.last) }

func (p *parser) failAt(msg string, at int) {
	panic(bail{newError(p.src, msg, p.src[min(at, len(p.src)):])})
}

// parse parses the expression. Behind an error root is what is to be evaluated
// all the same, or nil.
func (p *parser) parse() (root *node, err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case bail:
			root, err = p.effects(), r.err
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

// effects is the assignments that are complete.
func (p *parser) effects() (root *node) {
	for _, n := range p.done {
		if root == nil {
			root = n
		} else {
			root = &node{op: opComma, l: root, r: n}
		}
	}
	return root
}

// finished notes an assignment that is complete; those noted since there were
// n of them stand within it.
func (p *parser) finished(node *node, n int) *node {
	if p.maybe == 0 {
		p.done = append(p.done[:n], node)
	}
	return node
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
	before := len(p.done)
	p.read()
	n.r = p.assignment()
	n.pos = p.last
	return p.finished(n, before)
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
	p.maybe++
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
	p.maybe--
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
		if b.op == opAnd || b.op == opOr {
			p.maybe++
		}
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
		if b.op == opAnd || b.op == opOr {
			p.maybe--
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
	n := p.finished(&node{op: how, l: p.nameNode()}, len(p.done))
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
			n = p.finished(&node{op: opPostInc, l: n}, len(p.done))
			p.read()
		case "--":
			n = p.finished(&node{op: opPostDec, l: n}, len(p.done))
			p.read()
		}
		return n
	}
	p.fail("syntax error: operand expected")
	return nil
}
