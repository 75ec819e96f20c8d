/*
Package awk runs programs in the language AWK, as gawk has it.

	awk [-F FS] [-v VAR=VALUE]... {PROGRAM | -f FILE}... [FILE | VAR=VALUE]...

	-F, --field-separator=FS   set FS
	-v, --assign=VAR=VALUE     set a variable before the program starts
	-f, --file=FILE            take the program from FILE
	-e, --source=PROGRAM       add PROGRAM to it
	-E, --exec=FILE            as -f, and no more options follow
	-i, --include=FILE         load FILE before the program
	-b, --characters-as-bytes  every byte is a character
	-n, -P, -c, -t, -O, -s, -r, -N, -S, -L, -M
	                           taken and ignored

All of POSIX awk, and of gawk: BEGINFILE, ENDFILE, nextfile, switch, arrays of
arrays, length(array), delete array, indirect calls, **, regular expressions
for RS, RT, FPAT, FIELDWIDTHS, IGNORECASE, PROCINFO["sorted_in"], gensub,
patsplit, match with an array, asort, asorti, strftime, mktime, systime, and,
or, xor, lshift, rshift, compl, strtonum, typeof, isarray, |&, printf with
positions, @include.

Not there: extensions (@load), arbitrary precision (-M), the debugger, the
profiler, and networking through /inet.
*/
package awk

import (
	"context"
	"io"
	"strings"

	"agentsandbox/toolbox/tool"
)

const usage = `Usage: awk [POSIX or GNU style options] -f progfile [--] file ...
Usage: awk [POSIX or GNU style options] [--] 'program' file ...`

// options are the settings of one run.
type options struct {
	fs      string
	hasFS   bool
	assigns []string
	sources []*source
	bytes   bool
}

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	o, operands, err := parseOptions(x)
	if err != nil {
		return err
	}
	prog, err := parseProgram(o.sources, func(msg string) { x.Errorf("%s", msg) })
	if err != nil {
		return tool.Exit(1)
	}
	prog.tune()
	m := newMachine(ctx, x, prog, o.sources)
	m.utf8 = m.utf8 && !o.bytes
	m.setUp(o, operands)
	return m.run()
}

func parseOptions(x *tool.Exec) (options, []string, error) {
	var o options
	f := tool.NewFlags(x)
	f.Posix = true
	f.Func('F', "field-separator", func(s string) error { o.fs, o.hasFS = s, true; return nil })
	f.Func('v', "assign", func(s string) error {
		if _, _, ok := cutAssignment(s); !ok {
			return x.Fail(2, "fatal: `%s' is not a legal variable name", strings.SplitN(s, "=", 2)[0])
		}
		o.assigns = append(o.assigns, s)
		return nil
	})
	load := func(name string) error { return o.load(x, name, 0) }
	f.Func('f', "file", load)
	f.Func('E', "exec", load)
	f.Func('i', "include", load)
	f.Func('e', "source", func(s string) error { return o.add(x, &source{text: s}, 0) })
	f.BoolVar(&o.bytes, true, 'b', "characters-as-bytes")
	for _, ignored := range []struct {
		short byte
		long  string
	}{
		{'n', "non-decimal-data"}, {'P', "posix"}, {'c', "traditional"}, {'t', "lint-old"}, {'O', "optimize"},
		{'s', "no-optimize"}, {'r', "re-interval"}, {'N', "use-lc-numeric"}, {'S', "sandbox"}, {'M', "bignum"},
	} {
		f.Switch(ignored.short, ignored.long, func() {})
	}
	f.Optional('L', "lint", "", func(string) error { return nil })
	f.Version('V')
	operands, err := f.Parse()
	if err != nil {
		return o, nil, err
	}
	if len(o.sources) == 0 {
		if len(operands) == 0 {
			io.WriteString(x.Stderr, usage+"\n")
			return o, nil, tool.Exit(1)
		}
		if err := o.add(x, &source{text: operands[0]}, 0); err != nil {
			return o, nil, err
		}
		operands = operands[1:]
	}
	return o, operands, nil
}

// Bounds of what programs may be loaded from.
const (
	maxSource  = 16 << 20
	maxInclude = 50 // deep
)

func (o *options) load(x *tool.Exec, name string, depth int) error {
	data, err := x.ReadFile(name, maxSource)
	if err != nil {
		return x.Fail(2, "fatal: cannot open source file `%s' for reading: %s", name, tool.ErrText(err))
	}
	return o.add(x, &source{name: name, text: string(data)}, depth)
}

// add adds a source, after what it includes.
func (o *options) add(x *tool.Exec, src *source, depth int) error {
	if depth > maxInclude {
		return x.Fail(2, "fatal: @include nested too deep")
	}
	lines := strings.SplitAfter(src.text, "\n")
	for i, line := range lines {
		rest, ok := strings.CutPrefix(strings.TrimSpace(line), "@include")
		if !ok {
			continue
		}
		name := strings.Trim(rest, " \t\";")
		if err := o.include(x, name, depth); err != nil {
			return err
		}
		lines[i] = "\n"
	}
	src.text = strings.Join(lines, "")
	o.sources = append(o.sources, src)
	return nil
}

func (o *options) include(x *tool.Exec, name string, depth int) error {
	for _, s := range o.sources {
		if s.name == name {
			return nil
		}
	}
	if _, err := x.Stat(name); err != nil {
		name += ".awk"
	}
	return o.load(x, name, depth+1)
}

// setUp fills the variables that are there from the start.
func (m *machine) setUp(o options, operands []string) {
	argv := m.globals[gARGV].array()
	argv.set("0", given(m.x.Name))
	for i, arg := range operands {
		argv.set(smallInt(int64(i+1)), given(arg))
	}
	m.special[sARGC] = num(float64(len(operands) + 1))
	environ := m.globals[gENVIRON].array()
	for _, entry := range m.x.Environ() {
		key, v, _ := strings.Cut(entry, "=")
		environ.set(key, given(v))
	}
	m.setUpTables()
	if o.hasFS {
		m.setSpecial(sFS, str(unescape(o.fs, nil)))
	}
	for _, a := range o.assigns {
		name, v, _ := cutAssignment(a)
		m.setByName(name, given(unescape(v, nil)))
	}
}

func (m *machine) setUpTables() {
	procinfo := m.globals[gPROCINFO].array()
	for _, entry := range [][2]string{{"version", "5.2.1"}, {"strftime", "%a %b %e %H:%M:%S %Z %Y"}, {"FS", "FS"}, {"platform", "posix"}} {
		procinfo.set(entry[0], str(entry[1]))
	}
	for _, id := range []string{"pid", "ppid", "uid", "gid", "euid", "egid", "pgrpid"} {
		procinfo.set(id, num(0))
	}
	functab := m.globals[gFUNCTAB].array()
	for name := range builtins {
		functab.set(name, str(name))
	}
	for name := range m.prog.functions {
		functab.set(name, str(name))
	}
}
