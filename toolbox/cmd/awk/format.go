package awk

import (
	"math"
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

// number formats a number by itself.
func (s spec) number(f float64) string {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return s.special(f)
	}
	switch s.verb {
	case 'd', 'i':
		return s.integer(math.Trunc(f))
	case 'o', 'x', 'X', 'u':
		return s.unsigned(math.Trunc(f))
	}
	return s.float(f)
}

func (s spec) special(f float64) string {
	s.zero = false
	return s.fill("", specialText(f))
}

func (s spec) integer(f float64) string {
	sign := s.sign(f < 0)
	digits := strconv.FormatFloat(math.Abs(f), 'f', 0, 64)
	if s.prec == 0 && f == 0 {
		digits = ""
	}
	if len(digits) < s.prec {
		digits = strings.Repeat("0", s.prec-len(digits)) + digits
	}
	if s.prec >= 0 {
		s.zero = false
	}
	return s.fill(sign, digits)
}

func (s spec) sign(negative bool) string {
	switch {
	case negative:
		return "-"
	case s.plus:
		return "+"
	case s.space:
		return " "
	}
	return ""
}

// unsigned formats in base 8, 10 or 16. What does not fit is shown as %g has
// it, and a negative number as its two's complement.
func (s spec) unsigned(f float64) string {
	var n uint64
	switch {
	case f < 0 && f >= math.MinInt64:
		n = uint64(int64(f))
	case f >= 0 && f < math.MaxUint64:
		n = uint64(f)
	default:
		s.verb = 'g'
		return s.float(f)
	}
	base, prefix := 10, ""
	switch s.verb {
	case 'o':
		base, prefix = 8, "0"
	case 'x', 'X':
		base, prefix = 16, "0"+string(s.verb)
	}
	digits := strconv.FormatUint(n, base)
	if s.verb == 'X' {
		digits = strings.ToUpper(digits)
	}
	if len(digits) < s.prec {
		digits = strings.Repeat("0", s.prec-len(digits)) + digits
	}
	if s.prec >= 0 {
		s.zero = false
	}
	if !s.alt || n == 0 || s.verb == 'u' {
		prefix = ""
	}
	return s.fill(prefix, digits)
}

func (s spec) float(f float64) string {
	prec := s.prec
	if prec < 0 {
		prec = 6
	}
	sign := s.sign(math.Signbit(f))
	abs := math.Abs(f)
	var digits string
	switch s.verb {
	case 'e', 'E', 'f', 'F':
		digits = strconv.FormatFloat(abs, s.verb|0x20, prec, 64)
		if s.alt && prec == 0 {
			digits += "."
		}
	case 'g', 'G':
		digits = formatG(abs, prec, s.alt, 'e')
	case 'a', 'A':
		digits = hexFloat(abs, s.prec)
	}
	if s.verb < 'a' {
		digits = strings.ToUpper(digits)
	}
	return s.fill(sign, digits)
}

// hexFloat is %a.
func hexFloat(f float64, prec int) string {
	s := strconv.FormatFloat(f, 'x', prec, 64)
	mantissa, exp, _ := strings.Cut(s, "p")
	n, _ := strconv.Atoi(exp)
	if n >= 0 {
		return mantissa + "p+" + strconv.Itoa(n)
	}
	return mantissa + "p" + strconv.Itoa(n)
}

// fill pads a number: zeros go between its sign and its digits.
func (s spec) fill(sign, digits string) string {
	fill := s.width - len(sign) - len(digits)
	switch {
	case fill <= 0:
		return sign + digits
	case s.minus:
		return sign + digits + strings.Repeat(" ", fill)
	case s.zero:
		return sign + strings.Repeat("0", fill) + digits
	}
	return strings.Repeat(" ", fill) + sign + digits
}

// formatG is %g: the shorter of %e and %f, without zeros at the end unless
// alt.
func formatG(f float64, prec int, alt bool, e byte) string {
	if prec == 0 {
		prec = 1
	}
	if f == 0 {
		if alt {
			return "0." + strings.Repeat("0", prec-1)
		}
		return "0"
	}
	s := strconv.FormatFloat(f, e, prec-1, 64)
	at := strings.LastIndexByte(s, e)
	exp, _ := strconv.Atoi(s[at+1:])
	if exp < -4 || exp >= prec {
		return trimZeros(s[:at], alt) + s[at:]
	}
	return trimZeros(strconv.FormatFloat(f, 'f', prec-1-exp, 64), alt)
}

func trimZeros(s string, keep bool) string {
	if keep {
		return s
	}
	if strings.IndexByte(s, '.') >= 0 {
		s = strings.TrimRight(s, "0")
		s = strings.TrimSuffix(s, ".")
	}
	return s
}

// formatNumber formats one number by CONVFMT or OFMT.
func formatNumber(format string, f float64) string {
	fm := formatter{m: &machine{convfmt: "%.6g", limit: 1 << 16, utf8: true}, format: format, args: []value{num(f)}}
	fm.run()
	return string(fm.b)
}
