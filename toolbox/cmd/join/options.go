package join

import (
	"fmt"
	"strings"

	"agentsandbox/toolbox/tool"
)

type order byte

const (
	checkUnpaired order = iota // once a line had no partner
	check
	noCheck
)

const (
	blanks    = -1 // as a separator: runs of blanks
	wholeLine = -2 // as a separator: there is one field
)

// options say what to join, and what to write.
type options struct {
	keys       [2]int // fields in common, from 0
	unpairable [2]bool
	pairable   bool
	filler     string
	fold       bool
	columns    []column
	autoFormat bool
	tab        int
	order      order
	header     bool
	end        byte
}

// column is a field to write; file is 0 for the one in common.
type column struct{ file, field int }

func (o *options) parse(x *tool.Exec) ([]string, error) {
	o.keys, o.pairable, o.tab, o.end = [2]int{-1, -1}, true, blanks, '\n'
	f := tool.NewFlags(x)
	f.Func('a', "", func(s string) error { return o.fileNumber(s) })
	f.Func('e', "", func(s string) error { return o.setFiller(s) })
	f.BoolVar(&o.fold, true, 'i', "ignore-case")
	f.Func('j', "", func(s string) error {
		if err := o.key(0, s); err != nil {
			return err
		}
		return o.key(1, s)
	})
	f.Func('o', "", o.format)
	f.Func('t', "", o.separator)
	f.Func('v', "", func(s string) error {
		o.pairable = false
		return o.fileNumber(s)
	})
	f.Func('1', "", func(s string) error { return o.key(0, s) })
	f.Func('2', "", func(s string) error { return o.key(1, s) })
	f.Switch(0, "check-order", func() { o.order = check })
	f.Switch(0, "nocheck-order", func() { o.order = noCheck })
	f.BoolVar(&o.header, true, 0, "header")
	f.Switch('z', "zero-terminated", func() { o.end = 0 })
	names, err := f.Parse()
	switch {
	case err != nil:
		return nil, err
	case len(names) == 0:
		return nil, f.Errorf("missing operand")
	case len(names) == 1:
		return nil, f.Errorf("missing operand after %s", tool.QuoteText(names[0]))
	case len(names) > 2:
		return nil, f.Errorf("extra operand %s", tool.QuoteText(names[2]))
	case names[0] == "-" && names[1] == "-":
		return nil, x.Fail(1, "both files cannot be standard input")
	}
	o.keys = [2]int{max(o.keys[0], 0), max(o.keys[1], 0)}
	return names, nil
}

func (o *options) fileNumber(s string) error {
	n, err := tool.ParseSize(s, "")
	if err != nil || n != 1 && n != 2 {
		return fmt.Errorf("invalid field number: %s", tool.QuoteText(s))
	}
	o.unpairable[n-1] = true
	return nil
}

func (o *options) setFiller(s string) error {
	if o.filler != "" && o.filler != s {
		return fmt.Errorf("conflicting empty-field replacement strings")
	}
	o.filler = s
	return nil
}

func fieldNumber(s string) (int, error) {
	n, err := tool.ParseSize(s, "")
	if err != nil && n == 0 || n == 0 {
		return 0, fmt.Errorf("invalid field number: %s", tool.QuoteText(s))
	}
	return int(min(n, 1<<62)) - 1, nil
}

func (o *options) key(file int, s string) error {
	n, err := fieldNumber(s)
	if err != nil {
		return err
	}
	if o.keys[file] >= 0 && o.keys[file] != n {
		return fmt.Errorf("incompatible join fields %d, %d", o.keys[file]+1, n+1)
	}
	o.keys[file] = n
	return nil
}

func (o *options) separator(s string) error {
	tab := wholeLine
	switch {
	case s == "":
	case s == `\0`:
		tab = 0
	case len(s) > 1:
		return fmt.Errorf("multi-character tab %s", tool.QuoteText(s))
	default:
		tab = int(s[0])
	}
	if o.tab != blanks && o.tab != tab {
		return fmt.Errorf("incompatible tabs")
	}
	o.tab = tab
	return nil
}

// format reads the list of -o.
func (o *options) format(s string) error {
	if s == "auto" {
		o.autoFormat = true
		return nil
	}
	for _, item := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' }) {
		if item == "0" {
			o.columns = append(o.columns, column{})
			continue
		}
		if item[0] != '1' && item[0] != '2' {
			return fmt.Errorf("invalid file number in field spec: %s", tool.QuoteText(item))
		}
		if len(item) < 2 || item[1] != '.' {
			return fmt.Errorf("invalid field specifier: %s", tool.QuoteText(item))
		}
		n, err := fieldNumber(item[2:])
		if err != nil {
			return err
		}
		o.columns = append(o.columns, column{int(item[0] - '0'), n})
	}
	return nil
}
