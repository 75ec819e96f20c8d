/*
Package wc counts the lines, words and bytes of files.

	wc [OPTION]... [FILE]...
	wc [OPTION]... --files0-from=F

Without FILE, or for "-", it reads standard input. More than one file gets a
line with the total. A word is a run of characters that print, delimited by
white space.

	-c, --bytes            print the number of bytes
	-m, --chars            print the number of characters
	-l, --lines            print the number of newlines
	-L, --max-line-length  print the largest display width
	-w, --words            print the number of words
	    --files0-from=F    read the names of files from F, each ended by NUL

Without options it prints lines, words and bytes. The order is always lines,
words, characters, bytes, width.
*/
package wc

import (
	"bufio"
	"context"
	"io"
	"strconv"
	"strings"

	"agentsandbox/toolbox/tool"
)

// wc is one run: what to print, and the sum.
type wc struct {
	lines, words, chars, bytes, width bool

	x      *tool.Exec
	ctx    context.Context
	w      *bufio.Writer
	list   string // the file of --files0-from, "" for none
	column int    // digits of a printed number
	total  counts
	failed bool
}

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	c := wc{x: x, ctx: ctx, w: x.Writer()}
	names, err := c.parse()
	if err != nil {
		return err
	}
	stdin := len(names) == 0 && c.list == ""
	if stdin {
		names = []string{"-"}
	}
	for i, name := range names {
		if err := c.named(i, name, stdin); err != nil {
			return err
		}
	}
	if len(names) > 1 {
		c.print(c.total, " total")
	}
	if err := c.w.Flush(); err != nil {
		return err
	}
	if c.failed {
		return tool.Exit(1)
	}
	return nil
}

func (c *wc) parse() ([]string, error) {
	f := tool.NewFlags(c.x)
	f.BoolVar(&c.bytes, true, 'c', "bytes")
	f.BoolVar(&c.chars, true, 'm', "chars")
	f.BoolVar(&c.lines, true, 'l', "lines")
	f.BoolVar(&c.width, true, 'L', "max-line-length")
	f.BoolVar(&c.words, true, 'w', "words")
	f.Func(0, "files0-from", func(s string) error { c.list = s; return nil })
	names, err := f.Parse()
	if err != nil {
		return nil, err
	}
	if !c.bytes && !c.chars && !c.lines && !c.width && !c.words {
		c.lines, c.words, c.bytes = true, true, true
	}
	c.column = 1
	if c.list == "" {
		c.column = c.columnWidth(names)
		return names, nil
	}
	if len(names) > 0 {
		c.x.Errorf("extra operand %s", tool.Quote(names[0]))
		c.x.Stderr.Write([]byte("file operands cannot be combined with --files0-from\n"))
		return nil, c.hint()
	}
	return c.readList()
}

func (c *wc) hint() error {
	io.WriteString(c.x.Stderr, "Try '"+c.x.Name+" --help' for more information.\n")
	return tool.Exit(1)
}

// readList reads the names of --files0-from.
func (c *wc) readList() ([]string, error) {
	f, closeFile, err := c.x.OpenInput(c.list)
	if err != nil {
		return nil, c.x.Fail(1, "cannot open %s for reading: %s", tool.Quote(c.list), tool.ErrText(err))
	}
	defer closeFile()
	var names []string
	lines := c.x.Lines(c.ctx, f, 0)
	for {
		name, _, err := lines.NextText()
		switch {
		case err == io.EOF:
			if !f.Stream() {
				c.column = c.columnWidth(names)
			}
			return names, nil
		case tool.ReadFailed(err):
			return nil, c.x.Fail(1, "%s: read error: %s", tool.QuoteFile(c.list), tool.ErrText(err))
		case err != nil:
			return nil, err
		}
		names = append(names, string(name))
	}
}

// columnWidth finds the width of the columns before anything is counted, from
// the sizes of the files. A single number stands alone.
func (c *wc) columnWidth(names []string) int {
	single := 0
	for _, on := range []bool{c.lines, c.words, c.chars, c.bytes, c.width} {
		if on {
			single++
		}
	}
	if len(names) == 1 && single == 1 {
		return 1
	}
	if len(names) == 0 {
		names = []string{"-"}
		if single == 1 {
			return 1
		}
	}
	least, sum := 1, int64(0)
	for _, name := range names {
		size, regular, err := c.size(name)
		switch {
		case err != nil:
		case regular:
			sum += size
		default:
			least = 7
		}
	}
	return max(least, len(strconv.FormatInt(sum, 10)))
}

func (c *wc) size(name string) (size int64, regular bool, err error) {
	if name == "-" {
		f, ok := c.x.Stdin.(*tool.File)
		if !ok || f.Stream() {
			return 0, false, nil
		}
		info, err := f.Stat()
		return info.Size, info.Mode.IsRegular(), err
	}
	info, err := c.x.Stat(name)
	return info.Size, info.Mode.IsRegular(), err
}

// named counts and prints one file; the error is one that ends the run.
func (c *wc) named(i int, name string, stdin bool) error {
	switch {
	case name == "" && c.list != "":
		return c.report("%s:%d: invalid zero-length file name", tool.QuoteFile(c.list), i+1)
	case name == "":
		return c.report("invalid zero-length file name")
	case name == "-" && c.list == "-":
		return c.report("when reading file names from stdin, no file name of '-' allowed")
	}
	f, closeFile, err := c.x.OpenInput(name)
	if err != nil {
		return c.report("%s: %s", tool.QuoteFile(name), tool.ErrText(err))
	}
	defer closeFile()
	n, err := c.count(f)
	if err != nil {
		if !tool.ReadFailed(err) {
			return err
		}
		if err := c.report("%s: %s", tool.QuoteFile(name), tool.ErrText(err)); err != nil {
			return err
		}
	}
	c.total.add(n)
	switch {
	case stdin:
		name = ""
	case strings.Contains(name, "\n"):
		name = " " + tool.QuoteFile(name)
	default:
		name = " " + name
	}
	c.print(n, name)
	return nil
}

func (c *wc) report(format string, args ...any) error {
	c.failed = true
	if err := c.w.Flush(); err != nil {
		return err
	}
	c.x.Errorf(format, args...)
	return nil
}

func (c *wc) print(n counts, name string) {
	sep := ""
	show := func(on bool, v uint64) {
		if on {
			text := strconv.FormatUint(v, 10)
			c.w.WriteString(sep)
			for range c.column - len(text) {
				c.w.WriteByte(' ')
			}
			c.w.WriteString(text)
			sep = " "
		}
	}
	show(c.lines, n.lines)
	show(c.words, n.words)
	show(c.chars, n.chars)
	show(c.bytes, n.bytes)
	show(c.width, n.width)
	c.w.WriteString(name)
	c.w.WriteByte('\n')
}
