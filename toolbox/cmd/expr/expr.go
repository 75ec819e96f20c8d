/*
Package expr evaluates an expression and writes its value.

	expr EXPRESSION

From weak to strong, each operand and operator an argument of its own:

	A | B          A if it is neither empty nor 0, else B
	A & B          A if neither is empty or 0, else 0
	A < B  <= = == != >= >
	               1 or 0; numbers if both are integers, else text
	A + B, A - B
	A * B, A / B, A % B
	S : REGEX      match at the beginning of S: what \(...\) matched, or how long
	match S REGEX  the same
	substr S P N   N characters of S from position P on, from 1
	index S CHARS  position of the first of CHARS in S, or 0
	length S       characters in S
	+ TOKEN        TOKEN as text, even if it is an operator
	( A )

Numbers may be of any size. The exit status is 0, 1 if the value is empty or 0,
2 if the expression is wrong.
*/
package expr

import (
	"context"
	"io"

	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(_ context.Context, x *tool.Exec) error {
	args := x.Args
	if len(args) == 1 && args[0] == "--help" {
		return tool.ErrHelp
	}
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		f := tool.NewFlags(x)
		f.Usage = 2
		return f.Errorf("missing operand")
	}
	p := parser{args: args}
	v, err := p.all()
	if err != nil {
		return x.Fail(2, "%v", err)
	}
	if _, err := io.WriteString(tool.WriteErrors(x.Stdout, "write error"), v.String()+"\n"); err != nil {
		return err
	}
	if v.null() {
		return tool.Exit(1)
	}
	return nil
}
