/*
Package envsubst replaces variables of the environment in standard input.

	envsubst [SHELL-FORMAT]
	envsubst -v SHELL-FORMAT

$NAME and ${NAME} become what the variable holds, nothing if it is not set. With
SHELL-FORMAT only the variables that stand in it do.

	-v, --variables  print the names of the variables in SHELL-FORMAT
*/
package envsubst

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"

	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	f := tool.NewFlags(x)
	list := f.Bool('v', "variables")
	f.Do('h', "", func() error { return tool.ErrHelp })
	f.Version('V')
	operands, err := f.Parse()
	switch {
	case err != nil:
		return err
	case *list && len(operands) == 0:
		return x.Fail(1, "missing arguments")
	case len(operands) > 1:
		return x.Fail(1, "too many arguments")
	}
	w := x.Writer()
	var only map[string]bool
	if len(operands) == 1 {
		only = map[string]bool{}
		expand([]byte(operands[0]), func([]byte) {}, func(name, _ string) {
			only[name] = true
			if *list {
				fmt.Fprintln(w, name)
			}
		})
	}
	if !*list {
		err = substitute(ctx, x, w, only)
	}
	if ferr := w.Flush(); err == nil {
		err = ferr
	}
	return err
}

func substitute(ctx context.Context, x *tool.Exec, w *bufio.Writer, only map[string]bool) error {
	env := map[string]string{}
	for _, entry := range x.Environ() {
		for i := range entry {
			if entry[i] == '=' {
				env[entry[:i]] = entry[i+1:]
				break
			}
		}
	}
	lines := x.Lines(ctx, x.Stdin, '\n')
	lines.BeforeRead = w.Flush
	for {
		line, err := lines.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		expand(line, func(text []byte) { w.Write(text) }, func(name, text string) {
			if only != nil && !only[name] {
				text = "$" + text
			} else {
				text = env[name]
			}
			w.WriteString(text)
		})
	}
}

// expand hands out what stands between variables, and the variables: by name,
// and as they stand behind the $.
func expand(s []byte, text func([]byte), variable func(name, text string)) {
	from := 0
	for i := 0; i < len(s); i++ {
		if s[i] != '$' {
			continue
		}
		start := i + 1
		brace := start < len(s) && s[start] == '{'
		if brace {
			start++
		}
		end := start
		for end < len(s) && isName(s[end], end > start) {
			end++
		}
		if end == start || brace && (end == len(s) || s[end] != '}') {
			continue
		}
		name := string(s[start:end])
		if brace {
			end++
		}
		text(s[from:i])
		variable(name, string(s[i+1:end]))
		from = end
		i = end - 1
	}
	text(s[from:])
}

func isName(c byte, digits bool) bool {
	return c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' || digits && c >= '0' && c <= '9'
}
