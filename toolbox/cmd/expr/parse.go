package expr

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"agentsandbox/toolbox/regex"
	"agentsandbox/toolbox/tool"
)

// maxDepth bounds the nesting of parentheses.
const maxDepth = 1000

// parser evaluates while it parses. With skip set, what it parses cannot
// change the result, and may not fail.
type parser struct {
	args  []string
	at    int
	depth int
	skip  int
}

func (p *parser) all() (value, error) {
	v, err := p.or()
	switch {
	case err != nil:
		return v, err
	case p.at < len(p.args):
		return v, p.unexpected()
	}
	return v, nil
}

func (p *parser) unexpected() error {
	if p.args[p.at] == ")" {
		return errors.New("syntax error: unexpected ')'")
	}
	return fmt.Errorf("syntax error: unexpected argument %s", tool.QuoteText(p.args[p.at]))
}

// take takes the next argument if it is one of the operators.
func (p *parser) take(ops ...string) (string, bool) {
	if p.at < len(p.args) {
		for _, op := range ops {
			if p.args[p.at] == op {
				p.at++
				return op, true
			}
		}
	}
	return "", false
}

// missing is the error of an argument that should follow.
func (p *parser) missing() error {
	if p.at < len(p.args) {
		return nil
	}
	return fmt.Errorf("syntax error: missing argument after %s", tool.QuoteText(p.args[p.at-1]))
}

// without evaluates an operand that does not matter where off is set.
func (p *parser) without(off bool, operand func() (value, error)) (value, error) {
	if off {
		p.skip++
		defer func() { p.skip-- }()
	}
	return operand()
}

func (p *parser) or() (value, error) {
	left, err := p.and()
	for err == nil {
		if _, ok := p.take("|"); !ok {
			return left, nil
		}
		var right value
		right, err = p.without(!left.null(), p.and)
		if left.null() {
			left = right
			if left.null() {
				left = integer(0)
			}
		}
	}
	return left, err
}

func (p *parser) and() (value, error) {
	left, err := p.comparison()
	for err == nil {
		if _, ok := p.take("&"); !ok {
			return left, nil
		}
		var right value
		right, err = p.without(left.null(), p.comparison)
		if left.null() || right.null() {
			left = integer(0)
		}
	}
	return left, err
}

func (p *parser) comparison() (value, error) {
	left, err := p.sum()
	for err == nil {
		op, ok := p.take("<", "<=", "=", "==", "!=", ">=", ">")
		if !ok {
			return left, nil
		}
		var right value
		if right, err = p.sum(); err == nil {
			left = compare(op, left, right)
		}
	}
	return left, err
}

func (p *parser) sum() (value, error) {
	return p.arithmetic(p.product, "+", "-")
}

func (p *parser) product() (value, error) {
	return p.arithmetic(p.match, "*", "/", "%")
}

func (p *parser) arithmetic(operand func() (value, error), ops ...string) (value, error) {
	left, err := operand()
	for err == nil {
		op, ok := p.take(ops...)
		if !ok {
			return left, nil
		}
		var right value
		right, err = operand()
		if err == nil && p.skip == 0 {
			left, err = calculate(op, left, right)
		}
	}
	return left, err
}

func (p *parser) match() (value, error) {
	left, err := p.function()
	for err == nil {
		if _, ok := p.take(":"); !ok {
			return left, nil
		}
		var right value
		right, err = p.function()
		if err == nil && p.skip == 0 {
			left, err = matchRegex(left.String(), right.String())
		}
	}
	return left, err
}

func (p *parser) function() (value, error) {
	if err := p.missing(); p.at > 0 && err != nil {
		return value{}, err
	}
	op, ok := p.take("+", "length", "match", "index", "substr")
	if !ok {
		return p.primary()
	}
	switch op {
	case "+":
		if err := p.missing(); err != nil {
			return value{}, err
		}
		p.at++
		return text(p.args[p.at-1]), nil
	case "length":
		v, err := p.function()
		return integer(utf8.RuneCountInString(v.String())), err
	}
	a, err := p.function()
	if err != nil {
		return a, err
	}
	b, err := p.function()
	switch {
	case err != nil:
		return b, err
	case op == "match" && p.skip > 0:
		return b, nil
	case op == "match":
		return matchRegex(a.String(), b.String())
	case op == "index":
		return integer(index(a.String(), b.String())), nil
	}
	n, err := p.function()
	return substr(a.String(), b, n), err
}

func (p *parser) primary() (value, error) {
	if err := p.missing(); err != nil {
		return value{}, err
	}
	if _, ok := p.take("("); !ok {
		if p.args[p.at] == ")" {
			return value{}, p.unexpected()
		}
		p.at++
		return text(p.args[p.at-1]), nil
	}
	if p.depth++; p.depth > maxDepth {
		return value{}, errors.New("expression is nested too deeply")
	}
	v, err := p.or()
	p.depth--
	if err != nil {
		return v, err
	}
	if p.at == len(p.args) {
		return v, fmt.Errorf("syntax error: expecting ')' after %s", tool.QuoteText(p.args[p.at-1]))
	}
	if _, ok := p.take(")"); !ok {
		return v, fmt.Errorf("syntax error: expecting ')' instead of %s", tool.QuoteText(p.args[p.at]))
	}
	return v, nil
}

// matchRegex matches at the beginning of s: what the first group matched, or
// how many characters did.
func matchRegex(s, pattern string) (value, error) {
	re, err := regex.Compile(pattern, regex.LooseBRE, regex.Anchored)
	if err != nil {
		return value{}, err
	}
	at, err := re.Find(nil, []byte(s), 0)
	switch {
	case err != nil:
		return value{}, err
	case at == nil && re.Groups() > 0:
		return text(""), nil
	case at == nil:
		return integer(0), nil
	case re.Groups() > 0 && at[2] < 0:
		return text(""), nil
	case re.Groups() > 0:
		return text(s[at[2]:at[3]]), nil
	}
	return integer(utf8.RuneCountInString(s[:at[1]])), nil
}

// index is the position of the first of chars in s, in characters from 1.
func index(s, chars string) int {
	i := strings.IndexAny(s, chars)
	if i < 0 {
		return 0
	}
	return utf8.RuneCountInString(s[:i]) + 1
}

func substr(s string, from, count value) value {
	pos, ok := from.int()
	n, okay := count.int()
	if !ok || !okay || pos.Sign() <= 0 || n.Sign() <= 0 || !pos.IsInt64() {
		return text("")
	}
	runes := []rune(s)
	start := min(pos.Int64()-1, int64(len(runes)))
	end := int64(len(runes))
	if n.IsInt64() {
		end = start + min(n.Int64(), end-start)
	}
	return text(string(runes[start:end]))
}
