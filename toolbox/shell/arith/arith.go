// Package arith evaluates shell arithmetic: 64-bit integers that wrap around,
// with the operators, the precedence and the error messages of bash.
//
// An expression is parsed once and may be evaluated many times. Names are
// looked up when it runs; the value of a variable is itself an expression.
package arith

import (
	"fmt"
	"runtime"
	"strings"
)

// MaxDepth bounds how deep expressions nest, in their text and through the
// values of variables, as in bash.
const MaxDepth = 1024

// Env is what an expression sees of the shell. Errors of its methods end the
// evaluation and are returned as they are.
type Env interface {
	// Value returns the text of the variable, or of an element if hasSub;
	// sub is the subscript as written. Unset is "".
	Value(name, sub string, hasSub bool) (string, error)
	// Assign sets the variable or element.
	Assign(name, sub string, hasSub bool, value int64) error
}

// Error is an error in an expression, in the words of bash. The caller puts
// the command's name before it.
type Error struct {
	Expr  string // the expression, without leading blanks
	Msg   string
	Token string // what the message says the error is at; may be ""
}

// Error implements error.
func (e *Error) Error() string {
	return fmt.Sprintf("%s: %s (error token is \"%s\")", e.Expr, e.Msg, e.Token)
}

// Expr is a parsed expression. It may be evaluated by several goroutines.
type Expr struct {
	src  string
	root *node
	num  int64
	lit  bool  // the expression is the number num
	err  error // of its syntax; root is what bash has done by then
}

// Parse parses an expression; blank text is 0. Bash evaluates while it parses: an
// error of the syntax is found when the expression is evaluated, and the
// assignments that stand before it are made.
func Parse(src string) *Expr {
	if v, ok := decimal(src); ok {
		return &Expr{src: src, num: v, lit: true}
	}
	p := &parser{src: src}
	root, err := p.parse()
	return &Expr{src: src, root: root, err: err}
}

// Eval evaluates the expression.
func (e *Expr) Eval(env Env) (int64, error) {
	if e.lit {
		return e.num, nil
	}
	v := evaluator{env: env, src: e.src}
	return v.whole(e.root, e.err)
}

// Eval parses and evaluates text.
func Eval(src string, env Env) (int64, error) {
	if v, ok := decimal(src); ok {
		return v, nil
	}
	v := evaluator{env: env}
	return v.text(src)
}

// decimal reads a plain decimal number, which most values are.
func decimal(s string) (int64, bool) {
	neg := len(s) > 1 && s[0] == '-'
	digits := s
	if neg {
		digits = s[1:]
	}
	if digits == "" || len(digits) > 18 || digits[0] == '0' && len(digits) > 1 {
		return 0, false
	}
	var v int64
	for i := 0; i < len(digits); i++ {
		c := digits[i] - '0'
		if c > 9 {
			return 0, false
		}
		v = v*10 + int64(c)
	}
	if neg {
		v = -v
	}
	return v, true
}

type evaluator struct {
	env   Env
	src   string
	depth int
}

func (v *evaluator) fail(msg string, at int) error {
	return newError(v.src, msg, v.src[min(at, len(v.src)):])
}

func newError(src, msg, token string) error {
	return &Error{strings.TrimLeft(src, " \t\n"), msg, token}
}

// text evaluates the value of a variable.
func (v *evaluator) text(src string) (int64, error) {
	if n, ok := decimal(src); ok {
		return n, nil
	}
	if v.depth >= MaxDepth {
		return 0, newError(src, "expression recursion level exceeded", src)
	}
	if v.depth%16 == 15 {
		runtime.Gosched()
	}
	p := &parser{src: src}
	root, err := p.parse()
	inner := evaluator{v.env, src, v.depth + 1}
	return inner.whole(root, err)
}

// whole evaluates what was parsed before an error of the syntax, if there is
// one.
func (v *evaluator) whole(root *node, syntax error) (int64, error) {
	if syntax == nil {
		return v.run(root)
	}
	if root != nil {
		if _, err := v.run(root); err != nil {
			return 0, err
		}
	}
	return 0, syntax
}

func (v *evaluator) run(n *node) (int64, error) {
	switch n.op {
	case opNumber:
		return n.val, nil
	case opName:
		return v.name(n)
	case opAssign:
		return v.assign(n)
	case opPreInc, opPreDec, opPostInc, opPostDec:
		return v.step(n)
	case opAnd, opOr:
		return v.logic(n)
	case opCond:
		c, err := v.run(n.c)
		if err != nil {
			return 0, err
		}
		if c != 0 {
			return v.run(n.l)
		}
		return v.run(n.r)
	case opNeg, opPos, opNot, opCompl:
		x, err := v.run(n.l)
		return unary(n.op, x), err
	}
	l, err := v.run(n.l)
	if err != nil {
		return 0, err
	}
	r, err := v.run(n.r)
	if err != nil {
		return 0, err
	}
	return v.binary(n, n.op, l, r)
}

func (v *evaluator) name(n *node) (int64, error) {
	s, err := v.env.Value(n.name, n.sub, n.hasSub)
	if err != nil || s == "" {
		return 0, err
	}
	return v.text(s)
}

func (v *evaluator) assign(n *node) (int64, error) {
	var old int64
	if n.assign != opAssign {
		var err error
		if old, err = v.name(n.l); err != nil {
			return 0, err
		}
	}
	x, err := v.run(n.r)
	if err != nil {
		return 0, err
	}
	if n.assign != opAssign {
		if x, err = v.binary(n, n.assign, old, x); err != nil {
			return 0, err
		}
	}
	return x, v.env.Assign(n.l.name, n.l.sub, n.l.hasSub, x)
}

func (v *evaluator) step(n *node) (int64, error) {
	old, err := v.name(n.l)
	if err != nil {
		return 0, err
	}
	x := old + 1
	if n.op == opPreDec || n.op == opPostDec {
		x = old - 1
	}
	if err := v.env.Assign(n.l.name, n.l.sub, n.l.hasSub, x); err != nil {
		return 0, err
	}
	if n.op == opPostInc || n.op == opPostDec {
		return old, nil
	}
	return x, nil
}

func (v *evaluator) logic(n *node) (int64, error) {
	l, err := v.run(n.l)
	if err != nil {
		return 0, err
	}
	if (l != 0) == (n.op == opOr) {
		return truth(n.op == opOr), nil
	}
	r, err := v.run(n.r)
	return truth(r != 0), err
}

func truth(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func unary(op op, x int64) int64 {
	switch op {
	case opNeg:
		return -x
	case opNot:
		return truth(x == 0)
	case opCompl:
		return ^x
	}
	return x
}

func (v *evaluator) binary(n *node, op op, l, r int64) (int64, error) {
	switch op {
	case opComma:
		return r, nil
	case opAdd:
		return l + r, nil
	case opSub:
		return l - r, nil
	case opMul:
		return l * r, nil
	case opDiv, opMod:
		return v.divide(n, op, l, r)
	case opPow:
		if r < 0 {
			return 0, v.fail("exponent less than 0", n.pos)
		}
		return power(l, r), nil
	case opShl:
		return l << (uint64(r) & 63), nil
	case opShr:
		return l >> (uint64(r) & 63), nil
	case opBitAnd:
		return l & r, nil
	case opBitOr:
		return l | r, nil
	case opXor:
		return l ^ r, nil
	}
	return compare(op, l, r), nil
}

func (v *evaluator) divide(n *node, op op, l, r int64) (int64, error) {
	switch {
	case r == 0:
		return 0, v.fail("division by 0", n.pos)
	case r == -1 && op == opDiv:
		return -l, nil
	case r == -1:
		return 0, nil
	case op == opDiv:
		return l / r, nil
	}
	return l % r, nil
}

func compare(op op, l, r int64) int64 {
	switch op {
	case opEq:
		return truth(l == r)
	case opNe:
		return truth(l != r)
	case opLt:
		return truth(l < r)
	case opLe:
		return truth(l <= r)
	case opGt:
		return truth(l > r)
	}
	return truth(l >= r)
}

// power raises by squaring; the result wraps around.
func power(base, exp int64) int64 {
	result := int64(1)
	for ; exp > 0; exp >>= 1 {
		if exp&1 != 0 {
			result *= base
		}
		base *= base
	}
	return result
}
