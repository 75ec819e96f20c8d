/*
Package diff compares files line by line.

	diff [OPTION]... FILE1 FILE2

Two directories are compared file by file; a directory and a file are compared
as the file of that name in the directory. "-" is standard input.

Output:

	    --normal                as commands of ed and the lines (the default)
	-u, -U N, --unified[=N]     with N (3) lines of context, as a patch
	-c, -C N, --context[=N]     the same in the older form
	-e, --ed                    as a script for ed
	-n, --rcs                   as RCS does
	-y, --side-by-side          in two columns
	-W, --width=N               columns of -y (130)
	    --left-column           with -y, write what is common on the left only
	    --suppress-common-lines with -y, leave out what is common
	-D, --ifdef=NAME            both files as one, with #ifdef NAME
	    --GTYPE-group-format=F  GTYPE is old, new, unchanged or changed: F holds
	                            text and %< (lines of FILE1) %> (FILE2) %=
	    --line-format=F, --LTYPE-line-format=F
	                            LTYPE is old, new or unchanged: F holds text and
	                            %L (the line) %l (without its newline) %dn (number)
	-q, --brief                 say only that files differ
	-s, --report-identical-files
	                            say that files are identical
	-p, --show-c-function       show the C function each change is in
	-F, --show-function-line=RE show the last line that matches RE
	    --label=LABEL           LABEL instead of the name and time, may be given twice
	-t, --expand-tabs           turn tabs into spaces
	-T, --initial-tab           put a tab before each line
	    --tabsize=N             a tab stop every N columns (8)
	    --color[=WHEN]          colour: never, always or auto

What differs:

	-i, --ignore-case           ignore case
	-E, --ignore-tab-expansion  ignore changes from tabs to spaces
	-Z, --ignore-trailing-space ignore blanks at the end of lines
	-b, --ignore-space-change   ignore how many blanks there are
	-w, --ignore-all-space      ignore all blanks
	-B, --ignore-blank-lines    ignore changes of empty lines
	-I, --ignore-matching-lines=RE
	                            ignore changes of lines that match RE
	-a, --text                  take all files as text
	    --strip-trailing-cr     ignore a carriage return at the end of lines
	-d, --minimal               look harder for a smaller set of changes
	    --horizon-lines=N       look at N of the lines in common at both ends
	    --speed-large-files     ignored

Directories:

	-r, --recursive             go into directories
	-N, --new-file              take files that are missing as empty
	    --unidirectional-new-file
	                            the same for FILE1 only
	    --no-dereference        compare symbolic links, not what they lead to
	-x, --exclude=PATTERN       leave out files that match PATTERN
	-X, --exclude-from=FILE     leave out files that match a pattern in FILE
	-S, --starting-file=FILE    begin with FILE
	    --ignore-file-name-case ignore case of names
	    --from-file=FILE, --to-file=FILE
	                            compare FILE with all operands

The exit status is 0 if there is no difference, 1 if there is, 2 for trouble.
*/
package diff

import (
	"bufio"
	"context"

	"agentsandbox/toolbox/tool"
)

// diff is one run.
type diff struct {
	options
	ctx    context.Context
	x      *tool.Exec
	w      *bufio.Writer
	stdin  []byte // once read
	read   bool
	header []byte // "diff -r a b", to be written before the next output
}

// The exit statuses, in the order in which one outweighs another.
const (
	same      = 0
	different = 1
	trouble   = 2
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	d := diff{ctx: ctx, x: x, w: x.Writer()}
	operands, err := d.parse(x)
	if err != nil {
		return err
	}
	status := same
	for _, pair := range d.pairs(operands) {
		s, err := d.top(pair[0], pair[1])
		if err != nil {
			return explain(x, err)
		}
		status = max(status, s)
	}
	if err := d.w.Flush(); err != nil {
		return err
	}
	return tool.Exit(status)
}

// explain gives an error the status that diff has for trouble.
func explain(x *tool.Exec, err error) error {
	if tool.Trouble(err) {
		x.Warn(err)
		return tool.Exit(trouble)
	}
	return err
}

// pairs lists what is compared with what.
func (d *diff) pairs(operands []string) [][2]string {
	var pairs [][2]string
	for _, name := range operands {
		switch {
		case d.fromFile != "":
			pairs = append(pairs, [2]string{d.fromFile, name})
		case d.toFile != "":
			pairs = append(pairs, [2]string{name, d.toFile})
		}
	}
	if pairs == nil {
		pairs = [][2]string{{operands[0], operands[1]}}
	}
	return pairs
}

// say writes a line of a report: "Only in …".
func (d *diff) say(line string) error {
	_, err := d.w.WriteString(line + "\n")
	return err
}

// warn prints a message in its place among the output.
func (d *diff) warn(name string, err error) error {
	if err := d.w.Flush(); err != nil {
		return err
	}
	d.x.Errorf("%s: %s", name, tool.ErrText(err))
	return nil
}
