/*
Package expand turns tabs into spaces.

	expand [OPTION]... [FILE]...

Without FILE, or for "-", it reads standard input.

	-i, --initial    only the tabs at the beginning of a line
	-t, --tabs=N     tab stops every N columns, not 8
	-t, --tabs=LIST  tab stops at these columns; the last may be /N for every
	                 multiple of N behind the others, or +N for every N columns
	                 from the last of them
	-N               as -t N
*/
package expand

import (
	"bufio"
	"bytes"
	"context"

	"agentsandbox/toolbox/tabs"
	"agentsandbox/toolbox/tool"
)

// expand is one run; a line may go on from one file to the next.
type expand struct {
	stops   tabs.Stops
	initial bool

	w       *bufio.Writer
	column  int
	literal bool // no more tabs of this line are turned
}

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	e := expand{w: x.Writer()}
	f := tool.NewFlags(x)
	f.BoolVar(&e.initial, true, 'i', "initial")
	f.Func('t', "tabs", e.stops.Add)
	f.Legacy = e.stops.Legacy
	names, err := f.Parse()
	if err != nil {
		return err
	}
	if err := e.stops.Check(); err != nil {
		return err
	}
	err = x.EachInput(e.w, names, func(_ string, f *tool.File) error {
		return tool.Blocks(ctx, f, func(block []byte) error {
			e.block(block)
			return e.w.Flush()
		})
	})
	if flushErr := e.w.Flush(); flushErr != nil {
		return flushErr
	}
	return err
}

func (e *expand) block(block []byte) {
	for len(block) > 0 {
		n := 0
		for n < len(block) && !special(block[n]) {
			n++
		}
		e.w.Write(block[:n])
		e.column += n
		e.literal = e.literal || e.initial && len(bytes.TrimLeft(block[:n], " ")) > 0
		if n < len(block) {
			e.special(block[n])
			n++
		}
		block = block[n:]
	}
}

func special(c byte) bool { return c == '\t' || c == '\n' || c == '\b' }

func (e *expand) special(c byte) {
	switch {
	case c == '\n':
		e.column, e.literal = 0, false
	case c == '\b':
		e.column = max(e.column-1, 0)
		e.literal = e.literal || e.initial
	case !e.literal:
		stop, ok := e.stops.Next(e.column)
		if !ok {
			stop = e.column + 1
		}
		for ; e.column < stop; e.column++ {
			e.w.WriteByte(' ')
		}
		return
	}
	e.w.WriteByte(c)
}
