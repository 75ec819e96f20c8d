package rg

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode"

	"agentsandbox/toolbox/regex"
	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// listing is what is printed instead of lines.
type listing uint8

const (
	asLines listing = iota
	asCount
	asMatchCount
	asFiles
	asFilesWithout
)

// options are the settings of one run.
type options struct {
	patterns               []string
	fixed, smart, dotAll   bool
	flags                  regex.Flags
	invert, multiline      bool
	list                   listing
	only, quiet, passthru  bool
	replace                string
	replaces               bool
	lineNumber             int // 1 on, -1 off
	filename               int // 1 on, -1 off
	column, offset         bool
	vimgrep, heading, json bool
	headingSet             bool
	before, after          int
	separator              string
	noSeparator            bool
	maxCount, maxColumns   int
	preview                bool
	color, trim, null      bool
	zero                   bool // files without a match are counted, too
	encoding               string
	slash                  string // in the place of "/" in names
	showStats, files       bool

	hidden, noIgnore, noVCS bool
	noDot, noParent         bool
	noExclude, foldGlobs    bool
	follow, text, binary    bool
	maxDepth                int
	maxSize                 int64
	globs                   globs
	types                   types
	typeList                bool
	sortByTime, reverse     bool
	noMessages              bool
	anywhere                bool   // ignore files of git count outside repositories
	extra                   []glob // of --ignore-file
}

// parser holds what is known while options are read.
type parser struct {
	*options
	x      *tool.Exec
	f      *tool.Flags
	given  bool // -e or -f was
	unsafe int  // how many -u

	pretty, colorSet bool

	context int
}

func parse(x *tool.Exec) (options, []string, error) {
	o := options{separator: "--", maxCount: math.MaxInt, maxDepth: math.MaxInt, flags: regex.Unicode, before: -1, after: -1}
	o.types.load()
	p := parser{options: &o, x: x, f: tool.NewFlags(x), context: -1}
	p.f.Usage = 2
	p.matching()
	p.output()
	p.selection()
	p.ignored()
	operands, err := p.f.Parse()
	if err == nil {
		operands, err = p.finish(operands)
	}
	return o, operands, err
}

func (p *parser) matching() {
	f := p.f
	f.Func('e', "regexp", func(s string) error { p.add(s); return nil })
	f.Func('f', "file", p.patternFile)
	f.BoolVar(&p.fixed, true, 'F', "fixed-strings")
	f.Switch('P', "pcre2", func() {})
	f.Switch('i', "ignore-case", func() { p.smart = false; p.flags |= regex.IgnoreCase })
	f.Switch('s', "case-sensitive", func() { p.smart = false; p.flags &^= regex.IgnoreCase })
	f.BoolVar(&p.smart, true, 'S', "smart-case")
	f.Switch('w', "word-regexp", func() { p.flags |= regex.Word })
	f.Switch('x', "line-regexp", func() { p.flags |= regex.Whole })
	f.BoolVar(&p.invert, true, 'v', "invert-match")
	f.BoolVar(&p.multiline, true, 'U', "multiline")
	f.BoolVar(&p.dotAll, true, 0, "multiline-dotall")
	f.Switch(0, "no-unicode", func() { p.flags &^= regex.Unicode })
	f.Func('E', "encoding", p.setEncoding)
	for name, v := range map[string]*bool{"no-fixed-strings": &p.fixed, "no-multiline": &p.multiline, "no-multiline-dotall": &p.dotAll,
		"no-hidden": &p.hidden, "ignore": &p.noIgnore, "ignore-vcs": &p.noVCS, "no-text": &p.text, "no-binary": &p.binary, "no-follow": &p.follow,
		"no-column": &p.column, "no-byte-offset": &p.offset, "no-trim": &p.trim, "no-json": &p.json, "no-stats": &p.showStats, "messages": &p.noMessages} {
		f.BoolVar(v, false, 0, name)
	}
}

func (p *parser) add(s string) {
	p.given = true
	p.patterns = append(p.patterns, s)
}

// maxPatterns bounds the size of a file of patterns.
const maxPatterns = 16 << 20

func (p *parser) patternFile(name string) error {
	data, err := p.x.ReadFile(name, maxPatterns)
	if err != nil {
		return p.say(name + ": " + osError(err))
	}
	p.given = true
	for line := range strings.Lines(string(data)) {
		p.add(strings.TrimSuffix(line, "\n"))
	}
	return nil
}

// say prints an error without the name of the command before it.
func (p *parser) say(text string) error {
	if _, err := io.WriteString(p.x.Stderr, text+"\n"); err != nil {
		return err
	}
	return tool.Exit(2)
}

func (p *parser) said(err error) error {
	if err == nil {
		return nil
	}
	return p.say(err.Error())
}

// setEncoding takes the encodings that are known; "none" turns off that the
// mark at the start of a file counts.
func (p *parser) setEncoding(name string) error {
	switch name = strings.ToLower(name); name {
	case "auto", "utf-8", "utf8":
		p.encoding = ""
	case "none", "latin1", "iso-8859-1", "utf-16le", "utf-16be", "utf-16":
		p.encoding = name
	default:
		return p.say("error parsing --encoding: unknown encoding: " + name)
	}
	return nil
}

// ignoreFile adds the patterns of a file to those of ignore files; they weigh
// least.
func (p *parser) ignoreFile(name string) error {
	p.extra = append(p.extra, readIgnore(p.x, name)...)
	return nil
}

func (p *parser) output() {
	f := p.f
	f.Switch('n', "line-number", func() { p.lineNumber = 1 })
	f.Switch('N', "no-line-number", func() { p.lineNumber = -1 })
	f.Switch('H', "with-filename", func() { p.filename = 1 })
	f.Switch('I', "no-filename", func() { p.filename = -1 })
	f.BoolVar(&p.column, true, 0, "column")
	f.BoolVar(&p.offset, true, 'b', "byte-offset")
	f.BoolVar(&p.vimgrep, true, 0, "vimgrep")
	f.BoolVar(&p.only, true, 'o', "only-matching")
	f.Func('r', "replace", func(s string) error { p.replace, p.replaces = s, true; return nil })
	f.Switch('c', "count", func() { p.list = asCount })
	f.Switch(0, "count-matches", func() { p.list = asMatchCount })
	f.Switch('l', "files-with-matches", func() { p.list = asFiles })
	f.Switch(0, "files-without-match", func() { p.list = asFilesWithout })
	f.Func('A', "after-context", p.number(&p.after))
	f.Func('B', "before-context", p.number(&p.before))
	f.Func('C', "context", p.number(&p.context))
	f.Func(0, "context-separator", func(s string) error { p.separator = s; return nil })
	f.BoolVar(&p.noSeparator, true, 0, "no-context-separator")
	f.Func('m', "max-count", p.number(&p.maxCount))
	f.BoolVar(&p.quiet, true, 'q', "quiet")
	f.Switch(0, "heading", func() { p.heading, p.headingSet = true, true })
	f.Switch(0, "no-heading", func() { p.heading, p.headingSet = false, true })
	f.Switch('p', "pretty", func() { p.heading, p.headingSet, p.lineNumber, p.pretty = true, true, 1, true })
	f.Func(0, "color", p.setColor)
	f.BoolVar(&p.null, true, '0', "null")
	f.BoolVar(&p.trim, true, 0, "trim")
	f.Func('M', "max-columns", p.number(&p.maxColumns))
	f.BoolVar(&p.preview, true, 0, "max-columns-preview")
	f.BoolVar(&p.zero, true, 0, "include-zero")
	f.Func(0, "path-separator", func(s string) error { p.slash = s; return nil })
	f.BoolVar(&p.passthru, true, 0, "passthru")
	f.BoolVar(&p.json, true, 0, "json")
	f.BoolVar(&p.showStats, true, 0, "stats")
	f.Version('V')
}

func (p *parser) number(n *int) func(string) error {
	return func(s string) error {
		v, err := strconv.Atoi(s)
		if err != nil || v < 0 {
			return fmt.Errorf("invalid number %q", s)
		}
		*n = v
		return nil
	}
}

func (p *parser) setColor(when string) error {
	switch when {
	case "always", "ansi":
		p.color, p.colorSet = true, true
	case "never":
		p.color, p.colorSet = false, true
	case "auto":
		p.colorSet = false
	default:
		return errors.New("'" + when + "' isn't a valid value for '--color <WHEN>'")
	}
	return nil
}

func (p *parser) selection() {
	f := p.f
	f.BoolVar(&p.anywhere, true, 0, "no-require-git")
	f.Func(0, "ignore-file", p.ignoreFile)
	f.Func('g', "glob", func(s string) error { return p.said(p.globs.add(s, p.foldGlobs)) })
	f.Func(0, "iglob", func(s string) error { return p.said(p.globs.add(s, true)) })
	f.BoolVar(&p.foldGlobs, true, 0, "glob-case-insensitive")
	f.BoolVar(&p.noDot, true, 0, "no-ignore-dot")
	f.BoolVar(&p.noParent, true, 0, "no-ignore-parent")
	f.BoolVar(&p.noExclude, true, 0, "no-ignore-exclude")
	f.Func('t', "type", func(s string) error { return p.said(p.types.choose(s, true)) })
	f.Func('T', "type-not", func(s string) error { return p.said(p.types.choose(s, false)) })
	f.Func(0, "type-clear", func(s string) error { delete(p.types.globs, s); return nil })
	f.Func(0, "type-add", func(s string) error { return p.said(p.types.define(s)) })
	f.BoolVar(&p.typeList, true, 0, "type-list")
	f.BoolVar(&p.hidden, true, '.', "hidden")
	f.BoolVar(&p.noIgnore, true, 0, "no-ignore")
	f.BoolVar(&p.noVCS, true, 0, "no-ignore-vcs")
	f.Switch('u', "unrestricted", func() { p.unsafe++ })
	f.BoolVar(&p.follow, true, 'L', "follow")
	f.Func('d', "max-depth", p.number(&p.maxDepth))
	f.Func(0, "max-filesize", p.setMaxSize)
	f.BoolVar(&p.text, true, 'a', "text")
	f.BoolVar(&p.binary, true, 0, "binary")
	f.BoolVar(&p.files, true, 0, "files")
	f.Func(0, "sort", func(s string) error { return p.setSort(s, false) })
	f.Func(0, "sortr", func(s string) error { return p.setSort(s, true) })
	f.BoolVar(&p.noMessages, true, 0, "no-messages")
}

func (p *parser) setMaxSize(s string) error {
	unit := int64(1)
	if s != "" {
		switch unicode.ToUpper(rune(s[len(s)-1])) {
		case 'K':
			unit = 1 << 10
		case 'M':
			unit = 1 << 20
		case 'G':
			unit = 1 << 30
		}
	}
	if unit > 1 {
		s = s[:len(s)-1]
	}
	n, err := strconv.ParseInt(s, 10, 32)
	p.maxSize = n * unit
	return err
}

func (p *parser) setSort(key string, reverse bool) error {
	p.reverse = reverse
	switch key {
	case "path", "none":
	case "modified", "accessed", "created":
		p.sortByTime = true
	default:
		return errors.New("'" + key + "' isn't a valid value for '--sort <SORTBY>'")
	}
	return nil
}

// ignored takes options that mean nothing here.
func (p *parser) ignored() {
	for _, name := range []string{"no-config", "no-mmap", "mmap", "line-buffered", "block-buffered", "crlf", "debug", "trace",
		"no-ignore-global", "no-ignore-messages", "no-pcre2-unicode", "auto-hybrid-regex", "one-file-system"} {
		p.f.Switch(0, name, func() {})
	}
	p.f.Func('j', "threads", func(string) error { return nil })
	p.unsupported()
	for _, name := range []string{"engine", "colors", "dfa-size-limit", "regex-size-limit"} {
		p.f.Func(0, name, func(string) error { return nil })
	}
}

// unsupported refuses options of which one might expect something.
func (p *parser) unsupported() {
	refuse := func(name string) error { return p.f.Errorf("--%s is not supported", name) }
	for short, name := range map[byte]string{'z': "search-zip", 0: "null-data"} {
		p.f.Do(short, name, func() error { return refuse(name) })
	}
	for _, name := range []string{"pre", "pre-glob"} {
		p.f.Func(0, name, func(string) error { return refuse(name) })
	}
}

const usage = "error: The following required arguments were not provided:\n    <PATTERN>\n\nUSAGE:\n    rg [OPTIONS] PATTERN [PATH ...]\n\nFor more information try --help\n\n"

func (p *parser) finish(operands []string) ([]string, error) {
	if !p.given && !p.options.files && !p.typeList {
		if len(operands) == 0 {
			io.WriteString(p.x.Stderr, usage)
			return nil, tool.Exit(2)
		}
		p.add(operands[0])
		operands = operands[1:]
	}
	if p.context >= 0 {
		p.before, p.after = max(p.before, p.context), max(p.after, p.context)
	}
	p.noIgnore = p.noIgnore || p.unsafe > 0
	p.hidden = p.hidden || p.unsafe > 1
	p.binary = p.binary || p.unsafe > 2
	terminal := p.x.IsTerminal(1)
	if _, plain := p.x.LookupEnv("NO_COLOR"); !p.colorSet && (terminal || p.pretty) {
		term := p.x.Getenv("TERM")
		p.color = !plain && term != "" && term != "dumb"
	}
	if !p.headingSet {
		p.heading = terminal
	}
	if p.lineNumber == 0 && (terminal || p.column || p.vimgrep) {
		p.lineNumber = 1
	}
	if p.vimgrep {
		p.column, p.filename = true, 1
		p.heading = false
	}
	return operands, nil
}

// osError is an error as rg prints it.
func osError(err error) string {
	numbers := map[vfs.Errno]int{vfs.ENOENT: 2, vfs.EACCES: 13, vfs.EISDIR: 21, vfs.ENOTDIR: 20, vfs.ELOOP: 40, vfs.EIO: 5}
	var e vfs.Errno
	if errors.As(err, &e) {
		if n, ok := numbers[e]; ok {
			return fmt.Sprintf("%s (os error %d)", e, n)
		}
	}
	return tool.ErrText(err)
}
