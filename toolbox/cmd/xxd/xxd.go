/*
Package xxd makes a hex dump, or turns one back into bytes.

	xxd [OPTION]... [INFILE [OUTFILE]]
	xxd -r [-p] [-s OFF] [-c N] [INFILE [OUTFILE]]

Without INFILE, or for "-", it reads standard input.

	-a          one * for lines of NUL bytes after the first
	-b          bits instead of hex digits
	-C          with -i, names in capitals
	-c N        N bytes a line (16; -i 12, -p 30, -b 6)
	-d          offsets in decimal
	-e          groups of bytes in little-endian order
	-g N        N bytes a group (2; -e 4, -b 1)
	-i          as an array of C
	-l N        at most N bytes
	-n NAME     with -i, the name of the array
	-o N        add N to the offsets shown
	-p, -ps     hex digits alone
	-r          turn a dump into bytes
	-s [+][-]N  begin at offset N, with "-" from the end
	-u          hex digits in capitals
*/
package xxd

import (
	"bufio"
	"context"
	"io"
	"math"

	"agentsandbox/toolbox/tool"
)

type mode byte

const (
	hexDump mode = iota
	bits
	little
	include
	plain
)

// xxd is one run.
type xxd struct {
	mode    mode
	reverse bool
	skipNUL bool
	columns int // -1 for the mode's own
	group   int
	limit   uint64
	seek    int64
	fromEnd bool
	add     int64
	decimal bool
	upper   bool
	capital bool
	name    string

	ctx context.Context
	x   *tool.Exec
	w   *bufio.Writer
}

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	d := xxd{columns: -1, group: -1, limit: math.MaxUint64, ctx: ctx, x: x}
	files, err := d.parse(x.Args)
	if err != nil {
		return err
	}
	in, closeIn, err := x.OpenInput(files[0])
	if err != nil {
		return x.Fail(2, "%s: %s", files[0], tool.ErrText(err))
	}
	defer closeIn()
	out, closeOut, err := d.output(files[1])
	if err != nil {
		return x.Fail(3, "%s: %s", files[1], tool.ErrText(err))
	}
	d.w = bufio.NewWriterSize(out, 32<<10)
	if d.reverse {
		err = d.revert(in, out)
	} else {
		err = d.dump(in, files[0])
	}
	if flushErr := d.w.Flush(); err == nil {
		err = flushErr
	}
	if closeErr := closeOut(); err == nil {
		err = closeErr
	}
	if tool.ReadFailed(err) {
		return x.Fail(2, "%s", tool.ErrText(err))
	}
	return err
}

// output opens where the result goes; a dump that is turned back goes into a
// file that may be there already.
func (d *xxd) output(name string) (io.Writer, func() error, error) {
	if name == "-" {
		return d.x.Stdout, func() error { return nil }, nil
	}
	open := d.x.Create
	if d.reverse {
		open = d.x.OpenUpdate
	}
	f, err := open(name)
	if err != nil {
		return nil, nil, err
	}
	return f, f.Close, nil
}
