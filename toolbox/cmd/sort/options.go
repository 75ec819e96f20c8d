package sort

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

type check byte

const (
	noCheck check = iota
	diagnose
	quiet
)

// options say what to do.
type options struct {
	keys    []key // at least one, unless plain bytes decide
	reverse bool  // of the last resort
	stable  bool
	unique  bool
	merge   bool
	check   check
	out     string
	delim   byte
	tab     int // field separator, -1 for blanks
	salt    []byte
}

// parser is what only parsing needs.
type parser struct {
	*options
	ctx     context.Context
	x       *tool.Exec
	global  key
	outSeen bool

	bothChecks bool
	from       string // of --files0-from
	random     string // of --random-source
}

// A count that is too large stands for the end of every line.
const huge = math.MaxInt

func parse(ctx context.Context, x *tool.Exec) (o options, names []string, err error) {
	o.delim, o.tab = '\n', -1
	p := parser{options: &o, ctx: ctx, x: x}
	f := tool.NewFlags(x)
	f.Usage = 2
	p.orders(f)
	p.others(f)
	names, err = f.ParseArgs(obsolete(x.Args))
	if err != nil {
		return o, nil, err
	}
	if p.from != "" {
		names, err = p.readNames(f, names)
	}
	if err == nil {
		err = p.finish(names)
	}
	if len(names) == 0 {
		names = []string{"-"}
	}
	return o, names, err
}

func (p *parser) orders(f *tool.Flags) {
	for _, o := range []struct {
		letter byte
		long   string
	}{{'b', "ignore-leading-blanks"}, {'d', "dictionary-order"}, {'f', "ignore-case"},
		{'g', "general-numeric-sort"}, {'i', "ignore-nonprinting"}, {'M', "month-sort"},
		{'n', "numeric-sort"}, {'h', "human-numeric-sort"}, {'V', "version-sort"}, {'R', "random-sort"}} {
		f.Switch(o.letter, o.long, func() { p.global.set(o.letter, true, true) })
	}
	f.Func(0, "random-source", func(s string) error { p.random = s; return nil })
	f.Switch('r', "reverse", func() { p.global.reverse = true })
	words := []tool.Choice{{"general-numeric"}, {"human-numeric"}, {"month"}, {"numeric"}, {"random"}, {"version"}}
	f.Func(0, "sort", func(s string) error {
		i, err := f.Pick("--sort", s, words)
		if err != nil {
			return tool.Exit(1)
		}
		p.global.set("ghMnRV"[i], true, true)
		return nil
	})
}

func (p *parser) others(f *tool.Flags) {
	f.Switch('c', "", func() { p.setCheck(diagnose) })
	f.Switch('C', "", func() { p.setCheck(quiet) })
	f.Optional(0, "check", "diagnose-first", func(s string) error {
		i, err := f.Pick("--check", s, []tool.Choice{{"quiet", "silent"}, {"diagnose-first"}})
		if err != nil {
			return tool.Exit(1)
		}
		p.setCheck([]check{quiet, diagnose}[i])
		return nil
	})
	f.Func('k', "key", func(s string) error {
		k, err := parseKey(s)
		p.keys = append(p.keys, k)
		return err
	})
	f.BoolVar(&p.merge, true, 'm', "merge")
	f.Func('o', "output", p.output)
	f.BoolVar(&p.stable, true, 's', "stable")
	f.Func('t', "field-separator", p.separator)
	f.BoolVar(&p.unique, true, 'u', "unique")
	f.Switch('z', "zero-terminated", func() { p.delim = 0 })
	f.Func(0, "files0-from", func(s string) error { p.from = s; return nil })
	f.Func('S', "buffer-size", size("-S"))
	f.Func('T', "temporary-directory", func(string) error { return nil })
	f.Func(0, "compress-program", func(string) error { return nil })
	f.Bool(0, "debug")
	f.Func(0, "batch-size", p.batchSize)
	f.Func(0, "parallel", p.parallel)
}

func (p *parser) setCheck(c check) {
	p.bothChecks = p.bothChecks || p.check != noCheck && p.check != c
	p.check = c
}

func (p *parser) output(s string) error {
	if p.outSeen && s != p.out {
		return fmt.Errorf("multiple output files specified")
	}
	p.out, p.outSeen = s, true
	return nil
}

func (p *parser) separator(s string) error {
	switch {
	case s == "":
		return fmt.Errorf("empty tab")
	case s == `\0`:
		s = "\x00"
	case len(s) > 1:
		return fmt.Errorf("multi-character tab %s", tool.QuoteText(s))
	}
	if p.tab >= 0 && p.tab != int(s[0]) {
		return fmt.Errorf("incompatible tabs")
	}
	p.tab = int(s[0])
	return nil
}

// size checks the argument of an option that sizes a buffer.
func size(option string) func(string) error {
	return func(s string) error {
		digits := strings.TrimLeft(s, "0123456789")
		_, err := tool.ParseSize(strings.TrimSuffix(s, "%"), "bEGKkMmPTYZ")
		switch {
		case err == nil:
			return nil
		case digits == s:
			return fmt.Errorf("invalid %s argument %s", option, tool.QuoteText(s))
		case vfs.ToErrno(err) == vfs.EOVERFLOW:
			return fmt.Errorf("%s argument %s too large", option, tool.QuoteText(s))
		}
		return fmt.Errorf("invalid suffix in %s argument %s", option, tool.QuoteText(s))
	}
}

func (p *parser) batchSize(s string) error {
	n, err := tool.ParseSize(s, "")
	if err != nil && n == 0 {
		return fmt.Errorf("invalid --batch-size argument %s", tool.QuoteText(s))
	}
	if n < 2 {
		p.x.Errorf("invalid --batch-size argument %s", tool.QuoteText(s))
		return fmt.Errorf("minimum --batch-size argument is '2'")
	}
	return nil
}

func (p *parser) parallel(s string) error {
	n, err := tool.ParseSize(s, "")
	switch {
	case err != nil && n == 0:
		return fmt.Errorf("invalid --parallel argument %s", tool.QuoteText(s))
	case n == 0:
		return fmt.Errorf("number in parallel must be nonzero")
	}
	return nil
}

// finish settles what depends on several options.
func (p *parser) finish(names []string) error {
	ordered := p.global.ordered()
	for i := range p.keys {
		if !p.keys[i].ordered() && !p.keys[i].reverse {
			p.keys[i].inherit(p.global)
		}
	}
	p.reverse = p.global.reverse
	if len(p.keys) == 0 && ordered {
		p.global.lastField = huge
		p.keys = []key{p.global}
	}
	for i := range p.keys {
		if letters, ok := p.keys[i].compatible(); !ok {
			return p.x.Fail(2, "options '-%s' are incompatible", letters)
		}
	}
	if letters, ok := p.global.compatible(); !ok {
		return p.x.Fail(2, "options '-%s' are incompatible", letters)
	}
	if p.bothChecks {
		return p.x.Fail(2, "options '-cC' are incompatible")
	}
	if p.check != noCheck {
		letter := map[check]string{diagnose: "c", quiet: "C"}[p.check]
		if len(names) > 1 {
			return p.x.Fail(2, "extra operand %s not allowed with -%s", tool.Quote(names[1]), letter)
		}
		if p.outSeen {
			return p.x.Fail(2, "options '-%so' are incompatible", letter)
		}
	}
	return p.seed()
}

// seed makes the salt of the random order.
func (p *parser) seed() error {
	if !slices.ContainsFunc(p.keys, func(k key) bool { return k.kind == random }) {
		return nil
	}
	p.salt = make([]byte, 16)
	if p.random == "" {
		_, err := p.x.Rand.Read(p.salt)
		return err
	}
	f, err := p.x.Open(p.random)
	if err != nil {
		return p.x.Fail(2, "open failed: %s: %s", tool.QuoteFile(p.random), tool.ErrText(err))
	}
	defer f.Close()
	for n := 0; n < len(p.salt); {
		got, err := f.Read(p.salt[n:])
		if err != nil {
			return p.x.Fail(2, "%s: end of file", tool.QuoteFile(p.random))
		}
		n += got
	}
	return nil
}

// readNames reads the list of --files0-from.
func (p *parser) readNames(f *tool.Flags, names []string) ([]string, error) {
	if len(names) > 0 {
		p.x.Errorf("extra operand %s", tool.Quote(names[0]))
		fmt.Fprintf(p.x.Stderr, "file operands cannot be combined with --files0-from\nTry '%s --help' for more information.\n", p.x.Name)
		return nil, tool.Exit(2)
	}
	in, closeFile, err := p.x.OpenInput(p.from)
	if err != nil {
		return nil, p.x.Fail(2, "open failed: %s: %s", tool.QuoteFile(p.from), tool.ErrText(err))
	}
	defer closeFile()
	lines := p.x.Lines(p.ctx, in, 0)
	for i := 1; ; i++ {
		name, ok, err := record(lines)
		switch {
		case tool.ReadFailed(err):
			return nil, p.x.Fail(2, "%s: read error: %s", tool.QuoteFile(p.from), tool.ErrText(err))
		case err != nil:
			return nil, err
		case !ok && len(names) == 0:
			return nil, p.x.Fail(2, "no input from %s", tool.Quote(p.from))
		case !ok:
			return names, nil
		case len(name) == 0:
			return nil, p.x.Fail(2, "%s:%d: invalid zero-length file name", tool.QuoteFile(p.from), i)
		case string(name) == "-" && p.from == "-":
			return nil, p.x.Fail(2, "when reading file names from stdin, no file name of '-' allowed")
		}
		names = append(names, string(name))
	}
}
