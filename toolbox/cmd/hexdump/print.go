package hexdump

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// printer prints blocks.
type printer struct {
	w       io.Writer
	address int64 // of the next block
	out     []byte
}

// block prints a block of which n bytes were read.
func (p *printer) block(formats []*format, block []byte, n int) error {
	for _, f := range formats {
		if f.ends() {
			continue
		}
		at := 0
		for _, u := range f.units {
			for i := range u.count {
				for k, c := range u.parts {
					last := i == u.count-1 && k == len(u.parts)-1 && u.count > 1
					p.part(c, block, at, n, last)
					at += c.size
				}
			}
		}
	}
	p.address += int64(n)
	_, err := p.w.Write(p.out)
	p.out = p.out[:0]
	return err
}

// ends reports whether a format is for the end.
func (f *format) ends() bool {
	for _, u := range f.units {
		for _, c := range u.parts {
			if c.verb == 'A' {
				return true
			}
		}
	}
	return false
}

// end prints what stands at the end.
func (p *printer) end(formats []*format) error {
	if p.address == 0 {
		return nil
	}
	for _, f := range formats {
		if !f.ends() {
			continue
		}
		for _, u := range f.units {
			for _, c := range u.parts {
				p.part(c, nil, 0, 1, false)
			}
		}
		break
	}
	_, err := p.w.Write(p.out)
	return err
}

// part prints a conversion for what is at an offset of the block; last has
// the white space behind it left out.
func (p *printer) part(c part, block []byte, at, n int, last bool) {
	after := c.after
	if last {
		after = strings.TrimRight(after, " \t")
	}
	p.out = append(p.out, c.before...)
	switch {
	case c.verb == 0:
	case c.verb == 'a' || c.verb == 'A':
		p.printf(c, map[byte]string{'d': "d", 'o': "o", 'x': "x"}[c.radix], p.address+int64(at))
	case at >= n:
		width, _, _ := strings.Cut(c.width, ".")
		blank, _ := strconv.Atoi(width)
		p.out = append(p.out, strings.Repeat(" ", min(blank, 1<<16))...)
	default:
		p.value(c, block[at:at+c.size])
	}
	p.out = append(p.out, after...)
}

func (p *printer) printf(c part, verb string, v any) {
	p.out = fmt.Appendf(p.out, "%"+c.flags+c.width+verb, v)
}

func (p *printer) value(c part, b []byte) {
	switch c.verb {
	case 'd', 'i':
		p.printf(c, "d", signed(b))
	case 'u':
		p.printf(c, "d", unsigned(b))
	case 'o', 'x', 'X':
		p.printf(c, string(c.verb), unsigned(b))
	case 'c':
		p.text(c, string(b))
	case 's':
		if end := bytes.IndexByte(b, 0); end >= 0 {
			b = b[:end]
		}
		p.text(c, string(b))
	case 'C':
		p.text(c, escaped(b[0]))
	case 'U':
		p.text(c, named(b[0]))
	case 'P':
		if b[0] < ' ' || b[0] > '~' {
			b = []byte{'.'}
		}
		p.text(c, string(b))
	default:
		if !strings.Contains(c.width, ".") {
			c.width += ".6"
		}
		p.printf(c, string(c.verb), float(b))
	}
}

// text pads bytes, which need not be UTF-8.
func (p *printer) text(c part, s string) {
	width, precision, limited := strings.Cut(c.width, ".")
	if n, _ := strconv.Atoi(precision); limited && n < len(s) {
		s = s[:n]
	}
	n, _ := strconv.Atoi(width)
	pad := strings.Repeat(" ", max(min(n, 1<<16)-len(s), 0))
	if strings.Contains(c.flags, "-") {
		p.out = append(append(p.out, s...), pad...)
		return
	}
	p.out = append(append(p.out, pad...), s...)
}

func unsigned(b []byte) uint64 {
	var all [8]byte
	copy(all[:], b)
	return binary.LittleEndian.Uint64(all[:])
}

func signed(b []byte) int64 {
	shift := 64 - 8*len(b)
	return int64(unsigned(b)<<shift) >> shift
}

func float(b []byte) float64 {
	if len(b) == 4 {
		return float64(math.Float32frombits(uint32(unsigned(b))))
	}
	return math.Float64frombits(unsigned(b))
}

// escaped is a byte as C writes it.
func escaped(c byte) string {
	if i := strings.IndexByte("\x00\a\b\f\n\r\t\v", c); i >= 0 {
		return `\` + "0abfnrtv"[i:i+1]
	}
	if c < ' ' || c > '~' {
		return fmt.Sprintf("%03o", c)
	}
	return string(c)
}

// named is a byte by its name in ASCII.
func named(c byte) string {
	names := strings.Fields("nul soh stx etx eot enq ack bel bs ht lf vt ff cr so si dle dcl dc2 dc3 dc4 nak syn etb can em sub esc fs gs rs us")
	switch {
	case int(c) < len(names):
		return names[c]
	case c == 0x7f:
		return "del"
	case c > 0x7f:
		return fmt.Sprintf("%02x", c)
	}
	return string(c)
}
