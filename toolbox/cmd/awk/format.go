package awk

import (
	"strconv"
	"strings"
	"unicode"
)

// spec is one conversion of a format.
type spec struct {
	minus, plus, space, alt, zero, group bool
	width                                int
	prec                                 int // negative if not given
	verb                                 byte
}

// formatter works through a format with its arguments.
type formatter struct {
	m      *machine
	format string
	pos    int
	args   []value
	next   int
	b      []byte
}

// formatArgs formats with the first of args as the format. The result is
// valid until the next call.
func (m *machine) formatArgs(args []expr) []byte {
	var room [8]value
	values := room[:0]
	for _, x := range args {
		values = append(values, x.eval(m))
	}
	if len(values) == 0 || m.err != nil {
		return nil
	}
	f := formatter{m: m, format: m.text(values[0]), args: values[1:], b: m.formatted[:0]}
	f.run()
	m.formatted = f.b
	return f.b
}

func (f *formatter) run() {
	for f.pos < len(f.format) && f.m.err == nil {
		n := strings.IndexByte(f.format[f.pos:], '%')
		if n < 0 {
			f.b = append(f.b, f.format[f.pos:]...)
			return
		}
		f.b = append(f.b, f.format[f.pos:f.pos+n]...)
		f.pos += n
		f.conversion()
	}
}

// conversion handles what starts with the "%" at pos.
func (f *formatter) conversion() {
	start := f.pos
	f.pos++
	if f.pos == len(f.format) {
		f.b = append(f.b, '%')
		return
	}
	if f.format[f.pos] == '%' {
		f.pos++
		f.b = append(f.b, '%')
		return
	}
	position := f.position()
	s, ok := f.spec()
	if !ok {
		f.b = append(f.b, f.format[start:f.pos]...)
		return
	}
	if s.verb == '%' {
		f.b = append(f.b, '%')
		return
	}
	if strings.IndexByte("cdiouxXeEfFgGaAs", s.verb) < 0 {
		f.b = append(f.b, f.format[start:f.pos]...)
		return
	}
	v, ok := f.arg(position)
	if !ok {
		f.m.fatal("not enough arguments to satisfy format string\n\t`%s'\n\t%s^ ran out for this one", f.format, strings.Repeat(" ", f.pos-1))
		return
	}
	f.put(s, v)
}

// position reads "N$"; 0 if there is none.
func (f *formatter) position() int {
	end := f.pos
	for end < len(f.format) && isDigit(f.format[end]) {
		end++
	}
	if end == f.pos || end == len(f.format) || f.format[end] != '$' {
		return 0
	}
	n, _ := strconv.Atoi(f.format[f.pos:end])
	f.pos = end + 1
	return n
}

// arg takes the next argument, or the one at a position from 1.
func (f *formatter) arg(position int) (value, bool) {
	if position > 0 {
		if position > len(f.args) {
			return value{}, false
		}
		return f.args[position-1], true
	}
	if f.next >= len(f.args) {
		return value{}, false
	}
	f.next++
	return f.args[f.next-1], true
}

// spec reads flags, width, precision and verb.
func (f *formatter) spec() (s spec, ok bool) {
	s.prec = -1
	for ; f.pos < len(f.format); f.pos++ {
		switch f.format[f.pos] {
		case '-':
			s.minus = true
		case '+':
			s.plus = true
		case ' ':
			s.space = true
		case '#':
			s.alt = true
		case '0':
			s.zero = true
		case '\'':
			s.group = true
		default:
			return f.sizes(s)
		}
	}
	return s, false
}

func (f *formatter) sizes(s spec) (spec, bool) {
	s.width = f.count()
	if s.width < 0 {
		s.minus, s.width = true, -s.width
	}
	if f.pos < len(f.format) && f.format[f.pos] == '.' {
		f.pos++
		s.prec = f.count()
	}
	for f.pos < len(f.format) && strings.IndexByte("hlLqjzt", f.format[f.pos]) >= 0 {
		f.pos++
	}
	if f.pos == len(f.format) {
		return s, false
	}
	s.verb = f.format[f.pos]
	f.pos++
	s.width = min(s.width, f.m.limit)
	s.prec = min(s.prec, f.m.limit)
	return s, true
}

// count reads a number, or "*" and the next argument.
func (f *formatter) count() int {
	if f.pos < len(f.format) && f.format[f.pos] == '*' {
		f.pos++
		v, _ := f.arg(f.position())
		return int(v.toNum())
	}
	n := 0
	for f.pos < len(f.format) && isDigit(f.format[f.pos]) {
		n = min(n*10+int(f.format[f.pos]-'0'), 1<<30)
		f.pos++
	}
	return n
}

func (f *formatter) put(s spec, v value) {
	switch s.verb {
	case 's':
		f.pad(s, f.cut(f.m.text(v), s.prec))
	case 'c':
		f.pad(s, f.char(v))
	default:
		f.number(s, v.toNum())
	}
}

// cut is the first n characters of s; all if n is negative.
func (f *formatter) cut(s string, n int) string {
	if n < 0 || n >= len(s) {
		return s
	}
	return s[:len(s)-len(f.m.after(s, n))]
}

// char is %c: the character of a number, or the first of a string.
func (f *formatter) char(v value) string {
	n, ok := v.numeric()
	if ok && v.kind != unset {
		if f.m.utf8 && n >= 0 && n <= unicode.MaxRune {
			return string(rune(n))
		}
		return string([]byte{byte(int64(n))})
	}
	if v.str == "" {
		return "\x00"
	}
	return f.cut(v.str, 1)
}

// pad writes text, padded to the width in characters.
func (f *formatter) pad(s spec, text string) {
	fill := max(s.width-f.m.length(text), 0)
	if !s.minus {
		f.repeat(' ', fill)
	}
	f.b = append(f.b, text...)
	if s.minus {
		f.repeat(' ', fill)
	}
}

func (f *formatter) repeat(c byte, n int) {
	for range n {
		f.b = append(f.b, c)
	}
}

// number formats a number, without a string in between where it is simple.
func (f *formatter) number(s spec, v float64) {
	plain := s.width == 0 && !s.plus && !s.space && !s.alt && v-v == 0
	switch {
	case plain && s.verb == 'd' && s.prec < 0 && v > -1e15 && v < 1e15:
		f.b = strconv.AppendInt(f.b, int64(v), 10)
	case plain && s.verb == 'f' && s.prec >= 0:
		f.b = strconv.AppendFloat(f.b, v, 'f', s.prec, 64)
	default:
		f.b = append(f.b, s.number(v)...)
	}
}
