/*
Package od dumps files in octal and other formats.

	od [OPTION]... [FILE]...
	od [-abcdfilosx]... [FILE] [[+]OFFSET[b]]

Without FILE, or for "-", it reads standard input. Several files are dumped as
one.

	-A, --address-radix=RADIX  show offsets as d, o, x or n (not at all)
	    --endian={big|little}  the order of bytes in numbers
	-j, --skip-bytes=N         pass over N bytes first
	-N, --read-bytes=N         dump at most N bytes
	-S N, --strings[=N]        show strings of at least N (3) characters
	-t, --format=TYPE          how to show the data, may be given again
	-v, --output-duplicates    do not write * for lines that repeat
	-w[N], --width[=N]         N (32) bytes a line
	    --traditional          accept an OFFSET in any case

TYPE is one or more of a (named characters), c (characters), and d, f, o, u, x
(numbers) with a size in bytes or C, S, I, L, F, D; a z behind it adds the text.
Traditional options are -a = -t a, -b = -t o1, -c = -t c, -d = -t u2, -f = -t fF,
-i = -t dI, -l = -t dL, -o = -t o2, -s = -t d2, -x = -t x2.
*/
package od

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"

	"agentsandbox/toolbox/tool"
)

// od is one run.
type od struct {
	options
	ctx context.Context
	x   *tool.Exec
	w   *bufio.Writer
}

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	d := od{ctx: ctx, x: x, w: x.Writer()}
	names, err := d.parse(x)
	if err != nil {
		return err
	}
	in := &input{od: &d, names: names, limit: d.limit}
	if len(names) == 0 {
		in.names = []string{"-"}
	}
	if ok, err := in.next(); err != nil || !ok {
		return errors.Join(err, tool.Exit(1))
	}
	if err := in.skip(d.skip); err != nil {
		return err
	}
	if d.strings > 0 {
		err = d.dumpStrings(in)
	} else {
		err = d.dump(in)
	}
	if flushErr := d.w.Flush(); flushErr != nil {
		return flushErr
	}
	if err == nil && in.failed {
		err = tool.Exit(1)
	}
	return err
}

// dump writes the data, a block a line.
func (d *od) dump(in *input) error {
	block, last := make([]byte, d.width), make([]byte, d.width)
	offset, repeated := d.skip, false
	for first := true; ; first = false {
		n, err := in.read(block)
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
		switch {
		case n == len(block) && !first && !d.all && bytes.Equal(block, last):
			if !repeated {
				d.w.WriteString("*\n")
			}
			repeated = true
		default:
			repeated = false
			clear(block[n:])
			if err := d.block(offset, block, n); err != nil {
				return err
			}
		}
		offset += uint64(n)
		block, last = last, block
		if n < len(block) {
			break
		}
	}
	if d.radix != 'n' {
		d.address(offset)
		d.w.WriteByte('\n')
	}
	return nil
}

// address writes an offset.
func (d *od) address(offset uint64) {
	switch d.radix {
	case 'o':
		fmt.Fprintf(d.w, "%07o", offset)
	case 'd':
		fmt.Fprintf(d.w, "%07d", offset)
	case 'x':
		fmt.Fprintf(d.w, "%06x", offset)
	}
	if d.label != nil && d.radix != 'n' {
		fmt.Fprintf(d.w, " (%07o)", offset-d.skip+*d.label)
	}
}

// block writes one block, of which n bytes are data, a line for each type.
func (d *od) block(offset uint64, block []byte, n int) error {
	for i, t := range d.types {
		switch {
		case i == 0:
			d.address(offset)
		case d.radix == 'x':
			d.w.WriteString("      ")
		case d.radix != 'n':
			d.w.WriteString("       ")
		}
		d.fields(t, block, n)
		if t.text {
			d.trailer(t, block, n)
		}
		if err := d.w.WriteByte('\n'); err != nil {
			return err
		}
	}
	return nil
}

// fields writes the data of a block by one type. What columns other types
// need beyond those of this one is spread between the fields.
func (d *od) fields(t typ, block []byte, n int) {
	count := len(block) / t.size
	used := (n + t.size - 1) / t.size
	pad := t.pad
	for i := range used {
		next := t.pad * (count - i - 1) / count
		text := ""
		if t.size == 1 {
			text = t.bytes[block[i]]
		} else {
			text = d.format(t, block[i*t.size:(i+1)*t.size])
		}
		d.pad(pad - next + t.width - len(text))
		d.w.WriteString(text)
		pad = next
	}
}

func (d *od) pad(n int) {
	const blanks = "                "
	for ; n > len(blanks); n -= len(blanks) {
		d.w.WriteString(blanks)
	}
	d.w.WriteString(blanks[:max(n, 0)])
}

// trailer writes the data as text behind its fields.
func (d *od) trailer(t typ, block []byte, n int) {
	count := len(block) / t.size
	used := (n + t.size - 1) / t.size
	d.pad((count-used)*t.width + t.pad*(count-used)/count)
	d.w.WriteString("  >")
	for _, c := range block[:n] {
		if c < ' ' || c > '~' {
			c = '.'
		}
		d.w.WriteByte(c)
	}
	d.w.WriteByte('<')
}

// dumpStrings writes the strings in the data, with their offsets.
func (d *od) dumpStrings(in *input) error {
	var found []byte
	offset := d.skip
	buf := make([]byte, 32<<10)
	for {
		n, err := in.read(buf)
		if err != nil || n == 0 {
			return err
		}
		for _, c := range buf[:n] {
			offset++
			switch {
			case c >= ' ' && c <= '~':
				found = append(found, c)
				continue
			case c == 0 && len(found) >= d.strings:
				d.address(offset - 1 - uint64(len(found)))
				if d.radix != 'n' {
					d.w.WriteByte(' ')
				}
				d.w.Write(append(found, '\n'))
			}
			found = found[:0]
		}
	}
}

func escape(c byte) string {
	if c >= 7 && c <= 13 {
		return `\` + string("abtnvfr"[c-7])
	}
	return string(rune(c))
}

// names of the control characters, for type a.
var controls = [...]string{"nul", "soh", "stx", "etx", "eot", "enq", "ack", "bel", "bs", "ht", "nl", "vt", "ff", "cr", "so", "si",
	"dle", "dc1", "dc2", "dc3", "dc4", "nak", "syn", "etb", "can", "em", "sub", "esc", "fs", "gs", "rs", "us", "sp"}

// format shows one value.
func (d *od) format(t typ, b []byte) string {
	switch t.letter {
	case 'a':
		c := b[0] & 0x7f
		switch {
		case int(c) < len(controls):
			return controls[c]
		case c == 0x7f:
			return "del"
		}
		return string(rune(c))
	case 'c':
		c := b[0]
		switch {
		case c == 0:
			return `\0`
		case c >= 7 && c <= 13:
			return escape(c)
		case c < ' ' || c > '~':
			return fmt.Sprintf("%03o", c)
		}
		return string(rune(c))
	}
	v := d.value(b)
	switch t.letter {
	case 'd':
		shift := 64 - 8*t.size
		return strconv.FormatInt(int64(v<<shift)>>shift, 10)
	case 'u':
		return strconv.FormatUint(v, 10)
	case 'f':
		if t.size == 4 {
			return formatFloat(float64(math.Float32frombits(uint32(v))), 32)
		}
		return formatFloat(math.Float64frombits(v), 64)
	case 'o':
		return fmt.Sprintf("%0*o", t.width, v)
	}
	return fmt.Sprintf("%0*x", t.width, v)
}

func (d *od) value(b []byte) (v uint64) {
	for i := range b {
		if d.bigEndian {
			v = v<<8 | uint64(b[i])
		} else {
			v |= uint64(b[i]) << (8 * i)
		}
	}
	return v
}

// formatFloat shows a number as C's %g with the fewest digits that give it
// back.
func formatFloat(v float64, bits int) string {
	switch {
	case math.IsNaN(v):
		if math.Signbit(v) {
			return "-nan"
		}
		return "nan"
	case math.IsInf(v, 1):
		return "inf"
	case math.IsInf(v, -1):
		return "-inf"
	}
	scientific := strconv.FormatFloat(v, 'e', -1, bits)
	at := bytes.IndexByte([]byte(scientific), 'e')
	exp, _ := strconv.Atoi(scientific[at+1:])
	digits := 0
	for _, c := range scientific[:at] {
		if c >= '0' && c <= '9' {
			digits++
		}
	}
	if exp < -4 || exp >= digits {
		return scientific
	}
	return strconv.FormatFloat(v, 'f', -1, bits)
}
