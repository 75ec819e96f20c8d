package seq

import (
	"bytes"
	"strconv"
	"strings"
)

// digitsOnly reports whether all numbers are written with digits alone: then
// the sequence is counted in decimal, which has no largest number.
func (s *seq) digitsOnly() bool {
	plain := func(v number) bool { return v.text != "" && strings.Trim(v.text, "0123456789") == "" }
	return plain(s.first) && plain(s.step) && (plain(s.last) || s.last.text == "inf") && len(s.step.text) <= 18
}

// count adds the step to the digits of the number.
func (s *seq) count() error {
	step, _ := strconv.Atoi(s.step.text)
	last := trimZeros(s.last.text)
	c := newCounter(trimZeros(s.first.text))
	width := 0
	if s.equalWidth {
		width = max(s.first.width, s.last.width)
	}
	endless := s.last.text == "inf"
	if !endless && c.beyond(last) {
		return nil
	}
	for i := 0; ; i++ {
		b := s.w.AvailableBuffer()
		for range width - len(c.digits) {
			b = append(b, '0')
		}
		b = append(b, c.digits...)
		c.add(step)
		done := !endless && c.beyond(last)
		if done {
			b = append(b, '\n')
		} else {
			b = append(b, s.separator...)
		}
		if _, err := s.w.Write(b); err != nil || done {
			return err
		}
		if i%1024 == 0 && s.ctx.Err() != nil {
			return s.ctx.Err()
		}
	}
}

func trimZeros(s string) string {
	if t := strings.TrimLeft(s, "0"); t != "" {
		return t
	}
	return "0"
}

// counter is a number of any size in decimal; digits is the used end of buf.
type counter struct{ buf, digits []byte }

func newCounter(s string) *counter {
	buf := bytes.Repeat([]byte{'0'}, len(s)+20)
	c := &counter{buf: buf, digits: buf[20:]}
	copy(c.digits, s)
	return c
}

func (c *counter) beyond(last string) bool {
	if len(c.digits) != len(last) {
		return len(c.digits) > len(last)
	}
	return string(c.digits) > last
}

func (c *counter) add(n int) {
	i := len(c.buf) - 1
	for ; n > 0; i-- {
		if i == 0 {
			c.grow()
			i = len(c.buf) - len(c.digits) - 1
		}
		n += int(c.buf[i] - '0')
		c.buf[i] = byte('0' + n%10)
		n /= 10
	}
	if used := len(c.buf) - i - 1; used > len(c.digits) {
		c.digits = c.buf[len(c.buf)-used:]
	}
}

// grow makes room in front of the digits, which fill the buffer.
func (c *counter) grow() {
	buf := bytes.Repeat([]byte{'0'}, 2*len(c.buf))
	n := copy(buf[len(buf)-len(c.buf)+1:], c.buf[1:])
	c.buf, c.digits = buf, buf[len(buf)-n:]
}

// scaled is a sequence of decimal fractions as integers, all multiplied by the
// same power of ten.
type scaled struct {
	first, step, last int64
	shift             int // digits behind the point
	prec              int // of them printed
	width             int
}

// exact is how large a scaled number may be for long doubles to have each of
// its digits: where they would round, this must not be used.
const exact = 1 << 53

// scale finds the sequence as integers, if it is one of plain decimals that
// are small enough.
func (s *seq) scale() (q scaled, ok bool) {
	q.prec = max(s.first.prec, s.step.prec)
	q.shift = max(q.prec, s.last.prec)
	if q.shift > 15 {
		return q, false
	}
	if s.equalWidth {
		q.width = s.width(q.prec)
	}
	for _, n := range []struct {
		from number
		to   *int64
	}{{s.first, &q.first}, {s.step, &q.step}, {s.last, &q.last}} {
		if *n.to, ok = n.from.scaled(q.shift); !ok {
			return q, false
		}
	}
	return q, true
}

// scaled is v times ten to the power of shift.
func (v number) scaled(shift int) (int64, bool) {
	if strings.Trim(v.text, "-.0123456789") != "" || strings.HasPrefix(v.text, "-") && v.value.Zero() {
		return 0, false
	}
	whole, fraction, _ := strings.Cut(v.text, ".")
	n, err := strconv.ParseInt(whole+fraction+strings.Repeat("0", shift-len(fraction)), 10, 64)
	return n, err == nil && n > -exact && n < exact
}

func (q scaled) run(s *seq) error {
	past := func(n int64) bool {
		if q.step < 0 {
			return n < q.last
		}
		return n > q.last
	}
	n := q.first
	if past(n) {
		return nil
	}
	for i := 0; ; i++ {
		b := q.append(s.w.AvailableBuffer(), n)
		n += q.step
		done := past(n)
		if done {
			b = append(b, '\n')
		} else {
			b = append(b, s.separator...)
		}
		if _, err := s.w.Write(b); err != nil || done {
			return err
		}
		if i%1024 == 0 && s.ctx.Err() != nil {
			return s.ctx.Err()
		}
	}
}

// append writes n with its point.
func (q scaled) append(b []byte, n int64) []byte {
	var buf [24]byte
	width := q.width
	if n < 0 {
		b = append(b, '-')
		n = -n
		width--
	}
	// The digits beyond prec are zeros: first and step have no more.
	for range q.shift - q.prec {
		n /= 10
	}
	digits := strconv.AppendInt(buf[:0], n, 10)
	whole := max(len(digits)-q.prec, 1)
	point := 0
	if q.prec > 0 {
		point = 1
	}
	for range width - whole - q.prec - point {
		b = append(b, '0')
	}
	if len(digits) <= q.prec {
		b = append(b, '0', '.')
		for range q.prec - len(digits) {
			b = append(b, '0')
		}
		return append(b, digits...)
	}
	b = append(b, digits[:whole]...)
	if q.prec > 0 {
		b = append(b, '.')
		b = append(b, digits[whole:]...)
	}
	return b
}
