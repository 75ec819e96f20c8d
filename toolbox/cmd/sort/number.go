package sort

import (
	"bytes"
	"strconv"
	"strings"

	"agentsandbox/toolbox/printf"
)

// decimal is a number as -n reads it: digits, trimmed of zeros that say nothing.
type decimal struct {
	neg      bool
	integer  []byte // without leading zeros
	fraction []byte // without trailing zeros
	end      int    // behind the last digit
}

func parseDecimal(text []byte) (d decimal) {
	at := skipBlanks(text, 0)
	if at < len(text) && text[at] == '-' {
		d.neg = true
		at++
	}
	for at < len(text) && text[at] == '0' {
		at++
	}
	from := at
	for at < len(text) && isDigit(text[at]) {
		at++
	}
	d.integer, d.end = text[from:at], at
	if at < len(text) && text[at] == '.' {
		from = at + 1
		for at++; at < len(text) && isDigit(text[at]); at++ {
		}
		d.fraction, d.end = bytes.TrimRight(text[from:at], "0"), at
	}
	if len(d.integer) == 0 && len(d.fraction) == 0 {
		d.neg = false
	}
	return d
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func compareNumbers(a, b []byte) int { return parseDecimal(a).compare(parseDecimal(b)) }

func (d decimal) compare(e decimal) int {
	if d.neg != e.neg {
		if d.neg {
			return -1
		}
		return 1
	}
	n := len(d.integer) - len(e.integer)
	if n == 0 {
		n = bytes.Compare(d.integer, e.integer)
	}
	if n == 0 {
		n = bytes.Compare(d.fraction, e.fraction)
	}
	if d.neg {
		return -n
	}
	return n
}

// numberPrefix maps a number by its integer part; one with too many digits is
// as large as can be.
func numberPrefix(text []byte) (n uint64, exact bool) {
	d := parseDecimal(text)
	exact = len(d.fraction) == 0
	if len(d.integer) > 18 {
		n, exact = 1<<62, false
	} else {
		for _, c := range d.integer {
			n = n*10 + uint64(c-'0')
		}
	}
	if d.neg {
		return 1<<63 - n, exact
	}
	return 1<<63 + n, exact
}

const units = "KMGTPEZY"

// unitOrder is the size of the unit behind a number, with its sign.
func unitOrder(text []byte) (order int) {
	d := parseDecimal(text)
	if len(d.integer) == 0 && len(d.fraction) == 0 {
		return 0
	}
	if d.end < len(text) {
		c := text[d.end]
		if c == 'k' {
			c = 'K'
		}
		order = strings.IndexByte(units, c) + 1
	}
	if d.neg {
		order = -order
	}
	return order
}

func compareHuman(a, b []byte) int {
	if d := unitOrder(a) - unitOrder(b); d != 0 {
		return d
	}
	return compareNumbers(a, b)
}

// class is what -g takes a key for, in order.
type class int

const (
	noNumber class = iota
	notANumber
	isNumber
)

func parseFloat(text []byte) (float64, class) {
	l, n, _ := parseLong(text)
	switch {
	case n == 0:
		return 0, noNumber
	case l.NaN():
		return 0, notANumber
	}
	return l.Float64(), isNumber
}

func compareFloats(a, b []byte) int {
	x, n, _ := parseLong(a)
	y, m, _ := parseLong(b)
	switch {
	case n == 0 || m == 0:
		return min(n, 1) - min(m, 1)
	case x.NaN() || y.NaN():
		if x.NaN() && y.NaN() {
			return 0
		}
		if x.NaN() {
			return -1
		}
		return 1
	}
	return x.Cmp(y)
}

// parseLong reads the number a key begins with; the plain ones the fast way.
func parseLong(text []byte) (printf.Long, int, bool) {
	at := skipBlanks(text, 0)
	if end := at + plainInteger(text[at:]); end > at && end == len(text) {
		if v, err := strconv.ParseInt(string(text[at:end]), 10, 53); err == nil && v != 0 {
			return printf.NewLong(float64(v)), end, false
		}
	}
	return printf.ParseLong(string(text))
}

func plainInteger(text []byte) int {
	n := 0
	for n < len(text) && (isDigit(text[n]) || n == 0 && text[n] == '-') {
		n++
	}
	return n
}

var months = [...]string{"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"}

// monthOf is the month a key begins with, from 1; 0 for none.
func monthOf(text []byte) int {
	text = text[skipBlanks(text, 0):]
	if len(text) < 3 {
		return 0
	}
	for i, m := range months {
		if bytes.EqualFold(text[:3], []byte(m)) {
			return i + 1
		}
	}
	return 0
}
