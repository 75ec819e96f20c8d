/*
Package iconv converts text from one encoding to another.

	iconv [OPTION]... [FILE]...

Without FILE, or for "-", it reads standard input.

	-f, --from-code=NAME  encoding of the input (UTF-8)
	-t, --to-code=NAME    encoding of the output (UTF-8); with //TRANSLIT behind it,
	                      what it lacks is written in other characters, with
	                      //IGNORE it is left out
	-c                    leave out what can't be converted
	-o, --output=FILE     write to FILE
	-l, --list            list the encodings
	-s, --silent, --verbose
	                      taken and ignored

The encodings are ASCII, UTF-8, UTF-16, UTF-32 and UCS-2 (also with LE and BE),
ISO-8859-1, ISO-8859-15 and CP1252.
*/
package iconv

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"

	"agentsandbox/toolbox/tool"
)

// statusUsage is the exit status of a usage error.
const statusUsage = 64

// runner is one run.
type runner struct {
	x        *tool.Exec
	from, to encoding
	skip     bool // what can't be converted
	ignore   bool // the same by //IGNORE, which is a failure at the end
	skipped  bool
	translit bool
	w        *bufio.Writer
	began    bool // the byte order mark was written
	status   int
}

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	r := &runner{x: x}
	f := tool.NewFlags(x)
	f.Usage = statusUsage
	f.OnUsage = func() {
		fmt.Fprint(x.Stderr, "Try `iconv --help' or `iconv --usage' for more information.\n")
	}
	from := f.String('f', "from-code", "UTF-8")
	to := f.String('t', "to-code", "UTF-8")
	output := f.String('o', "output", "")
	list := f.Bool('l', "list")
	f.BoolVar(&r.skip, true, 'c', "")
	f.Bool('s', "silent")
	f.Bool(0, "verbose")
	f.Version('V')
	names, err := f.Parse()
	if err != nil {
		return err
	}
	if *list {
		_, err := io.WriteString(x.Stdout, listing())
		return err
	}
	if err := r.encodings(*from, *to); err != nil {
		return err
	}
	r.w = x.Writer()
	if *output != "" && *output != "-" {
		out, err := x.Create(*output)
		if err != nil {
			return x.Fail(1, "unable to open output file")
		}
		defer out.Close()
		r.w = bufio.NewWriter(out)
	}
	if len(names) == 0 {
		names = []string{"-"}
	}
	for _, name := range names {
		err := r.file(ctx, name)
		if flushErr := r.w.Flush(); err == nil {
			err = flushErr
		}
		if err != nil {
			return err
		}
	}
	return tool.Exit(r.status)
}

// encodings finds those that are named.
func (r *runner) encodings(from, to string) error {
	to, options, _ := strings.Cut(to, "//")
	from, _, _ = strings.Cut(from, "//")
	for option := range strings.SplitSeq(strings.ToUpper(options), "//") {
		r.translit = r.translit || option == "TRANSLIT"
		r.ignore = r.ignore || option == "IGNORE"
	}
	var okFrom, okTo bool
	r.from, okFrom = lookup(from)
	r.to, okTo = lookup(to)
	const advice = "\nTry `iconv --help' or `iconv --usage' for more information."
	switch {
	case !okFrom && !okTo:
		return r.x.Fail(1, "conversions from `%s' and to `%s' are not supported"+advice, from, to)
	case !okFrom:
		return r.x.Fail(1, "conversion from `%s' is not supported"+advice, from)
	case !okTo:
		return r.x.Fail(1, "conversion to `%s' is not supported"+advice, to)
	}
	return nil
}

// file converts a file. The error ends the run.
func (r *runner) file(ctx context.Context, name string) error {
	f, closeFile, err := r.x.OpenInput(name)
	if err != nil {
		r.x.Errorf("cannot open input file `%s': %s", name, tool.ErrText(err))
		r.status = 1
		return nil
	}
	defer closeFile()
	d := &decoder{encoding: r.from, r: bufio.NewReaderSize(f, 64<<10)}
	for n := 0; ; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		start := d.at
		c, err := d.next()
		switch {
		case err == io.EOF && r.skipped && !r.skip:
			return r.x.Fail(1, "illegal input sequence at position %d", start)
		case err == io.EOF:
			return nil
		case err == errIllegal && (r.skip || r.ignore):
			r.skipped = true
			d.pass()
		case err == errIllegal:
			return r.x.Fail(1, "illegal input sequence at position %d", start)
		case err == io.ErrUnexpectedEOF:
			return r.x.Fail(1, "incomplete character or shift sequence at end of buffer")
		case err != nil:
			return r.x.Fail(1, "error while reading the input: %s", tool.ErrText(err))
		case r.put(c):
		case r.skip || r.ignore:
			r.skipped = true
		default:
			return r.x.Fail(1, "illegal input sequence at position %d", start)
		}
	}
}
