package tail

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"agentsandbox/toolbox/tool"
)

// units are the units that a count may have.
const units = "bkKmMGTPEZY0"

// options say what to write.
type options struct {
	n         uint64
	bytes     bool // n counts bytes, not lines
	fromStart bool // all but the first n, which is one less than was said
	follow    bool
	byName    bool // follow the name, not the file that was opened
	retry     bool
	interval  time.Duration
	quiet     bool
	verbose   bool
	delim     byte
}

func (o *options) parse(x *tool.Exec) ([]string, error) {
	o.n, o.delim, o.interval = 10, '\n', time.Second
	if legacy, err := o.legacy(x.Args); legacy || err != nil {
		if err != nil {
			return nil, x.Fail(1, "%v", err)
		}
		names := x.Args[1:]
		if len(names) > 0 && names[0] == "--" {
			names = names[1:]
		}
		return names, nil
	}
	f := tool.NewFlags(x)
	o.define(x, f)
	names, err := f.Parse()
	if err == nil && o.retry && !o.follow {
		x.Errorf("warning: --retry ignored; --retry is useful only when following")
	}
	if o.fromStart && o.n > 0 {
		o.n--
	}
	return names, err
}

func (o *options) define(x *tool.Exec, f *tool.Flags) {
	f.Func('c', "bytes", func(s string) error { return o.count(s, true) })
	f.Func('n', "lines", func(s string) error { return o.count(s, false) })
	f.Optional('f', "follow", "descriptor", func(s string) error {
		i, err := f.Pick("--follow", s, []tool.Choice{{"descriptor"}, {"name"}})
		o.follow, o.byName = true, i == 1
		return err
	})
	f.Switch('F', "", func() { o.follow, o.byName, o.retry = true, true, true })
	f.Func(0, "max-unchanged-stats", func(s string) error { return number("maximum number of unchanged stats between opens", s) })
	f.Func(0, "pid", func(s string) error { return number("PID", s) })
	quiet := func() { o.quiet, o.verbose = true, false }
	f.Switch('q', "quiet", quiet)
	f.Switch(0, "silent", quiet)
	f.BoolVar(&o.retry, true, 0, "retry")
	f.Func('s', "sleep-interval", o.sleep)
	f.Switch('v', "verbose", func() { o.quiet, o.verbose = false, true })
	f.Switch('z', "zero-terminated", func() { o.delim = 0 })
	for c := byte('0'); c <= '9'; c++ {
		f.Optional(c, "", "", func(string) error { return x.Fail(1, "option used in invalid context -- %c", c) })
	}
}

func number(what, s string) error {
	if _, err := tool.ParseSize(s, ""); err != nil {
		return fmt.Errorf("invalid %s: %s", what, tool.QuoteText(s))
	}
	return nil
}

func (o *options) sleep(s string) error {
	seconds, err := strconv.ParseFloat(s, 64)
	if err != nil || !(seconds >= 0) {
		return fmt.Errorf("invalid number of seconds: %s", tool.QuoteText(s))
	}
	o.interval = time.Duration(min(seconds*float64(time.Second), math.MaxInt64/2))
	return nil
}

func (o *options) count(s string, bytes bool) error {
	o.bytes = bytes
	s, minus := strings.CutPrefix(s, "-")
	o.fromStart = !minus && strings.HasPrefix(s, "+")
	n, err := tool.ParseSize(s, units)
	if err != nil {
		what := "invalid number of lines"
		if bytes {
			what = "invalid number of bytes"
		}
		return tool.SizeError(what, s, err)
	}
	o.n = n
	return nil
}

// legacy reads an only option of the form -N[bcl][f] or +N[bcl][f], with at
// most one file behind it.
func (o *options) legacy(args []string) (bool, error) {
	switch {
	case len(args) == 1:
	case len(args) == 2 && (len(args[1]) < 2 || args[1][0] != '-'):
	case len(args) >= 2 && len(args) <= 3 && args[1] == "--":
	default:
		return false, nil
	}
	s := args[0]
	plus := strings.HasPrefix(s, "+")
	switch {
	case plus:
	case !strings.HasPrefix(s, "-"), s == "-", s == "-c":
		return false, nil
	}
	s = s[1:]
	letters := strings.TrimLeft(s, "0123456789")
	digits := s[:len(s)-len(letters)]
	if !strings.Contains(" b c l f bf cf lf ", " "+letters+" ") && letters != "" {
		return false, nil
	}
	n, err := tool.ParseSize(digits, "")
	if digits == "" {
		n, err = 10, nil
	}
	if err != nil {
		return false, tool.SizeError("invalid number", args[0][1:], err)
	}
	if strings.HasPrefix(letters, "b") {
		n *= 512
	}
	o.n, o.fromStart = n, plus
	o.bytes = strings.ContainsAny(letters, "bc")
	o.follow = strings.HasSuffix(letters, "f")
	if plus && n > 0 {
		o.n--
	}
	return true, nil
}
