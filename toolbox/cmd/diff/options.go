package diff

import (
	"strings"

	"agentsandbox/toolbox/regex"
	"agentsandbox/toolbox/tool"
)

type style byte

const (
	unset style = iota
	normal
	contextual
	unified
	ed
	rcs
	sideBySide
	groups // -D and the formats
)

// space says which blanks do not count; each includes the ones before it.
type space byte

const (
	allCount       space = iota
	noTabs               // -E
	noTrailing           // -Z
	noTabsTrailing       // -E -Z
	noChange             // -b
	none                 // -w
)

// options say what counts as a difference, and how it is shown.
type options struct {
	style        style
	context      int
	contextGiven bool
	brief        bool
	identical    bool
	labels       []string
	function     *regex.Regexp
	expandTabs   bool
	initialTab   bool
	tabSize      int
	width        int
	leftColumn   bool
	hideCommon   bool
	color        bool

	fold        bool
	space       space
	blankLines  bool
	ignore      *regex.Regexp
	ignoreTexts []string
	text        bool
	stripCR     bool
	minimal     bool
	horizon     int // lines in common at both ends that take part

	recursive    bool
	newFile      bool
	newFirst     bool // --unidirectional-new-file
	noFollow     bool
	exclude      []string
	startAt      string
	foldNames    bool
	fromFile     string
	toFile       string
	optionWords  string // as they were given, for the line before each file
	groupFormats [4]*string
	lineFormats  [3]*string
}

func (o *options) parse(x *tool.Exec) ([]string, error) {
	o.tabSize, o.width, o.context = 8, 130, -1
	p := optionParser{options: o, x: x, f: tool.NewFlags(x)}
	p.f.Usage, p.f.HintNamed = trouble, true
	p.output()
	p.comparison()
	p.directories()
	p.legacy()
	operands, err := p.f.Parse()
	if err != nil {
		return nil, err
	}
	return operands, p.finish(operands)
}

// optionParser is what only parsing needs.
type optionParser struct {
	*options
	x        *tool.Exec
	f        *tool.Flags
	ifdef    *string
	bareN    int // of -NUM
	bareSeen bool
	function string
}

func (p *optionParser) setStyle(s style) error {
	if p.style != unset && p.style != s {
		return p.f.Errorf("conflicting output style options")
	}
	p.style = s
	return nil
}

func (p *optionParser) contextStyle(s style) func(string) error {
	return func(v string) error {
		if v != "" {
			n, err := tool.ParseSize(v, "")
			if err != nil && n == 0 {
				return p.f.Errorf("invalid context length %s", tool.QuoteText(v))
			}
			p.context = max(p.context, int(min(n, 1<<40)))
			p.contextGiven = true
		} else {
			p.context = max(p.context, 3)
		}
		return p.setStyle(s)
	}
}

func (p *optionParser) output() {
	f := p.f
	plain := func(short byte, long string, s style) {
		f.Optional(short, long, "", func(string) error { return p.setStyle(s) })
	}
	plain(0, "normal", normal)
	f.Optional('u', "", "", func(v string) error { return p.attached(v, unified) })
	f.Optional('c', "", "", func(v string) error { return p.attached(v, contextual) })
	f.Optional(0, "unified", "", p.contextStyle(unified))
	f.Optional(0, "context", "", p.contextStyle(contextual))
	f.Func('U', "", p.contextStyle(unified))
	f.Func('C', "", p.contextStyle(contextual))
	f.Switch('e', "ed", func() { p.setStyleLate(ed) })
	f.Switch('n', "rcs", func() { p.setStyleLate(rcs) })
	f.Switch('y', "side-by-side", func() { p.setStyleLate(sideBySide) })
	f.Func('W', "width", p.setWidth)
	f.BoolVar(&p.leftColumn, true, 0, "left-column")
	f.BoolVar(&p.hideCommon, true, 0, "suppress-common-lines")
	f.Func('D', "ifdef", func(v string) error { p.ifdef = &v; return nil })
	for i, name := range []string{"unchanged", "old", "new", "changed"} {
		f.Func(0, name+"-group-format", func(v string) error { p.groupFormats[i] = &v; return nil })
		if i < 3 {
			f.Func(0, name+"-line-format", func(v string) error { p.lineFormats[i] = &v; return nil })
		}
	}
	f.Func(0, "line-format", func(v string) error {
		p.lineFormats = [3]*string{&v, &v, &v}
		return nil
	})
	f.BoolVar(&p.brief, true, 'q', "brief")
	f.BoolVar(&p.identical, true, 's', "report-identical-files")
	f.Switch('p', "show-c-function", func() { p.function = `^[[:alpha:]$_]` })
	f.Func('F', "show-function-line", func(v string) error { p.function = v; return nil })
	f.Func('L', "label", func(v string) error {
		if len(p.labels) == 2 {
			return p.x.Fail(trouble, "too many file label options")
		}
		p.labels = append(p.labels, v)
		return nil
	})
	f.BoolVar(&p.expandTabs, true, 't', "expand-tabs")
	f.BoolVar(&p.initialTab, true, 'T', "initial-tab")
	f.Func(0, "tabsize", func(v string) error {
		n, err := tool.ParseSize(v, "")
		if err != nil || n == 0 || n > 1<<30 {
			return p.f.Errorf("invalid tabsize %s", tool.QuoteText(v))
		}
		p.tabSize = int(n)
		return nil
	})
	f.Optional(0, "color", "auto", func(v string) error {
		if v != "always" && v != "never" && v != "auto" {
			return p.f.Errorf("invalid color %s", tool.QuoteText(v))
		}
		p.color = v == "always" || v == "auto" && p.x.IsTerminal(1)
		return nil
	})
	f.Func(0, "palette", func(string) error { return nil })
	f.Bool('l', "paginate")
}

// setStyleLate sets a style; a conflict shows when all options are known.
func (p *optionParser) setStyleLate(s style) {
	if p.style != unset && p.style != s {
		s = conflict
	}
	p.style = s
}

// conflict stands for several styles at once.
const conflict style = 255

func (p *optionParser) setWidth(v string) error {
	n, err := tool.ParseSize(v, "")
	if err != nil || n == 0 || n > 1<<30 {
		return p.f.Errorf("invalid width %s", tool.QuoteText(v))
	}
	p.width = int(n)
	return nil
}

// attached is -u and -c, behind which other letters stand, or a number.
func (p *optionParser) attached(v string, s style) error {
	digits := v[:len(v)-len(strings.TrimLeft(v, "0123456789"))]
	p.context = max(p.context, 3)
	if digits != "" {
		p.bare(digits)
	}
	if err := p.setStyle(s); err != nil {
		return err
	}
	if rest := v[len(digits):]; rest != "" {
		_, err := p.f.ParseArgs([]string{"-" + rest})
		return err
	}
	return nil
}

// bare takes the old form of a context length, -NUM.
func (p *optionParser) bare(digits string) {
	n, _ := tool.ParseSize(digits, "")
	p.bareN, p.bareSeen = int(min(n, 1<<40)), true
}

func (p *optionParser) legacy() {
	p.f.Legacy = func(arg string) bool {
		if arg[0] != '-' || strings.Trim(arg[1:], "0123456789") != "" {
			return false
		}
		p.bare(arg[1:])
		return true
	}
	// In a group, as in -1u, each digit is an option.
	for c := byte('0'); c <= '9'; c++ {
		p.f.Switch(c, "", func() {
			p.bareN, p.bareSeen = min(10*p.bareN+int(c-'0'), 1<<40), true
		})
	}
}

func (p *optionParser) comparison() {
	f := p.f
	atLeast := func(s space) func() { return func() { p.space = max(p.space, s) } }
	f.BoolVar(&p.fold, true, 'i', "ignore-case")
	f.Switch('E', "ignore-tab-expansion", func() { p.blanks(noTabs) })
	f.Switch('Z', "ignore-trailing-space", func() { p.blanks(noTrailing) })
	f.Switch('b', "ignore-space-change", atLeast(noChange))
	f.Switch('w', "ignore-all-space", atLeast(none))
	f.BoolVar(&p.blankLines, true, 'B', "ignore-blank-lines")
	f.Func('I', "ignore-matching-lines", func(v string) error { p.ignoreTexts = append(p.ignoreTexts, v); return nil })
	f.BoolVar(&p.text, true, 'a', "text")
	f.BoolVar(&p.stripCR, true, 0, "strip-trailing-cr")
	f.BoolVar(&p.minimal, true, 'd', "minimal")
	f.Func(0, "horizon-lines", func(v string) error {
		n, err := tool.ParseSize(v, "")
		if err != nil && n == 0 {
			return p.f.Errorf("invalid horizon length %s", tool.QuoteText(v))
		}
		p.horizon = int(min(n, 1<<40))
		return nil
	})
	f.Bool('H', "speed-large-files")
	f.Bool(0, "binary")
}

// blanks adds one of the two options that go together.
func (p *optionParser) blanks(s space) {
	if p.space < noChange {
		p.space |= s
	}
}

func (p *optionParser) directories() {
	f := p.f
	f.BoolVar(&p.recursive, true, 'r', "recursive")
	f.BoolVar(&p.newFile, true, 'N', "new-file")
	f.BoolVar(&p.newFirst, true, 'P', "unidirectional-new-file")
	f.BoolVar(&p.noFollow, true, 0, "no-dereference")
	f.Func('x', "exclude", func(v string) error { p.exclude = append(p.exclude, v); return nil })
	f.Func('X', "exclude-from", func(v string) error {
		data, err := p.x.ReadFile(v, tool.DefaultRecord)
		for line := range strings.Lines(string(data)) {
			p.exclude = append(p.exclude, strings.TrimSuffix(line, "\n"))
		}
		return err
	})
	f.Func('S', "starting-file", func(v string) error { p.startAt = v; return nil })
	f.BoolVar(&p.foldNames, true, 0, "ignore-file-name-case")
	f.BoolVar(&p.foldNames, false, 0, "no-ignore-file-name-case")
	f.Func(0, "from-file", func(v string) error { p.fromFile = v; return nil })
	f.Func(0, "to-file", func(v string) error { p.toFile = v; return nil })
}
