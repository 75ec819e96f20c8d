package grep

import (
	"errors"
	"math"
	"strconv"
	"strings"

	"agentsandbox/toolbox/regex"
	"agentsandbox/toolbox/tool"
)

// listing is what is printed instead of lines.
type listing uint8

const (
	lines listing = iota
	withMatch
	withoutMatch
)

// options are the settings of one run.
type options struct {
	syntax      regex.Syntax
	syntaxSet   bool
	patterns    []string
	havePattern bool
	flags       regex.Flags

	invert, onlyMatching, count, quiet, noMessages bool
	list                                           listing
	maxCount                                       int

	byteOffset, lineNumber, initialTab, nullName, lineBuffered bool
	filename                                                   int // 1 always, -1 never
	label                                                      string
	color                                                      palette

	before, after int // negative if not asked for
	separator     string
	noSeparator   bool

	delim       byte
	recurse     bool
	follow      bool
	directories string
	devices     string
	binary      string
	utf8        bool
	filter      filter
}

const usage = "Usage: grep [OPTION]... PATTERNS [FILE]..."

func parse(x *tool.Exec) (options, []string, error) {
	o := options{
		syntax: regex.GrepBRE, maxCount: math.MaxInt, label: "(standard input)", before: -1, after: -1,
		separator: "--", delim: '\n', directories: "read", binary: "binary", utf8: x.UTF8(),
	}
	switch x.Name {
	case "egrep":
		o.syntax = regex.GrepERE
	case "fgrep":
		o.syntax = regex.Fixed
	}
	f := tool.NewFlags(x)
	f.Usage, f.Synopsis = 2, usage
	p := parser{options: &o, x: x, f: f, color: "never", context: -1}
	p.matching()
	p.files()
	p.contextual()
	p.output()
	operands, err := f.Parse()
	if err == nil {
		operands, err = p.finish(operands)
	}
	return o, operands, err
}

// parser holds what is known while options are read.
type parser struct {
	*options
	x       *tool.Exec
	f       *tool.Flags
	color   string
	digits  string // of -NUM
	context int    // of -C or -NUM
}

func (p *parser) matching() {
	for _, s := range []struct {
		short  byte
		long   string
		syntax regex.Syntax
	}{
		{'E', "extended-regexp", regex.GrepERE}, {'F', "fixed-strings", regex.Fixed},
		{'G', "basic-regexp", regex.GrepBRE}, {'P', "perl-regexp", regex.Perl},
	} {
		p.f.Do(s.short, s.long, func() error { return p.setSyntax(s.syntax) })
	}
	p.f.Func('e', "regexp", func(s string) error { p.addPatterns(s); return nil })
	p.f.Func('f', "file", p.patternFile)
	p.flag('i', "ignore-case", regex.IgnoreCase)
	p.flag('y', "", regex.IgnoreCase)
	p.f.Switch(0, "no-ignore-case", func() { p.flags &^= regex.IgnoreCase })
	p.flag('w', "word-regexp", regex.Word)
	p.flag('x', "line-regexp", regex.Whole)
	p.f.Switch('z', "null-data", func() { p.delim = 0 })
}

func (p *parser) flag(short byte, long string, flag regex.Flags) {
	p.f.Switch(short, long, func() { p.flags |= flag })
}

func (p *parser) setSyntax(s regex.Syntax) error {
	if p.syntaxSet && s != p.syntax {
		return errors.New("conflicting matchers specified")
	}
	p.syntax, p.syntaxSet = s, true
	return nil
}

func (p *parser) addPatterns(s string) {
	p.havePattern = true
	p.patterns = append(p.patterns, strings.Split(s, "\n")...)
}

// maxPatterns bounds the size of a file of patterns.
const maxPatterns = 16 << 20

func (p *parser) patternFile(name string) error {
	data, err := p.x.ReadFile(name, maxPatterns)
	if err != nil {
		return err
	}
	p.havePattern = true
	if len(data) > 0 {
		p.addPatterns(strings.TrimSuffix(string(data), "\n"))
	}
	return nil
}

func (p *parser) output() {
	f := p.f
	f.BoolVar(&p.initialTab, true, 'T', "initial-tab")
	f.BoolVar(&p.invert, true, 'v', "invert-match")
	f.BoolVar(&p.onlyMatching, true, 'o', "only-matching")
	f.BoolVar(&p.count, true, 'c', "count")
	f.BoolVar(&p.quiet, true, 'q', "quiet")
	f.BoolVar(&p.quiet, true, 0, "silent")
	f.BoolVar(&p.noMessages, true, 's', "no-messages")
	f.Switch('l', "files-with-matches", func() { p.list = withMatch })
	f.Switch('L', "files-without-match", func() { p.list = withoutMatch })
	f.Func('m', "max-count", p.setMaxCount)
	f.BoolVar(&p.byteOffset, true, 'b', "byte-offset")
	f.BoolVar(&p.lineNumber, true, 'n', "line-number")
	f.BoolVar(&p.nullName, true, 'Z', "null")
	f.BoolVar(&p.lineBuffered, true, 0, "line-buffered")
	f.Switch('H', "with-filename", func() { p.filename = 1 })
	f.Switch('h', "no-filename", func() { p.filename = -1 })
	f.Func(0, "label", func(s string) error { p.label = s; return nil })
	f.Optional(0, "color", "auto", p.setColor)
	f.Version('V')
}

func (p *parser) setMaxCount(s string) error {
	n, ok := number(s, true)
	if !ok {
		return errors.New("invalid max count")
	}
	if p.maxCount = n; n < 0 {
		p.maxCount = math.MaxInt
	}
	return nil
}

func (p *parser) setColor(when string) error {
	switch when {
	case "always", "yes", "force":
		p.color = "always"
	case "never", "no", "none":
		p.color = "never"
	case "auto", "tty", "if-tty":
		p.color = "auto"
	default:
		return tool.ErrHelp
	}
	return nil
}

func (p *parser) contextual() {
	f := p.f
	f.Func('A', "after-context", func(s string) error { return p.setContext(&p.after, s) })
	f.Func('B', "before-context", func(s string) error { return p.setContext(&p.before, s) })
	f.Func('C', "context", func(s string) error { return p.setContext(&p.context, s) })
	f.Legacy = func(arg string) bool {
		p.digits = ""
		return p.spelling(arg)
	}
	for d := byte('0'); d <= '9'; d++ {
		f.Do(d, "", func() error {
			p.digits += string(d)
			return p.setContext(&p.context, p.digits)
		})
	}
	f.Func(0, "group-separator", func(s string) error { p.separator, p.noSeparator = s, false; return nil })
	f.BoolVar(&p.noSeparator, true, 0, "no-group-separator")
}

// spelling takes --colour, which as another name of --color does not make its
// abbreviations ambiguous.
func (p *parser) spelling(arg string) bool {
	name, when, given := strings.Cut(arg, "=")
	if name != "--colour" && name != "--colou" {
		return false
	}
	if !given {
		when = "auto"
	}
	return p.setColor(when) == nil
}

func (p *parser) setContext(n *int, s string) error {
	v, ok := number(s, false)
	if !ok {
		return errors.New(s + ": invalid context length argument")
	}
	*n = v
	return nil
}

// number reads a decimal number; one that is too large is as large as can be.
func number(s string, negative bool) (int, bool) {
	n, err := strconv.Atoi(s)
	if errors.Is(err, strconv.ErrRange) {
		return n, true
	}
	return n, err == nil && (n >= 0 || negative)
}

func (p *parser) files() {
	f := p.f
	f.Switch('r', "recursive", func() { p.directories, p.follow = "recurse", false })
	f.Switch('R', "dereference-recursive", func() { p.directories, p.follow = "recurse", true })
	f.Func('d', "directories", func(s string) error {
		p.directories = s
		return p.oneOf("--directories", s, "read", "recurse", "skip")
	})
	f.Func('D', "devices", func(s string) error {
		if p.devices = s; s != "read" && s != "skip" {
			return errors.New("unknown devices method")
		}
		return nil
	})
	f.Switch('a', "text", func() { p.binary = "text" })
	f.Switch('I', "", func() { p.binary = "without-match" })
	f.Func(0, "binary-files", func(s string) error {
		if p.binary = s; s != "binary" && s != "text" && s != "without-match" {
			return errors.New("unknown binary-files type")
		}
		return nil
	})
	f.Switch('U', "binary", func() {})
	f.Switch('u', "unix-byte-offsets", func() {})
	f.Func(0, "include", func(s string) error { p.filter.add(s, true); return nil })
	f.Func(0, "exclude", func(s string) error { p.filter.add(s, false); return nil })
	f.Func(0, "exclude-from", p.excludeFrom)
	f.Func(0, "exclude-dir", func(s string) error { p.filter.addDir(s); return nil })
}

func (p *parser) oneOf(option, value string, words ...string) error {
	choices := make([]tool.Choice, len(words))
	for i, word := range words {
		choices[i] = tool.Choice{word}
	}
	p.f.Usage = 1
	_, err := p.f.Pick(option, value, choices)
	p.f.Usage = 2
	return err
}

func (p *parser) excludeFrom(name string) error {
	data, err := p.x.ReadFile(name, maxPatterns)
	for glob := range strings.Lines(string(data)) {
		if glob = strings.TrimSpace(glob); glob != "" {
			p.filter.add(glob, false)
		}
	}
	return err
}

// finish takes the pattern from the operands if no option gave one, and works
// out what follows from the options together.
func (p *parser) finish(operands []string) ([]string, error) {
	if !p.havePattern {
		if len(operands) == 0 {
			return nil, p.f.Hint()
		}
		p.addPatterns(operands[0])
		operands = operands[1:]
	}
	if p.context >= 0 {
		p.before, p.after = defaulted(p.before, p.context), defaulted(p.after, p.context)
	}
	p.recurse = p.directories == "recurse"
	if p.color == "always" || p.color == "auto" && p.x.IsTerminal(1) && p.x.Getenv("TERM") != "dumb" {
		p.options.color = newPalette(p.x, p.invert)
	}
	if p.quiet || p.list != lines {
		p.maxCount = min(p.maxCount, 1)
	}
	return operands, nil
}

func defaulted(n, fallback int) int {
	if n < 0 {
		return fallback
	}
	return n
}
