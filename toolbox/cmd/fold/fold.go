/*
Package fold breaks long lines.

	fold [OPTION]... [FILE]...

Without FILE, or for "-", it reads standard input.

	-b, --bytes    count bytes, not columns
	-s, --spaces   break at blanks
	-w, --width=N  break after N columns instead of 80
	-N             as -w N
*/
package fold

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"strings"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// fold is one run.
type fold struct {
	bytes, spaces bool
	width         int

	w      *bufio.Writer
	line   []byte // begun, and not written
	column int    // where it ends
}

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	o := fold{width: 80, w: x.Writer()}
	f := tool.NewFlags(x)
	f.BoolVar(&o.bytes, true, 'b', "bytes")
	f.BoolVar(&o.spaces, true, 's', "spaces")
	f.Func('w', "width", o.setWidth)
	f.Legacy = func(arg string) bool {
		return arg[0] == '-' && strings.Trim(arg[1:], "0123456789") == "" && o.setWidth(arg[1:]) == nil
	}
	names, err := f.Parse()
	if err != nil {
		return err
	}
	err = x.EachInput(o.w, names, func(_ string, f *tool.File) error {
		defer o.flushLine()
		return tool.Blocks(ctx, f, func(block []byte) error {
			o.block(block)
			return o.w.Flush()
		})
	})
	if flushErr := o.w.Flush(); flushErr != nil {
		return flushErr
	}
	return err
}

func (o *fold) setWidth(s string) error {
	n, err := tool.ParseSize(s, "")
	switch {
	case err != nil && n == 0:
		return fmt.Errorf("invalid number of columns: %s", tool.QuoteText(s))
	case n == 0:
		return fmt.Errorf("invalid number of columns: %s: %s", tool.QuoteText(s), vfs.ERANGE.Error())
	case err != nil || n > 1<<50:
		return fmt.Errorf("invalid number of columns: %s: %s", tool.QuoteText(s), vfs.EOVERFLOW.Error())
	}
	o.width = int(n)
	return nil
}

func (o *fold) block(block []byte) {
	for len(block) > 0 {
		end := bytes.IndexByte(block, '\n')
		if end < 0 {
			o.text(block)
			return
		}
		o.text(block[:end])
		o.line = append(o.line, '\n')
		o.flushLine()
		block = block[end+1:]
	}
}

func (o *fold) text(text []byte) {
	for _, c := range text {
		for {
			column := o.advance(o.column, c)
			if column <= o.width || len(o.line) == 0 {
				o.line = append(o.line, c)
				o.column = column
				break
			}
			o.breakLine()
		}
	}
}

// breakLine writes the line, or that of it which ends in its last blank.
func (o *fold) breakLine() {
	end := len(o.line)
	if o.spaces {
		if at := bytes.LastIndexAny(o.line, " \t"); at >= 0 {
			end = at + 1
		}
	}
	o.w.Write(o.line[:end])
	o.w.WriteByte('\n')
	o.line = o.line[:copy(o.line, o.line[end:])]
	o.column = 0
	for _, c := range o.line {
		o.column = o.advance(o.column, c)
	}
}

func (o *fold) flushLine() {
	o.w.Write(o.line)
	o.line, o.column = o.line[:0], 0
}

// advance is the column behind c.
func (o *fold) advance(column int, c byte) int {
	switch {
	case o.bytes:
		return column + 1
	case c == '\b':
		return max(column-1, 0)
	case c == '\r':
		return 0
	case c == '\t':
		return column + 8 - column%8
	}
	return column + 1
}
