/*
Package dd copies and converts data by blocks.

	dd [OPERAND]...

	if=FILE of=FILE    read FILE, write FILE, not the standard streams
	bs=N               blocks of N bytes to read and write; ibs=N, obs=N
	count=N            only N input blocks
	skip=N, iseek=N    leave out N input blocks at the start
	seek=N, oseek=N    leave out N output blocks at the start
	cbs=N              length of records for block and unblock
	conv=WORD,…        lcase ucase swab sync noerror notrunc excl nocreat
	                   sparse block unblock fsync fdatasync
	iflag=, oflag=     append fullblock count_bytes skip_bytes seek_bytes;
	                   direct, sync and their like are taken and ignored
	status=LEVEL       none, noxfer, progress

N may be a product (2x512) and have a unit: c, w, b, kB, K, MB, M and so on;
with B it counts bytes.
*/
package dd

import (
	"context"
	"io"
	"time"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	o, err := parse(x)
	if err != nil {
		return err
	}
	c := copier{options: o, ctx: ctx, x: x}
	if err := c.openInput(); err != nil {
		return err
	}
	defer c.closeInput()
	if err := c.openOutput(); err != nil {
		return err
	}
	start := x.Now()
	err = c.copy()
	if closeErr := c.closeOutput(); err == nil {
		err = closeErr
	}
	c.report(x.Now().Sub(start))
	if err == nil && c.failed {
		return tool.Exit(1)
	}
	return err
}

// copier is one run of the command.
type copier struct {
	options
	ctx    context.Context
	x      *tool.Exec
	in     io.Reader
	out    io.Writer
	inFile *tool.File // nil where standard input is read
	file   *tool.File // nil where standard output is written
	failed bool

	fullIn, partIn, fullOut, partOut, truncated int64
	bytes                                       int64
	pending                                     []byte // output that fills no block yet
	record                                      recorder
}

func (c *copier) openInput() error {
	c.in = c.x.Stdin
	if f, ok := c.x.Stdin.(*tool.File); ok && !f.Stream() {
		c.inFile = f
	}
	if c.ifile == "" {
		return nil
	}
	f, err := c.x.OpenFile(c.ifile, vfs.Read, 0)
	if err != nil {
		return c.x.Fail(1, "failed to open %s: %s", tool.Quote(c.ifile), tool.ErrText(err))
	}
	c.in, c.inFile = f, f
	return nil
}

func (c *copier) closeInput() {
	if c.ifile != "" {
		_ = c.inFile.Close() // nothing was written to it
	}
}

func (c *copier) openOutput() error {
	c.out = c.x.Stdout
	if c.ofile == "" {
		if f, ok := c.x.Stdout.(*tool.File); ok && !f.Stream() {
			c.file = f
		}
		return nil
	}
	flag := vfs.Write
	if !c.conv["nocreat"] {
		flag |= vfs.Create
	}
	if c.conv["excl"] {
		flag |= vfs.Exclusive
	}
	if !c.conv["notrunc"] && c.seek == 0 {
		flag |= vfs.Truncate
	}
	f, err := c.x.OpenFile(c.ofile, flag, 0o666)
	if err != nil {
		return c.x.Fail(1, "failed to open %s: %s", tool.Quote(c.ofile), tool.ErrText(err))
	}
	c.out, c.file = f, f
	if f.Stream() {
		return nil
	}
	if c.seek > 0 && !c.conv["notrunc"] {
		if err := f.Truncate(c.seek); err != nil {
			return c.x.Fail(1, "failed to truncate to %d bytes in output file %s: %s", c.seek, tool.Quote(c.ofile), tool.ErrText(err))
		}
	}
	return c.position(f)
}

// position goes to where the output starts.
func (c *copier) position(f *tool.File) error {
	at, whence := c.seek, io.SeekStart
	if c.oflag["append"] {
		at, whence = 0, io.SeekEnd
	}
	if _, err := f.Seek(at, whence); err != nil {
		return c.x.Fail(1, "cannot seek: %s", tool.ErrText(err))
	}
	return nil
}

func (c *copier) closeOutput() error {
	if err := c.flush(); err != nil {
		return err
	}
	if c.file == nil || c.ofile == "" {
		return nil
	}
	if (c.conv["fsync"] || c.conv["fdatasync"]) && !c.file.Stream() {
		if err := c.file.Sync(); err != nil {
			return err
		}
	}
	return c.file.Close()
}

// report prints how much was copied.
func (c *copier) report(took time.Duration) {
	if c.status == "none" {
		return
	}
	c.say("%d+%d records in\n%d+%d records out\n", c.fullIn, c.partIn, c.fullOut, c.partOut)
	switch {
	case c.truncated == 1:
		c.say("1 truncated record\n")
	case c.truncated > 1:
		c.say("%d truncated records\n", c.truncated)
	}
	if c.status != "noxfer" {
		c.say("%s\n", transfer(c.bytes, took))
	}
}
