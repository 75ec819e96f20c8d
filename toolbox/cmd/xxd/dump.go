package xxd

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"agentsandbox/toolbox/tool"
)

// start moves to where the dump begins, and returns its offset.
func (d *xxd) start(in *tool.File) (int64, error) {
	if d.seek == 0 {
		return 0, nil
	}
	whence := io.SeekStart
	if d.fromEnd {
		whence = io.SeekEnd
	}
	if at, err := in.Seek(d.seek, whence); err == nil {
		return at, nil
	}
	if d.fromEnd {
		return 0, d.x.Fail(4, "sorry cannot seek.")
	}
	_, err := io.CopyN(io.Discard, in, d.seek)
	if err != nil {
		return 0, d.x.Fail(4, "sorry cannot seek.")
	}
	return d.seek, nil
}

func (d *xxd) dump(in *tool.File, name string) error {
	offset, err := d.start(in)
	if err != nil {
		return err
	}
	r := bufio.NewReaderSize(io.LimitReader(in, int64(min(d.limit, math.MaxInt64))), 64<<10)
	switch d.mode {
	case include:
		return d.include(r, name)
	case plain:
		return d.plain(r)
	}
	return d.lines(r, offset+d.add)
}

// block fills p as far as there is data.
func (d *xxd) block(r io.Reader, p []byte) (int, error) {
	if err := d.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := io.ReadFull(r, p)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return n, nil
	}
	if err != nil {
		err = tool.ReadError{Err: err}
	}
	return n, err
}

func (d *xxd) digits() string {
	if d.upper {
		return "0123456789ABCDEF"
	}
	return "0123456789abcdef"
}

func (d *xxd) plain(r io.Reader) error {
	size := d.columns
	if size == 0 {
		size = 4096
	}
	buf, digits, any := make([]byte, size), d.digits(), false
	for {
		n, err := d.block(r, buf)
		if err != nil {
			return err
		}
		for _, c := range buf[:n] {
			d.w.WriteByte(digits[c>>4])
			d.w.WriteByte(digits[c&15])
		}
		any = any || n > 0
		if n > 0 && d.columns > 0 || n < len(buf) && d.columns == 0 && any {
			d.w.WriteByte('\n')
		}
		if n < len(buf) {
			return nil
		}
	}
}

func (d *xxd) include(r *bufio.Reader, file string) error {
	name := d.name
	if name == "" && file != "-" {
		name = file
	}
	name = d.identifier(name)
	if name != "" {
		fmt.Fprintf(d.w, "unsigned char %s[] = {\n", name)
	}
	count := 0
	prefix := "0x"
	if d.upper {
		prefix = "0X"
	}
	for ; ; count++ {
		c, err := r.ReadByte()
		if err == io.EOF {
			break
		}
		if err != nil {
			return tool.ReadError{Err: err}
		}
		switch {
		case count == 0:
			d.w.WriteString("  ")
		case count%d.columns == 0:
			d.w.WriteString(",\n  ")
		default:
			d.w.WriteString(", ")
		}
		d.w.WriteString(prefix)
		d.w.WriteByte(d.digits()[c>>4])
		d.w.WriteByte(d.digits()[c&15])
		if count%4096 == 0 && d.ctx.Err() != nil {
			return d.ctx.Err()
		}
	}
	if count > 0 {
		d.w.WriteByte('\n')
	}
	if name != "" {
		length := "_len"
		if d.capital {
			length = "_LEN"
		}
		fmt.Fprintf(d.w, "};\nunsigned int %s%s = %d;\n", name, length, count)
	}
	return nil
}

// identifier makes a name that C takes.
func (d *xxd) identifier(name string) string {
	out := []byte(name)
	for i, c := range out {
		if !(c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9') {
			out[i] = '_'
		}
	}
	s := string(out)
	if s != "" && s[0] >= '0' && s[0] <= '9' {
		s = "__" + s
	}
	if d.capital {
		s = strings.ToUpper(s)
	}
	return s
}

// lines writes the usual dump.
func (d *xxd) lines(r io.Reader, offset int64) error {
	buf := make([]byte, d.columns)
	nuls := 0 // lines of NUL bytes in a row
	var held, spare []byte
	for {
		n, err := d.block(r, buf)
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
		line := d.line(spare[:0], offset, buf[:n])
		spare = line
		offset += int64(n)
		if d.skipNUL && strings.Trim(string(buf[:n]), "\x00") == "" {
			nuls++
			switch {
			case nuls == 2, nuls > 3:
				held = append(held[:0], line...)
				continue
			case nuls == 3:
				d.w.WriteString("*\n")
				held = append(held[:0], line...)
				continue
			}
		} else {
			if nuls == 2 {
				d.w.Write(held)
			}
			nuls, held = 0, held[:0]
		}
		if _, err := d.w.Write(line); err != nil {
			return err
		}
	}
	// The last line is written in any case.
	d.w.Write(held)
	return nil
}

func (d *xxd) line(b []byte, offset int64, data []byte) []byte {
	b = d.offset(b, offset)
	each, digits := 2, d.digits()
	if d.mode == bits {
		each = 8
	}
	columns := d.columns
	if d.mode == little {
		columns = (columns + d.group - 1) / d.group * d.group
	}
	for i := range columns {
		if i > 0 && i%d.group == 0 {
			b = append(b, ' ')
		}
		at := i
		if d.mode == little {
			at = i - i%d.group + d.group - 1 - i%d.group
		}
		switch {
		case at >= len(data):
			b = append(b, "        "[:each]...)
		case d.mode == bits:
			for bit := 7; bit >= 0; bit-- {
				b = append(b, '0'+data[at]>>bit&1)
			}
		default:
			b = append(b, digits[data[at]>>4], digits[data[at]&15])
		}
	}
	b = append(b, ' ', ' ')
	for _, c := range data {
		if c < ' ' || c > '~' {
			c = '.'
		}
		b = append(b, c)
	}
	return append(b, '\n')
}

// offset writes an offset, of eight digits at least.
func (d *xxd) offset(b []byte, offset int64) []byte {
	base := 16
	if d.decimal {
		base = 10
	}
	var buf [20]byte
	text := strconv.AppendUint(buf[:0], uint64(offset), base)
	for n := 8 - len(text); n > 0; n-- {
		b = append(b, '0')
	}
	return append(append(b, text...), ':', ' ')
}
