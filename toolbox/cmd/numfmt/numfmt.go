/*
Package numfmt converts numbers to and from forms that people read.

	numfmt [OPTION]... [NUMBER]...

Without NUMBER it reads lines from standard input.

	-d, --delimiter=X      fields are separated by X, not by blanks
	    --field=FIELDS     convert these fields (1): N, N-, N-M, -M, -, with commas
	    --format=FORMAT    write as printf's %f
	    --from=UNIT        scale what is read
	    --from-unit=N      the size of what is read (1)
	    --grouping         accepted
	    --header[=N]       write the first N lines (1) as they are
	    --invalid=MODE     on what is no number: abort, fail, warn, ignore
	    --padding=N        pad to N characters, to the right if N is negative
	    --round=METHOD     up, down, from-zero (the default), towards-zero, nearest
	    --suffix=SUFFIX    write SUFFIX behind numbers, and accept it
	    --to=UNIT          scale what is written
	    --to-unit=N        the size of what is written (1)
	-z, --zero-terminated  lines end in NUL

UNIT is none, si (1K = 1000), iec (1K = 1024), iec-i (1Ki = 1024), and for
--from also auto (1K = 1000, 1Ki = 1024).
*/
package numfmt

import (
	"bufio"
	"context"
	"io"
	"strings"

	"agentsandbox/toolbox/tool"
)

// numfmt is one run.
type numfmt struct {
	options
	x      *tool.Exec
	w      *bufio.Writer
	failed bool
}

// invalid is the exit status for what is no number.
const invalid = 2

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	n := numfmt{x: x, w: x.Writer()}
	args, err := n.parse(x)
	if err != nil {
		return err
	}
	if len(args) > 0 {
		for _, arg := range args {
			if err := n.line(arg); err != nil {
				return err
			}
		}
	} else if err := n.stdin(ctx); err != nil {
		return err
	}
	if err := n.w.Flush(); err != nil {
		return err
	}
	if n.failed {
		return tool.Exit(invalid)
	}
	return nil
}

func (n *numfmt) stdin(ctx context.Context) error {
	lines := n.x.Lines(ctx, n.x.Stdin, n.end)
	lines.BeforeRead = n.w.Flush
	for count := 0; ; count++ {
		line, whole, err := lines.NextText()
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		case count < n.header:
			n.w.Write(line)
			if whole {
				n.w.WriteByte(n.end)
			}
			continue
		}
		if err := n.line(string(line)); err != nil {
			return err
		}
	}
}

// line converts the fields of a line that are asked for.
func (n *numfmt) line(line string) error {
	for field := 1; ; field++ {
		text, rest, more := n.cut(line)
		if n.wanted(field) {
			converted, err := n.convert(text, field)
			if err != nil {
				return err
			}
			text = converted
		}
		n.w.WriteString(text)
		if !more {
			return n.w.WriteByte(n.end)
		}
		if n.delimiter == "" {
			n.w.WriteByte(' ')
		} else {
			n.w.WriteString(n.delimiter)
		}
		line = rest
	}
}

// cut takes the first field off a line; blanks before it belong to it.
func (n *numfmt) cut(line string) (field, rest string, more bool) {
	if n.delimiter != "" {
		return strings.Cut(line, n.delimiter)
	}
	i := len(line) - len(strings.TrimLeft(line, " \t\n"))
	end := strings.IndexAny(line[i:], " \t\n")
	if end < 0 {
		return line, "", false
	}
	return line[:i+end], line[i+end+1:], true
}

// convert converts one field. What is no number stays as it is, unless that
// ends the run.
func (n *numfmt) convert(text string, field int) (string, error) {
	number := strings.TrimLeft(text, " \t")
	width := n.padding
	if width == 0 && n.delimiter == "" && (number != text || field > 1) {
		width = len(text)
	}
	out, err := n.number(number)
	if err == nil {
		return pad(out, width), nil
	}
	if n.onInvalid != ignore {
		if flushErr := n.w.Flush(); flushErr != nil {
			return "", flushErr
		}
		n.x.Errorf("%v", err)
	}
	if n.onInvalid == abort {
		return "", tool.Exit(invalid)
	}
	n.failed = n.failed || n.onInvalid == fail
	return text, nil
}

// pad pads to the left, or to the right if width is negative.
func pad(s string, width int) string {
	switch {
	case width > len(s):
		return strings.Repeat(" ", width-len(s)) + s
	case -width > len(s):
		return s + strings.Repeat(" ", -width-len(s))
	}
	return s
}
