/*
Package xargs builds commands from what it reads, and runs them.

	xargs [OPTION]... [COMMAND [INITIAL-ARGS]...]

Items are words between blanks and newlines, with quotes and backslashes as in
the shell. Without COMMAND they are echoed.

	-0, --null                   items end in NUL, nothing is special
	-d, --delimiter=C            items end in the character C
	-a, --arg-file=FILE          read FILE, not standard input
	-E END, -e[END], --eof[=END] stop at the item END
	-I R, -i[R], --replace[=R]   once for each line, put in the place of R
	-L N, -l[N], --max-lines[=N] N lines at once
	-n, --max-args=N             N items at once
	-s, --max-chars=N            command lines of N bytes at most
	-P, --max-procs=N            N commands at a time; 0 for many
	-r, --no-run-if-empty        not at all where there is no item
	-t, --verbose                print each command on standard error
	-p, --interactive            ask before each
	-x, --exit                   exit if the bound of -s keeps -n or -L from it
	-o, --open-tty               with the terminal as standard input
	--process-slot-var=NAME      tell each of those that run at once its number
	--show-limits

It exits with 123 if a command exits with 1 to 125, 124 if one exits with 255,
126 if it cannot be run, 127 if there is none, 1 where xargs itself fails.
*/
package xargs

import (
	"context"
	"errors"
	"io"
	"strings"

	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	opts, command, err := parse(x)
	if err != nil {
		return err
	}
	in, file, err := openInput(x, &opts)
	if err != nil {
		return err
	}
	if file != nil {
		defer file.Close()
	}
	r := newRunner(ctx, x, opts)
	b := builder{options: opts, runner: r, command: command}
	err = b.start()
	if err == nil {
		err = b.read(newReader(ctx, x, in, opts))
	}
	if waitErr := r.wait(); err == nil {
		err = waitErr
	}
	return err
}

// openInput opens what items are read from. The commands get nothing to read,
// but standard input where the items come from elsewhere.
func openInput(x *tool.Exec, o *options) (io.Reader, io.Closer, error) {
	in := x.Stdin
	o.stdin = tool.StreamFile(strings.NewReader(""), nil)
	if o.file == "" || o.file == "-" {
		return in, nil, nil
	}
	f, err := x.Open(o.file)
	if err != nil {
		return nil, nil, x.Fail(1, "Cannot open input file %s: %s", tool.QuoteText(o.file), tool.ErrText(err))
	}
	o.stdin = in
	return f, f, nil
}

// builder collects items into command lines.
type builder struct {
	options
	runner  *runner
	command []string
	argv    []string
	size    int // bytes of argv
	lines   int // in argv
	ran     bool
}

// start begins the first command line.
func (b *builder) start() error {
	b.reset()
	if b.size > b.maxChars {
		return b.runner.x.Fail(1, "cannot fit single argument within argument list size limit")
	}
	return nil
}

func (b *builder) reset() {
	b.argv = append([]string{}, b.command...)
	b.size, b.lines = 0, 0
	for _, arg := range b.command {
		b.size += len(arg) + 1
	}
}

func (b *builder) empty() bool { return len(b.argv) == len(b.command) }

// read runs commands for all items. What was collected is run, too, where an
// item cannot be read.
func (b *builder) read(in *reader) error {
	for {
		item, lineEnd, err := in.next()
		if err == io.EOF {
			return b.finish()
		}
		if err != nil {
			return b.broken(err)
		}
		if b.replace != "" {
			err = b.runReplaced(item)
		} else {
			err = b.add(item, lineEnd)
		}
		if err != nil {
			return err
		}
	}
}

// broken ends a run whose input is wrong.
func (b *builder) broken(err error) error {
	var bad inputError
	if !errors.As(err, &bad) {
		return err
	}
	b.runner.x.Errorf("%s", err)
	if !b.empty() {
		if err := b.run(); err != nil {
			return err
		}
	}
	return tool.Exit(1)
}

// add puts an item into the command line, and runs it once it is full.
func (b *builder) add(item string, lineEnd bool) error {
	if b.size+len(item)+1 > b.maxChars {
		switch {
		case b.empty():
			return b.runner.x.Fail(1, "cannot fit single argument within argument list size limit")
		case b.exit && (b.maxArgs > 0 || b.maxLines > 0):
			return b.runner.x.Fail(1, "argument list too long")
		}
		if err := b.run(); err != nil {
			return err
		}
	}
	b.argv = append(b.argv, item)
	b.size += len(item) + 1
	if lineEnd {
		b.lines++
	}
	if b.maxArgs > 0 && len(b.argv)-len(b.command) >= b.maxArgs || b.maxLines > 0 && b.lines >= b.maxLines {
		return b.run()
	}
	return nil
}

func (b *builder) run() error {
	argv := b.argv
	b.reset()
	b.ran = true
	return b.runner.run(argv)
}

// finish runs what is left, or, once, the bare command if there was no item.
func (b *builder) finish() error {
	if b.empty() && (b.ran || b.noRunIfEmpty || b.replace != "") {
		return nil
	}
	return b.run()
}

// runReplaced runs the command with the item in the place of the replacement.
func (b *builder) runReplaced(item string) error {
	argv := make([]string, len(b.command))
	size := 0
	for i, arg := range b.command {
		if i > 0 {
			arg = strings.ReplaceAll(arg, b.replace, item)
		}
		argv[i] = arg
		if size += len(arg) + 1; size > b.maxChars {
			return b.runner.x.Fail(1, "argument list too long")
		}
	}
	b.ran = true
	return b.runner.run(argv)
}
