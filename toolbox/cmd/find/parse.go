package find

import (
	"slices"
	"strings"
)

// parser reads an expression into tests.
type parser struct {
	*finder
	args  []string
	depth int    // of parentheses
	last  string // the operator or predicate before
}

// maxNesting bounds parentheses in one another.
const maxNesting = 200

// parse reads an expression. The error ends the run, and has been reported.
func (f *finder) parse(args []string) (test, error) {
	p := &parser{finder: f, args: args}
	if len(args) == 0 {
		return f.print(f.out), nil
	}
	t, err := p.list()
	if err != nil {
		return nil, err
	}
	if len(p.args) > 0 {
		return nil, p.syntax("you have too many ')'")
	}
	if f.printsByItself {
		return t, nil
	}
	return and(t, f.print(f.out)), nil
}

// syntax reports an expression that is wrong.
func (p *parser) syntax(format string, args ...any) error {
	return p.x.Fail(1, format, args...)
}

func (p *parser) peek() string {
	if len(p.args) == 0 {
		return ""
	}
	return p.args[0]
}

func (p *parser) next() string {
	arg := p.args[0]
	p.args = p.args[1:]
	return arg
}

// list reads expressions with commas between them: all are evaluated, and the
// last counts.
func (p *parser) list() (test, error) {
	left, err := p.or()
	for err == nil && p.peek() == "," && len(p.args) > 0 {
		var right test
		if right, err = p.right(p.next(), p.or); err == nil {
			left = both(left, right)
		}
	}
	return left, err
}

func (p *parser) or() (test, error) {
	left, err := p.and()
	for err == nil && (p.peek() == "-o" || p.peek() == "-or") {
		var right test
		if right, err = p.right(p.next(), p.and); err == nil {
			left = or(left, right)
		}
	}
	return left, err
}

func (p *parser) and() (test, error) {
	left, err := p.not()
	for err == nil && len(p.args) > 0 && !slices.Contains([]string{",", "-o", "-or", ")"}, p.peek()) {
		var right test
		if arg := p.peek(); arg == "-a" || arg == "-and" {
			right, err = p.right(p.next(), p.not)
		} else {
			right, err = p.not()
		}
		if err == nil {
			left = and(left, right)
		}
	}
	return left, err
}

// right reads what has to follow an operator.
func (p *parser) right(op string, read func() (test, error)) (test, error) {
	if len(p.args) == 0 {
		return nil, p.syntax("expected an expression after '%s'", op)
	}
	return read()
}

func (p *parser) not() (test, error) {
	negate := false
	for p.peek() == "!" || p.peek() == "-not" {
		op := p.next()
		negate = !negate
		if len(p.args) == 0 {
			return nil, p.syntax("expected an expression after '%s'", op)
		}
	}
	t, err := p.primary()
	if err != nil || !negate {
		return t, err
	}
	return func(e *file) (bool, error) {
		ok, err := t(e)
		return !ok, err
	}, nil
}

func (p *parser) primary() (test, error) {
	arg := p.next()
	switch arg {
	case "(":
		return p.parens()
	case ")":
		return nil, p.syntax("you have too many ')'")
	case "-a", "-and", "-o", "-or", ",":
		return nil, p.syntax("invalid expression; you have used a binary operator '%s' with nothing before it.", arg)
	}
	if len(arg) < 2 || arg[0] != '-' {
		return nil, p.stray(arg)
	}
	t, err := p.predicate(arg)
	p.last = arg
	return t, err
}

func (p *parser) parens() (test, error) {
	if p.depth++; p.depth > maxNesting {
		return nil, p.syntax("expression nested too deep")
	}
	const unclosed = "invalid expression; I was expecting to find a ')' somewhere but did not see one."
	switch {
	case len(p.args) == 0:
		return nil, p.syntax(unclosed)
	case p.peek() == ")":
		return nil, p.syntax("invalid expression; empty parentheses are not allowed.")
	}
	t, err := p.list()
	if err != nil {
		return nil, err
	}
	if p.peek() != ")" {
		return nil, p.syntax(unclosed)
	}
	p.next()
	p.depth--
	return t, nil
}

// stray reports an argument that is no part of an expression: most often a
// pattern that the shell has expanded.
func (p *parser) stray(arg string) error {
	err := p.syntax("paths must precede expression: `%s'", arg)
	if _, statErr := p.x.Lstat(arg); statErr == nil && strings.HasSuffix(p.last, "name") {
		p.x.Errorf("possible unquoted pattern after predicate `%s'?", p.last)
	}
	return err
}

// argument is the argument that a predicate needs.
func (p *parser) argument(name string) (string, error) {
	if len(p.args) == 0 {
		return "", p.syntax("missing argument to `%s'", name)
	}
	return p.next(), nil
}

func and(a, b test) test {
	return func(e *file) (bool, error) {
		if ok, err := a(e); !ok || err != nil {
			return false, err
		}
		return b(e)
	}
}

func or(a, b test) test {
	return func(e *file) (bool, error) {
		if ok, err := a(e); ok || err != nil {
			return ok, err
		}
		return b(e)
	}
}

func both(a, b test) test {
	return func(e *file) (bool, error) {
		if _, err := a(e); err != nil {
			return false, err
		}
		return b(e)
	}
}

// always is a test that is true.
func always(*file) (bool, error) { return true, nil }

// when makes a test of what cannot fail.
func when(ok func(*file) bool) test {
	return func(e *file) (bool, error) { return ok(e), nil }
}
