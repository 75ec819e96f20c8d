/*
Package basename writes file names without their directories.

	basename NAME [SUFFIX]
	basename OPTION... NAME...

	-a, --multiple       take every argument as a NAME
	-s, --suffix=SUFFIX  remove SUFFIX; implies -a
	-z, --zero           end each name with NUL, not newline
*/
package basename

import (
	"context"
	"strings"

	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(_ context.Context, x *tool.Exec) error {
	f := tool.NewFlags(x)
	f.Posix = true
	multiple := f.Bool('a', "multiple")
	suffix := ""
	f.Func('s', "suffix", func(s string) error { suffix, *multiple = s, true; return nil })
	zero := f.Bool('z', "zero")
	names, err := f.Parse()
	switch {
	case err != nil:
		return err
	case len(names) == 0:
		return f.Errorf("missing operand")
	case len(names) > 2 && !*multiple:
		return f.Errorf("extra operand %s", tool.QuoteText(names[2]))
	case len(names) == 2 && !*multiple:
		suffix, names = names[1], names[:1]
	}
	end := byte('\n')
	if *zero {
		end = 0
	}
	w := x.Writer()
	for _, name := range names {
		w.WriteString(base(name, suffix))
		w.WriteByte(end)
	}
	return w.Flush()
}

// base is the last piece of a name without suffix, unless that is all of it.
func base(name, suffix string) string {
	piece := strings.TrimRight(name, "/")
	if piece == "" && name != "" {
		return "/"
	}
	piece = piece[strings.LastIndexByte(piece, '/')+1:]
	if piece != suffix {
		piece = strings.TrimSuffix(piece, suffix)
	}
	return piece
}
