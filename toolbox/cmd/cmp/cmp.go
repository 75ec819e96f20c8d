/*
Package cmp compares two files byte by byte.

	cmp [OPTION]... FILE1 [FILE2 [SKIP1 [SKIP2]]]

FILE2 is standard input unless given, as is "-". SKIP1 and SKIP2 are how many
bytes to pass over first.

	-b, --print-bytes        show the bytes that differ
	-i, --ignore-initial=SKIP1[:SKIP2]
	                         pass over the first bytes
	-l, --verbose            show all bytes that differ
	-n, --bytes=LIMIT        compare at most LIMIT bytes
	-s, --quiet, --silent    write nothing

SKIP and LIMIT may have a unit: kB 1000, K 1024, MB 1000*1000, M 1024*1024, ...
The exit status is 0 if the files are the same, 1 if not, 2 for trouble.
*/
package cmp

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"agentsandbox/toolbox/sweep"
	"agentsandbox/toolbox/tool"
)

const trouble = 2

// cmp is one run.
type cmp struct {
	show, all, silent bool
	limit             uint64
	skip              [2]uint64

	ctx   context.Context
	x     *tool.Exec
	w     *bufio.Writer
	files [2]input
	width int // columns of a byte's number
}

// input is one of the files.
type input struct {
	name  string
	f     *tool.File
	close func() error
	buf   []byte
}

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	c := cmp{ctx: ctx, x: x, w: x.Writer(), limit: math.MaxUint64}
	if err := c.parse(); err != nil {
		return err
	}
	err := c.open()
	defer func() {
		for _, in := range c.files {
			if in.close != nil {
				in.close()
			}
		}
	}()
	same := c.files[0].name == c.files[1].name && c.skip[0] == c.skip[1]
	if err == nil && !same {
		err = c.compare()
	}
	if flushErr := c.w.Flush(); flushErr != nil {
		return flushErr
	}
	return err
}

func (c *cmp) parse() error {
	f := tool.NewFlags(c.x)
	f.Usage, f.HintNamed = trouble, true
	f.BoolVar(&c.show, true, 'b', "print-bytes")
	f.BoolVar(&c.show, true, 'c', "")
	skip := func(to *uint64, s string) error {
		n, err := tool.ParseSize(s, units)
		if err != nil {
			return f.Errorf("invalid --ignore-initial value %s", tool.QuoteText(s))
		}
		*to = max(*to, n)
		return nil
	}
	f.Func('i', "ignore-initial", func(s string) error {
		first, second, both := strings.Cut(s, ":")
		if !both {
			second = first
		}
		if err := skip(&c.skip[0], first); err != nil {
			return err
		}
		return skip(&c.skip[1], second)
	})
	f.BoolVar(&c.all, true, 'l', "verbose")
	f.Func('n', "bytes", func(s string) error {
		n, err := tool.ParseSize(s, units)
		if err != nil {
			return f.Errorf("invalid --bytes value %s", tool.QuoteText(s))
		}
		c.limit = min(c.limit, n)
		return nil
	})
	f.BoolVar(&c.silent, true, 's', "quiet")
	f.BoolVar(&c.silent, true, 0, "silent")
	names, err := f.Parse()
	switch {
	case err != nil:
		return err
	case c.all && c.silent:
		return f.Errorf("options -l and -s are incompatible")
	case len(names) == 0:
		return f.Errorf("missing operand after %s", tool.QuoteText(c.x.Name))
	case len(names) > 4:
		return f.Errorf("extra operand %s", tool.QuoteText(names[4]))
	}
	names = append(names, "-")
	c.files[0].name, c.files[1].name = names[0], names[1]
	for i := 2; i < len(names)-1; i++ {
		if err := skip(&c.skip[i-2], names[i]); err != nil {
			return err
		}
	}
	return nil
}

const units = "kKMGTPEZY0"

func (c *cmp) open() error {
	for i := range c.files {
		in := &c.files[i]
		f, closeFile, err := c.x.OpenInput(in.name)
		if err != nil {
			return c.fail(in, err)
		}
		in.f, in.close, in.buf = f, closeFile, make([]byte, 64<<10)
	}
	c.width = len(strconv.FormatUint(min(c.limit, c.left(0), c.left(1)), 10))
	for i := range c.files {
		if err := c.discard(&c.files[i], c.skip[i]); err != nil {
			return err
		}
	}
	return nil
}

func (c *cmp) fail(in *input, err error) error {
	if !c.silent {
		c.w.Flush()
		c.x.Errorf("%s: %s", in.name, tool.ErrText(err))
	}
	return tool.Exit(trouble)
}

// left is how many bytes a file has, as far as that is known.
func (c *cmp) left(i int) uint64 {
	f := c.files[i].f
	if f.Stream() {
		return math.MaxInt64
	}
	info, err := f.Stat()
	if err != nil || !info.Mode.IsRegular() {
		return math.MaxInt64
	}
	pos, _ := f.Seek(0, io.SeekCurrent)
	return uint64(max(info.Size-pos, 0))
}

func (c *cmp) discard(in *input, n uint64) error {
	for n > 0 {
		got, err := in.f.Read(in.buf[:min(n, uint64(len(in.buf)))])
		n -= uint64(got)
		if err == io.EOF {
			return nil
		}
		if err == nil {
			err = c.ctx.Err()
		}
		if err != nil {
			return c.fail(in, err)
		}
	}
	return nil
}

// position is where the comparison stands: bytes and newlines so far.
type position struct {
	bytes, lines uint64
	newline      bool // the last byte was one
}

func (p *position) pass(block []byte) {
	p.bytes += uint64(len(block))
	p.lines += uint64(sweep.Count(block, '\n'))
	if len(block) > 0 {
		p.newline = block[len(block)-1] == '\n'
	}
}

func (c *cmp) compare() error {
	var at position
	status := 0
	for left := c.limit; left > 0; {
		if err := c.ctx.Err(); err != nil {
			return err
		}
		var blocks [2][]byte
		for i := range c.files {
			in := &c.files[i]
			n, err := io.ReadFull(in.f, in.buf[:min(left, uint64(len(in.buf)))])
			if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
				return c.fail(in, err)
			}
			blocks[i] = in.buf[:n]
		}
		a, b := blocks[0], blocks[1]
		n := min(len(a), len(b))
		if !bytes.Equal(a[:n], b[:n]) {
			if !c.all {
				return c.differ(at, a, b)
			}
			status = 1
			c.list(at.bytes, a[:n], b[:n])
		}
		at.pass(a[:n])
		switch {
		case len(a) < len(b):
			return c.eof(&c.files[0], at)
		case len(b) < len(a):
			return c.eof(&c.files[1], at)
		case len(a) < len(c.files[0].buf):
			return tool.Exit(status)
		}
		left -= uint64(n)
	}
	return tool.Exit(status)
}

// differ reports the first bytes that differ.
func (c *cmp) differ(at position, a, b []byte) error {
	if c.silent {
		return tool.Exit(1)
	}
	i := 0
	for a[i] == b[i] {
		i++
	}
	at.pass(a[:i])
	fmt.Fprintf(c.w, "%s %s differ: byte %d, line %d", c.files[0].name, c.files[1].name, at.bytes+1, at.lines+1)
	if c.show {
		fmt.Fprintf(c.w, " is %3o %s %3o %s", a[i], visible(a[i]), b[i], visible(b[i]))
	}
	c.w.WriteByte('\n')
	return tool.Exit(1)
}

// list writes all bytes that differ.
func (c *cmp) list(from uint64, a, b []byte) {
	for i := range a {
		if a[i] == b[i] {
			continue
		}
		n := from + uint64(i) + 1
		if c.show {
			fmt.Fprintf(c.w, "%*d %3o %-4s %3o %s\n", c.width, n, a[i], visible(a[i]), b[i], visible(b[i]))
		} else {
			fmt.Fprintf(c.w, "%*d %3o %3o\n", c.width, n, a[i], b[i])
		}
	}
}

// eof reports that a file ended before the other.
func (c *cmp) eof(in *input, at position) error {
	if c.silent {
		return tool.Exit(1)
	}
	if err := c.w.Flush(); err != nil {
		return err
	}
	switch {
	case at.bytes == 0:
		c.x.Errorf("EOF on %s which is empty", in.name)
	case c.all:
		c.x.Errorf("EOF on %s after byte %d", in.name, at.bytes)
	case at.newline:
		c.x.Errorf("EOF on %s after byte %d, line %d", in.name, at.bytes, at.lines)
	default:
		c.x.Errorf("EOF on %s after byte %d, in line %d", in.name, at.bytes, at.lines+1)
	}
	return tool.Exit(1)
}

// visible is a byte in ^ and M- notation.
func visible(c byte) string {
	s := ""
	if c >= 0x80 {
		s, c = "M-", c-0x80
	}
	switch {
	case c < ' ':
		return s + "^" + string(rune(c+'@'))
	case c == 0x7f:
		return s + "^?"
	}
	return s + string(rune(c))
}
