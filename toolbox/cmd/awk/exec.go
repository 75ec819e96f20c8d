package awk

import "slices"

// execAll runs statements until one leaves them.
func (m *machine) execAll(body []stmt) flow {
	for _, s := range body {
		if f := s.exec(m); f != goOn {
			return f
		}
		if m.err != nil {
			return doExit
		}
	}
	return goOn
}

func (s *exprStmt) exec(m *machine) flow {
	m.line = s.line
	switch x := s.x.(type) {
	case *stepExpr:
		x.num(m)
	case *updateExpr:
		x.num(m)
	default:
		s.x.eval(m)
	}
	return goOn
}

func (s *blockStmt) exec(m *machine) flow { return m.execAll(s.body) }

func (s *ifStmt) exec(m *machine) flow {
	if s.c.cond(m) {
		return m.execAll(s.yes)
	}
	return m.execAll(s.no)
}

// loop runs the body of a loop once; leave says that the loop is over.
func (m *machine) loop(body []stmt) (f flow, leave bool) {
	if !m.tick() {
		return doExit, true
	}
	return m.landing(m.execAll(body))
}

// landing says how a loop goes on after its body.
func (m *machine) landing(f flow) (_ flow, leave bool) {
	if m.err != nil && f == goOn {
		return doExit, true
	}
	switch f {
	case goOn, doContinue:
		return goOn, false
	case doBreak:
		return goOn, true
	}
	return f, true
}

func (s *whileStmt) exec(m *machine) flow {
	for s.c.cond(m) {
		if f, leave := m.loop(s.body); leave {
			return f
		}
	}
	return goOn
}

func (s *doStmt) exec(m *machine) flow {
	for {
		if f, leave := m.loop(s.body); leave {
			return f
		}
		if !s.c.cond(m) {
			return goOn
		}
	}
}

func (s *forStmt) exec(m *machine) flow {
	if s.init != nil {
		s.init.exec(m)
	}
	for s.c == nil || s.c.cond(m) {
		// One statement is the common body.
		if m.ticks++; m.ticks&1023 == 0 || m.err != nil || len(s.body) != 1 {
			if f, leave := m.loop(s.body); leave {
				return f
			}
		} else if f := s.body[0].exec(m); f != goOn || m.err != nil {
			if f, leave := m.landing(f); leave {
				return f
			}
		}
		if s.step != nil {
			s.step.exec(m)
		}
	}
	return goOn
}

func (s *forInStmt) exec(m *machine) flow {
	a := s.arr.array(m)
	if m.err != nil {
		return doExit
	}
	for _, c := range m.visit(a) {
		s.to.set(m, given(c.key))
		if f, leave := m.loop(s.body); leave {
			return f
		}
	}
	return goOn
}

func (s *switchStmt) exec(m *machine) flow {
	v := s.x.eval(m)
	at := s.find(m, v)
	if at < 0 {
		return goOn
	}
	for _, c := range s.cases[at:] {
		switch f := m.execAll(c.body); f {
		case goOn:
		case doBreak:
			return goOn
		default:
			return f
		}
	}
	return goOn
}

// find finds the case for a value, negative if there is none.
func (s *switchStmt) find(m *machine, v value) int {
	fallback := -1
	for i, c := range s.cases {
		switch x := c.x.(type) {
		case nil:
			fallback = i
		case *regexLit:
			if m.matches(x.compiled(m), m.text(v)) {
				return i
			}
		default:
			if same(m, v, x.eval(m)) {
				return i
			}
		}
	}
	return fallback
}

// same compares as switch does: numbers with numbers, text with text.
func same(m *machine, a, b value) bool {
	x, ok := a.numeric()
	y, also := b.numeric()
	if ok && also {
		return x == y
	}
	return ok == also && m.text(a) == m.text(b)
}

func (s *jumpStmt) exec(m *machine) flow {
	m.line = s.line
	return s.how
}

func (s *exitStmt) exec(m *machine) flow {
	if s.x != nil {
		m.status = int(int64(s.x.num(m))) & 0xff
	}
	m.exiting = true
	return doExit
}

func (s *returnStmt) exec(m *machine) flow {
	m.result = value{}
	if s.x != nil {
		m.result = s.x.eval(m)
	}
	return doReturn
}

func (s *deleteStmt) exec(m *machine) flow {
	a := s.arr.array(m)
	switch {
	case a == nil:
	case s.sub == nil:
		a.clear()
	default:
		a.delete(m.key(s.sub))
	}
	return goOn
}

func (s *printStmt) exec(m *machine) flow {
	m.line = s.line
	if s.redirect == toStdout && !s.format {
		return m.print(s.args)
	}
	var text []byte
	if s.format {
		text = m.formatArgs(s.args)
	} else {
		text = m.printed(s.args)
	}
	if m.err != nil {
		return doExit
	}
	return m.write(s, text)
}

// print writes to standard output without making a string of it first.
func (m *machine) print(args []expr) flow {
	if len(args) == 0 {
		m.writeRecord()
		return goOn
	}
	if len(args) == 1 {
		v := args[0].eval(m)
		if m.err != nil {
			return doExit
		}
		m.out.WriteString(m.shown(v))
	} else {
		// All are worked out before any is written: they may print themselves.
		var buf [8]string
		parts := buf[:0]
		for _, x := range args {
			v := x.eval(m)
			parts = append(parts, m.shown(v))
		}
		if m.err != nil {
			return doExit
		}
		for i, s := range parts {
			if i > 0 {
				m.out.WriteString(m.ofs)
			}
			m.out.WriteString(s)
		}
	}
	if _, err := m.out.WriteString(m.ors); err != nil {
		m.fail(err)
	}
	return goOn
}

// printed is what print writes.
func (m *machine) printed(args []expr) []byte {
	var b []byte
	if len(args) == 0 {
		b = append(b, m.whole()...)
	}
	for i, x := range args {
		if i > 0 {
			b = append(b, m.ofs...)
		}
		v := x.eval(m)
		b = append(b, m.shown(v)...)
	}
	return append(b, m.ors...)
}

// write writes text to where a print statement says.
func (m *machine) write(s *printStmt, text []byte) flow {
	if s.redirect == toStdout {
		if _, err := m.out.Write(text); err != nil {
			m.fail(err)
		}
		return goOn
	}
	text = slices.Clone(text) // what follows may format, too
	v := s.to.eval(m)
	out := m.output(m.text(v), s.redirect)
	if out == nil {
		return doExit
	}
	if _, err := out.w.Write(text); err != nil {
		m.fail(err)
	}
	if out.prompt {
		m.fail(out.w.Flush())
	}
	return goOn
}

// maxCalls bounds how deep functions call each other.
const maxCalls = 10000

func (e *callExpr) eval(m *machine) value {
	if e.fn == nil {
		m.line = e.line
		m.fatal("function `%s' not defined", e.name)
		return value{}
	}
	return m.call(e.fn, e.args, e.line)
}
func (e *callExpr) num(m *machine) float64 { v := e.eval(m); return v.toNum() }
func (e *callExpr) cond(m *machine) bool   { v := e.eval(m); return v.isTrue() }

func (e *indirectExpr) eval(m *machine) value {
	v := e.name.eval(m)
	f := m.prog.functions[m.text(v)]
	m.line = e.line
	if f == nil {
		m.fatal("function called indirectly through `%s' does not exist", m.text(v))
		return value{}
	}
	if len(e.args) > len(f.params) {
		m.fatal("function `%s' called with more arguments than declared", f.name)
		return value{}
	}
	return m.call(f, e.args, e.line)
}
func (e *indirectExpr) num(m *machine) float64 { v := e.eval(m); return v.toNum() }
func (e *indirectExpr) cond(m *machine) bool   { v := e.eval(m); return v.isTrue() }

// call calls a function with arguments that are yet to be worked out.
func (m *machine) call(f *function, args []expr, line int) value {
	if m.err != nil {
		return value{}
	}
	frame := make([]variable, len(f.params))
	for i, arg := range args {
		m.bind(&frame[i], arg)
	}
	return m.enter(f, frame, line)
}

// enter runs a function with its frame.
func (m *machine) enter(f *function, frame []variable, line int) value {
	if m.depth++; m.depth > maxCalls {
		m.line = line
		m.fatal("function calls nested more than %d deep", maxCalls)
	}
	if m.err != nil {
		m.depth--
		return value{}
	}
	saved := m.frame
	m.frame, m.result = frame, value{}
	how := m.execAll(f.body)
	m.frame = saved
	m.depth--
	result := m.result
	m.result = value{}
	switch how {
	case goOn, doReturn:
	case doExit:
		if m.err == nil {
			m.err = errLeft
		}
	default:
		m.left(how)
	}
	return result
}

// bind gives a parameter its argument: a value, an array, or what may become
// an array.
func (m *machine) bind(to *variable, arg expr) {
	switch x := arg.(type) {
	case *globalVar:
		to.share(&m.globals[x.at])
	case *localVar:
		to.share(&m.frame[x.at])
	case *indexExpr:
		c := x.cell(m)
		if c.arr != nil {
			to.arr = c.arr
		} else if to.v = c.v; c.v.kind == unset {
			to.sub = c
		}
	default:
		to.v = arg.eval(m)
	}
}

// share makes a parameter stand for the variable of the caller.
func (v *variable) share(from *variable) {
	switch {
	case from.arr != nil:
		v.arr = from.arr
	case from.v.kind == unset:
		v.alias = from
	default:
		v.v = from.v
	}
}
