package awk

import "strings"

func (e *compareExpr) eval(m *machine) value  { return boolean(e.cond(m)) }
func (e *compareExpr) num(m *machine) float64 { return e.eval(m).num }

func (e *compareExpr) cond(m *machine) bool {
	if l, r := m.plainNum(e.l), m.plainNum(e.r); l != nil && r != nil {
		return compareNums(e.op, *l, *r)
	}
	l := e.l.eval(m)
	r := e.r.eval(m)
	if l.kind == number && r.kind == number {
		return compareNums(e.op, l.num, r.num)
	}
	a, ok := l.numeric()
	b, also := r.numeric()
	if ok && also && !(l.kind == unset && r.kind == unset) {
		return compareNums(e.op, a, b)
	}
	return ordered(e.op, m.compareText(m.text(l), m.text(r)))
}

// plainNum is where the number is that a constant or variable stands for; nil
// if x is anything else.
func (m *machine) plainNum(x expr) *float64 {
	var v *variable
	switch x := x.(type) {
	case *numLit:
		return &x.v
	case *globalVar:
		v = &m.globals[x.at]
	case *localVar:
		v = &m.frame[x.at]
	default:
		return nil
	}
	if v.v.kind != number || v.arr != nil {
		return nil
	}
	return &v.v.num
}

func (m *machine) compareText(a, b string) int {
	if m.fold {
		a, b = strings.ToLower(a), strings.ToLower(b)
	}
	return strings.Compare(a, b)
}

func compareNums(op compareOp, a, b float64) bool {
	switch op {
	case lt:
		return a < b
	case le:
		return a <= b
	case eq:
		return a == b
	case ne:
		return a != b
	case gt:
		return a > b
	}
	return a >= b
}

func ordered(op compareOp, c int) bool {
	switch op {
	case lt:
		return c < 0
	case le:
		return c <= 0
	case eq:
		return c == 0
	case ne:
		return c != 0
	case gt:
		return c > 0
	}
	return c >= 0
}
