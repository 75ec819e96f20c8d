package numfmt

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"agentsandbox/toolbox/tool"
)

type scale byte

const (
	none scale = iota
	si
	iec
	iecI
	auto
)

type rounding byte

const (
	up rounding = iota
	down
	fromZero
	towardsZero
	nearest
)

// response is what happens on what is no number.
type response byte

const (
	abort response = iota
	fail
	warn
	ignore
)

// options say what to convert, and how.
type options struct {
	from, to         scale
	fromUnit, toUnit int64
	round            rounding
	suffix           string
	padding          int
	fields           [][2]int
	delimiter        string
	header           int
	onInvalid        response
	end              byte

	// Of --format.
	precision      int // -1 for none
	before, behind string
	formatWidth    int // negative: to the left
	zero           int // width that zeros fill
}

func (o *options) wanted(field int) bool {
	for _, f := range o.fields {
		if field >= f[0] && field <= f[1] {
			return true
		}
	}
	return false
}

func (o *options) parse(x *tool.Exec) ([]string, error) {
	o.fromUnit, o.toUnit, o.round, o.precision, o.end = 1, 1, fromZero, -1, '\n'
	o.fields = [][2]int{{1, 1}}
	f := tool.NewFlags(x)
	units := []tool.Choice{{"none"}, {"si"}, {"iec"}, {"iec-i"}, {"auto"}}
	f.Func(0, "from", func(s string) error {
		i, err := f.Pick("--from", s, []tool.Choice{{"none"}, {"auto"}, {"si"}, {"iec"}, {"iec-i"}})
		o.from = []scale{none, auto, si, iec, iecI}[i]
		return err
	})
	f.Func(0, "to", func(s string) error {
		i, err := f.Pick("--to", s, units[:4])
		o.to = scale(i)
		return err
	})
	f.Func(0, "from-unit", unitSize(&o.fromUnit))
	f.Func(0, "to-unit", unitSize(&o.toUnit))
	f.Func(0, "round", func(s string) error {
		i, err := f.Pick("--round", s, []tool.Choice{{"up"}, {"down"}, {"from-zero"}, {"towards-zero"}, {"nearest"}})
		o.round = rounding(i)
		return err
	})
	f.Func(0, "invalid", func(s string) error {
		i, err := f.Pick("--invalid", s, []tool.Choice{{"abort"}, {"fail"}, {"warn"}, {"ignore"}})
		o.onInvalid = response(i)
		return err
	})
	f.Func(0, "suffix", func(s string) error { o.suffix = s; return nil })
	f.Func(0, "padding", func(s string) error {
		n, err := strconv.Atoi(s)
		if err != nil || n == 0 || n == math.MinInt {
			return fmt.Errorf("invalid padding value %s", tool.QuoteText(s))
		}
		o.padding = n
		return nil
	})
	f.Func(0, "format", o.setFormat)
	f.Func(0, "field", func(s string) error {
		fields, err := parseFields(s)
		if err != nil {
			return f.Errorf("%v", err)
		}
		o.fields = fields
		return nil
	})
	f.Func('d', "delimiter", func(s string) error {
		if len(s) > 1 {
			return fmt.Errorf("the delimiter must be a single character")
		}
		o.delimiter = s
		return nil
	})
	f.Optional(0, "header", "1", func(s string) error {
		n, err := strconv.ParseUint(s, 10, 31)
		if err != nil || n == 0 {
			return fmt.Errorf("invalid header value %s", tool.QuoteText(s))
		}
		o.header = int(n)
		return nil
	})
	f.Bool(0, "grouping")
	f.Bool(0, "debug")
	f.Switch('z', "zero-terminated", func() { o.end = 0 })
	return f.Parse()
}

func unitSize(to *int64) func(string) error {
	return func(s string) error {
		n, err := tool.ParseSize(s, "KMGTPEZY")
		if err != nil || n == 0 || n > math.MaxInt64 {
			return fmt.Errorf("invalid unit size: %s", tool.QuoteText(s))
		}
		*to = int64(n)
		return nil
	}
}

// parseFields reads N, N-, N-M, -M and - with commas.
func parseFields(s string) ([][2]int, error) {
	var fields [][2]int
	for item := range strings.SplitSeq(s, ",") {
		lo, hi, dash := strings.Cut(item, "-")
		from, to := 1, math.MaxInt
		for _, part := range []struct {
			text string
			to   *int
		}{{lo, &from}, {hi, &to}} {
			if part.text == "" {
				continue
			}
			n, err := strconv.Atoi(part.text)
			switch {
			case err != nil || n < 0:
				return nil, fmt.Errorf("invalid field value %s", tool.QuoteText(part.text))
			case n == 0:
				return nil, fmt.Errorf("fields are numbered from 1")
			}
			*part.to = n
		}
		switch {
		case !dash && lo == "":
			return nil, fmt.Errorf("fields are numbered from 1")
		case !dash:
			to = from
		case to < from:
			return nil, fmt.Errorf("invalid decreasing range")
		}
		fields = append(fields, [2]int{from, to})
	}
	return fields, nil
}

// setFormat reads text around %[0]['][-][N][.N]f.
func (o *options) setFormat(s string) error {
	at := directive(s)
	if at < 0 {
		return fmt.Errorf("format %s has no %% directive", tool.QuoteText(s))
	}
	bad := func() error {
		return fmt.Errorf("invalid format %s, directive must be %%[0]['][-][N][.][N]f", tool.QuoteText(s))
	}
	rest := s[at+1:]
	flags := rest[:len(rest)-len(strings.TrimLeft(rest, "0'-"))]
	rest = rest[len(flags):]
	digits := func() string {
		d := rest[:len(rest)-len(strings.TrimLeft(rest, "0123456789"))]
		rest = rest[len(d):]
		return d
	}
	width, _ := strconv.Atoi(digits())
	if strings.HasPrefix(rest, ".") {
		rest = rest[1:]
		prec, err := strconv.Atoi(digits())
		if err == nil && prec <= 1000 {
			o.precision = prec
		} else {
			o.precision = 0
		}
	}
	if rest == "" {
		return fmt.Errorf("format %s ends in %%", tool.QuoteText(s))
	}
	if rest[0] != 'f' {
		return bad()
	}
	if directive(rest[1:]) >= 0 {
		return fmt.Errorf("format %s has too many %% directives", tool.QuoteText(s))
	}
	width = min(width, 1<<20)
	switch {
	case strings.Contains(flags, "-"):
		o.formatWidth = -width
	case strings.Contains(flags, "0"):
		o.zero = width
	default:
		o.formatWidth = width
	}
	o.before, o.behind = strings.ReplaceAll(s[:at], "%%", "%"), rest[1:]
	return nil
}

// directive finds the first "%" that is not doubled; -1 if there is none.
func directive(s string) int {
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			continue
		}
		if i+1 == len(s) || s[i+1] != '%' {
			return i
		}
		i++
	}
	return -1
}
