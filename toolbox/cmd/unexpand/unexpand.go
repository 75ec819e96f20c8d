/*
Package unexpand turns spaces into tabs.

	unexpand [OPTION]... [FILE]...

Without FILE, or for "-", it reads standard input.

	-a, --all         all runs of blanks, not only those at the beginning of a line
	    --first-only  only those at the beginning, whatever else is given
	-t, --tabs=N      tab stops every N columns, not 8; turns on -a
	-t, --tabs=LIST   tab stops at these columns; the last may be /N or +N, as
	                  for expand; turns on -a
	-N                as --first-only -t N
*/
package unexpand

import (
	"bufio"
	"context"

	"agentsandbox/toolbox/tabs"
	"agentsandbox/toolbox/tool"
)

// unexpand is one run; a line may go on from one file to the next.
type unexpand struct {
	stops tabs.Stops
	all   bool

	w *bufio.Writer
	line
}

// line is where in a line the output stands.
type line struct {
	column  int
	literal bool // no more blanks of this line are turned
	blank   bool // the last character was one, or there was none
	held    []byte
	edge    bool // a single blank held stands right before a tab stop
}

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	u := unexpand{w: x.Writer(), line: line{blank: true}}
	firstOnly := false
	f := tool.NewFlags(x)
	f.BoolVar(&u.all, true, 'a', "all")
	f.BoolVar(&firstOnly, true, 0, "first-only")
	f.Func('t', "tabs", func(s string) error {
		u.all = true
		return u.stops.Add(s)
	})
	f.Legacy = u.stops.Legacy
	names, err := f.Parse()
	if err != nil {
		return err
	}
	u.all = u.all && !firstOnly
	if err := u.stops.Check(); err != nil {
		return err
	}
	err = x.EachInput(u.w, names, func(_ string, f *tool.File) error {
		return tool.Blocks(ctx, f, func(block []byte) error {
			for _, c := range block {
				u.byte(c)
			}
			return u.w.Flush()
		})
	})
	u.release()
	if flushErr := u.w.Flush(); flushErr != nil {
		return flushErr
	}
	return err
}

func (u *unexpand) byte(c byte) {
	if !u.literal {
		blank := c == ' ' || c == '\t'
		switch {
		case blank:
			var done bool
			if c, done = u.blankByte(c); done {
				return
			}
		case c == '\b':
			u.column = max(u.column-1, 0)
		default:
			u.column++
		}
		u.release()
		u.blank = blank
		u.literal = u.literal || !u.all && !blank
	}
	u.w.WriteByte(c)
	if c == '\n' {
		u.line = line{blank: true, held: u.held}
	}
}

// blankByte takes a blank: it is held, with done, or comes back as what is to
// be written.
func (u *unexpand) blankByte(c byte) (out byte, done bool) {
	stop, ok := u.stops.Next(u.column)
	if !ok {
		u.literal = true
		return c, false
	}
	if c == '\t' {
		u.column = stop
		if len(u.held) > 0 {
			u.held[0] = '\t'
		}
	} else {
		u.column++
		if !u.blank || u.column != stop {
			// Whether a tab can stand for it is not known yet.
			u.edge = u.edge || u.column == stop
			u.held = append(u.held, c)
			u.blank = true
			return 0, true
		}
		c = '\t'
		if len(u.held) > 0 {
			u.held[0] = '\t'
		}
	}
	// The tab stands for the blanks that are held, but for one before the
	// last stop.
	keep := 0
	if u.edge {
		keep = 1
	}
	u.held = u.held[:min(keep, len(u.held))]
	return c, false
}

// release writes the blanks that are held.
func (u *unexpand) release() {
	if len(u.held) == 0 {
		return
	}
	if len(u.held) > 1 && u.edge {
		u.held[0] = '\t'
	}
	u.w.Write(u.held)
	u.held, u.edge = u.held[:0], false
}
