/*
Package dirname writes file names without their last piece.

	dirname [OPTION] NAME...

A NAME without a slash gives ".".

	-z, --zero  end each name with NUL, not newline
*/
package dirname

import (
	"context"
	"strings"

	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(_ context.Context, x *tool.Exec) error {
	f := tool.NewFlags(x)
	zero := f.Bool('z', "zero")
	names, err := f.Parse()
	switch {
	case err != nil:
		return err
	case len(names) == 0:
		return f.Errorf("missing operand")
	}
	end := byte('\n')
	if *zero {
		end = 0
	}
	w := x.Writer()
	for _, name := range names {
		w.WriteString(dir(name))
		w.WriteByte(end)
	}
	return w.Flush()
}

func dir(name string) string {
	rooted := strings.HasPrefix(name, "/")
	name = strings.TrimRight(name, "/")
	name = strings.TrimRight(name[:strings.LastIndexByte(name, '/')+1], "/")
	switch {
	case name != "":
		return name
	case rooted:
		return "/"
	}
	return "."
}
