/*
Package cut writes parts of each line.

	cut OPTION... [FILE]...

Without FILE, or for "-", it reads standard input.

	-b, --bytes=LIST         write only these bytes
	-c, --characters=LIST    the same
	-d, --delimiter=DELIM    fields are separated by DELIM instead of tab
	-f, --fields=LIST        write only these fields, and any line without DELIM
	-n                       ignored
	    --complement         write what is not in LIST
	-s, --only-delimited     leave out lines without DELIM
	    --output-delimiter=STRING
	                         write STRING between the parts
	-z, --zero-terminated    lines end in NUL

One of -b, -c and -f must be given. LIST holds ranges, separated by commas: N,
N-, N-M or -M, from 1. The parts are written in the order of the input, once.
*/
package cut

import (
	"bufio"
	"bytes"
	"context"
	"io"

	"agentsandbox/toolbox/tool"
)

// cut is one run.
type cut struct {
	ranges   []span
	byField  bool
	delim    byte
	end      byte   // of a line
	between  []byte // parts
	join     bool   // between was given
	onlyCut  bool
	listSeen bool

	ctx context.Context
	x   *tool.Exec
	w   *bufio.Writer
}

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	c := cut{ctx: ctx, x: x, delim: '\t', end: '\n', w: x.Writer()}
	names, err := c.parse()
	if err != nil {
		return err
	}
	err = x.EachInput(c.w, names, c.file)
	if flushErr := c.w.Flush(); flushErr != nil {
		return flushErr
	}
	return err
}

func (c *cut) parse() ([]string, error) {
	f := tool.NewFlags(c.x)
	var list string
	var complement, twice, delimSeen bool
	setList := func(byField bool) func(string) error {
		return func(s string) error {
			twice = twice || c.listSeen
			list, c.byField, c.listSeen = s, byField, true
			return nil
		}
	}
	f.Func('b', "bytes", setList(false))
	f.Func('c', "characters", setList(false))
	f.Func('f', "fields", setList(true))
	f.Func('d', "delimiter", func(s string) error {
		if len(s) > 1 {
			return f.Errorf("the delimiter must be a single character")
		}
		c.delim, delimSeen = (s + "\x00")[0], true
		return nil
	})
	f.Bool('n', "")
	f.BoolVar(&complement, true, 0, "complement")
	f.BoolVar(&c.onlyCut, true, 's', "only-delimited")
	f.Func(0, "output-delimiter", func(s string) error {
		if s == "" {
			s = "\x00"
		}
		c.between, c.join = []byte(s), true
		return nil
	})
	f.Switch('z', "zero-terminated", func() { c.end = 0 })
	names, err := f.Parse()
	switch {
	case err != nil:
		return nil, err
	case !c.listSeen:
		return nil, f.Errorf("you must specify a list of bytes, characters, or fields")
	case twice:
		return nil, f.Errorf("only one list may be specified")
	case !c.byField && delimSeen:
		return nil, f.Errorf("an input delimiter may be specified only when operating on fields")
	case !c.byField && c.onlyCut:
		return nil, f.Errorf("suppressing non-delimited lines makes sense\n\tonly when operating on fields")
	}
	if c.ranges, err = parseList(list, c.byField); err != nil {
		return nil, f.Errorf("%v", err)
	}
	if complement {
		c.ranges = complementOf(c.ranges)
	}
	if !c.join {
		c.between = []byte{c.delim}
	}
	return names, nil
}

func (c *cut) file(_ string, f *tool.File) error {
	if c.byField && c.delim == c.end {
		return c.lines(f)
	}
	each := c.bytes
	if c.byField {
		each = c.fields
	}
	lines := c.x.Lines(c.ctx, f, c.end)
	lines.BeforeRead = c.w.Flush
	for {
		line, _, err := lines.NextText()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		each(line)
	}
}

func (c *cut) bytes(line []byte) {
	wrote := false
	for _, r := range c.ranges {
		if r.lo > len(line) {
			break
		}
		if wrote && c.join {
			c.w.Write(c.between)
		}
		c.w.Write(line[r.lo-1 : min(r.hi, len(line))])
		wrote = true
	}
	c.w.WriteByte(c.end)
}

func (c *cut) fields(line []byte) {
	end := bytes.IndexByte(line, c.delim)
	if end < 0 {
		if !c.onlyCut {
			c.w.Write(line)
			c.w.WriteByte(c.end)
		}
		return
	}
	wrote := false
	field, from := 1, 0
	for _, r := range c.ranges {
		for ; field < r.lo && end >= 0; field++ {
			from, end = c.next(line, end)
		}
		if field < r.lo {
			break
		}
		if r.hi == endless && !c.join {
			c.separate(&wrote)
			c.w.Write(line[from:])
			break
		}
		for ; field <= r.hi && from >= 0; field++ {
			c.separate(&wrote)
			if end < 0 {
				c.w.Write(line[from:])
				from = -1
				break
			}
			c.w.Write(line[from:end])
			from, end = c.next(line, end)
		}
		if from < 0 {
			break
		}
	}
	c.w.WriteByte(c.end)
}

// next moves behind the delimiter at end; the new end is -1 in the last field.
func (c *cut) next(line []byte, end int) (int, int) {
	from := end + 1
	end = bytes.IndexByte(line[from:], c.delim)
	if end >= 0 {
		end += from
	}
	return from, end
}

func (c *cut) separate(wrote *bool) {
	if *wrote {
		c.w.Write(c.between)
	}
	*wrote = true
}

// lines is fields where the lines themselves are the fields.
func (c *cut) lines(f *tool.File) error {
	lines := c.x.Lines(c.ctx, f, c.end)
	wrote, n := false, 0
	for at := c.ranges; ; {
		line, whole, err := lines.NextText()
		if err == io.EOF {
			if wrote || n > 0 {
				c.w.WriteByte(c.end)
			}
			return nil
		}
		if err != nil {
			return err
		}
		n++
		if n == 1 && !whole {
			// A single line without its end has no delimiter.
			if c.onlyCut {
				return nil
			}
			at = []span{{1, endless}}
		}
		for len(at) > 0 && at[0].hi < n {
			at = at[1:]
		}
		if len(at) > 0 && at[0].lo <= n {
			c.separate(&wrote)
			c.w.Write(line)
		}
	}
}

// span is a range of positions, from 1, both ends in it.
type span struct{ lo, hi int }
