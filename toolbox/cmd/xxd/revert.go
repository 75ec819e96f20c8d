package xxd

import (
	"bufio"
	"io"

	"agentsandbox/toolbox/tool"
)

// revert turns a dump back into bytes, each at its offset.
func (d *xxd) revert(in *tool.File, out io.Writer) error {
	r := bufio.NewReaderSize(in, 64<<10)
	v := reverter{xxd: d, out: out}
	for lines := 0; ; lines++ {
		if lines%1024 == 0 && d.ctx.Err() != nil {
			return d.ctx.Err()
		}
		line, err := readLine(r)
		if err != nil {
			return tool.ReadError{Err: err}
		}
		if line == nil {
			return nil
		}
		if d.mode == plain {
			err = v.digits(line, -1)
		} else {
			err = v.line(line)
		}
		if err != nil {
			return err
		}
	}
}

// longestLine bounds what is read of a line of a dump.
const longestLine = 1 << 20

// readLine reads a line, its end cut off if it is very long; nil at the end.
func readLine(r *bufio.Reader) ([]byte, error) {
	line := []byte{}
	for {
		c, err := r.ReadByte()
		switch {
		case err == io.EOF && len(line) == 0:
			return nil, nil
		case err == io.EOF:
			return line, nil
		case err != nil:
			return nil, err
		case c == '\n':
			return line, nil
		}
		if len(line) < longestLine {
			line = append(line, c)
		}
	}
}

// reverter writes bytes at offsets.
type reverter struct {
	*xxd
	out  io.Writer
	at   int64 // where the output stands
	half int   // a first digit that waits for its second, plus 1
}

// line reads "offset: digits  text".
func (v *reverter) line(line []byte) error {
	offset, i := int64(0), 0
	for i < len(line) && nibble(line[i]) >= 0 {
		offset = offset<<4 | int64(nibble(line[i]))
		i++
	}
	if i == 0 || i == len(line) || line[i] != ':' && line[i] != ' ' {
		return nil
	}
	if err := v.moveTo(offset + v.seek); err != nil {
		return err
	}
	v.half = 0
	return v.digits(line[i+1:], v.columns)
}

// digits writes the bytes of pairs of digits: most at most, unless that is
// negative. Three characters that are none end them: there the text begins.
func (v *reverter) digits(line []byte, most int) error {
	other := 0
	for _, c := range line {
		n := nibble(c)
		if n < 0 {
			if other++; other >= 3 && most >= 0 {
				return nil
			}
			continue
		}
		other = 0
		if v.half == 0 {
			v.half = n + 1
			continue
		}
		if most == 0 {
			return nil
		}
		most--
		if err := v.w.WriteByte(byte((v.half-1)<<4 | n)); err != nil {
			return err
		}
		v.half = 0
		v.at++
	}
	return nil
}

func nibble(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}

// moveTo moves the output to an offset: in a file, else by writing NUL bytes.
func (v *reverter) moveTo(offset int64) error {
	if offset == v.at {
		return nil
	}
	if f, ok := v.out.(io.Seeker); ok {
		if err := v.w.Flush(); err != nil {
			return err
		}
		if _, err := f.Seek(offset-v.at, io.SeekCurrent); err == nil {
			v.at = offset
			return nil
		}
	}
	if offset < v.at {
		return v.x.Fail(5, "sorry, cannot seek backwards.")
	}
	for ; v.at < offset; v.at++ {
		if v.at%4096 == 0 && v.ctx.Err() != nil {
			return v.ctx.Err()
		}
		if err := v.w.WriteByte(0); err != nil {
			return err
		}
	}
	return nil
}
