package stat

import (
	"strconv"
	"strings"

	"agentsandbox/toolbox/tool"
)

// verb is one directive with its flags.
type verb struct {
	letter    byte
	part      byte // H or L: major or minor
	flags     string
	width     int
	precision int // -1 where there is none
}

// print prints a format, each directive through show.
func (f *subject) print(format string, show func(verb) string) (ok bool, err error) {
	out := f.out
	for i := 0; i < len(format); {
		c := format[i]
		switch {
		case c == '%':
			v, n := parseVerb(format[i:])
			// A format of -c ends in the newline put there.
			if bad := v.letter == 0 || v.letter == '\n' || v.letter == '%' && n > 2; bad {
				if n == 1 || v.letter == '\n' && n == 2 {
					out.WriteByte('%')
					i++
					continue
				}
				f.warn("%s: invalid directive", tool.QuoteText(strings.TrimSuffix(format[i:i+n], "\n")))
				return false, tool.Exit(1)
			}
			out.WriteString(show(v))
			i += n
		case c == '\\' && f.escapes:
			i += f.escape(format[i:])
		default:
			out.WriteByte(c)
			i++
		}
	}
	return true, nil
}

// parseVerb reads the directive that s starts with, and returns its length.
func parseVerb(s string) (verb, int) {
	v := verb{precision: -1}
	i := 1 + len(s[1:]) - len(strings.TrimLeft(s[1:], "-+ #0'I"))
	v.flags = s[1:i]
	i += digits(s[i:], &v.width)
	if i < len(s) && s[i] == '.' {
		v.precision = 0
		i++
		n := digits(s[i:], &v.precision)
		if n == 0 {
			v.precision = 9
		}
		i += n
	}
	if i+1 < len(s) && (s[i] == 'H' || s[i] == 'L') && (s[i+1] == 'd' || s[i+1] == 'r') {
		v.part = s[i]
		i++
	}
	if i < len(s) {
		v.letter = s[i]
		i++
	}
	return v, i
}

const maxField = 4096 // bounds what one directive may print

func digits(s string, n *int) (length int) {
	for length < len(s) && s[length] >= '0' && s[length] <= '9' {
		*n = min(*n*10+int(s[length]-'0'), maxField)
		length++
	}
	return length
}

func (v verb) has(flag string) bool { return strings.Contains(v.flags, flag) }

// pad brings a value to the width of the directive.
func (v verb) pad(s string, fill byte) string {
	n := v.width - len(s)
	switch {
	case n <= 0:
		return s
	case v.has("-"):
		return s + strings.Repeat(" ", n)
	case fill == '0':
		sign := len(s) - len(strings.TrimLeft(s, "+- "))
		return s[:sign] + strings.Repeat("0", n) + s[sign:]
	}
	return strings.Repeat(" ", n) + s
}

func (v verb) text(s string) string {
	if v.precision >= 0 && v.precision < len(s) {
		s = s[:v.precision]
	}
	return v.pad(s, ' ')
}

func (v verb) fill() byte {
	if v.has("0") && v.precision < 0 {
		return '0'
	}
	return ' '
}

// number shows a number in a base, as printf does.
func (v verb) number(n uint64, base int) string {
	s := strconv.FormatUint(n, base)
	if v.precision > len(s) {
		s = strings.Repeat("0", v.precision-len(s)) + s
	}
	switch {
	case v.has("#") && base == 8:
		s = "0" + s
	case v.has("#") && base == 16 && n != 0:
		s = "0x" + s
	case v.has("+") && base == 10:
		s = "+" + s
	case v.has(" ") && base == 10:
		s = " " + s
	}
	return v.pad(s, v.fill())
}

// epoch shows a time in seconds since 1970, with as many decimals as the
// precision asks for, cut towards the past.
func (v verb) epoch(ns int64) string {
	sec, frac := ns/1e9, ns%1e9
	if frac < 0 {
		sec, frac = sec-1, frac+1e9
	}
	s := strconv.FormatInt(sec, 10)
	if v.precision > 0 {
		decimals := strconv.FormatInt(1e9+frac, 10)[1:]
		if v.precision > 9 {
			decimals += strings.Repeat("0", v.precision-9)
		}
		s += "." + decimals[:v.precision]
	}
	fill := byte(' ')
	if v.has("0") {
		fill = '0'
	}
	return v.pad(s, fill)
}

// escape prints the backslash escape that s starts with, and returns its length.
func (f *subject) escape(s string) int {
	if len(s) == 1 {
		f.warn("warning: backslash at end of format")
		f.out.WriteByte('\\')
		return 1
	}
	c := s[1]
	base, most := 8, 3
	at := 1
	if c == 'x' {
		base, most, at = 16, 2, 2
	}
	n := 0
	for n < most && at+n < len(s) {
		if _, err := strconv.ParseUint(s[at+n:at+n+1], base, 8); err != nil {
			break
		}
		n++
	}
	if n > 0 {
		v, _ := strconv.ParseUint(s[at:at+n], base, 16)
		f.out.WriteByte(byte(v))
		return at + n
	}
	if i := strings.IndexByte(`abefnrtv"\`, c); i >= 0 {
		f.out.WriteByte("\a\b\x1b\f\n\r\t\v\"\\"[i])
		return 2
	}
	f.warn("warning: unrecognized escape '\\%c'", c)
	f.out.WriteByte(c)
	return 2
}
