/*
Package tail writes the last part of files.

	tail [OPTION]... [FILE]...

Without FILE, or for "-", it reads standard input. More than one file is
written with a header each.

	-c, --bytes=[+]N        the last N bytes; with "+" from byte N on
	-f, --follow[={name|descriptor}]
	                        go on with what is appended
	-F                      as --follow=name --retry
	-n, --lines=[+]N        the last N lines instead of 10; with "+" from line N on
	    --pid=PID           ignored
	    --max-unchanged-stats=N
	                        ignored
	-q, --quiet, --silent   never write headers
	    --retry             keep trying to open a file
	-s, --sleep-interval=N  with -f, look every N seconds (1.0)
	-v, --verbose           always write headers
	-z, --zero-terminated   lines end in NUL
	-N, +N                  as -n N, -n +N; also -Nc, -Nf; alone and first

N may have a unit: b 512, kB 1000, K 1024, MB 1000*1000, M 1024*1024, and so on
for G, T, P, E, Z, Y; also KiB = K.
*/
package tail

import (
	"bufio"
	"context"

	"agentsandbox/toolbox/tool"
)

// tail is one run.
type tail struct {
	options
	ctx     context.Context
	x       *tool.Exec
	w       *bufio.Writer
	headers bool
	last    *input // whose header was written last
	failed  bool
}

// input is one file. f is nil where it could not be opened.
type input struct {
	name  string
	shown string
	f     *tool.File
	close func() error
	gone  bool // was reported as inaccessible
}

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	t := tail{ctx: ctx, x: x, w: x.Writer()}
	names, err := t.parse(x)
	if err != nil {
		return err
	}
	if len(names) == 0 {
		names = []string{"-"}
	}
	t.headers = t.verbose || len(names) > 1 && !t.quiet
	inputs := make([]*input, len(names))
	defer func() {
		for _, in := range inputs {
			if in != nil && in.f != nil {
				in.close()
			}
		}
	}()
	for i, name := range names {
		inputs[i] = &input{name: name, shown: name}
		if name == "-" {
			inputs[i].shown = "standard input"
		}
		if err := t.file(inputs[i]); err != nil {
			return err
		}
	}
	if t.follow {
		if err := t.followAll(inputs); err != nil {
			return err
		}
	}
	if err := t.w.Flush(); err != nil {
		return err
	}
	if t.failed {
		return tool.Exit(1)
	}
	return nil
}

// file writes the tail of one file; the error is one that ends the run.
func (t *tail) file(in *input) error {
	f, closeFile, err := t.x.OpenInput(in.name)
	if err != nil {
		in.gone = true
		return t.report("cannot open %s for reading: %s", tool.Quote(in.shown), tool.ErrText(err))
	}
	in.f, in.close = f, closeFile
	if t.headers {
		t.header(in)
	}
	err = t.tail(f)
	if tool.ReadFailed(err) {
		in.drop()
		if err := t.report("error reading %s: %s", tool.Quote(in.shown), tool.ErrText(err)); err != nil || !t.follow {
			return err
		}
		end := "; giving up on this name"
		if t.byName && t.retry {
			end = ""
		}
		return t.report("%s: cannot follow end of this type of file%s", tool.QuoteFile(in.shown), end)
	}
	return err
}

func (in *input) drop() {
	in.close()
	in.f = nil
}

func (t *tail) header(in *input) {
	if t.last != nil {
		t.w.WriteByte('\n')
	}
	t.last = in
	t.w.WriteString("==> " + in.shown + " <==\n")
}

func (t *tail) report(format string, args ...any) error {
	t.failed = true
	return t.say(format, args...)
}

// say prints a message in its place among the output.
func (t *tail) say(format string, args ...any) error {
	if err := t.w.Flush(); err != nil {
		return err
	}
	t.x.Errorf(format, args...)
	return nil
}

// write writes a block at once: what feeds the pipe may pause.
func (t *tail) write(block []byte) error {
	t.w.Write(block)
	return t.w.Flush()
}
