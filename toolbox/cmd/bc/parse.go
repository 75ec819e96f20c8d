package bc

import "io"

// parser turns lines into code.
type parser struct {
	m     *machine
	lex   *lexer
	queue []token // that were read and not taken
	code  *code
	fn    *function // being defined
	loops []*loop
	depth int
	quits bool
	// broken says that the line had characters which mean nothing: it is not run.
	broken bool
}

// loop is a loop being read: jumps that go to its end and to its next turn.
type loop struct{ breaks, nexts []int }

// maxDepth bounds nesting (THREAT[SH-06]).
const maxDepth = 500

// peek returns the next token, without taking it.
func (p *parser) peek() (token, error) { return p.at(0) }

// at returns the token that many ahead.
func (p *parser) at(i int) (token, error) {
	for len(p.queue) <= i {
		t, err := p.lex.next()
		if err != nil {
			return t, err
		}
		p.queue = append(p.queue, t)
		for _, bad := range p.lex.bad {
			p.broken = true
			if err := p.m.complain(p.lex.name, bad); err != nil {
				return t, err
			}
		}
		p.lex.bad = nil
	}
	return p.queue[i], nil
}

// ahead reports whether the token that many ahead is of a kind.
func (p *parser) ahead(i int, k kind) bool {
	t, err := p.at(i)
	return err == nil && t.kind == k
}

func (p *parser) take() { p.queue = p.queue[1:] }

// is reports whether the next token is of a kind.
func (p *parser) is(k kind) bool {
	t, err := p.peek()
	return err == nil && t.kind == k
}

func (p *parser) isWord(word string) bool {
	t, err := p.peek()
	return err == nil && t.kind == tokKeyword && t.text == word
}

// accept takes the next token if it is of a kind.
func (p *parser) accept(k kind) bool {
	if p.is(k) {
		p.take()
		return true
	}
	return false
}

func (p *parser) expect(k kind) error {
	if p.accept(k) {
		return nil
	}
	return p.wrong()
}

// wrong is the error of a token that does not belong.
func (p *parser) wrong() error {
	t, err := p.peek()
	if err != nil {
		return err
	}
	return syntaxError{t.line, "syntax error"}
}

// skipLine passes over the rest of a line that is wrong.
func (p *parser) skipLine() {
	p.fn, p.loops, p.depth, p.broken = nil, nil, 0, false
	for !p.is('\n') && !p.is(tokEOF) {
		if _, err := p.peek(); err != nil {
			return
		}
		p.take()
	}
	p.accept('\n')
}

// line reads a line, or more where its braces say so, and returns its code.
func (p *parser) line() (*code, error) {
	p.code = &code{}
	if t, err := p.peek(); err != nil {
		return nil, err
	} else if t.kind == tokEOF {
		return nil, io.EOF
	}
	if p.isWord("define") {
		return p.code, p.define()
	}
	for !p.quits {
		if p.accept(';') {
			continue
		}
		if p.accept('\n') || p.is(tokEOF) {
			return p.code, nil
		}
		if err := p.statement(); err != nil {
			return nil, err
		}
		if !p.is(';') && !p.is('\n') && !p.is(tokEOF) && !p.quits {
			return nil, p.wrong()
		}
	}
	return p.code, nil
}

// newlines passes over the ends of lines where they mean nothing.
func (p *parser) newlines() {
	for p.accept('\n') {
	}
}

func (p *parser) statement() error {
	if p.depth++; p.depth > maxDepth {
		return syntaxError{p.lex.line, "nested too deeply"}
	}
	defer func() { p.depth-- }()
	t, err := p.peek()
	if err != nil {
		return err
	}
	switch {
	case t.kind == tokString:
		p.take()
		p.code.emit(instr{op: opText, text: t.text}, len(t.text)+2)
		return nil
	case t.kind == '{':
		p.take()
		return p.block()
	case t.kind == tokKeyword:
		if handled, err := p.keyword(t); handled {
			return err
		}
	}
	return p.expressionStatement()
}

// block reads statements up to a closing brace.
func (p *parser) block() error {
	for {
		for p.is(';') || p.is('\n') {
			p.take()
		}
		if p.accept('}') {
			return nil
		}
		if err := p.statement(); err != nil {
			return err
		}
		if !p.is(';') && !p.is('\n') && !p.is('}') {
			return p.wrong()
		}
	}
}

func (p *parser) keyword(t token) (handled bool, err error) {
	switch t.text {
	case "if":
		return true, p.ifStatement()
	case "while":
		return true, p.whileStatement()
	case "for":
		return true, p.forStatement()
	case "break", "continue":
		return true, p.leave(t)
	case "return":
		return true, p.returnStatement()
	case "print":
		p.take()
		return true, p.printList()
	case "quit":
		p.take()
		p.quits = true
		return true, nil
	case "halt":
		p.take()
		p.code.emit(instr{op: opHalt}, 1)
		return true, nil
	case "limits":
		p.take()
		p.code.emit(instr{op: opLimits}, 1)
		return true, nil
	}
	return false, nil
}

func (p *parser) expressionStatement() error {
	e, err := p.expression()
	if err != nil {
		return err
	}
	switch {
	case e.void:
		p.code.emit(instr{op: opPop}, 1)
	case e.assign:
		p.code.emit(instr{op: opPop}, 1)
	default:
		p.code.emit(instr{op: opShow}, 1)
	}
	return nil
}

func (p *parser) condition() error {
	if err := p.expect('('); err != nil {
		return err
	}
	if _, err := p.expression(); err != nil {
		return err
	}
	return p.expect(')')
}

func (p *parser) ifStatement() error {
	p.take()
	if err := p.condition(); err != nil {
		return err
	}
	no := p.code.emit(instr{op: opJumpFalse}, 3)
	p.newlines()
	if err := p.statement(); err != nil {
		return err
	}
	if !p.isWord("else") {
		p.code.land(no)
		return nil
	}
	p.take()
	end := p.code.emit(instr{op: opJump}, 3)
	p.code.land(no)
	p.newlines()
	if err := p.statement(); err != nil {
		return err
	}
	p.code.land(end)
	return nil
}

func (p *parser) whileStatement() error {
	p.take()
	start := len(p.code.list)
	if err := p.condition(); err != nil {
		return err
	}
	no := p.code.emit(instr{op: opJumpFalse}, 3)
	p.newlines()
	l, err := p.body()
	if err != nil {
		return err
	}
	p.land(l.nexts, start)
	p.code.emit(instr{op: opJump, n: start}, 3)
	p.code.land(no)
	p.land(l.breaks, len(p.code.list))
	return nil
}

func (p *parser) land(jumps []int, at int) {
	for _, j := range jumps {
		p.code.list[j].n = at
	}
}

// body reads the statement of a loop.
func (p *parser) body() (*loop, error) {
	l := &loop{}
	p.loops = append(p.loops, l)
	err := p.statement()
	p.loops = p.loops[:max(len(p.loops)-1, 0)]
	return l, err
}

func (p *parser) forStatement() error {
	p.take()
	if err := p.expect('('); err != nil {
		return err
	}
	if err := p.optional(';'); err != nil {
		return err
	}
	p.code.emit(instr{op: opPop}, 1)
	test := len(p.code.list)
	if err := p.optional(';'); err != nil {
		return err
	}
	no := p.code.emit(instr{op: opJumpFalse}, 3)
	enter := p.code.emit(instr{op: opJump}, 3)
	step := len(p.code.list)
	if err := p.optional(')'); err != nil {
		return err
	}
	p.code.emit(instr{op: opPop}, 1)
	p.code.emit(instr{op: opJump, n: test}, 3)
	p.code.land(enter)
	p.newlines()
	l, err := p.body()
	if err != nil {
		return err
	}
	p.code.emit(instr{op: opJump, n: step}, 3)
	p.land(l.nexts, step)
	p.code.land(no)
	p.land(l.breaks, len(p.code.list))
	return nil
}

// optional reads an expression up to a token; none is 1.
func (p *parser) optional(end kind) error {
	if p.accept(end) {
		p.code.emit(instr{op: opNumber, text: "1"}, 1)
		return nil
	}
	if _, err := p.expression(); err != nil {
		return err
	}
	return p.expect(end)
}

func (p *parser) leave(t token) error {
	p.take()
	if len(p.loops) == 0 {
		what := map[string]string{"break": "Break outside a for/while", "continue": "Continue outside a for"}[t.text]
		return syntaxError{t.line, what}
	}
	l := p.loops[len(p.loops)-1]
	j := p.code.emit(instr{op: opJump}, 3)
	if t.text == "break" {
		l.breaks = append(l.breaks, j)
	} else {
		l.nexts = append(l.nexts, j)
	}
	return nil
}

func (p *parser) returnStatement() error {
	p.take()
	if p.is(';') || p.is('\n') || p.is('}') || p.is(tokEOF) {
		p.code.emit(instr{op: opNumber, text: "0"}, 1)
	} else if _, err := p.expression(); err != nil {
		return err
	}
	if p.fn == nil {
		t, err := p.peek()
		if err != nil {
			return err
		}
		return syntaxError{t.line, "Return outside of a function."}
	}
	p.code.emit(instr{op: opReturn}, 1)
	return nil
}

func (p *parser) printList() error {
	for {
		if p.is(tokString) {
			text := p.queue[0].text
			p.take()
			p.code.emit(instr{op: opText, text: unescape(text)}, len(text)+2)
		} else {
			if _, err := p.expression(); err != nil {
				return err
			}
			p.code.emit(instr{op: opPrint}, 1)
		}
		if !p.accept(',') {
			return nil
		}
	}
}

// unescape reads the escapes of print.
func unescape(s string) string {
	var out []byte
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			out = append(out, s[i])
			continue
		}
		i++
		switch s[i] {
		case 'a':
			out = append(out, '\a')
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'n':
			out = append(out, '\n')
		case 'q':
			out = append(out, '"')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		case '\\':
			out = append(out, '\\')
		}
	}
	return string(out)
}
