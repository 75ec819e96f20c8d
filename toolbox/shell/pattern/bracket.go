package pattern

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// rawByte marks a byte that is no UTF-8, so that it equals no character.
const rawByte = 1 << 24

// charset is a bracket expression.
type charset struct {
	not    bool
	fold   bool
	ranges []span
	class  []func(rune) bool
}

type span struct{ lo, hi rune }

func (c *charset) has(r rune) bool {
	in := c.contains(r)
	if !in && c.fold {
		in = c.contains(unicode.ToLower(r)) || c.contains(unicode.ToUpper(r))
	}
	return in != c.not
}

func (c *charset) contains(r rune) bool {
	for _, s := range c.ranges {
		if s.lo <= r && r <= s.hi {
			return true
		}
	}
	for _, is := range c.class {
		if is(r) {
			return true
		}
	}
	return false
}

// parseBracket reads the bracket expression at the start of s and returns how
// many bytes it takes, 0 if it does not close.
func parseBracket(s string, fold bool) (*charset, int) {
	set := &charset{fold: fold}
	i := 1
	if i < len(s) && (s[i] == '!' || s[i] == '^') {
		set.not = true
		i++
	}
	for first := true; i < len(s); first = false {
		if s[i] == ']' && !first {
			return set, i + 1
		}
		if n := set.parseClass(s[i:]); n > 0 {
			i += n
			continue
		}
		lo, n := bracketChar(s[i:])
		if n == 0 {
			return nil, 0
		}
		i += n
		hi := lo
		if i+1 < len(s) && s[i] == '-' && s[i+1] != ']' {
			var m int
			if hi, m = bracketChar(s[i+1:]); m == 0 {
				return nil, 0
			}
			i += 1 + m
		}
		set.ranges = append(set.ranges, span{lo, hi})
	}
	return nil, 0
}

// bracketChar reads one character, escaped or as [.x.], and returns how many
// bytes it takes.
func bracketChar(s string) (rune, int) {
	skip := 0
	if strings.HasPrefix(s, "[.") {
		if end := strings.Index(s[2:], ".]"); end > 0 {
			r, _ := utf8.DecodeRuneInString(collating(s[2 : 2+end]))
			return r, end + 4
		}
	}
	if s != "" && s[0] == '\\' && len(s) > 1 {
		skip = 1
	}
	if len(s) == skip {
		return 0, 0
	}
	r, n := utf8.DecodeRuneInString(s[skip:])
	if r == utf8.RuneError && n == 1 {
		r = rune(s[skip]) | rawByte
	}
	return r, skip + n
}

// collating is the character that a POSIX name stands for.
func collating(name string) string {
	switch name {
	case "hyphen", "hyphen-minus":
		return "-"
	case "space":
		return " "
	case "slash":
		return "/"
	case "period":
		return "."
	}
	return name
}

// parseClass reads [:name:] or [=x=] and returns how many bytes it takes.
func (c *charset) parseClass(s string) int {
	if strings.HasPrefix(s, "[=") {
		if end := strings.Index(s[2:], "=]"); end > 0 {
			r, _ := utf8.DecodeRuneInString(s[2:])
			c.ranges = append(c.ranges, span{r, r})
			return end + 4
		}
	}
	if !strings.HasPrefix(s, "[:") {
		return 0
	}
	end := strings.Index(s[2:], ":]")
	if end < 0 || strings.ContainsAny(s[2:2+end], "[]") {
		return 0
	}
	if is := Class(strings.ReplaceAll(s[2:2+end], "\\", "")); is != nil {
		c.class = append(c.class, is)
	}
	return end + 4
}

// Class returns the test of a POSIX character class, nil for an unknown name.
func Class(name string) func(rune) bool {
	switch name {
	case "alpha":
		return unicode.IsLetter
	case "digit":
		return func(r rune) bool { return r >= '0' && r <= '9' }
	case "alnum":
		return func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	case "upper":
		return unicode.IsUpper
	case "lower":
		return unicode.IsLower
	case "space":
		return func(r rune) bool { return r == ' ' || r >= 9 && r <= 13 || r > 127 && unicode.IsSpace(r) && r != 0xa0 }
	case "blank":
		return func(r rune) bool { return r == ' ' || r == '\t' }
	case "punct":
		return isPunct
	case "print":
		return func(r rune) bool { return r < rawByte && unicode.IsPrint(r) }
	case "graph":
		return func(r rune) bool { return r < rawByte && unicode.IsGraphic(r) && !unicode.IsSpace(r) }
	case "cntrl":
		return unicode.IsControl
	case "xdigit":
		return func(r rune) bool { return r >= '0' && r <= '9' || r|0x20 >= 'a' && r|0x20 <= 'f' }
	case "word":
		return func(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }
	case "ascii":
		return func(r rune) bool { return r < 128 }
	}
	return nil
}

func isPunct(r rune) bool {
	if r < 128 {
		return r > 32 && r < 127 && !(r >= '0' && r <= '9' || r|0x20 >= 'a' && r|0x20 <= 'z')
	}
	return unicode.IsPunct(r) || unicode.IsSymbol(r)
}
