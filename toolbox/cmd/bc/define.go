package bc

// define reads the definition of a function.
func (p *parser) define() error {
	p.take()
	fn := &function{}
	if p.isWord("void") {
		p.take()
		fn.void = true
	}
	t, err := p.peek()
	if err != nil {
		return err
	}
	if t.kind != tokName {
		return p.wrong()
	}
	p.take()
	if err := p.expect('('); err != nil {
		return err
	}
	if fn.params, err = p.names(')'); err != nil {
		return err
	}
	if err := p.expect(')'); err != nil {
		return err
	}
	p.newlines()
	if err := p.expect('{'); err != nil {
		return err
	}
	p.fn = fn
	defer func() { p.fn = nil }()
	main := p.code
	p.code = &fn.code
	if err := p.functionBody(fn); err != nil {
		return err
	}
	p.code = main
	fn.code.emit(instr{op: opNumber, text: "0"}, 1)
	fn.code.emit(instr{op: opReturn}, 1)
	p.m.functions[t.text] = fn
	return nil
}

func (p *parser) functionBody(fn *function) error {
	for p.is(';') || p.is('\n') {
		p.take()
	}
	if p.isWord("auto") {
		p.take()
		var err error
		if fn.autos, err = p.names(';'); err != nil {
			return err
		}
		for _, a := range fn.autos {
			for _, b := range fn.params {
				if a.name == b.name && a.array == b.array {
					return syntaxError{p.lex.line, "variable in both parameter and auto lists"}
				}
			}
		}
		if !p.is(';') && !p.is('\n') {
			return p.wrong()
		}
	}
	return p.block()
}

// names reads a list of names up to a token, which stays.
func (p *parser) names(end kind) ([]param, error) {
	var list []param
	if p.is(end) {
		return nil, nil
	}
	for {
		var one param
		if p.accept('*') || p.accept('&') {
			one.reference = true
		}
		t, err := p.peek()
		if err != nil {
			return nil, err
		}
		if t.kind != tokName {
			return nil, p.wrong()
		}
		p.take()
		if p.accept('[') {
			if err := p.expect(']'); err != nil {
				return nil, err
			}
			one.array = true
			one.name = p.m.array(t.text)
		} else {
			one.name = p.m.variable(t.text)
		}
		list = append(list, one)
		if !p.accept(',') {
			return list, nil
		}
	}
}
