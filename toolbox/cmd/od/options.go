package od

import (
	"fmt"
	"math"
	"strings"

	"agentsandbox/toolbox/tool"
)

// typ is a way to show the data.
type typ struct {
	letter byte
	size   int
	width  int          // of a field
	pad    int          // blanks between all fields of a line
	text   bool         // behind the fields
	bytes  *[256]string // how each byte is shown, for size 1
}

// options say what to dump, and how.
type options struct {
	radix     byte
	bigEndian bool
	skip      uint64
	limit     uint64
	strings   int // shortest string of -S; 0 for a dump
	types     []typ
	all       bool
	width     int
	label     *uint64 // a second address, counted from here
}

const units = "bEGKkMmPTYZ0"

func (o *options) parse(x *tool.Exec) ([]string, error) {
	o.radix, o.limit = 'o', math.MaxUint64
	modern, traditional, width := false, false, -1
	f := tool.NewFlags(x)
	f.Func('A', "address-radix", func(s string) error {
		modern = true
		if s == "" || !strings.Contains("doxn", s[:1]) {
			return fmt.Errorf("invalid output address radix '%s'; it must be one character from [doxn]", s)
		}
		o.radix = s[0]
		return nil
	})
	f.Func(0, "endian", func(s string) error {
		i, err := f.Pick("--endian", s, []tool.Choice{{"little"}, {"big"}})
		o.bigEndian = i == 1
		return err
	})
	number := func(to *uint64, option string) func(string) error {
		return func(s string) error {
			modern = true
			n, err := parseNumber(s)
			if err != nil {
				return fmt.Errorf("invalid %s argument %s", option, tool.QuoteText(s))
			}
			*to = n
			return nil
		}
	}
	f.Func('j', "skip-bytes", number(&o.skip, "-j"))
	f.Func('N', "read-bytes", number(&o.limit, "-N"))
	var least uint64
	f.Func('S', "", func(s string) error { return o.leastString(&least, s, number) })
	f.Optional(0, "strings", "3", func(s string) error { return o.leastString(&least, s, number) })
	f.Func('t', "format", func(s string) error {
		modern = true
		return o.addTypes(s)
	})
	f.Switch('v', "output-duplicates", func() { modern, o.all = true, true })
	setWidth := func(s string) error {
		modern = true
		n, err := parseNumber(s)
		if err != nil || n > 1<<24 {
			return fmt.Errorf("invalid -w argument %s", tool.QuoteText(s))
		}
		width = int(n)
		return nil
	}
	f.Optional('w', "width", "32", setWidth)
	f.BoolVar(&traditional, true, 0, "traditional")
	for letter, t := range map[byte]string{'a': "a", 'b': "o1", 'B': "o2", 'c': "c", 'd': "u2", 'D': "u4", 'e': "f8", 'f': "f4", 'F': "f8",
		'h': "x2", 'H': "x4", 'i': "d4", 'I': "d8", 'l': "d8", 'L': "d8", 'o': "o2", 'O': "o4", 's': "d2", 'x': "x2", 'X': "x4"} {
		f.Switch(letter, "", func() { o.addTypes(t) })
	}
	names, err := f.Parse()
	if err != nil {
		return nil, err
	}
	if !modern || traditional {
		names = o.oldOffset(names, traditional)
	}
	o.layout(x, width)
	return names, nil
}

func (o *options) leastString(to *uint64, s string, number func(*uint64, string) func(string) error) error {
	err := number(to, "-S")(s)
	o.strings = int(min(max(*to, 1), 1<<30))
	return err
}

// parseNumber reads a number in C's notation, with a unit.
func parseNumber(s string) (uint64, error) {
	lower := strings.ToLower(s)
	base := uint64(0)
	switch {
	case strings.HasPrefix(lower, "0x"):
		lower, base = lower[2:], 16
	case len(s) > 1 && s[0] == '0' && s[1] >= '0' && s[1] <= '7':
		base = 8
	default:
		return tool.ParseSize(s, units)
	}
	var n uint64
	i := 0
	for ; i < len(lower); i++ {
		d := uint64(strings.IndexByte("0123456789abcdef", lower[i]))
		if d >= base {
			break
		}
		n = n*base + d
	}
	unit := s[len(s)-len(lower)+i:]
	if unit == "" {
		return n, nil
	}
	scale, err := tool.ParseSize("1"+unit, units)
	return n * scale, err
}

// addTypes reads a TYPE.
func (o *options) addTypes(s string) error {
	whole := s
	for s != "" {
		t := typ{letter: s[0], size: 1, width: 3}
		s = s[1:]
		switch t.letter {
		case 'a', 'c':
		case 'd', 'f', 'o', 'u', 'x':
			n, err := t.setSize(s, whole)
			if err != nil {
				return err
			}
			s = s[n:]
		default:
			return fmt.Errorf("invalid character '%c' in type string %s", t.letter, tool.QuoteText(whole))
		}
		s, t.text = strings.CutPrefix(s, "z")
		o.types = append(o.types, t)
	}
	return nil
}

// The widths of numbers, by letter and size.
var widths = map[byte]map[int]int{
	'd': {1: 4, 2: 6, 4: 11, 8: 20},
	'u': {1: 3, 2: 5, 4: 10, 8: 20},
	'o': {1: 3, 2: 6, 4: 11, 8: 22},
	'x': {1: 2, 2: 4, 4: 8, 8: 16},
	'f': {4: 15, 8: 24},
}

// setSize reads the size behind a letter, and returns how long it is.
func (t *typ) setSize(s, whole string) (n int, err error) {
	t.size = 4
	sizes := map[byte]int{'C': 1, 'S': 2, 'I': 4, 'L': 8}
	kind := "integral"
	if t.letter == 'f' {
		t.size, kind = 8, "floating point"
		sizes = map[byte]int{'F': 4, 'D': 8, 'L': 16}
	}
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	if n > 0 {
		size, err := tool.ParseSize(s[:n], "")
		if err != nil || size > 1<<20 {
			return 0, fmt.Errorf("invalid type string %s", tool.QuoteText(whole))
		}
		t.size = int(size)
	} else if s != "" && sizes[s[0]] > 0 {
		t.size, n = sizes[s[0]], 1
	}
	width, ok := widths[t.letter][t.size]
	if !ok {
		return 0, fmt.Errorf("invalid type string %s;\nthis system doesn't provide a %d-byte %s type", tool.QuoteText(whole), t.size, kind)
	}
	t.width = width
	return n, nil
}

// layout settles the length of a line, and how far apart fields stand.
func (o *options) layout(x *tool.Exec, width int) {
	if len(o.types) == 0 {
		o.addTypes("o2")
	}
	multiple := 1
	for _, t := range o.types {
		multiple = max(multiple, t.size) // sizes are powers of two
	}
	switch {
	case width < 0:
		o.width = max(16, multiple)
	case width > 0 && width%multiple == 0:
		o.width = width
	default:
		x.Errorf("warning: invalid width %d; using %d instead", width, multiple)
		o.width = multiple
	}
	line := 0
	for _, t := range o.types {
		line = max(line, (t.width+1)*(o.width/t.size))
	}
	for i := range o.types {
		t := &o.types[i]
		t.pad = line - t.width*(o.width/t.size)
		if t.size == 1 {
			t.bytes = o.table(*t)
		}
	}
}

// table is how a type shows each byte.
func (o *options) table(t typ) *[256]string {
	d := od{options: *o}
	var table [256]string
	for c := range table {
		table[c] = d.format(t, []byte{byte(c)})
	}
	return &table
}

// oldOffset reads an offset among the operands, and returns those before it.
func (o *options) oldOffset(names []string, traditional bool) []string {
	n := len(names)
	if n == 0 || n > 3 || n > 2 && !traditional {
		return names
	}
	last := names[n-1]
	switch {
	case traditional, strings.HasPrefix(last, "+"), n == 2 && last[:min(1, len(last))] >= "0" && last[:min(1, len(last))] <= "9":
	default:
		return names
	}
	offset, ok := parseOld(last)
	if !ok {
		return names
	}
	o.skip = offset
	return names[:n-1]
}

// parseOld reads [+]N[b]: octal or hexadecimal, in blocks with b.
func parseOld(s string) (uint64, bool) {
	s = strings.TrimPrefix(s, "+")
	s, blocks := strings.CutSuffix(s, "b")
	digits, base := s, uint64(8)
	switch {
	case strings.HasPrefix(digits, "0x"), strings.HasPrefix(digits, "0X"):
		digits, base = digits[2:], 16
	}
	if digits == "" || len(digits) > 20 {
		return 0, false
	}
	var n uint64
	for _, c := range []byte(strings.ToLower(digits)) {
		d := uint64(strings.IndexByte("0123456789abcdef", c))
		if d >= base {
			return 0, false
		}
		n = n*base + d
	}
	if blocks {
		n *= 512
	}
	return n, true
}
