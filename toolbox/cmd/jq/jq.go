/*
Package jq transforms JSON.

	jq [OPTION]... FILTER [FILE]...

FILTER is a program in the language jq. It runs on each JSON value in the
files, or on standard input, and its outputs are printed.

	-n, --null-input       run once, on null; input and inputs read values
	-s, --slurp            run once, on an array of all values
	-R, --raw-input        each line is a string; with -s, all of the input is
	--stream               the values are the events of what is read
	-r, --raw-output       print strings as they are
	-j, --join-output      the same, without newlines
	--raw-output0          the same, with a zero byte behind each
	-a, --ascii-output     escape what is not ASCII
	-c, --compact-output   one line a value
	-S, --sort-keys        print keys in order
	-C, --color-output, -M, --monochrome-output
	--tab, --indent N      indent by a tab, or by N spaces (0 to 7)
	-e, --exit-status      the last output decides the exit status
	-f, --from-file        FILTER is the name of a file
	--seq                  print a record separator before each value
	--arg NAME VALUE, --argjson NAME JSON
	--slurpfile NAME FILE, --rawfile NAME FILE
	                       set $NAME
	--args, --jsonargs     what follows FILTER are arguments, not files
	--unbuffered           write each output at once

The language is that of jq 1.7; messages are those of jq 1.6. Integers keep
their digits. There are no modules (import, include, -L), and regular
expressions are those of Perl as grep -P has them.

The exit status is 0; 1 or 4 with -e, when the last output was false or null,
or there was none; 2 for a wrong command line or a file that cannot be read; 3
for a program that does not compile; 4 for input that is no JSON; 5 if the last
run of the program ended in an error; or what halt_error says.
*/
package jq

import (
	"bufio"
	"context"
	"errors"
	"io"

	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	o, err := parseOptions(ctx, x)
	if err != nil {
		return err
	}
	program, err := compile(o.program, o.vars)
	if err != nil {
		x.Errorf("error: %s\njq: 1 compile error", err)
		return tool.Exit(3)
	}
	r := &run{x: x, o: o, out: bufio.NewWriterSize(x.Stdout, 64<<10), program: program}
	o.inputs.ctx, o.inputs.x, o.inputs.files, o.inputs.before = ctx, x, o.files, r.out.Flush
	r.m = &machine{ctx: ctx, x: x, in: &o.inputs, flush: r.out.Flush}
	err = r.all()
	if flushErr := r.out.Flush(); err == nil {
		err = flushErr
	}
	if err != nil {
		return err
	}
	return tool.Exit(r.exit())
}

// run is one run of a program over its inputs.
type run struct {
	x       *tool.Exec
	o       *options
	m       *machine
	out     *bufio.Writer
	program node
	buf     []byte

	outputs bool // there was one
	last    any  // the last one
	failed  bool // an error was not caught
	status  int  // of halt, or of bad input
	halted  bool
}

// all runs the program on every input.
func (r *run) all() error {
	if r.o.null {
		return r.one(nil)
	}
	for !r.halted {
		v, err := r.m.in.next()
		if err == io.EOF {
			return nil
		}
		if err == nil {
			err = r.one(v)
		} else if !r.badInput(err) {
			return err
		} else {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// badInput reports input that cannot be read; false if err is something else.
func (r *run) badInput(err error) bool {
	var syntax *syntaxError
	var read *readError
	switch {
	case errors.As(err, &syntax):
		r.out.Flush()
		io.WriteString(r.x.Stderr, "parse error: "+syntax.msg+"\n")
	case errors.As(err, &read):
		r.out.Flush()
		r.x.Errorf("%s", read.msg)
	default:
		return false
	}
	if r.status = 4; read != nil {
		r.status = 2
	}
	return true
}

// one runs the program on one value.
func (r *run) one(v any) error {
	r.failed = false
	err := r.program.eval(r.m, &env{}, item{v: v}, func(it item) error {
		r.outputs, r.last = true, it.v
		return r.print(it.v)
	})
	var raised *valueError
	var halt *haltError
	var broken *breakError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &raised):
		r.report(raised)
		return nil
	case errors.As(err, &halt):
		r.halt(halt)
	case errors.As(err, &broken):
	case err == errDepth:
		r.report(&valueError{err.Error()})
	case r.badInput(err):
		r.halted = true
	default:
		return err
	}
	return nil
}

// print writes an output.
func (r *run) print(v any) error {
	b := r.buf[:0]
	if r.o.seq {
		b = append(b, '\x1e')
	}
	if s, ok := v.(string); ok && r.o.raw {
		b = r.rawText(b, s)
	} else {
		b = appendJSON(b, v, &r.o.style, 0)
	}
	switch {
	case r.o.zero:
		b = append(b, 0)
	case !r.o.joined:
		b = append(b, '\n')
	}
	r.buf = b
	if _, err := r.out.Write(b); err != nil {
		return err
	}
	if r.o.flush {
		return r.out.Flush()
	}
	return r.m.tick()
}

func (r *run) rawText(b []byte, s string) []byte {
	if r.o.style.ascii {
		return appendString(b, s, true)
	}
	return append(b, s...)
}

// report prints an error that was not caught, with the place in the input.
func (r *run) report(e *valueError) {
	r.out.Flush()
	r.failed = true
	where := "<unknown>"
	if r.m.in.used {
		name := r.m.in.name
		if name == "" {
			name = "<stdin>"
		}
		where = name + ":" + lineText(r.m.in.line())
	}
	switch v := e.v.(type) {
	case string:
		r.x.Errorf("error (at %s): %s", where, v)
	default:
		r.x.Errorf("error (at %s) (not a string): %s", where, toJSON(v))
	}
}

func lineText(n int) string { return string(appendNumber(nil, float64(n))) }

// halt ends the run as halt and halt_error say.
func (r *run) halt(h *haltError) {
	r.halted, r.status = true, h.status
	if !h.say {
		return
	}
	r.out.Flush()
	switch v := h.v.(type) {
	case nil:
	case string:
		io.WriteString(r.x.Stderr, v)
	default:
		io.WriteString(r.x.Stderr, toJSON(v)+"\n")
	}
}

// exit is the exit status.
func (r *run) exit() int {
	switch {
	case r.halted || r.status != 0:
		return r.status
	case r.o.inputs.failed:
		return 2
	case r.failed:
		return 5
	case !r.o.status:
		return 0
	case !r.outputs:
		return 4
	case !truthy(r.last):
		return 1
	}
	return 0
}
