package awk

import (
	"math"
	"strings"

	"agentsandbox/toolbox/regex"
)

// cached is a regular expression of the program, compiled.
type cached struct {
	re   *regex.Regexp
	fold bool
}

// compiled returns the regular expression as things stand.
func (e *regexLit) compiled(m *machine) *regex.Regexp {
	if e.re == nil || e.re.fold != m.fold {
		e.re = &cached{m.regex(e.src), m.fold}
	}
	return e.re.re
}

func (e *numLit) eval(*machine) value       { return num(e.v) }
func (e *numLit) num(*machine) float64      { return e.v }
func (e *numLit) cond(*machine) bool        { return e.v != 0 }
func (e *strLit) eval(*machine) value       { return e.v }
func (e *strLit) num(*machine) float64      { return e.v.toNum() }
func (e *strLit) cond(*machine) bool        { return e.v.str != "" }
func (e *groupExpr) eval(m *machine) value  { return e.x.eval(m) }
func (e *groupExpr) num(m *machine) float64 { return e.x.num(m) }
func (e *groupExpr) cond(m *machine) bool   { return e.x.cond(m) }

func (e *regexLit) eval(m *machine) value {
	if e.typed {
		return value{kind: regexK, str: e.src}
	}
	return boolean(e.cond(m))
}
func (e *regexLit) num(m *machine) float64 { v := e.eval(m); return v.toNum() }
func (e *regexLit) cond(m *machine) bool   { return m.matches(e.compiled(m), m.whole()) }

// scalar is the value in a variable that must not be an array.
func (v *variable) scalar(m *machine, name string) *value {
	if v.arr != nil || v.alias != nil && v.isArray() {
		m.fatal("attempt to use array `%s' in a scalar context", name)
		return &value{}
	}
	return &v.v
}

func (e *globalVar) eval(m *machine) value   { return *m.globals[e.at].scalar(m, e.name) }
func (e *globalVar) num(m *machine) float64  { return m.globals[e.at].scalar(m, e.name).toNum() }
func (e *globalVar) cond(m *machine) bool    { return m.globals[e.at].scalar(m, e.name).isTrue() }
func (e *globalVar) set(m *machine, v value) { *m.globals[e.at].scalar(m, e.name) = v }
func (e *globalVar) label() string           { return e.name }

func (e *globalVar) array(m *machine) *array {
	a := m.globals[e.at].array()
	if a == nil {
		m.fatal("attempt to use scalar `%s' as an array", e.name)
		return newArray()
	}
	return a
}

func (e *localVar) eval(m *machine) value   { return *m.frame[e.at].scalar(m, e.name) }
func (e *localVar) num(m *machine) float64  { return m.frame[e.at].scalar(m, e.name).toNum() }
func (e *localVar) cond(m *machine) bool    { return m.frame[e.at].scalar(m, e.name).isTrue() }
func (e *localVar) set(m *machine, v value) { *m.frame[e.at].scalar(m, e.name) = v }
func (e *localVar) label() string           { return e.name }

func (e *localVar) array(m *machine) *array {
	a := m.frame[e.at].array()
	if a == nil {
		m.fatal("attempt to use scalar parameter `%s' as an array", e.name)
		return newArray()
	}
	return a
}

func (e *specialVar) eval(m *machine) value   { return m.getSpecial(e.id) }
func (e *specialVar) num(m *machine) float64  { v := m.getSpecial(e.id); return v.toNum() }
func (e *specialVar) cond(m *machine) bool    { v := m.getSpecial(e.id); return v.isTrue() }
func (e *specialVar) set(m *machine, v value) { m.setSpecial(e.id, v) }

func (e *fieldExpr) at(m *machine) int {
	n := e.index.num(m)
	if n < 0 {
		m.fatal("attempt to access field %d", int(n))
		return 0
	}
	return int(min(n, maxFields+1))
}

func (e *fieldExpr) eval(m *machine) value {
	if n, ok := e.index.(*numLit); ok && n.v == 0 {
		return given(m.whole())
	}
	return m.field(e.at(m))
}
func (e *fieldExpr) num(m *machine) float64  { v := e.eval(m); return v.toNum() }
func (e *fieldExpr) cond(m *machine) bool    { v := e.eval(m); return v.isTrue() }
func (e *fieldExpr) set(m *machine, v value) { m.setField(e.at(m), v) }

// key is the subscript of an element.
func (m *machine) key(sub []expr) string {
	if len(sub) == 1 {
		v := sub[0].eval(m)
		return m.text(v)
	}
	parts := make([]string, len(sub))
	for i, s := range sub {
		v := s.eval(m)
		parts[i] = m.text(v)
	}
	return strings.Join(parts, m.subsep)
}

func (e *indexExpr) cell(m *machine) *cell {
	a := e.arr.array(m)
	key := m.key(e.sub)
	if a == nil {
		return &cell{}
	}
	return a.at(key)
}

func (e *indexExpr) scalar(m *machine) *value {
	c := e.cell(m)
	if c.arr != nil {
		m.fatal("attempt to use array `%s[\"%s\"]' in a scalar context", e.arr.label(), c.key)
		return &value{}
	}
	return &c.v
}

func (e *indexExpr) eval(m *machine) value  { return *e.scalar(m) }
func (e *indexExpr) num(m *machine) float64 { return e.scalar(m).toNum() }
func (e *indexExpr) cond(m *machine) bool   { return e.scalar(m).isTrue() }
func (e *indexExpr) label() string          { return e.arr.label() + "[…]" }

// set copies what was read, as cell.set does.
func (e *indexExpr) set(m *machine, v value) {
	if v.kind == input {
		v.str = strings.Clone(v.str)
	}
	*e.scalar(m) = v
}

func (e *indexExpr) array(m *machine) *array {
	c := e.cell(m)
	a := c.array()
	if a == nil {
		m.fatal("attempt to use scalar `%s[\"%s\"]' as an array", e.arr.label(), c.key)
		return newArray()
	}
	return a
}

func (e *binaryExpr) eval(m *machine) value { return num(e.num(m)) }
func (e *binaryExpr) cond(m *machine) bool  { return e.num(m) != 0 }

func (e *binaryExpr) num(m *machine) float64 {
	l := e.l.num(m)
	r := e.r.num(m)
	switch e.op {
	case '+':
		return l + r
	case '-':
		return l - r
	case '*':
		return l * r
	}
	return m.arith(e.op, l, r, e.line)
}

// arith is the operations that may fail, too.
func (m *machine) arith(op byte, l, r float64, line int) float64 {
	if r == 0 && (op == '/' || op == '%') {
		m.line = line
		suffix := ""
		if op == '%' {
			suffix = " in `%'"
		}
		m.fatal("division by zero attempted%s", suffix)
		return 0
	}
	return arith(op, l, r)
}

func arith(op byte, l, r float64) float64 {
	switch op {
	case '+':
		return l + r
	case '-':
		return l - r
	case '*':
		return l * r
	case '/':
		return l / r
	case '%':
		return math.Mod(l, r)
	}
	return power(l, r)
}

// power is exact for small whole exponents.
func power(x, y float64) float64 {
	if y != math.Trunc(y) || y < 0 || y > 1024 {
		return math.Pow(x, y)
	}
	result := 1.0
	for n := int(y); n > 0; n >>= 1 {
		if n&1 == 1 {
			result *= x
		}
		x *= x
	}
	return result
}

func (e *concatExpr) eval(m *machine) value {
	var buf [8]string
	parts := buf[:0]
	total := 0
	for _, x := range e.parts {
		v := x.eval(m)
		s := m.text(v)
		total += len(s)
		parts = append(parts, s)
	}
	if !m.bound(total) {
		return value{}
	}
	return str(m.join(parts))
}
func (e *concatExpr) num(m *machine) float64 { v := e.eval(m); return v.toNum() }
func (e *concatExpr) cond(m *machine) bool   { v := e.eval(m); return v.isTrue() }

// pattern is an expression as a regular expression.
func (m *machine) pattern(x expr) *regex.Regexp {
	if lit, ok := x.(*regexLit); ok {
		return lit.compiled(m)
	}
	v := x.eval(m)
	return m.regex(m.text(v))
}

func (e *matchExpr) eval(m *machine) value  { return boolean(e.cond(m)) }
func (e *matchExpr) num(m *machine) float64 { return e.eval(m).num }
func (e *matchExpr) cond(m *machine) bool {
	v := e.l.eval(m)
	return m.matches(m.pattern(e.r), m.text(v)) != e.negate
}

func (e *andExpr) eval(m *machine) value  { return boolean(e.cond(m)) }
func (e *andExpr) num(m *machine) float64 { return e.eval(m).num }
func (e *andExpr) cond(m *machine) bool   { return e.l.cond(m) && e.r.cond(m) }
func (e *orExpr) eval(m *machine) value   { return boolean(e.cond(m)) }
func (e *orExpr) num(m *machine) float64  { return e.eval(m).num }
func (e *orExpr) cond(m *machine) bool    { return e.l.cond(m) || e.r.cond(m) }
func (e *notExpr) eval(m *machine) value  { return boolean(e.cond(m)) }
func (e *notExpr) num(m *machine) float64 { return e.eval(m).num }
func (e *notExpr) cond(m *machine) bool   { return !e.x.cond(m) }

func (e *minusExpr) eval(m *machine) value  { return num(e.num(m)) }
func (e *minusExpr) num(m *machine) float64 { return -e.x.num(m) }
func (e *minusExpr) cond(m *machine) bool   { return e.x.num(m) != 0 }
func (e *plusExpr) eval(m *machine) value   { return num(e.num(m)) }
func (e *plusExpr) num(m *machine) float64  { return e.x.num(m) }
func (e *plusExpr) cond(m *machine) bool    { return e.x.num(m) != 0 }

func (e *condExpr) pick(m *machine) expr {
	if e.c.cond(m) {
		return e.yes
	}
	return e.no
}
func (e *condExpr) eval(m *machine) value  { return e.pick(m).eval(m) }
func (e *condExpr) num(m *machine) float64 { return e.pick(m).num(m) }
func (e *condExpr) cond(m *machine) bool   { return e.pick(m).cond(m) }

func (e *inExpr) eval(m *machine) value  { return boolean(e.cond(m)) }
func (e *inExpr) num(m *machine) float64 { return e.eval(m).num }
func (e *inExpr) cond(m *machine) bool {
	key := m.key(e.sub)
	a := e.arr.array(m)
	return a != nil && a.cells[key] != nil
}

// A list by itself is its subscript.
func (e *listExpr) eval(m *machine) value  { return str(m.key(e.items)) }
func (e *listExpr) num(m *machine) float64 { v := e.eval(m); return v.toNum() }
func (e *listExpr) cond(m *machine) bool   { v := e.eval(m); return v.isTrue() }

func (e *assignExpr) eval(m *machine) value {
	v := e.x.eval(m)
	e.to.set(m, v)
	return v
}
func (e *assignExpr) num(m *machine) float64 { v := e.eval(m); return v.toNum() }
func (e *assignExpr) cond(m *machine) bool   { v := e.eval(m); return v.isTrue() }

func (e *updateExpr) eval(m *machine) value  { return num(e.num(m)) }
func (e *updateExpr) cond(m *machine) bool   { return e.num(m) != 0 }
func (e *updateExpr) num(m *machine) float64 { return e.assign(m, e.x.num(m)) }

// assign does it with the right side worked out.
func (e *updateExpr) assign(m *machine, x float64) float64 {
	if place := m.placeOf(e.to); place != nil {
		v := m.arith(e.op, place.toNum(), x, e.line)
		place.setNum(v)
		return v
	}
	v := m.arith(e.op, e.to.num(m), x, e.line)
	e.to.set(m, num(v))
	return v
}

func (e *stepExpr) eval(m *machine) value { return num(e.num(m)) }
func (e *stepExpr) cond(m *machine) bool  { return e.num(m) != 0 }
func (e *stepExpr) num(m *machine) float64 {
	var old float64
	if place := m.placeOf(e.to); place != nil {
		old = place.toNum()
		place.setNum(old + e.by)
	} else {
		old = e.to.num(m)
		e.to.set(m, num(old+e.by))
	}
	if e.after {
		return old
	}
	return old + e.by
}

// placeOf is where a plain variable or element keeps its value, so that it is
// looked up once; nil for what has side effects.
func (m *machine) placeOf(to target) *value {
	switch e := to.(type) {
	case *globalVar:
		return m.globals[e.at].scalar(m, e.name)
	case *localVar:
		return m.frame[e.at].scalar(m, e.name)
	case *indexExpr:
		return e.scalar(m)
	}
	return nil
}
