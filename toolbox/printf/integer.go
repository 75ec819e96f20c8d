package printf

import (
	"errors"
	"math"
	"math/bits"
	"strconv"
	"strings"
	"unicode/utf8"
)

// errRange is C's ERANGE; the value is then the nearest there is.
var errRange = errors.New("Numerical result out of range")

func (p *printer) integer(s spec) error {
	arg := p.next()
	var n number
	var digits string
	switch s.Verb {
	case 'd', 'i':
		v := p.signed(arg)
		n.prefix = s.sign(v < 0)
		digits = strings.TrimPrefix(strconv.FormatInt(v, 10), "-")
	default:
		v := p.unsigned(arg)
		digits, n.prefix = s.unsignedText(v)
	}
	if s.Prec >= 0 {
		s.Zero = false
		if s.Prec == 0 && digits == "0" && !(s.Verb == 'o' && s.Alt) {
			digits = ""
		}
		n.lead = max(s.Prec-len(digits), 0)
	}
	if s.Verb == 'o' && s.Alt && n.lead == 0 && !strings.HasPrefix(digits, "0") {
		n.lead = 1
	}
	n.body = digits
	return s.write(p.w, n)
}

func (s Spec) unsignedText(v uint64) (digits, prefix string) {
	switch s.Verb {
	case 'o':
		return strconv.FormatUint(v, 8), ""
	case 'x', 'X':
		digits = strconv.FormatUint(v, 16)
		if s.Alt && v != 0 {
			prefix = "0x"
		}
		if s.Verb == 'X' {
			return strings.ToUpper(digits), strings.ToUpper(prefix)
		}
		return digits, prefix
	}
	return strconv.FormatUint(v, 10), ""
}

// signed is the argument as intmax_t, with what there is to say about it said.
func (p *printer) signed(arg string) int64 {
	if v, ok := p.character(arg); ok {
		return int64(v)
	}
	mag, neg, n, over := parseInteger(arg)
	v := int64(mag)
	switch {
	case neg && mag > 1<<63:
		v, over = math.MinInt64, true
	case neg:
		v = -v
	case mag > math.MaxInt64:
		v, over = math.MaxInt64, true
	}
	p.verify(arg, n, over)
	return v
}

// unsigned is the argument as uintmax_t; a minus wraps around.
func (p *printer) unsigned(arg string) uint64 {
	if v, ok := p.character(arg); ok {
		return uint64(v)
	}
	v, neg, n, over := parseInteger(arg)
	if neg && !over {
		v = -v
	}
	p.verify(arg, n, over)
	return v
}

// character is the value of 'c or "c.
func (p *printer) character(arg string) (rune, bool) {
	if arg == "" || arg[0] != '\'' && arg[0] != '"' || len(arg) == 1 && p.Dialect == GNU {
		return 0, false
	}
	if len(arg) == 1 {
		return 0, true
	}
	r, n := utf8.DecodeRuneInString(arg[1:])
	if r == utf8.RuneError && n <= 1 {
		r = rune(arg[1])
	}
	if rest := arg[1+n:]; rest != "" && p.Dialect == GNU {
		p.warn("warning: " + rest + ": character(s) following character constant have been ignored")
	}
	return r, true
}

// verify reports an argument of which only n bytes are a number, or that is
// out of range.
func (p *printer) verify(arg string, n int, over bool) {
	switch {
	case over && p.Dialect == Bash:
		p.warn("warning: " + arg + ": " + errRange.Error())
	case over:
		p.fail(quote(arg) + ": " + errRange.Error())
	case n == len(arg):
	case p.Dialect == Bash:
		p.fail(arg + ": invalid " + bashKind(arg) + "number")
	case n == 0:
		p.fail(quote(arg) + ": expected a numeric value")
	default:
		p.fail(quote(arg) + ": value not completely converted")
	}
}

// bashKind is how bash names what it took the argument for.
func bashKind(arg string) string {
	switch {
	case len(arg) < 2 || arg[0] != '0':
		return ""
	case arg[1] == 'x' || arg[1] == 'X':
		return "hex "
	case arg[1] >= '0' && arg[1] <= '9':
		return "octal "
	}
	return ""
}

// parseInteger reads the number that s starts with as C's strtoumax does with
// base 0; n is how many bytes it took, 0 for no number. over says that it did
// not fit, and mag is then the largest.
func parseInteger(s string) (mag uint64, neg bool, n int, over bool) {
	i := len(s) - len(strings.TrimLeft(s, " \t\n\v\f\r"))
	if i < len(s) && (s[i] == '+' || s[i] == '-') {
		neg = s[i] == '-'
		i++
	}
	base := uint64(10)
	switch {
	case i+2 < len(s) && s[i] == '0' && s[i+1]|0x20 == 'x' && hexDigit(s[i+2]) >= 0:
		base = 16
		i += 2
	case i < len(s) && s[i] == '0':
		base = 8
	}
	start := i
	for ; i < len(s); i++ {
		d := hexDigit(s[i])
		if d < 0 || uint64(d) >= base {
			break
		}
		hi, lo := bits.Mul64(mag, base)
		sum, carry := bits.Add64(lo, uint64(d), 0)
		over = over || hi != 0 || carry != 0
		mag = sum
	}
	if i == start {
		return 0, false, 0, false
	}
	if over {
		mag = math.MaxUint64
	}
	return mag, neg, i, over
}
