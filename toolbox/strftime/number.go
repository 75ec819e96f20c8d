package strftime

import (
	"strconv"
	"time"
)

// number is the value of a numeric directive and how many digits it has at
// least.
func (d *spec) number(t time.Time) (n int64, digits int, ok bool) {
	value := 0
	digits = 2
	switch d.verb {
	case 'C':
		value = floorDiv(t.Year(), 100)
	case 'd':
		value = t.Day()
	case 'e':
		d.blank()
		value = t.Day()
	case 'g', 'G':
		value, _ = t.ISOWeek()
		value, digits = d.year(value)
	case 'H':
		value = t.Hour()
	case 'k':
		d.blank()
		value = t.Hour()
	case 'I':
		value = (t.Hour()+11)%12 + 1
	case 'l':
		d.blank()
		value = (t.Hour()+11)%12 + 1
	case 'j':
		value, digits = t.YearDay(), 3
	case 'm':
		value = int(t.Month())
	case 'M':
		value = t.Minute()
	case 'q':
		value, digits = (int(t.Month())+2)/3, 1
	case 'S':
		value = t.Second()
	case 'u':
		value, digits = (int(t.Weekday())+6)%7+1, 1
	case 'w':
		value, digits = int(t.Weekday()), 1
	case 'U':
		value = (t.YearDay() + 6 - int(t.Weekday())) / 7
	case 'W':
		value = (t.YearDay() + 6 - (int(t.Weekday())+6)%7) / 7
	case 'V':
		_, value = t.ISOWeek()
	case 'y', 'Y':
		value, digits = d.year(t.Year())
	default:
		return 0, 0, false
	}
	return int64(value), digits, true
}

// blank makes spaces the padding unless a flag says otherwise.
func (d *spec) blank() {
	if d.pad == 0 {
		d.pad = '_'
	}
}

// year is a year as %Y and %G, or as the two digits of %y and %g.
func (d *spec) year(year int) (value, digits int) {
	if d.verb == 'y' || d.verb == 'g' {
		return (year%100 + 100) % 100, 2
	}
	return year, 4
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// padText pads on the left to the width, with spaces unless 0 was asked for.
func (d spec) padText(dst []byte, s string) []byte {
	if d.pad != '-' {
		fill := byte(' ')
		if d.pad == '0' || d.pad == '+' {
			fill = '0'
		}
		dst = repeat(dst, fill, d.width-len(s))
	}
	return append(dst, s...)
}

func repeat(dst []byte, c byte, n int) []byte {
	for range n {
		dst = append(dst, c)
	}
	return dst
}

func (d spec) padNumber(dst []byte, n int64, digits int) []byte {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	} else if d.pad == '+' && (d.width > digits || n > 99 && digits == 2 || n > 9999) {
		sign = "+"
	}
	return d.padDigits(dst, sign, strconv.FormatInt(n, 10), digits)
}

// padDigits writes a number of at least so many digits, within the width: its
// sign before zeros but behind spaces.
func (d spec) padDigits(dst []byte, sign, text string, digits int) []byte {
	if d.pad == '-' {
		return append(append(dst, sign...), text...)
	}
	fill := max(max(digits, d.width)-len(text), 0)
	if d.width > digits {
		fill -= len(sign)
	}
	if d.pad == '_' {
		dst = repeat(dst, ' ', fill)
		return append(append(dst, sign...), text...)
	}
	dst = append(dst, sign...)
	return append(repeat(dst, '0', fill), text...)
}

// isoDate is %F: a width counts for the whole date.
func (d spec) isoDate(dst []byte, t time.Time) []byte {
	year := spec{verb: 'Y', pad: d.pad, width: max(d.width-len("-01-02"), 0)}
	if d.pad == 0 && d.width == 0 {
		year.pad = '+'
	}
	dst = year.padNumber(dst, int64(t.Year()), 4)
	return Append(dst, "-%m-%d", t)
}

// nanos is %N, where a width is a precision: %3N are milliseconds, cut.
func (d spec) nanos(dst []byte, ns int) []byte {
	if d.width == 0 {
		d.width = 9
	}
	text := strconv.Itoa(1e9 + ns)[1:]
	if d.width < len(text) {
		text = text[:d.width]
	}
	fill := byte('0')
	if d.pad == '_' {
		fill = ' '
		for len(text) > 1 && text[len(text)-1] == '0' {
			text = text[:len(text)-1]
		}
	}
	dst = append(dst, text...)
	return repeat(dst, fill, d.width-len(text))
}

// offset is %z and its forms with colons.
func (d spec) offset(dst []byte, t time.Time) []byte {
	_, east := t.Zone()
	sign := "+"
	if east < 0 {
		sign, east = "-", -east
	}
	h, m, s := east/3600, east/60%60, east%60
	if d.colons == 3 {
		switch {
		case s != 0:
			d.colons = 2
		case m != 0:
			d.colons = 1
		}
	}
	switch d.colons {
	case 0:
		return d.padDigits(dst, sign, strconv.Itoa(h*100+m), 4)
	case 1:
		return d.padDigits(dst, sign, clock(h, m), 5)
	case 2:
		return d.padDigits(dst, sign, clock(h, m, s), 8)
	}
	return d.padDigits(dst, sign, strconv.Itoa(h), 2)
}

// clock writes hours and what follows, each behind a colon in two digits.
func clock(h int, rest ...int) string {
	b := strconv.AppendInt(nil, int64(h), 10)
	for _, n := range rest {
		b = append(b, ':', byte('0'+n/10), byte('0'+n%10))
	}
	return string(b)
}
