// Package testexpr evaluates the expressions of test and [, as bash does: by
// the number of arguments up to four, as POSIX says, and by precedence beyond.
//
// The operators are there by themselves, too, for [[ ]]. Nothing here
// allocates unless an expression is wrong.
package testexpr

import (
	"fmt"

	"agentsandbox/vfs"
)

// Host answers what an expression asks of the world.
type Host interface {
	Stat(name string) (vfs.Info, error)
	Lstat(name string) (vfs.Info, error)
	// Terminal reports whether a descriptor is a terminal.
	Terminal(fd int) bool
	// Option reports whether an option of the shell is set (-o).
	Option(name string) bool
	// IsSet reports whether a variable is set (-v), IsRef whether it is set
	// and a name reference (-R).
	IsSet(name string) bool
	IsRef(name string) bool
}

// Error is an expression that is wrong, in bash's words without the name of
// the command. Its exit status is 2.
type Error string

// Error returns the words.
func (e Error) Error() string { return string(e) }

func errorf(format string, args ...any) error { return Error(fmt.Sprintf(format, args...)) }

// Bracket strips the ] that ends the arguments of [.
func Bracket(args []string) ([]string, error) {
	if len(args) == 0 || args[len(args)-1] != "]" {
		return nil, Error("missing `]'")
	}
	return args[:len(args)-1], nil
}

// Eval evaluates the arguments of test.
func Eval(args []string, h Host) (bool, error) {
	switch len(args) {
	case 0:
		return false, nil
	case 1:
		return args[0] != "", nil
	case 2:
		return two(args, h)
	case 3:
		return three(args, h)
	case 4:
		if args[0] == "!" {
			v, err := three(args[1:], h)
			return !v, err
		}
		if args[0] == "(" && args[3] == ")" {
			return two(args[1:3], h)
		}
	}
	return full(args, h)
}

func two(args []string, h Host) (bool, error) {
	switch {
	case args[0] == "!":
		return args[1] == "", nil
	case IsUnary(args[0]):
		return Unary(args[0], args[1], h)
	}
	return false, errorf("%s: unary operator expected", args[0])
}

func three(args []string, h Host) (bool, error) {
	switch {
	case IsBinary(args[1]):
		return Binary(args[0], args[1], args[2], h)
	case args[1] == "-a":
		return args[0] != "" && args[2] != "", nil
	case args[1] == "-o":
		return args[0] != "" || args[2] != "", nil
	case args[0] == "!":
		v, err := two(args[1:], h)
		return !v, err
	case args[0] == "(" && args[2] == ")":
		return args[1] != "", nil
	}
	return false, errorf("%s: binary operator expected", args[1])
}

// full evaluates by precedence: !, then -a, then -o.
func full(args []string, h Host) (bool, error) {
	p := parser{args: args, h: h}
	v, err := p.or()
	switch {
	case err != nil:
		return false, err
	case p.pos == len(args):
		return v, nil
	case args[p.pos] != "" && args[p.pos][0] == '-':
		return false, errorf("syntax error: `%s' unexpected", args[p.pos])
	}
	return false, Error("too many arguments")
}

// maxDepth bounds parentheses in one another.
const maxDepth = 100

type parser struct {
	args  []string
	pos   int
	depth int
	h     Host
}

func (p *parser) is(s string) bool { return p.pos < len(p.args) && p.args[p.pos] == s }

func (p *parser) or() (bool, error) {
	v, err := p.and()
	for err == nil && p.is("-o") {
		p.pos++
		var right bool
		right, err = p.and()
		v = v || right
	}
	return v, err
}

func (p *parser) and() (bool, error) {
	v, err := p.term()
	for err == nil && p.is("-a") {
		p.pos++
		var right bool
		right, err = p.term()
		v = v && right
	}
	return v, err
}

func (p *parser) term() (bool, error) {
	not := false
	for p.is("!") {
		p.pos++
		not = !not
	}
	v, err := p.primary()
	return v != not, err
}

func (p *parser) primary() (bool, error) {
	left := p.args[p.pos:]
	switch {
	case len(left) == 0:
		return false, Error("argument expected")
	case left[0] == "(":
		return p.group()
	case len(left) >= 3 && IsBinary(left[1]):
		p.pos += 3
		return Binary(left[0], left[1], left[2], p.h)
	case len(left) >= 2 && IsUnary(left[0]):
		p.pos += 2
		return Unary(left[0], left[1], p.h)
	}
	p.pos++
	return left[0] != "", nil
}

func (p *parser) group() (bool, error) {
	if p.depth++; p.depth > maxDepth {
		return false, Error("expression nested too deep")
	}
	p.pos++
	v, err := p.or()
	p.depth--
	switch {
	case err != nil:
		return false, err
	case p.pos == len(p.args):
		return false, Error("`)' expected")
	case !p.is(")"):
		return false, errorf("`)' expected, found %s", p.args[p.pos])
	}
	p.pos++
	return v, nil
}
