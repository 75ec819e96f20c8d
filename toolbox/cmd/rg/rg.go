/*
Package rg searches the files below a directory for lines that match.

	rg [OPTION]... PATTERN [PATH]...
	rg [OPTION]... {-e PATTERN | -f FILE}... [PATH]...
	rg [OPTION]... --files [PATH]...

With no PATH it searches standard input if there is anything on it, else the
working directory. Files that .gitignore, .ignore or .rgignore name, hidden
files and binary files are passed over. Files are searched in the order of
their names.

Patterns (regular expressions as Perl has them):

	-e, --regexp=PATTERN     a pattern; may be given many times
	-f, --file=FILE          take patterns from FILE, one a line
	-F, --fixed-strings      patterns are strings
	-P, --pcre2              taken; lookaround and back-references always work
	-i, --ignore-case, -s, --case-sensitive
	-S, --smart-case         ignore case unless a pattern has a capital letter
	-w, --word-regexp, -x, --line-regexp
	-v, --invert-match       select lines that do not match
	-U, --multiline          matches may span lines
	--multiline-dotall       the dot matches newlines, too
	--no-unicode             \w, \d, \s and \b know ASCII only

Output:

	-n, --line-number, -N, --no-line-number
	-H, --with-filename, -I, --no-filename
	--column, -b, --byte-offset, --vimgrep
	-o, --only-matching      print only what matches
	-r, --replace=TEXT       replace what matches; $1 and $name are groups
	-c, --count, --count-matches
	-l, --files-with-matches, --files-without-match
	-A, -B, -C NUM           lines of context
	--context-separator=SEP, --no-context-separator
	-m, --max-count=NUM, -q, --quiet
	--heading, --no-heading, -p, --pretty
	--color=WHEN, -0, --null, --path-separator=TEXT, --trim, --passthru
	-M, --max-columns=NUM, --max-columns-preview
	--include-zero, --json, --stats

Files:

	-g, --glob=GLOB, --iglob=GLOB, --glob-case-insensitive
	                         search only, or with "!" before it never, files
	                         that match
	-t, --type=TYPE, -T, --type-not=TYPE
	--type-list, --type-add=SPEC, --type-clear=TYPE
	-., --hidden, -u, -uu, -uuu
	--no-ignore, --no-ignore-vcs, --no-ignore-dot, --no-ignore-parent,
	--no-ignore-exclude, --ignore-file=FILE, --no-require-git
	-L, --follow, -d, --max-depth=NUM, --max-filesize=SIZE
	-a, --text, --binary
	-E, --encoding=NAME      utf-8, utf-16le, utf-16be, latin1 or none
	--files                  print the files that would be searched
	--sort=KEY, --sortr=KEY  path, modified
	--no-messages

Taken and ignored: -j, --threads, --colors, --crlf, --debug, --engine,
--line-buffered, --block-buffered, --mmap, --no-config and the like. A file is
read before it is searched, standard input as well.

The exit status is 0 if there was a match, 1 if there was none, 2 on an error.
*/
package rg

import (
	"bufio"
	"context"
	"errors"
	"io"
	"time"

	"agentsandbox/toolbox/regex"
	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	o, paths, err := parse(x)
	if err != nil {
		return err
	}
	sent := &counter{w: x.Stdout}
	r := &rg{ctx: ctx, x: x, options: o, out: output{bufio.NewWriterSize(sent, 64<<10), sent}, started: x.Now()}
	if err := r.run(paths); err != nil {
		return err
	}
	if err := r.out.Flush(); err != nil {
		return err
	}
	return tool.Exit(r.status())
}

// counter counts what is written to a stream.
type counter struct {
	w io.Writer
	n int
}

// Write implements io.Writer.
func (c *counter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n += n
	return n, err
}

// output is standard output.
type output struct {
	*bufio.Writer
	sent *counter
}

// count is how much was written so far.
func (o *output) count() int { return o.sent.n + o.Buffered() }

// rg is one run.
type rg struct {
	ctx context.Context
	x   *tool.Exec
	options
	out output
	re  *regex.Regexp

	named   bool // lines are shown with the name of their file
	started time.Time
	matched bool
	failed  bool
	printed bool // something was printed before
	quit    bool
	stats   stats
	loc     []int

	printedBytes int // by --json
}

// stats is what --stats and --json count.
type stats struct {
	searches, searched, withMatch, matches, lines int
	bytes                                         int64
}

func (r *rg) status() int {
	switch {
	case r.matched && (r.quiet || !r.failed):
		return 0
	case r.failed:
		return 2
	}
	return 1
}

func (r *rg) run(paths []string) error {
	if r.typeList {
		return r.listTypes()
	}
	if !r.files {
		if err := r.compile(); err != nil {
			return err
		}
	}
	if len(paths) == 0 && !r.files {
		used, err := r.stdin()
		if used || err != nil {
			return errors.Join(err, r.summary())
		}
	}
	if err := r.walk(paths); err != nil {
		return err
	}
	if len(paths) == 0 && r.stats.searches == 0 && !r.files && !r.noMessages {
		r.failed = true
		io.WriteString(r.x.Stderr, nothingText)
	}
	return r.summary()
}

const nothingText = `No files were searched, which means ripgrep probably applied a filter you didn't expect.
Running with --debug will show why files are being skipped.
`

// stdin searches standard input if there is anything on it.
func (r *rg) stdin() (used bool, err error) {
	if r.x.IsTerminal(0) {
		return false, nil
	}
	in := bufio.NewReader(r.x.Stdin)
	if _, err := in.Peek(1); err != nil {
		return false, nil
	}
	r.named = r.filename > 0
	return true, r.stream(in)
}

// stream searches standard input.
func (r *rg) stream(in io.Reader) error {
	data, err := r.readAll(in, 0)
	if err != nil {
		return r.fail("<stdin>", err)
	}
	return r.search(target{name: "<stdin>", given: true}, data)
}

// fail reports a file that cannot be read.
func (r *rg) fail(name string, err error) error {
	return r.report(name + ": " + osError(err))
}

// report prints an error, unless --no-messages.
func (r *rg) report(text string) error {
	r.failed = true
	if r.noMessages {
		return nil
	}
	if err := r.out.Flush(); err != nil {
		return err
	}
	_, err := io.WriteString(r.x.Stderr, text+"\n")
	return err
}
