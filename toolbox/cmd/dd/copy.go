package dd

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"time"

	"agentsandbox/toolbox/tool"
)

func (c *copier) say(format string, args ...any) { fmt.Fprintf(c.x.Stderr, format, args...) }

// copy copies block by block.
func (c *copier) copy() error {
	if err := c.skipInput(); err != nil {
		return err
	}
	buf := make([]byte, c.ibs)
	left := c.count
	for left != 0 {
		if err := c.ctx.Err(); err != nil {
			return err
		}
		want := buf
		if c.countBytes && left > 0 {
			want = buf[:min(int64(len(buf)), left)]
		}
		n, err := c.read(want)
		if n > 0 {
			if n == len(buf) {
				c.fullIn++
			} else {
				c.partIn++
			}
			if left > 0 {
				left -= c.counted(n)
			}
			if err := c.convert(c.pad(buf, n)); err != nil {
				return err
			}
		}
		switch {
		case err == io.EOF:
			return c.endRecords()
		case err != nil && c.conv["noerror"]:
			c.x.Errorf("error reading %s: %s", tool.Quote(c.inputName()), tool.ErrText(err))
			c.failed = true
			return c.endRecords()
		case err != nil:
			return c.x.Fail(1, "error reading %s: %s", tool.Quote(c.inputName()), tool.ErrText(err))
		}
	}
	return c.endRecords()
}

func (c *copier) inputName() string {
	if c.ifile == "" {
		return "standard input"
	}
	return c.ifile
}

// counted is what n bytes count against count=.
func (c *copier) counted(n int) int64 {
	if c.countBytes {
		return int64(n)
	}
	return 1
}

// read reads one block: what one read gives, or all of it with fullblock.
func (c *copier) read(buf []byte) (int, error) {
	if !c.iflag["fullblock"] && !(c.inFile != nil && !c.inFile.Stream()) {
		return c.in.Read(buf)
	}
	n, err := io.ReadFull(c.in, buf)
	if err == io.ErrUnexpectedEOF {
		err = io.EOF
	}
	return n, err
}

// pad fills a short block up, with conv=sync.
func (c *copier) pad(buf []byte, n int) []byte {
	if !c.conv["sync"] || n == len(buf) {
		return buf[:n]
	}
	fill := byte(0)
	if c.conv["block"] || c.conv["unblock"] {
		fill = ' '
	}
	for i := n; i < len(buf); i++ {
		buf[i] = fill
	}
	return buf
}

// skipInput leaves out the start of the input.
func (c *copier) skipInput() error {
	if c.skip == 0 {
		return nil
	}
	if c.inFile != nil && !c.inFile.Stream() {
		info, err := c.inFile.Stat()
		if err == nil && info.Mode.IsRegular() && c.skip > info.Size {
			c.x.Errorf("%s: cannot skip to specified offset", tool.QuoteFile(c.inputName()))
		}
		_, err = c.inFile.Seek(c.skip, io.SeekCurrent)
		return err
	}
	n, err := io.CopyN(io.Discard, readerWithContext{c}, c.skip)
	if err == io.EOF && n < c.skip {
		c.x.Errorf("%s: cannot skip to specified offset", tool.QuoteFile(c.inputName()))
		return nil
	}
	return err
}

// readerWithContext reads the input until the context ends.
type readerWithContext struct{ c *copier }

// Read implements io.Reader.
func (r readerWithContext) Read(p []byte) (int, error) {
	if err := r.c.ctx.Err(); err != nil {
		return 0, err
	}
	return r.c.in.Read(p)
}

// convert changes a block as conv= says, and writes it.
func (c *copier) convert(block []byte) error {
	if c.conv["swab"] {
		for i := 0; i+1 < len(block); i += 2 {
			block[i], block[i+1] = block[i+1], block[i]
		}
	}
	switch {
	case c.conv["lcase"]:
		block = bytes.Map(lower, block)
	case c.conv["ucase"]:
		block = bytes.Map(upper, block)
	}
	switch {
	case c.conv["block"]:
		return c.block(block)
	case c.conv["unblock"]:
		return c.unblock(block)
	case c.whole:
		return c.write(block)
	}
	return c.put(block)
}

func lower(r rune) rune {
	if r >= 'A' && r <= 'Z' {
		r += 'a' - 'A'
	}
	return r
}

func upper(r rune) rune {
	if r >= 'a' && r <= 'z' {
		r -= 'a' - 'A'
	}
	return r
}

// put collects output into blocks.
func (c *copier) put(data []byte) error {
	for len(data) > 0 {
		n := min(c.obs-len(c.pending), len(data))
		c.pending = append(c.pending, data[:n]...)
		data = data[n:]
		if len(c.pending) == c.obs {
			if err := c.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *copier) flush() error {
	if len(c.pending) == 0 {
		return nil
	}
	data := c.pending
	c.pending = c.pending[:0]
	return c.write(data)
}

// write writes one output block.
func (c *copier) write(data []byte) error {
	n, err := c.out.Write(data)
	c.bytes += int64(n)
	switch {
	case err == nil && n == c.obs:
		c.fullOut++
	case n > 0:
		c.partOut++
	}
	if err == nil || c.ofile == "" {
		return err
	}
	return c.x.Fail(1, "error writing %s: %s", tool.Quote(c.ofile), tool.ErrText(err))
}

// transfer says in words how much was copied, and how fast.
func transfer(n int64, took time.Duration) string {
	what := "bytes"
	if n == 1 {
		what = "byte"
	}
	size := ""
	if n >= 1000 {
		size = " (" + scaled(float64(n), 1000, "kMGTPE", "B", false)
		if n >= 1024 {
			size += ", " + scaled(float64(n), 1024, "KMGTPE", "iB", false)
		}
		size += ")"
	}
	rate := "Infinity B"
	if took > 0 {
		rate = scaled(float64(n)/took.Seconds(), 1000, "kMGTPE", "B", true)
	}
	return fmt.Sprintf("%d %s%s copied, %s s, %s/s", n, what, size, strconv.FormatFloat(took.Seconds(), 'g', 6, 64), rate)
}

// scaled writes a number with a unit: one decimal below ten, or, where it is
// finer, below a hundred.
func scaled(v, base float64, units, suffix string, finer bool) string {
	unit := -1
	for v >= base && unit+1 < len(units) {
		v /= base
		unit++
	}
	if unit < 0 {
		if !finer {
			return strconv.FormatFloat(v, 'f', 0, 64) + " " + suffix
		}
		v, unit = v/base, 0
	}
	decimals := 0
	if v < 9.95 || finer && v < 99.95 {
		decimals = 1
	}
	return strconv.FormatFloat(v, 'f', decimals, 64) + " " + units[unit:unit+1] + suffix
}
