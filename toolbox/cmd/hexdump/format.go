package hexdump

import (
	"fmt"
	"strconv"
	"strings"
)

// format is one format string: units that share out a block.
type format struct{ units []*unit }

// unit is a text with conversions, used for some pieces of the block in turn.
type unit struct {
	count   int
	counted bool // the count was given
	bytes   int  // of a piece; 0 to go by the conversions
	parts   []part
}

// part is a conversion with the text around it, or text alone.
type part struct {
	before string
	flags  string // # - + space 0
	width  string // with the precision
	verb   byte   // 0 for text alone
	radix  byte   // of an offset
	after  string // behind the last conversion
	size   int
}

// size is how many bytes a format takes.
func (f *format) size() int {
	n := 0
	for _, u := range f.units {
		n += u.count * u.size()
	}
	return n
}

func (u *unit) size() int {
	n := 0
	for _, p := range u.parts {
		n += p.size
	}
	return n
}

// fill repeats the last unit, if nothing says how often, to take a whole block.
func (f *format) fill(size int) {
	if len(f.units) == 0 {
		return
	}
	last := f.units[len(f.units)-1]
	if one := last.size(); !last.counted && one > 0 {
		last.count += (size - f.size()) / one
	}
}

func parseFormat(s string) (*format, error) {
	f := &format{}
	bad := fmt.Errorf("bad format {%s}", s)
	rest := s
	for {
		rest = strings.TrimLeft(rest, " \t\n")
		if rest == "" {
			return f, nil
		}
		u := &unit{count: 1}
		digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
		if digits > 0 {
			n, err := strconv.Atoi(rest[:digits])
			if err != nil || n > 1<<20 {
				return nil, bad
			}
			u.count, u.counted = n, true
			rest = strings.TrimLeft(rest[digits:], " \t")
		}
		if strings.HasPrefix(rest, "/") {
			rest = strings.TrimLeft(rest[1:], " \t")
			digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
			n, err := strconv.Atoi(rest[:digits])
			if err != nil || n > 1<<20 {
				return nil, bad
			}
			u.bytes = n
			rest = strings.TrimLeft(rest[digits:], " \t")
		}
		if !strings.HasPrefix(rest, `"`) {
			return nil, bad
		}
		end := strings.IndexByte(rest[1:], '"')
		if end < 0 {
			return nil, bad
		}
		var err error
		if u.parts, err = parseParts(rest[1:1+end], u.bytes); err != nil {
			return nil, err
		}
		if u.size() > 1<<20 {
			return nil, bad
		}
		rest = rest[end+2:]
		f.units = append(f.units, u)
	}
}

// parseParts reads the text of a unit.
func parseParts(s string, size int) ([]part, error) {
	s = unescape(s)
	var parts []part
	for {
		at := strings.IndexByte(s, '%')
		if at < 0 {
			break
		}
		p := part{before: s[:at]}
		rest, err := p.parse(s[at+1:], size)
		if err != nil {
			return nil, err
		}
		s = rest
		parts = append(parts, p)
	}
	if len(parts) == 0 {
		return []part{{before: s}}, nil
	}
	parts[len(parts)-1].after = s
	return parts, nil
}

// parse reads a conversion behind its %; size is that of the unit, or 0.
func (p *part) parse(s string, size int) (rest string, err error) {
	flags := len(s) - len(strings.TrimLeft(s, "#-+ 0"))
	p.flags, s = s[:flags], s[flags:]
	width := len(s) - len(strings.TrimLeft(s, "0123456789."))
	p.width, s = s[:width], s[width:]
	if s == "" {
		return "", fmt.Errorf("bad format {%%}")
	}
	special := s[0] == '_' && len(s) > 1
	if special {
		s = s[1:]
	}
	p.verb = s[0]
	s = s[1:]
	if special {
		return p.special(s)
	}
	fallback := 0
	switch p.verb {
	case 'c':
		fallback = 1
	case 'd', 'i', 'o', 'u', 'X', 'x':
		fallback = 4
	case 'e', 'E', 'f', 'G', 'g':
		fallback = 8
	case 's':
		_, precision, _ := strings.Cut(p.width, ".")
		fallback, _ = strconv.Atoi(precision)
		if fallback == 0 && size == 0 {
			return "", fmt.Errorf("%%s requires a precision or a byte count")
		}
	default:
		return "", fmt.Errorf("bad conversion character %%%c", p.verb)
	}
	p.size = fallback
	if size != 0 {
		p.size = size
	}
	if !p.sizeFits() {
		return "", fmt.Errorf("bad byte count for conversion character %c", p.verb)
	}
	return s, nil
}

func (p *part) sizeFits() bool {
	switch p.verb {
	case 'c':
		return p.size == 1
	case 'd', 'i', 'o', 'u', 'X', 'x':
		return p.size == 1 || p.size == 2 || p.size == 4 || p.size == 8
	case 'e', 'E', 'f', 'G', 'g':
		return p.size == 4 || p.size == 8
	}
	return true
}

// special reads a conversion that begins with _.
func (p *part) special(s string) (string, error) {
	switch p.verb {
	case 'A', 'a':
		if s == "" || strings.IndexByte("dox", s[0]) < 0 {
			return "", fmt.Errorf("bad conversion character %%_%c", p.verb)
		}
		p.radix, s = s[0], s[1:]
	case 'c', 'p', 'u':
		p.verb = map[byte]byte{'c': 'C', 'p': 'P', 'u': 'U'}[p.verb]
		p.size = 1
	default:
		return "", fmt.Errorf("bad conversion character %%_%c", p.verb)
	}
	return s, nil
}

// unescape reads backslash escapes.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		switch s[i] {
		case 'a':
			b.WriteByte('\a')
		case 'b':
			b.WriteByte('\b')
		case 'f':
			b.WriteByte('\f')
		case 'n':
			b.WriteByte('\n')
		case 'r':
			b.WriteByte('\r')
		case 't':
			b.WriteByte('\t')
		case 'v':
			b.WriteByte('\v')
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}
