/*
Package bc computes with numbers of any length, as GNU bc does.

	bc [-lqsw] [FILE]...

It runs the FILEs and then standard input, line by line, and prints the value
of each expression that is no assignment.

	-l, --mathlib  scale is 20, and there are s(x) c(x) a(x) (sine, cosine, arc
	               tangent), l(x) e(x) (logarithm, exponential) and j(n,x)
	-q, --quiet  -i, --interactive  -s, --standard  -w, --warn
	               taken and ignored

Operators are ++ -- - ^ * / % + - = += … < <= > >= == != ! && ||; statements
if else while for break continue return print quit halt { }; functions are
defined with define f(a, b[]) { auto x; … }. scale is how many digits behind
the point a division gives, ibase and obase are the bases of what is read and
printed; length(x), scale(x), sqrt(x) and read() are there, and last (or .) is
what was printed last. BC_LINE_LENGTH is the width of lines (70), 0 for no
breaks.
*/
package bc

import (
	"bufio"
	"context"
	"errors"
	"io"

	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	f := tool.NewFlags(x)
	f.OnUsage = func() { io.WriteString(x.Stdout, usage) }
	lib := f.Bool('l', "mathlib")
	f.Do('h', "", func() error { return tool.ErrHelp })
	f.Version('v')
	for _, o := range []struct {
		short byte
		long  string
	}{{'q', "quiet"}, {'i', "interactive"}, {'s', "standard"}, {'w', "warn"}, {'c', "compile"}} {
		f.Bool(o.short, o.long)
	}
	files, err := f.Parse()
	if err != nil {
		return err
	}
	m := newMachine(ctx, x)
	if *lib {
		m.useLibrary()
	}
	err = run(m, files)
	if ferr := m.out.Flush(); err == nil {
		err = ferr
	}
	if errors.Is(err, errQuit) {
		return nil
	}
	return err
}

const usage = "usage: bc [options] [file ...]\n  -h  --help         print this usage and exit\n  -i  --interactive  force interactive mode\n" +
	"  -l  --mathlib      use the predefined math routines\n  -q  --quiet        don't print initial banner\n" +
	"  -s  --standard     non-standard bc constructs are errors\n  -w  --warn         warn about non-standard bc constructs\n" +
	"  -v  --version      print version information and exit\n"

// errQuit ends the run.
var errQuit = errors.New("quit")

func run(m *machine, files []string) error {
	for _, name := range files {
		in, err := m.x.Open(name)
		if err != nil {
			m.out.Flush()
			m.x.Stderr.Write([]byte("File " + name + " is unavailable.\n"))
			return tool.Exit(1)
		}
		err = m.input(name, in)
		in.Close()
		if err != nil {
			return err
		}
	}
	return m.input("(standard_in)", m.x.Stdin)
}

// input runs the program in one stream, a line at a time.
func (m *machine) input(name string, r io.Reader) error {
	m.in = &lexer{name: name, r: bufio.NewReader(r), line: 1, before: m.out.Flush}
	p := &parser{m: m, lex: m.in}
	for {
		code, err := p.line()
		var bad syntaxError
		switch {
		case errors.As(err, &bad):
			if err := m.complain(name, bad); err != nil {
				return err
			}
			p.skipLine()
			continue
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		if p.quits {
			return errQuit // what stands before it in its line is not run
		}
		if p.broken {
			p.broken = false
			continue
		}
		if err := m.main(code); err != nil {
			return err
		}
	}
}
