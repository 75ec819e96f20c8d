/*
Package fmt fills paragraphs: it breaks and joins lines so that they are of
about the same length.

	fmt [-WIDTH] [OPTION]... [FILE]...

Without FILE, or for "-", it reads standard input.

	-c, --crown-margin      keep the indentation of the first two lines
	-p, --prefix=STRING     only lines that start with STRING; put it back
	-s, --split-only        break long lines, and join none
	-t, --tagged-paragraph  the first line is indented otherwise than the second
	-u, --uniform-spacing   one space between words, two after sentences
	-w, --width=WIDTH       at most WIDTH columns (75)
	-g, --goal=WIDTH        aim at WIDTH columns (93% of the width)
*/
package fmt

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strconv"
	"strings"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// Bounds and what the options leave open.
const (
	defaultWidth = 75
	maxWidth     = 2500
	leeway       = 7 // percent that lines are to be shorter than the width
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	p := &filler{ctx: ctx, w: x.Writer()}
	names, err := p.parse(x)
	if err != nil {
		return err
	}
	if len(names) == 0 {
		names = []string{"-"}
	}
	status := 0
	for _, name := range names {
		complaint, err := p.file(x, name)
		if flushErr := p.w.Flush(); err == nil {
			err = flushErr
		}
		if err != nil {
			return err
		}
		if complaint != "" {
			x.Errorf("%s", complaint)
			status = 1
		}
	}
	return tool.Exit(status)
}

func (p *filler) parse(x *tool.Exec) ([]string, error) {
	f := tool.NewFlags(x)
	f.BoolVar(&p.crown, true, 'c', "crown-margin")
	f.BoolVar(&p.split, true, 's', "split-only")
	f.BoolVar(&p.tagged, true, 't', "tagged-paragraph")
	f.BoolVar(&p.uniform, true, 'u', "uniform-spacing")
	width := f.String('w', "width", "")
	goal := f.String('g', "goal", "")
	f.Func('p', "prefix", func(s string) error { p.setPrefix(s); return nil })
	for digit := '0'; digit <= '9'; digit++ {
		f.Do(byte(digit), "", func() error {
			return f.Errorf("invalid option -- %c; -WIDTH is recognized only when it is the first\noption; use -w N instead", digit)
		})
	}
	args := x.Args
	if len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' && args[0][1] >= '0' && args[0][1] <= '9' {
		*width, args = args[0][1:], args[1:]
	}
	names, err := f.ParseArgs(args)
	if err != nil {
		return nil, err
	}
	p.width = defaultWidth
	if *width != "" {
		if p.width, err = number(*width, maxWidth); err != nil {
			return nil, x.Fail(1, "invalid width: %s%s", tool.QuoteText(*width), reason(err))
		}
	}
	p.goal = p.width * (2*(100-leeway) + 1) / 200
	if *goal != "" {
		if p.goal, err = number(*goal, p.width); err != nil {
			return nil, x.Fail(1, "invalid width: %s%s", tool.QuoteText(*goal), reason(err))
		}
		if *width == "" {
			p.width = p.goal + 10
		}
	}
	return names, nil
}

// number reads a number of columns. The error is EINVAL for what is none.
func number(s string, most int) (int, error) {
	n, err := strconv.ParseUint(strings.TrimPrefix(s, "+"), 10, 64)
	switch {
	case errors.Is(err, strconv.ErrRange):
		return 0, vfs.EOVERFLOW
	case err != nil:
		return 0, vfs.EINVAL
	case n > uint64(most):
		return 0, vfs.ERANGE
	}
	return int(n), nil
}

// reason is what is said of a number that is one.
func reason(err error) string {
	if err == vfs.EINVAL {
		return ""
	}
	return ": " + tool.ErrText(err)
}

// setPrefix takes the prefix apart: blanks around it are looked for and not demanded.
func (p *filler) setPrefix(s string) {
	trimmed := strings.TrimLeft(s, " ")
	p.lead = len(s) - len(trimmed)
	p.full = len(trimmed)
	p.prefix = strings.TrimRight(trimmed, " ")
}

// eof stands for the end of the input among its bytes.
const eof = -1

// file fills one input; complaint says why it could not.
func (p *filler) file(x *tool.Exec, name string) (complaint string, err error) {
	f, closeFile, err := x.OpenInput(name)
	if err != nil {
		return "cannot open " + tool.Quote(name) + " for reading: " + tool.ErrText(err), nil
	}
	defer closeFile()
	p.r, p.tabs, p.otherIndent, p.err = bufio.NewReaderSize(f, 64<<10), false, 0, nil
	p.next = p.getPrefix()
	for p.paragraph() {
		p.breakLines()
		p.put(len(p.words))
		if err := p.ctx.Err(); err != nil {
			return "", err
		}
	}
	if p.err != nil && p.err != io.EOF {
		return "read error", nil
	}
	return "", nil
}
