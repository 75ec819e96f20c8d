/*
Package sed edits a stream of text.

	sed [OPTION]... {SCRIPT | -e SCRIPT | -f FILE}... [INPUT-FILE]...

For each line of input, without its newline, the script runs on it, and it is
printed. With no INPUT-FILE, or where it is -, input is standard input.

	-n, --quiet, --silent   do not print by default
	-e, --expression=SCRIPT add SCRIPT to the commands
	-f, --file=FILE         add the commands in FILE
	-E, -r, --regexp-extended
	                        use extended regular expressions
	-i, --in-place[=SUFFIX] edit files in place, keep a copy if SUFFIX is given
	-s, --separate          take files as separate, not as one long stream
	-z, --null-data         lines end in a zero byte
	-l, --line-length=N     where the command l wraps lines
	-u, --unbuffered        write each line at once
	--posix                 no GNU extensions
	--sandbox               refuse the commands e, r and w
	--follow-symlinks       edit what a link leads to
	--debug                 ignored

Addresses: NUMBER, FIRST~STEP, $, /REGEX/, \cREGEXc, each with the flags I and
M; two of them joined by a comma; ADDR,+N; ADDR,~N; 0,/REGEX/; and ! behind.

Commands:

	{ … }  = a b c d D e F g G h H i l n N p P q Q r R s t T v w W x y z : #

s/REGEX/REPLACEMENT/FLAGS takes the flags g, p, NUMBER, I, M, e and w FILE; the
replacement may hold &, \1 to \9, and \U \L \u \l \E to change case.

The exit status is 0; 1 for a script that is wrong; 2 if a file could not be
read; 4 for an error of input or output; or what the command q or Q says.
*/
package sed

import (
	"context"
	"strconv"

	"agentsandbox/toolbox/tool"
)

// options are the settings of one run.
type options struct {
	quiet, extended, separate, unbuffered, posix, sandbox, follow bool
	inPlace                                                       bool
	suffix                                                        string
	delim                                                         byte
	wrap                                                          int
	utf8                                                          bool
}

const usage = "Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]..."

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	o := options{delim: '\n', wrap: 70, utf8: x.UTF8()}
	f := tool.NewFlags(x)
	f.Synopsis = usage
	var chunks []chunk
	o.define(f)
	f.Func('e', "expression", func(s string) error {
		chunks = append(chunks, chunk{text: s})
		return nil
	})
	f.Func('f', "file", func(name string) error {
		c, err := readScript(x, name)
		chunks = append(chunks, c)
		return err
	})
	files, err := f.Parse()
	if err != nil {
		return err
	}
	if len(chunks) == 0 {
		if len(files) == 0 {
			return f.Hint()
		}
		chunks, files = []chunk{{text: files[0]}}, files[1:]
	}
	return run(ctx, x, o, chunks, files)
}

func (o *options) define(f *tool.Flags) {
	f.BoolVar(&o.quiet, true, 'n', "quiet")
	f.BoolVar(&o.quiet, true, 0, "silent")
	f.BoolVar(&o.extended, true, 'E', "regexp-extended")
	f.BoolVar(&o.extended, true, 'r', "")
	f.BoolVar(&o.separate, true, 's', "separate")
	f.BoolVar(&o.unbuffered, true, 'u', "unbuffered")
	f.BoolVar(&o.posix, true, 0, "posix")
	f.BoolVar(&o.sandbox, true, 0, "sandbox")
	f.BoolVar(&o.follow, true, 0, "follow-symlinks")
	f.Switch(0, "debug", func() {})
	f.Switch('b', "binary", func() {})
	f.Switch('z', "null-data", func() { o.delim = 0 })
	f.Optional('i', "in-place", "", func(s string) error {
		o.inPlace, o.separate, o.suffix = true, true, s
		return nil
	})
	f.Func('l', "line-length", func(s string) error {
		n, err := strconv.Atoi(s)
		if err != nil || n < 0 {
			return &scriptError{"invalid line length: " + s}
		}
		o.wrap = n
		return nil
	})
}

// maxScript bounds the size of a script file.
const maxScript = 16 << 20

func readScript(x *tool.Exec, name string) (chunk, error) {
	data, err := x.ReadFile(name, maxScript)
	if err != nil {
		return chunk{}, x.Fail(4, "couldn't open file %s: %s", name, tool.ErrText(err))
	}
	return chunk{text: string(data), file: name}, nil
}

func run(ctx context.Context, x *tool.Exec, o options, chunks []chunk, files []string) error {
	p, err := parseScript(x, &o, chunks)
	if err != nil {
		return err
	}
	m := newMachine(ctx, x, o, p, files)
	defer m.close()
	return m.run()
}
