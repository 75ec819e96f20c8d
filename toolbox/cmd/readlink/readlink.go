/*
Package readlink prints where links lead.

	readlink [-femnqsvz] FILE...

	-f, --canonicalize           follow every link; all but the last piece
	                             of the path must exist
	-e, --canonicalize-existing  the same, and the last piece must, too
	-m, --canonicalize-missing   the same, and none must exist
	-n, --no-newline             no newline behind a single one
	-z, --zero                   end with NUL, not a newline
	-v, --verbose                say what is wrong
	-q, --quiet, -s, --silent    do not (the default)
*/
package readlink

import (
	"context"

	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(_ context.Context, x *tool.Exec) error {
	flags := tool.NewFlags(x)
	r := reader{x: x}
	mode := func(short byte, long string, n tool.Existence) {
		flags.Switch(short, long, func() { r.canonical, r.need = true, n })
	}
	mode('f', "canonicalize", tool.ParentExists)
	mode('e', "canonicalize-existing", tool.AllExists)
	mode('m', "canonicalize-missing", tool.NoneExists)
	bare := flags.Bool('n', "no-newline")
	flags.BoolVar(&r.verbose, true, 'v', "verbose")
	for _, o := range []struct {
		short byte
		long  string
	}{{'q', "quiet"}, {'s', "silent"}} {
		flags.BoolVar(&r.verbose, false, o.short, o.long)
	}
	end := "\n"
	flags.Switch('z', "zero", func() { end = "\x00" })
	names, err := flags.Parse()
	if err != nil {
		return err
	}
	if len(names) == 0 {
		return flags.Errorf("missing operand")
	}
	if *bare && len(names) > 1 {
		x.Errorf("ignoring --no-newline with multiple arguments")
	} else if *bare {
		end = ""
	}
	r.end = end
	return r.all(names)
}

// reader prints where links lead in one run of the command.
type reader struct {
	x         *tool.Exec
	canonical bool
	need      tool.Existence
	verbose   bool
	end       string
}

func (r *reader) all(names []string) error {
	out := r.x.Writer()
	status := 0
	for _, name := range names {
		target, err := r.target(name)
		if err == nil {
			out.WriteString(target + r.end)
			continue
		}
		status = 1
		if r.verbose {
			r.x.WarnFile(name, err)
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return tool.Exit(status)
}

func (r *reader) target(name string) (string, error) {
	if r.canonical {
		return r.x.RealPath(name, r.need)
	}
	return r.x.FS.Readlink(r.x.Abs(name))
}
