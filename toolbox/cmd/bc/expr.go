package bc

// expr is what the statement around an expression must know of it.
type expr struct {
	assign bool // it is an assignment, which is not printed
	void   bool // it has no value
}

func (p *parser) expression() (expr, error) {
	if p.depth++; p.depth > maxDepth {
		return expr{}, syntaxError{p.lex.line, "nested too deeply"}
	}
	defer func() { p.depth-- }()
	return p.or()
}

// shortCut reads operands of && or ||, and leaves off when the result is known.
func (p *parser) shortCut(k kind, jump op, operand func() (expr, error)) (expr, error) {
	e, err := operand()
	if err != nil || !p.is(k) {
		return e, err
	}
	var ends []int
	for p.accept(k) {
		p.code.emit(instr{op: opBool}, 0)
		p.code.emit(instr{op: opDup}, 1)
		ends = append(ends, p.code.emit(instr{op: jump}, 3))
		p.code.emit(instr{op: opPop}, 1)
		if _, err := operand(); err != nil {
			return e, err
		}
	}
	p.code.emit(instr{op: opBool}, 1)
	for _, j := range ends {
		p.code.land(j)
	}
	return expr{}, nil
}

func (p *parser) or() (expr, error)  { return p.shortCut(tokOr, opJumpTrue, p.and) }
func (p *parser) and() (expr, error) { return p.shortCut(tokAnd, opJumpFalse, p.not) }

func (p *parser) not() (expr, error) {
	if !p.accept('!') {
		return p.relation()
	}
	if p.depth++; p.depth > maxDepth {
		return expr{}, syntaxError{p.lex.line, "nested too deeply"}
	}
	defer func() { p.depth-- }()
	if _, err := p.not(); err != nil {
		return expr{}, err
	}
	p.code.emit(instr{op: opNot}, 1)
	return expr{}, nil
}

func (p *parser) relation() (expr, error) {
	e, err := p.sum()
	for err == nil && p.is(tokRel) {
		text := p.queue[0].text
		p.take()
		if _, err = p.sum(); err == nil {
			p.code.emit(instr{op: opRel, text: text}, 1)
		}
		e = expr{}
	}
	return e, err
}

// binary reads operands with left-associative operators between them.
func (p *parser) binary(operators string, operand func() (expr, error)) (expr, error) {
	e, err := operand()
	for err == nil {
		t, perr := p.peek()
		if perr != nil {
			return e, perr
		}
		if t.kind >= 256 || !contains(operators, byte(t.kind)) {
			return e, nil
		}
		p.take()
		if _, err = operand(); err == nil {
			p.code.emit(instr{op: opBinary, n: int(t.kind)}, 1)
		}
		e = expr{}
	}
	return e, err
}

func contains(s string, c byte) bool {
	for i := range len(s) {
		if s[i] == c {
			return true
		}
	}
	return false
}

func (p *parser) sum() (expr, error)     { return p.binary("+-", p.product) }
func (p *parser) product() (expr, error) { return p.binary("*/%", p.power) }

func (p *parser) power() (expr, error) {
	e, err := p.unary()
	if err != nil || !p.accept('^') {
		return e, err
	}
	if p.depth++; p.depth > maxDepth {
		return expr{}, syntaxError{p.lex.line, "nested too deeply"}
	}
	defer func() { p.depth-- }()
	if _, err := p.power(); err != nil {
		return e, err
	}
	p.code.emit(instr{op: opBinary, n: '^'}, 1)
	return expr{}, nil
}

func (p *parser) unary() (expr, error) {
	if p.depth++; p.depth > maxDepth {
		return expr{}, syntaxError{p.lex.line, "nested too deeply"}
	}
	defer func() { p.depth-- }()
	t, err := p.peek()
	if err != nil {
		return expr{}, err
	}
	switch t.kind {
	case '-':
		p.take()
		if _, err := p.unary(); err != nil {
			return expr{}, err
		}
		p.code.emit(instr{op: opNeg}, 1)
		return expr{}, nil
	case '!':
		return p.not()
	case tokStep:
		p.take()
		return expr{}, p.stepBefore(t.text)
	}
	return p.primary(t)
}

func (p *parser) primary(t token) (expr, error) {
	switch t.kind {
	case tokNumber:
		p.take()
		size := len(t.text) + 2
		if t.text == "0" || t.text == "1" {
			size = 1
		}
		p.code.emit(instr{op: opNumber, text: t.text}, size)
		return expr{}, nil
	case '(':
		p.take()
		e, err := p.expression()
		if err != nil {
			return e, err
		}
		return expr{void: e.void}, p.expect(')')
	case tokName:
		p.take()
		if p.accept('(') {
			return p.call(t.text)
		}
		return p.named(t.text)
	case tokKeyword:
		return p.builtin(t)
	}
	return expr{}, p.wrong()
}

func (p *parser) builtin(t token) (expr, error) {
	switch t.text {
	case "length", "sqrt":
		p.take()
		return expr{}, p.builtinCall(t.text)
	case "scale":
		p.take()
		if p.is('(') {
			return expr{}, p.builtinCall(t.text)
		}
		return p.use(place{special: "scale"})
	case "ibase", "obase", "last":
		p.take()
		return p.use(place{special: t.text})
	case "read", "random":
		p.take()
		if err := p.expect('('); err != nil {
			return expr{}, err
		}
		p.code.emit(instr{op: opBuiltin, text: t.text}, 2)
		return expr{}, p.expect(')')
	}
	return expr{}, p.wrong()
}

func (p *parser) builtinCall(name string) error {
	if err := p.condition(); err != nil {
		return err
	}
	p.code.emit(instr{op: opBuiltin, text: name}, 2)
	// Messages of sqrt name what was read before the second byte.
	p.code.list[len(p.code.list)-1].at = p.code.at
	return nil
}

// call reads the arguments of a function.
func (p *parser) call(name string) (expr, error) {
	count := 0
	for !p.is(')') {
		if count > 0 {
			if err := p.expect(','); err != nil {
				return expr{}, err
			}
		}
		if err := p.argument(); err != nil {
			return expr{}, err
		}
		count++
	}
	p.take()
	p.code.emit(instr{op: opCall, text: name, n: count}, 2)
	p.code.at += count + 1
	fn := p.m.functions[name]
	return expr{void: fn != nil && fn.void}, nil
}

// argument reads a value, or the name of an array with [].
func (p *parser) argument() error {
	if p.is(tokName) && p.ahead(1, '[') && p.ahead(2, ']') {
		p.code.emit(instr{op: opArray, n: p.m.array(p.queue[0].text)}, 3)
		p.queue = p.queue[3:]
		return nil
	}
	_, err := p.expression()
	return err
}

// place is what can be assigned to.
type place struct {
	special string // scale, ibase, obase or last
	name    int    // of a variable, or of an array whose index is on the stack
	array   bool
}

// named reads a variable or an item of an array, and what is done with it.
func (p *parser) named(name string) (expr, error) {
	to, err := p.place(name)
	if err != nil {
		return expr{}, err
	}
	return p.use(to)
}

// place reads the index, if there is one.
func (p *parser) place(name string) (place, error) {
	if !p.accept('[') {
		return place{name: p.m.variable(name)}, nil
	}
	if _, err := p.expression(); err != nil {
		return place{}, err
	}
	p.code.emit(instr{op: opIndex, n: p.m.array(name)}, 0)
	return place{name: p.m.array(name), array: true}, p.expect(']')
}

// use reads what follows a place: an assignment, ++ or --, or nothing.
func (p *parser) use(to place) (expr, error) {
	t, err := p.peek()
	if err != nil {
		return expr{}, err
	}
	switch t.kind {
	case tokAssign:
		p.take()
		return expr{assign: true}, p.assign(to, t.text)
	case tokStep:
		p.take()
		p.load(to, true)
		if to.array {
			p.code.emit(instr{op: opSwap, n: 2}, 0) // value, index, value
		} else {
			p.code.emit(instr{op: opDup}, 0)
		}
		p.step(t.text)
		p.store(to)
		p.code.emit(instr{op: opPop}, 0)
		return expr{}, nil
	}
	p.load(to, false)
	return expr{}, nil
}

// assign reads the value of an assignment; operator is "" for =.
func (p *parser) assign(to place, operator string) error {
	if operator != "" {
		p.load(to, true)
	}
	if _, err := p.sum(); err != nil {
		return err
	}
	if operator != "" {
		p.code.emit(instr{op: opBinary, n: int(operator[0])}, 1)
	}
	p.store(to)
	return nil
}

// stepBefore reads what ++ or -- in front is for.
func (p *parser) stepBefore(sign string) error {
	t, err := p.peek()
	if err != nil {
		return err
	}
	var to place
	switch {
	case t.kind == tokName:
		p.take()
		if to, err = p.place(t.text); err != nil {
			return err
		}
	case t.kind == tokKeyword && (t.text == "scale" || t.text == "ibase" || t.text == "obase" || t.text == "last"):
		p.take()
		to.special = t.text
	default:
		return p.wrong()
	}
	p.load(to, true)
	p.step(sign)
	p.store(to)
	return nil
}

func (p *parser) step(sign string) {
	p.code.emit(instr{op: opNumber, text: "1"}, 0)
	p.code.emit(instr{op: opBinary, n: int(sign[0])}, 2)
}

// load pushes the value of a place. An index is taken, or kept to store at.
func (p *parser) load(from place, keep bool) {
	switch {
	case from.special != "":
		p.code.emit(instr{op: opLoadSpecial, text: from.special}, 2)
	case !from.array:
		p.code.emit(instr{op: opLoad, n: from.name}, 2)
	case keep:
		p.code.emit(instr{op: opLoadItem, n: from.name}, 3)
	default:
		p.code.emit(instr{op: opTakeItem, n: from.name}, 2)
	}
}

func (p *parser) store(to place) {
	switch {
	case to.special != "":
		p.code.emit(instr{op: opStoreSpecial, text: to.special}, 2)
	case to.array:
		p.code.emit(instr{op: opStoreItem, n: to.name}, 2)
	default:
		p.code.emit(instr{op: opStore, n: to.name}, 2)
	}
}
