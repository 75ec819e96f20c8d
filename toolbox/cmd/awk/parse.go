package awk

import (
	"errors"
	"fmt"
	"strings"
)

// parser makes a program of its sources.
type parser struct {
	prog    *program
	globals map[string]int
	locals  map[string]int // in a function
	calls   []*callExpr

	lex    lexer
	tok    token
	closer token // the ")" of the last arguments
	depth  int

	failed bool

	noIn      int // "in" ends the expression: for (x in …)
	noGreater int // ">" ends it: print … > …
	noPipe    int // "|" ends it
	loops     int
	special   string // the keyword of the rule, if it has one
	told      map[string]bool
	inFunc    bool

	report func(string) // prints a message
}

// errSyntax is the error of a program that does not parse; what is wrong has
// been reported.
var errSyntax = errors.New("syntax error")

// maxNesting bounds how deep expressions and statements nest.
const maxNesting = 500

// parseProgram parses the sources one after the other. What is wrong is
// reported, and the error is errSyntax then.
func parseProgram(sources []*source, report func(string)) (*program, error) {
	ps := &parser{prog: &program{functions: map[string]*function{}}, globals: map[string]int{}, report: report}
	for _, name := range globalArrays {
		ps.global(name)
	}
	for _, src := range sources {
		ps.lex = lexer{src: src, line: 1, warn: ps.warnOnce}
		ps.source()
	}
	ps.resolve()
	if ps.failed {
		return nil, errSyntax
	}
	return ps.prog, nil
}

// place is how messages name a line.
func (p *parser) place(line int) string { return placeIn(p.lex.src, line) }

func placeIn(src *source, line int) string {
	if src.name == "" {
		return fmt.Sprintf("cmd. line:%d: ", line)
	}
	return fmt.Sprintf("%s:%d: ", src.name, line)
}

func (p *parser) warn(line int, format string, args ...any) {
	p.report(p.place(line) + fmt.Sprintf(format, args...))
}

// stop ends parsing: from here on there are no more tokens, which lets all
// that is under way return. Only the first error is reported.
func (p *parser) stop() {
	p.failed = true
	p.tok = token{kind: tEOF}
}

// warnOnce warns, but not twice of the same.
func (p *parser) warnOnce(line int, format string, args ...any) {
	msg := fmt.Sprintf(format, args...)
	if p.told == nil {
		p.told = map[string]bool{}
	}
	if !p.told[msg] {
		p.told[msg] = true
		p.warn(line, "%s", msg)
	}
}

// fail reports what is wrong at a token, shows where, and ends parsing.
func (p *parser) fail(t token, msg string) {
	if p.failed {
		return
	}
	text := p.lex.src.text
	end := strings.IndexByte(text[t.pos:], '\n')
	if end < 0 {
		end = len(text) - t.pos
	}
	start := strings.LastIndexByte(text[:t.pos], '\n') + 1
	p.report(p.place(t.line) + text[start:t.pos+end])
	indent := strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, text[start:t.pos])
	p.report(p.place(t.line) + indent + "^ " + msg)
	p.stop()
}

// failAt reports an error that is not about syntax.
func (p *parser) failAt(line int, format string, args ...any) {
	if !p.failed {
		p.warn(line, format, args...)
		p.stop()
	}
}

func (p *parser) unexpected() {
	if p.tok.kind == tEOF || p.tok.kind == tNewline {
		p.fail(p.tok, "unexpected newline or end of string")
		return
	}
	p.fail(p.tok, "syntax error")
}

// advance reads the next token.
func (p *parser) advance() {
	if p.failed {
		return
	}
	t, err := p.lex.next()
	p.tok = t
	if err != nil {
		p.fail(t, err.msg)
	}
}

// regex reads the rest of a regular expression whose slash is the token.
func (p *parser) regex() token {
	t := p.tok
	p.lex.pos = t.pos
	t, err := p.lex.regex(t)
	if err != nil {
		t.pos++
		p.fail(t, err.msg)
		return t
	}
	p.advance()
	return t
}

func (p *parser) isOp(op string) bool { return p.tok.kind == tOp && p.tok.text == op }

func (p *parser) isKeyword(word string) bool { return p.tok.kind == tKeyword && p.tok.text == word }

func (p *parser) takeOp(op string) bool {
	if p.isOp(op) {
		p.advance()
		return true
	}
	return false
}

func (p *parser) takeKeyword(word string) bool {
	if p.isKeyword(word) {
		p.advance()
		return true
	}
	return false
}

func (p *parser) expect(op string) {
	if !p.takeOp(op) {
		p.unexpected()
	}
}

// newlines skips newlines.
func (p *parser) newlines() {
	for p.tok.kind == tNewline {
		p.advance()
	}
}

// separators skips newlines and semicolons.
func (p *parser) separators() {
	for p.tok.kind == tNewline || p.isOp(";") {
		p.advance()
	}
}

func (p *parser) enter() {
	if p.depth++; p.depth > maxNesting {
		p.failAt(p.tok.line, "error: nesting too deep")
	}
}

func (p *parser) source() {
	p.advance()
	for {
		p.separators()
		if p.tok.kind == tEOF {
			return
		}
		p.item()
	}
}

// item reads one rule or function.
func (p *parser) item() {
	switch {
	case p.isKeyword("BEGIN"):
		p.specialRule(&p.prog.begin)
	case p.isKeyword("END"):
		p.specialRule(&p.prog.end)
	case p.isKeyword("BEGINFILE"):
		p.specialRule(&p.prog.beginFile)
	case p.isKeyword("ENDFILE"):
		p.specialRule(&p.prog.endFile)
	case p.takeKeyword("function") || p.takeKeyword("func"):
		p.function()
	case p.isOp("@") || p.tok.kind == tName && p.tok.text == "@":
		p.directive()
	default:
		p.rule()
	}
}

// directive skips @load and @namespace; @include was done before.
func (p *parser) directive() {
	p.advance()
	if p.tok.kind != tName {
		p.unexpected()
	}
	p.advance()
	if p.tok.kind != tString {
		p.unexpected()
	}
	p.advance()
}

// specialRule reads a rule with a keyword for its pattern.
func (p *parser) specialRule(to *[][]stmt) {
	p.special = p.tok.text
	p.advance()
	*to = append(*to, p.action())
	p.special = ""
}

func (p *parser) action() []stmt {
	if !p.isOp("{") {
		p.unexpected()
	}
	return p.block()
}

func (p *parser) rule() {
	r := &rule{print: true}
	if !p.isOp("{") {
		r.from = p.expr()
		if p.takeOp(",") {
			p.newlines()
			r.to = p.expr()
		}
	}
	if p.isOp("{") {
		r.body, r.print = p.block(), false
	} else if p.tok.kind != tNewline && p.tok.kind != tEOF && !p.isOp(";") {
		p.unexpected()
	}
	p.prog.rules = append(p.prog.rules, r)
}

func (p *parser) function() {
	t := p.tok
	if t.kind != tName && t.kind != tFunc {
		p.unexpected()
	}
	p.advance()
	f := p.prog.functions[t.text]
	if f == nil {
		f = &function{name: t.text}
		p.prog.functions[t.text] = f
	}
	if _, used := p.globals[t.text]; used || f.defined {
		p.failAt(t.line, "error: function name `%s' previously defined", t.text)
	}
	f.defined = true
	p.params(f)
	p.newlines()
	p.inFunc = true
	f.body = p.action()
	p.inFunc, p.locals = false, nil
}

func (p *parser) params(f *function) {
	p.expect("(")
	p.locals = map[string]int{}
	for !p.isOp(")") {
		if p.tok.kind != tName {
			p.unexpected()
			return
		}
		name := p.tok.text
		if at, ok := p.locals[name]; ok {
			p.failAt(p.tok.line, "error: function `%s': parameter #%d, `%s', duplicates parameter #%d", f.name, len(f.params)+1, name, at+1)
			return
		}
		p.locals[name] = len(f.params)
		f.params = append(f.params, name)
		p.advance()
		p.newlines()
		if !p.isOp(")") {
			p.expect(",")
			p.newlines()
		}
	}
	p.advance()
}

// global finds or makes the place of a global variable.
func (p *parser) global(name string) int {
	at, ok := p.globals[name]
	if !ok {
		at = len(p.prog.globals)
		p.globals[name] = at
		p.prog.globals = append(p.prog.globals, name)
	}
	return at
}

// resolve finds the functions that are called.
func (p *parser) resolve() {
	for _, c := range p.calls {
		f := p.prog.functions[c.name]
		if f == nil || !f.defined {
			continue
		}
		c.fn = f
		if len(c.args) > len(f.params) {
			p.failAt(c.line, "fatal: function `%s' called with more arguments than declared", c.name)
		}
	}
	for name := range p.prog.functions {
		if _, ok := p.globals[name]; ok {
			p.failAt(1, "error: function `%s': can't use function name as variable name", name)
		}
	}
}
