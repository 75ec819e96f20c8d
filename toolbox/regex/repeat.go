package regex

// piece reads an atom and its repetitions. It returns nil for an operator
// that was skipped.
func (p *parser) piece(start bool) (*node, error) {
	if start {
		if n, done, err := p.strayOperator(); done {
			return n, err
		}
	}
	n, err := p.atom(start)
	if err != nil || n.op == nAssert {
		return n, err
	}
	for repeated := false; ; repeated = true {
		dup := p.peek() == '*' || p.at(p.op('{')) && !p.d.noInterval
		min, max, ok, err := p.quantifier()
		if err != nil {
			return nil, err
		}
		if !ok {
			return n, nil
		}
		if repeated && dup && p.d.invalidDup {
			return nil, errRepeat
		}
		n = repeat(n, min, max, false)
	}
}

// strayOperator handles a repetition that has nothing to repeat.
func (p *parser) strayOperator() (n *node, done bool, err error) {
	switch {
	case p.at(p.op('{')) && !p.d.noInterval && p.d.invalidDup:
		return nil, true, errRepeat
	case p.at(p.op('{')) && !p.d.noInterval && p.d.extended:
		return p.skipOperator("{...}", p.op('{'))
	case p.peek() == '*' && p.d.extended:
		return p.skipOperator("*", "*")
	case p.d.extended && (p.peek() == '+' || p.peek() == '?'):
		return p.skipOperator(p.src[p.pos:p.pos+1], p.src[p.pos:p.pos+1])
	case p.peek() == '*' || p.at("\\+") && !p.d.extended || p.at("\\?") && !p.d.extended || p.at("\\{") && !p.d.extended:
		p.take("\\")
		return p.repeats(one(single(p.next())))
	}
	return nil, false, nil
}

func (p *parser) skipOperator(name, op string) (*node, bool, error) {
	switch {
	case p.d.invalidOps:
		return nil, true, errRepeat
	case p.d.indepOps:
		if p.d.warn {
			p.warnings = append(p.warnings, name+" at start of expression")
		}
		p.pos += len(op)
		return nil, true, nil
	}
	p.pos += len(op)
	return p.repeats(one(single(rune(op[len(op)-1]))))
}

// repeats applies what repetitions follow n.
func (p *parser) repeats(n *node) (*node, bool, error) {
	for {
		min, max, ok, err := p.quantifier()
		if err != nil || !ok {
			return n, true, err
		}
		n = repeat(n, min, max, false)
	}
}

// quantifier reads one repetition operator, if there is one.
func (p *parser) quantifier() (min, max int, ok bool, err error) {
	plus, opt := p.op('+'), p.op('?')
	if p.emacs {
		plus, opt = "+", "?"
	}
	switch {
	case p.take("*"):
		return 0, -1, true, nil
	case p.take(plus):
		return 1, -1, true, nil
	case p.take(opt):
		return 0, 1, true, nil
	case !p.d.noInterval && p.at(p.op('{')):
		return p.interval()
	}
	return 0, 0, false, nil
}

// interval reads {N}, {N,}, {,M} or {N,M}.
func (p *parser) interval() (min, max int, ok bool, err error) {
	start := p.pos
	p.pos += len(p.op('{'))
	min, max, err = p.bounds()
	if err != nil && p.d.braceLiteral && err != errTooBig && !(err == errContent && max > 0 && max < min) {
		p.pos = start
		return 0, 0, false, nil
	}
	return min, max, err == nil, err
}

func (p *parser) bounds() (min, max int, err error) {
	min, okMin := p.number()
	max = min
	if p.take(",") {
		var okMax bool
		if max, okMax = p.number(); !okMax {
			max = -1
		}
		if !okMin {
			min = 0
		}
		okMin = true
	}
	switch {
	case p.pos == len(p.src) || !p.d.extended && p.at("\\") && p.pos+1 == len(p.src):
		return 0, 0, errBrace
	case !okMin || !p.take(p.op('}')):
		if !p.closeAhead() {
			return 0, 0, errBrace
		}
		return 0, 0, errContent
	case max >= 0 && max < min:
		return min, max, errContent
	case min > maxRepeat || max > maxRepeat:
		return 0, 0, errTooBig
	}
	return min, max, nil
}

// closeAhead reports whether a bad interval is at least closed.
func (p *parser) closeAhead() bool {
	for i := p.pos; i < len(p.src); i++ {
		if p.src[i] == '}' {
			return true
		}
	}
	return false
}

func (p *parser) number() (n int, ok bool) {
	for p.pos < len(p.src) && p.src[p.pos] >= '0' && p.src[p.pos] <= '9' {
		n = min(n*10+int(p.src[p.pos]-'0'), maxRepeat+1)
		p.pos++
		ok = true
	}
	return n, ok
}
