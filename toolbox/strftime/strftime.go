// Package strftime renders times as strftime does in the C locale, with the
// flags, widths and directives that GNU adds: %-d, %_5H, %^a, %010Y, %N, %:z.
//
// It is what date, printf %(…)T, ls --time-style, stat, find -printf and touch
// share, so that one format means one thing everywhere.
package strftime

import (
	"strings"
	"time"
)

// Format renders t, in its own location, by the format.
func Format(format string, t time.Time) string {
	return string(Append(nil, format, t))
}

// Append renders t by the format behind dst. Directives that do not exist are
// copied as they stand.
func Append(dst []byte, format string, t time.Time) []byte {
	for {
		at := strings.IndexByte(format, '%')
		if at < 0 || at+1 == len(format) {
			return append(dst, format...)
		}
		dst = append(dst, format[:at]...)
		s, n := parse(format[at:])
		dst = s.render(dst, t)
		format = format[at+n:]
	}
}

// spec is one directive with its flags.
type spec struct {
	verb   byte
	pad    byte // '_', '-', '0', '+', or 0 for the directive's own
	upper  bool // ^
	swap   bool // #
	width  int  // 0 where there is none
	colons int  // of %:z
	raw    string
}

// maxWidth bounds what one directive may print.
const maxWidth = 4096

// parse reads the directive that s starts with, and returns its length.
func parse(s string) (spec, int) {
	var d spec
	i := 1
flags:
	for ; i < len(s); i++ {
		switch s[i] {
		case '_', '-', '0', '+':
			d.pad = s[i]
		case '^':
			d.upper = true
		case '#':
			d.swap = true
		default:
			break flags
		}
	}
	for ; i < len(s) && s[i] >= '0' && s[i] <= '9'; i++ {
		d.width = min(d.width*10+int(s[i]-'0'), maxWidth)
	}
	for ; i < len(s) && s[i] == ':'; i++ {
		d.colons++
	}
	i += modifier(s[i:])
	if i < len(s) {
		d.verb = s[i]
		i++
	}
	d.raw = s[:i]
	if d.colons > 0 && (d.verb != 'z' || d.colons > 3) || d.verb == '%' && i > 2 {
		d.verb = 0
	}
	return d, i
}

// modifier is the length of an E or O that its directive allows: they change
// nothing in the C locale.
func modifier(s string) int {
	if len(s) > 1 && (s[0] == 'E' && strings.IndexByte("cCxXyY", s[1]) >= 0 ||
		s[0] == 'O' && strings.IndexByte("bBdehHIklmMSuUVwWy", s[1]) >= 0) {
		return 1
	}
	return 0
}

func (d spec) render(dst []byte, t time.Time) []byte {
	if text, ok := d.text(t); ok {
		return d.padText(dst, text)
	}
	if n, digits, ok := d.number(t); ok {
		return d.padNumber(dst, n, digits)
	}
	switch d.verb {
	case 'F':
		return d.isoDate(dst, t)
	case 'N':
		return d.nanos(dst, t.Nanosecond())
	case 'z':
		return d.offset(dst, t)
	case 's':
		return d.padNumber(dst, t.Unix(), 1)
	}
	return d.padText(dst, d.raw)
}

// text renders the directives that are words and those that stand for other
// formats.
func (d spec) text(t time.Time) (string, bool) {
	switch d.verb {
	case 'a':
		return d.word(t.Weekday().String()[:3]), true
	case 'A':
		return d.word(t.Weekday().String()), true
	case 'b', 'h':
		return d.word(t.Month().String()[:3]), true
	case 'B':
		return d.word(t.Month().String()), true
	case 'p':
		return d.half(t, d.swap), true
	case 'P':
		return d.half(t, true), true
	case 'Z':
		return d.zone(t), true
	case 'n':
		return "\n", true
	case 't':
		return "\t", true
	case '%':
		return "%", true
	}
	for i := 0; i+1 < len(composites); i += 2 {
		if composites[i][0] == d.verb {
			return d.cased(Format(composites[i+1], t)), true
		}
	}
	return "", false
}

// composites pairs the directives that stand for other formats with these.
var composites = [...]string{
	"c", "%a %b %e %H:%M:%S %Y", "D", "%m/%d/%y", "r", "%I:%M:%S %p",
	"R", "%H:%M", "T", "%H:%M:%S", "x", "%m/%d/%y", "X", "%H:%M:%S",
}

func (d spec) cased(s string) string {
	if d.upper {
		return strings.ToUpper(s)
	}
	return s
}

func (d spec) word(s string) string {
	d.upper = d.upper || d.swap
	return d.cased(s)
}

func (d spec) half(t time.Time, lower bool) string {
	s := "AM"
	if t.Hour() >= 12 {
		s = "PM"
	}
	if lower {
		return strings.ToLower(s)
	}
	return s
}

func (d spec) zone(t time.Time) string {
	name, _ := t.Zone()
	if d.swap {
		return strings.ToLower(name)
	}
	return d.cased(name)
}
