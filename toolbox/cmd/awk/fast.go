package awk

// The nodes below do what those that the parser makes do, for what programs are full
// of: fields with a number, variables that hold numbers. They look at once, and leave
// everything else to the node that they stand for.

// fixedField is $n.
type fixedField struct{ n int }

func (e *fixedField) eval(m *machine) value   { return m.field(e.n) }
func (e *fixedField) set(m *machine, v value) { m.setField(e.n, v) }

func (e *fixedField) num(m *machine) float64 {
	if m.placed && e.n > 0 {
		s, _ := m.placedField(e.n)
		return strNum(s)
	}
	v := m.field(e.n)
	return v.toNum()
}

func (e *fixedField) cond(m *machine) bool { v := m.field(e.n); return v.isTrue() }

// number returns where the number is in a variable that holds one, nil otherwise.
func (v *variable) number() *float64 {
	if v.v.kind != number || v.arr != nil {
		return nil
	}
	return &v.v.num
}

// slot is a variable of the program or of a function.
type slot struct {
	at    int
	local bool
}

func (p slot) variable(m *machine) *variable {
	if p.local {
		return &m.frame[p.at]
	}
	return &m.globals[p.at]
}

// slotOf returns the variable that x names, if it is a plain variable.
func slotOf(x expr) (slot, bool) {
	switch x := x.(type) {
	case *globalVar:
		return slot{x.at, false}, true
	case *localVar:
		return slot{x.at, true}, true
	}
	return slot{}, false
}

// fastVar is a variable.
type fastVar struct {
	slot
	target
}

func (e *fastVar) num(m *machine) float64 {
	if n := e.variable(m).number(); n != nil {
		return *n
	}
	return e.target.num(m)
}

// fastCompare compares a variable with a constant or another variable.
type fastCompare struct {
	*compareExpr
	left, right slot
	constant    bool // r is c
	c           float64
}

func (e *fastCompare) cond(m *machine) bool {
	l := e.left.variable(m).number()
	if l == nil {
		return e.compareExpr.cond(m)
	}
	if e.constant {
		return compareNums(e.op, *l, e.c)
	}
	if r := e.right.variable(m).number(); r != nil {
		return compareNums(e.op, *l, *r)
	}
	return e.compareExpr.cond(m)
}

func (e *fastCompare) eval(m *machine) value  { return boolean(e.cond(m)) }
func (e *fastCompare) num(m *machine) float64 { return e.eval(m).num }

// fastBinary is an operation whose right operand is a constant.
type fastBinary struct {
	*binaryExpr
	c float64
}

func (e *fastBinary) num(m *machine) float64 {
	l := e.l.num(m)
	switch e.op {
	case '+':
		return l + e.c
	case '-':
		return l - e.c
	case '*':
		return l * e.c
	}
	return m.arith(e.op, l, e.c, e.line)
}
func (e *fastBinary) eval(m *machine) value { return num(e.num(m)) }
func (e *fastBinary) cond(m *machine) bool  { return e.num(m) != 0 }

// updateStmt is += or -= of a variable, as a statement.
type updateStmt struct {
	slot
	slow  *updateExpr
	minus bool
	line  int
}

func (s *updateStmt) exec(m *machine) flow {
	m.line = s.line
	v := s.variable(m)
	if v.v.kind != number || v.arr != nil {
		s.slow.num(m)
		return goOn
	}
	x := s.slow.x.num(m)
	if v = s.variable(m); v.v.kind != number || v.arr != nil {
		s.slow.assign(m, x)
	} else if s.minus {
		v.v.num -= x
	} else {
		v.v.num += x
	}
	return goOn
}

// stepStmt is ++ or -- of a variable, as a statement.
type stepStmt struct {
	slot
	slow *stepExpr
	line int
}

func (s *stepStmt) exec(m *machine) flow {
	m.line = s.line
	if n := s.variable(m).number(); n != nil {
		*n += s.slow.by
		return goOn
	}
	s.slow.num(m)
	return goOn
}

// countStmt is ++ or -- of an element, as a statement.
type countStmt struct {
	slow *stepExpr
	at   *indexExpr
	line int
}

func (s *countStmt) exec(m *machine) flow {
	m.line = s.line
	v := s.at.scalar(m)
	if v.kind == number {
		v.num += s.slow.by
	} else {
		*v = num(v.toNum() + s.slow.by)
	}
	return goOn
}

// assignStmt is an assignment to a variable, as a statement.
type assignStmt struct {
	slot
	slow    *assignExpr
	numeric bool // what is assigned is a number
	line    int
}

func (s *assignStmt) exec(m *machine) flow {
	m.line = s.line
	if !s.numeric {
		s.slow.to.set(m, s.slow.x.eval(m))
		return goOn
	}
	x := s.slow.x.num(m)
	if n := s.variable(m).number(); n != nil {
		*n = x
	} else {
		s.slow.to.set(m, num(x))
	}
	return goOn
}
