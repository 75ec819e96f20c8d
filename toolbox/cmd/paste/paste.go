/*
Package paste writes the lines of files side by side.

	paste [OPTION]... [FILE]...

Without FILE, or for "-", it reads standard input.

	-d, --delimiters=LIST  put the characters of LIST between columns in turn,
	                       instead of tabs; \n \t \\ \0 (nothing), … are known
	-s, --serial           one file after the other, its lines side by side
	-z, --zero-terminated  lines end in NUL
*/
package paste

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"

	"agentsandbox/toolbox/tool"
)

// paste is one run.
type paste struct {
	delims []string // of a byte or of nothing
	end    byte

	ctx    context.Context
	x      *tool.Exec
	w      *bufio.Writer
	failed bool
}

// column is a file; lines is nil once it has come to its end.
type column struct {
	name  string
	lines *tool.Lines
}

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	p := paste{ctx: ctx, x: x, w: x.Writer(), delims: []string{"\t"}, end: '\n'}
	f := tool.NewFlags(x)
	f.Func('d', "delimiters", p.delimiters)
	serial := f.Bool('s', "serial")
	f.Switch('z', "zero-terminated", func() { p.end = 0 })
	names, err := f.Parse()
	if err != nil {
		return err
	}
	if len(names) == 0 {
		names = []string{"-"}
	}
	if *serial {
		err = p.serial(names)
	} else {
		err = p.parallel(names)
	}
	if flushErr := p.w.Flush(); flushErr != nil {
		return flushErr
	}
	if err == nil && p.failed {
		err = tool.Exit(1)
	}
	return err
}

func (p *paste) delimiters(list string) error {
	p.delims = nil
	for i := 0; i < len(list); i++ {
		c := list[i : i+1]
		if c == `\` {
			i++
			if i == len(list) {
				return fmt.Errorf("delimiter list ends with an unescaped backslash: %s", list)
			}
			c = list[i : i+1]
			if at := strings.IndexByte("bfnrtv", c[0]); at >= 0 {
				c = "\b\f\n\r\t\v"[at : at+1]
			} else if c == "0" {
				c = ""
			}
		}
		p.delims = append(p.delims, c)
	}
	if len(p.delims) == 0 {
		p.delims = []string{""}
	}
	return nil
}

// parallel writes a line of each file to each line.
func (p *paste) parallel(names []string) error {
	columns := make([]column, len(names))
	var stdin *tool.Lines // one for all that read it
	for i, name := range names {
		f, closeFile, err := p.x.OpenInput(name)
		if err != nil {
			return err
		}
		defer closeFile()
		lines := p.x.Lines(p.ctx, f, p.end)
		if name == "-" {
			if stdin == nil {
				stdin = lines
			}
			lines = stdin
		}
		columns[i] = column{name, lines}
	}
	for {
		more, err := p.row(columns)
		if err != nil || !more {
			return err
		}
	}
}

// row writes one line, unless all files have come to their end. The
// delimiters of columns that have are held back until there is text.
func (p *paste) row(columns []column) (bool, error) {
	held, wrote := "", false
	for i := range columns {
		text, ok, err := p.next(&columns[i])
		if err != nil {
			return false, err
		}
		if i > 0 {
			held += p.delims[(i-1)%len(p.delims)]
		}
		if ok {
			p.w.WriteString(held)
			p.w.Write(text)
			held, wrote = "", true
		}
	}
	if !wrote {
		return false, nil
	}
	p.w.WriteString(held)
	return true, p.w.WriteByte(p.end)
}

// next reads the next line of a column; ok is false where there is none.
func (p *paste) next(c *column) (text []byte, ok bool, err error) {
	if c.lines == nil {
		return nil, false, nil
	}
	text, _, err = c.lines.NextText()
	switch {
	case err == nil:
		return text, true, nil
	case tool.ReadFailed(err):
		p.failed = true
		p.w.Flush()
		p.x.WarnFile(c.name, err)
	case err != io.EOF:
		return nil, false, err
	}
	c.lines = nil
	return nil, false, nil
}

// serial writes each file as one line.
func (p *paste) serial(names []string) error {
	return p.x.EachInput(p.w, names, func(name string, f *tool.File) error {
		c := column{name, p.x.Lines(p.ctx, f, p.end)}
		for i := 0; ; i++ {
			text, ok, err := p.next(&c)
			if err != nil {
				return err
			}
			if !ok {
				return p.w.WriteByte(p.end)
			}
			if i > 0 {
				p.w.WriteString(p.delims[(i-1)%len(p.delims)])
			}
			if _, err := p.w.Write(text); err != nil {
				return err
			}
		}
	})
}
