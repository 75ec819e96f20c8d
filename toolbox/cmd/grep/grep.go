/*
Package grep prints lines that match patterns. It is also egrep (grep -E) and
fgrep (grep -F).

	grep [OPTION]... PATTERNS [FILE]...

PATTERNS holds one or more patterns separated by newlines. With no FILE, or
where FILE is -, it reads standard input; recursive searches read the working
directory instead.

Patterns:

	-E, --extended-regexp  patterns are extended regular expressions
	-F, --fixed-strings    patterns are strings
	-G, --basic-regexp     patterns are basic regular expressions (default)
	-P, --perl-regexp      the pattern is a Perl regular expression
	-e, --regexp=PATTERNS  use PATTERNS
	-f, --file=FILE        take patterns from FILE, one a line
	-i, -y, --ignore-case  do not tell upper from lower case
	--no-ignore-case       tell them apart (default)
	-w, --word-regexp      match only whole words
	-x, --line-regexp      match only whole lines
	-z, --null-data        lines end in a zero byte

Selection and output:

	-v, --invert-match     select lines that do not match
	-m, --max-count=NUM    stop after NUM selected lines
	-c, --count            print only the number of selected lines
	-l, --files-with-matches, -L, --files-without-match
	                       print only names of files with, or without, any
	-o, --only-matching    print only the parts that match
	-q, --quiet, --silent  print nothing
	-s, --no-messages      no messages about files that cannot be read
	-b, --byte-offset      print the offset of each line, or part
	-n, --line-number      print the number of each line
	-H, --with-filename    print the name of the file
	-h, --no-filename      do not
	--label=LABEL          the name of standard input
	-T, --initial-tab      align the text of lines with a tab
	-Z, --null             print a zero byte after each file name
	--color[=WHEN]         mark what matches: always, never, auto
	--line-buffered        write each line at once

Context:

	-A, -B, -C NUM         print NUM lines after, before, around
	-NUM                   the same as -C NUM
	--group-separator=SEP, --no-group-separator

Files:

	-r, --recursive        search directories; links only if named
	-R, --dereference-recursive
	                       follow all links
	-d, --directories=ACTION, -D, --devices=ACTION
	                       read, skip or recurse
	--include=GLOB, --exclude=GLOB, --exclude-from=FILE, --exclude-dir=GLOB
	-a, --text             binary files are text
	-I                     binary files do not match
	--binary-files=TYPE    binary, text, without-match
	-U, -u                 ignored

The exit status is 0 if a line was selected, 1 if none was, 2 on an error.

Perl patterns know all but recursion, conditions and callouts.
*/
package grep

import (
	"bufio"
	"context"

	"agentsandbox/toolbox/regex"
	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	o, operands, err := parse(x)
	if err != nil {
		return err
	}
	g := &grep{ctx: ctx, x: x, options: o, out: bufio.NewWriterSize(x.Stdout, 64<<10)}
	if err := g.compile(); err != nil {
		return err
	}
	if g.list != withoutMatch && (g.maxCount == 0 || g.never && !g.invert) {
		return tool.Exit(1) // nothing can match: no file is looked at
	}
	if err := g.operands(operands); err != nil {
		return err
	}
	if err := g.out.Flush(); err != nil {
		return err
	}
	return tool.Exit(g.status())
}

// grep is one run.
type grep struct {
	ctx context.Context
	x   *tool.Exec
	options
	out *bufio.Writer
	re  *regex.Regexp

	never   bool // there is no pattern at all
	named   bool // lines are shown with the name of their file
	matched bool
	failed  bool
	printed bool // something was printed: a gap wants a separator
	quit    bool // -q has its answer

	buf []byte // reused from file to file
	loc []int
}

// status is the exit status as things stand.
func (g *grep) status() int {
	switch {
	case g.failed && !(g.quiet && g.matched):
		return 2
	case g.matched:
		return 0
	}
	return 1
}

// fail reports an error about a file unless -s says not to.
func (g *grep) fail(name string, err error) error {
	g.failed = true
	if g.noMessages {
		return nil
	}
	if err := g.out.Flush(); err != nil {
		return err
	}
	g.x.Errorf("%s: %s", name, tool.ErrText(err))
	return nil
}
