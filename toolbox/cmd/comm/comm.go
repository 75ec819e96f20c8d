/*
Package comm compares two sorted files line by line.

	comm [OPTION]... FILE1 FILE2

It writes three columns: lines only in FILE1, lines only in FILE2, and lines in
both.

	-1, -2, -3             leave out that column
	    --check-order      fail at the first line that is out of order
	    --nocheck-order    do not check the order
	    --output-delimiter=STRING
	                       put STRING between columns instead of a tab
	    --total            write how many lines each column has
	-z, --zero-terminated  lines end in NUL
*/
package comm

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"

	"agentsandbox/toolbox/tool"
)

type order byte

const (
	checkUnpaired order = iota // once a line had no partner
	check
	noCheck
)

// comm is one run.
type comm struct {
	show      [3]bool // columns
	order     order
	separator string
	end       byte

	x        *tool.Exec
	w        *bufio.Writer
	files    [2]input
	unpaired bool // a line without a partner was seen
	totals   [3]int
}

// input is one of the files, with the lines that were read last.
type input struct {
	name   string
	lines  *tool.Lines
	line   []byte
	ok     bool // there is a line
	last   []byte
	lastOK bool
	before []byte // last
	warned bool
}

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	c := comm{show: [3]bool{true, true, true}, separator: "\t", end: '\n', x: x, w: x.Writer()}
	var total, delimSeen bool
	f := tool.NewFlags(x)
	for i := range c.show {
		f.BoolVar(&c.show[i], false, byte('1'+i), "")
	}
	f.Switch(0, "check-order", func() { c.order = check })
	f.Switch(0, "nocheck-order", func() { c.order = noCheck })
	f.Func(0, "output-delimiter", func(s string) error {
		if s == "" {
			s = "\x00"
		}
		if delimSeen && s != c.separator {
			return fmt.Errorf("multiple output delimiters specified")
		}
		c.separator, delimSeen = s, true
		return nil
	})
	f.BoolVar(&total, true, 0, "total")
	f.Switch('z', "zero-terminated", func() { c.end = 0 })
	names, err := f.Parse()
	switch {
	case err != nil:
		return err
	case len(names) == 0:
		return f.Errorf("missing operand")
	case len(names) == 1:
		return f.Errorf("missing operand after %s", tool.QuoteText(names[0]))
	case len(names) > 2:
		return f.Errorf("extra operand %s", tool.QuoteText(names[2]))
	}
	for i, name := range names {
		f, closeFile, err := x.OpenInput(name)
		if err != nil {
			return x.Fail(1, "%s: %s", tool.QuoteFile(name), tool.ErrText(err))
		}
		defer closeFile()
		c.files[i] = input{name: name, lines: x.Lines(ctx, f, c.end)}
	}
	err = c.compare()
	if err == nil && total {
		fmt.Fprintf(c.w, "%d%s%d%s%d%stotal%c", c.totals[0], c.separator, c.totals[1], c.separator, c.totals[2], c.separator, c.end)
	}
	if flushErr := c.w.Flush(); flushErr != nil {
		return flushErr
	}
	if err == nil && (c.files[0].warned || c.files[1].warned) {
		return x.Fail(1, "input is not in sorted order")
	}
	return err
}

func (c *comm) compare() error {
	for i := range c.files {
		if err := c.next(i); err != nil {
			return err
		}
	}
	a, b := &c.files[0], &c.files[1]
	for a.ok || b.ok {
		d := 0
		switch {
		case !a.ok:
			d = 1
		case !b.ok:
			d = -1
		default:
			d = bytes.Compare(a.line, b.line)
		}
		c.unpaired = c.unpaired || d != 0
		switch {
		case d == 0:
			c.write(2, b.line)
		case d < 0:
			c.write(0, a.line)
		default:
			c.write(1, b.line)
		}
		if d <= 0 {
			if err := c.next(0); err != nil {
				return err
			}
		}
		if d >= 0 {
			if err := c.next(1); err != nil {
				return err
			}
		}
	}
	return nil
}

// next reads the next line of a file and checks that it follows.
func (c *comm) next(i int) error {
	in := &c.files[i]
	hadTwo := in.lastOK && in.ok
	if in.ok {
		in.before, in.last, in.lastOK = in.last, append(in.before[:0], in.line...), true
	}
	line, _, err := in.lines.NextText()
	switch {
	case err == io.EOF:
		in.ok = false
		if hadTwo {
			// These two may have passed before there was reason to check.
			return c.follows(i, in.before, in.last)
		}
		return nil
	case tool.ReadFailed(err):
		c.w.Flush()
		return c.x.Fail(1, "%s: %s", tool.QuoteFile(in.name), tool.ErrText(err))
	case err != nil:
		return err
	}
	in.line, in.ok = line, true
	if in.lastOK {
		return c.follows(i, in.last, line)
	}
	return nil
}

// follows checks that b may stand behind a.
func (c *comm) follows(i int, a, b []byte) error {
	in := &c.files[i]
	if c.order == noCheck || c.order == checkUnpaired && !c.unpaired || in.warned || bytes.Compare(a, b) <= 0 {
		return nil
	}
	in.warned = true
	if err := c.w.Flush(); err != nil {
		return err
	}
	c.x.Errorf("file %d is not in sorted order", i+1)
	if c.order == check {
		return tool.Exit(1)
	}
	return nil
}

func (c *comm) write(column int, line []byte) {
	c.totals[column]++
	if !c.show[column] {
		return
	}
	for i := range column {
		if c.show[i] {
			c.w.WriteString(c.separator)
		}
	}
	c.w.Write(line)
	c.w.WriteByte(c.end)
}
