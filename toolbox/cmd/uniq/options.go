package uniq

import (
	"fmt"
	"math"
	"strings"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// method is where lines between groups stand.
type method int

const (
	none method = iota
	separated
	prepended
	appended
	both
)

// options say what to compare and what to write.
type options struct {
	fields, chars, width int
	fold                 bool
	unique, repeated     bool // groups of one, the first of more
	all                  bool // every line of what is written
	group                bool // all groups, delimited
	counts               bool
	method               method
	delim                byte
}

func (o *options) parse(x *tool.Exec) ([]string, error) {
	o.width, o.unique, o.repeated, o.delim = math.MaxInt, true, true, '\n'
	f := tool.NewFlags(x)
	grouped, selected := false, false // --group; -c, -d, -D, -u
	f.Switch('c', "count", func() { o.counts, selected = true, true })
	f.Switch('d', "repeated", func() { o.unique, selected = false, true })
	repeat := func(s string) error {
		i, err := f.Pick("--all-repeated", s, []tool.Choice{{"none"}, {"prepend"}, {"separate"}})
		o.unique, o.all, selected = false, true, true
		if err == nil {
			o.method = []method{none, prepended, separated}[i]
		}
		return err
	}
	f.Switch('D', "", func() { repeat("none") })
	f.Optional(0, "all-repeated", "none", repeat)
	f.Func('f', "skip-fields", number(&o.fields, "invalid number of fields to skip"))
	f.Optional(0, "group", "separate", func(s string) error {
		i, err := f.Pick("--group", s, []tool.Choice{{"prepend"}, {"append"}, {"separate"}, {"both"}})
		grouped = true
		if err == nil {
			o.method = []method{prepended, appended, separated, both}[i]
		}
		return err
	})
	f.BoolVar(&o.fold, true, 'i', "ignore-case")
	f.Func('s', "skip-chars", number(&o.chars, "invalid number of bytes to skip"))
	f.Switch('u', "unique", func() { o.repeated, selected = false, true })
	f.Func('w', "check-chars", number(&o.width, "invalid number of bytes to compare"))
	f.Switch('z', "zero-terminated", func() { o.delim = 0 })
	o.legacy(f)
	names, err := f.Parse()
	switch {
	case err != nil:
		return nil, err
	case len(names) > 2:
		return nil, f.Errorf("extra operand %s", tool.QuoteText(names[2]))
	case grouped && selected:
		return nil, f.Errorf("--group is mutually exclusive with -c/-d/-D/-u")
	case o.counts && o.all:
		return nil, f.Errorf("printing all duplicated lines and repeat counts is meaningless")
	}
	if grouped {
		o.all, o.group = true, true
	}
	return append(names, "-", "-"), nil
}

// legacy reads -N and +N; the digits of -N may stand in several arguments.
func (o *options) legacy(f *tool.Flags) {
	started := false
	f.Legacy = func(arg string) bool {
		n, err := tool.ParseSize(arg[1:], "")
		if strings.Trim(arg[1:], "0123456789") != "" || err != nil {
			return false
		}
		if arg[0] == '+' {
			o.chars = int(min(n, math.MaxInt))
			return true
		}
		if !started {
			o.fields, started = 0, true
		}
		o.fields = int(min(n, math.MaxInt))
		return true
	}
}

func number(to *int, what string) func(string) error {
	return func(s string) error {
		n, err := tool.ParseSize(s, "")
		if err != nil && vfs.ToErrno(err) != vfs.EOVERFLOW {
			return fmt.Errorf("%s: %s", s, what)
		}
		*to = int(min(n, math.MaxInt))
		return nil
	}
}
