/*
Package nl numbers lines.

	nl [OPTION]... [FILE]...

Without FILE, or for "-", it reads standard input.

	-b, --body-numbering=STYLE    which lines of the body to number (t)
	-d, --section-delimiter=CC    what a line that begins a section is made of (\:)
	-f, --footer-numbering=STYLE  which lines of the footer to number (n)
	-h, --header-numbering=STYLE  which lines of the header to number (n)
	-i, --line-increment=N        count in steps of N (1)
	-l, --join-blank-lines=N      count N empty lines as one (1)
	-n, --number-format=FORMAT    ln (left), rn (right), rz (right, with zeros)
	-p, --no-renumber             do not begin anew with each section
	-s, --number-separator=STRING write STRING behind the number (a tab)
	-v, --starting-line-number=N  the first number (1)
	-w, --number-width=N          columns of a number (6)

STYLE is a (all lines), t (lines that are not empty), n (none) or pBRE (lines
that match BRE). A line of CC three times begins the header of a page, twice its
body, once its footer.
*/
package nl

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"agentsandbox/toolbox/regex"
	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// style says which lines of a section are numbered.
type style struct {
	kind byte // a, t, n or p
	re   *regex.Regexp
}

// The sections of a page, in the order of how often their line holds CC.
const (
	footer = iota
	body
	header
)

// nl is one run.
type nl struct {
	styles      [3]style
	delimiter   string
	step, first int64
	join        int64
	format      string
	keepCount   bool
	separator   string
	width       int

	w       *bufio.Writer
	section int
	number  int64
	blanks  int64  // empty lines in a row
	text    []byte // of the number, to be used again
}

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	n := nl{styles: [3]style{{kind: 'n'}, {kind: 't'}, {kind: 'n'}}, delimiter: `\:`, step: 1, first: 1, join: 1,
		format: "rn", separator: "\t", width: 6, w: x.Writer(), section: body}
	names, err := n.parse(x)
	if err != nil {
		return err
	}
	n.number = n.first
	err = x.EachInput(n.w, names, func(_ string, f *tool.File) error {
		lines := x.Lines(ctx, f, '\n')
		lines.BeforeRead = n.w.Flush
		for {
			line, _, err := lines.NextText()
			if err == io.EOF {
				return nil
			}
			if err == nil {
				err = n.line(line)
			}
			if err != nil {
				return err
			}
		}
	})
	if flushErr := n.w.Flush(); flushErr != nil {
		return flushErr
	}
	return err
}

func (n *nl) parse(x *tool.Exec) ([]string, error) {
	f := tool.NewFlags(x)
	styles := func(short byte, name string, section int) {
		f.Func(short, name+"-numbering", func(s string) error {
			st, ok, err := parseStyle(s)
			if err == nil && !ok {
				return f.Errorf("invalid %s numbering style: %s", name, tool.QuoteText(s))
			}
			n.styles[section] = st
			return err
		})
	}
	styles('b', "body", body)
	f.Func('d', "section-delimiter", func(s string) error {
		if len(s) == 1 {
			s += ":"
		}
		n.delimiter = s
		return nil
	})
	styles('f', "footer", footer)
	styles('h', "header", header)
	f.Func('i', "line-increment", integer(&n.step, "line number increment", false))
	f.Func('l', "join-blank-lines", integer(&n.join, "line number of blank lines", true))
	f.Func('n', "number-format", func(s string) error {
		if s != "ln" && s != "rn" && s != "rz" {
			return f.Errorf("invalid line numbering format: %s", tool.QuoteText(s))
		}
		n.format = s
		return nil
	})
	f.BoolVar(&n.keepCount, true, 'p', "no-renumber")
	f.Func('s', "number-separator", func(s string) error { n.separator = s; return nil })
	f.Func('v', "starting-line-number", integer(&n.first, "starting line number", false))
	var width int64
	f.Func('w', "number-width", func(s string) error {
		err := integer(&width, "line number field width", true)(s)
		n.width = int(min(width, 1<<20))
		return err
	})
	return f.Parse()
}

func parseStyle(s string) (st style, ok bool, err error) {
	if pattern, is := strings.CutPrefix(s, "p"); is {
		re, err := regex.Compile(pattern, regex.LooseBRE, 0)
		return style{'p', re}, true, err
	}
	if s == "" || strings.IndexByte("atn", s[0]) < 0 {
		return st, false, nil
	}
	return style{kind: s[0]}, true, nil
}

// integer reads a number, positive if it must be.
func integer(to *int64, what string, positive bool) func(string) error {
	return func(s string) error {
		v, err := strconv.ParseInt(strings.TrimLeft(s, " \t"), 10, 64)
		switch e, _ := err.(*strconv.NumError); {
		case e != nil && e.Err == strconv.ErrSyntax:
			return fmt.Errorf("invalid %s: %s", what, tool.QuoteText(s))
		case err != nil:
			return fmt.Errorf("invalid %s: %s: %s", what, tool.QuoteText(s), vfs.EOVERFLOW.Error())
		case positive && v < 1:
			return fmt.Errorf("invalid %s: %s: %s", what, tool.QuoteText(s), vfs.ERANGE.Error())
		}
		*to = v
		return nil
	}
}

func (n *nl) line(line []byte) error {
	if section, ok := n.begins(line); ok {
		n.section = section
		if !n.keepCount {
			n.number = n.first
		}
		return n.w.WriteByte('\n')
	}
	numbered, err := n.numbered(line)
	if err != nil {
		return err
	}
	if numbered {
		n.writeNumber()
	} else {
		n.w.WriteString(strings.Repeat(" ", n.width+len(n.separator)))
	}
	n.w.Write(line)
	return n.w.WriteByte('\n')
}

// begins reports whether a line begins a section, and which.
func (n *nl) begins(line []byte) (section int, ok bool) {
	if len(n.delimiter) < 2 {
		return 0, false
	}
	for section := header; section >= footer; section-- {
		if string(line) == strings.Repeat(n.delimiter, section+1) {
			return section, true
		}
	}
	return 0, false
}

func (n *nl) numbered(line []byte) (bool, error) {
	switch s := n.styles[n.section]; s.kind {
	case 'a':
		if n.join <= 1 {
			return true, nil
		}
		if n.blanks++; len(line) > 0 || n.blanks == n.join {
			n.blanks = 0
			return true, nil
		}
		return false, nil
	case 't':
		return len(line) > 0, nil
	case 'p':
		return s.re.Match(line)
	}
	return false, nil
}

func (n *nl) writeNumber() {
	text := strconv.AppendInt(n.text[:0], n.number, 10)
	n.text = text
	pad := n.width - len(text)
	switch {
	case n.format == "rn":
		n.pad(pad, ' ')
	case n.format == "rz" && n.number < 0:
		n.w.WriteByte('-')
		text = text[1:]
		n.pad(pad, '0')
	case n.format == "rz":
		n.pad(pad, '0')
	}
	n.w.Write(text)
	if n.format == "ln" {
		n.pad(pad, ' ')
	}
	n.w.WriteString(n.separator)
	n.number += n.step
}

func (n *nl) pad(count int, c byte) {
	for range count {
		n.w.WriteByte(c)
	}
}
