package ls

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"agentsandbox/toolbox/shell/pattern"
	"agentsandbox/toolbox/tool"
	"agentsandbox/toolbox/zone"
)

type format int

const (
	oneEach format = iota
	long
	vertical
	across
	commas
)

type sortKey int

const (
	byName sortKey = iota
	byNone
	bySize
	byTime
	byVersion
	byExtension
	byWidth
)

type timeKind int

const (
	modifyTime timeKind = iota
	accessTime
	changeTime
)

// hidden says what to do with names that start with a dot.
type hidden int

const (
	hideDots hidden = iota
	showDots        // but "." and ".."
	showAll
)

// follow says which links are followed.
type follow int

const (
	followUnset    follow = iota
	followNone            // none
	followDirs            // operands that lead to directories
	followOperands        // operands
	followAll
)

type indicator int

const (
	noIndicator indicator = iota
	slash
	fileType
	classify
)

// options are those of one run.
type options struct {
	format      format
	sortBy      sortKey
	time        timeKind
	hidden      hidden
	follow      follow
	indicator   indicator
	quoting     tool.Quoting
	aligned     bool // names that need no quotes stand under those that do
	hideControl bool
	reverse     bool
	dirs        bool // -d
	recursive   bool
	dirsFirst   bool
	inodes      bool
	blocks      bool
	owner       bool
	group       bool
	author      bool
	context     bool
	numeric     bool
	links       bool // --hyperlink
	looksBehind bool // what links lead to shows
	size        tool.BlockSize
	blockSize   tool.BlockSize
	width, tab  int
	eol         byte
	ignore      []matcher
	hide        []matcher
	oldDate     string
	newDate     string
	zone        *time.Location
	colors      *palette
}

// matcher is a pattern of --ignore and --hide.
type matcher struct {
	*pattern.Pattern
	dot bool // it starts with a dot
}

func newMatcher(s string) matcher {
	return matcher{pattern.Compile(s, 0), strings.HasPrefix(s, ".")}
}

// match is fnmatch with FNM_PERIOD: a dot in front must be met by a dot.
func (m matcher) match(name string) bool {
	return (name[0] != '.' || m.dot) && m.Match(name)
}

// parser is the state of reading the options, with what depends on others.
type parser struct {
	*options
	x     *tool.Exec
	flags *tool.Flags

	formatSet, sortSet, timeSet bool
	one                         bool // -1, which -l outweighs
	style                       *string
	quotingSet, controlSet      bool
	color                       bool
	blockSet                    bool
}

func parse(x *tool.Exec) (options, []string, error) {
	o := options{owner: true, group: true, eol: '\n', width: -1, tab: -1, zone: zone.Load(x.Getenv("TZ"))}
	p := parser{options: &o, x: x, flags: tool.NewFlags(x)}
	p.flags.Usage = 2
	p.size = tool.BlockSize{Unit: 1}
	p.blockSize = tool.BlockSize{Unit: 1024}
	if s := firstEnv(x, "LS_BLOCK_SIZE", "BLOCK_SIZE"); s != "" {
		if b, err := tool.ParseBlockSize(s); err == nil {
			p.size, p.blockSize = b, b
		}
	}
	p.which()
	p.layout()
	p.order()
	p.show()
	p.names()
	operands, err := p.flags.Parse()
	if err != nil {
		return o, nil, err
	}
	return o, operands, p.finish()
}

func firstEnv(x *tool.Exec, keys ...string) string {
	for _, key := range keys {
		if v := x.Getenv(key); v != "" {
			return v
		}
	}
	return ""
}

// which defines the options that say which files are listed.
func (p *parser) which() {
	f := p.flags
	f.Switch('a', "all", func() { p.hidden = showAll })
	f.Switch('A', "almost-all", func() { p.hidden = showDots })
	f.BoolVar(&p.dirs, true, 'd', "directory")
	f.BoolVar(&p.recursive, true, 'R', "recursive")
	f.Switch('B', "ignore-backups", func() { p.ignore = append(p.ignore, newMatcher("*~"), newMatcher(".*~")) })
	f.Func('I', "ignore", func(s string) error { p.ignore = append(p.ignore, newMatcher(s)); return nil })
	f.Func(0, "hide", func(s string) error { p.hide = append(p.hide, newMatcher(s)); return nil })
	f.Switch('L', "dereference", func() { p.follow = followAll })
	f.Switch('H', "dereference-command-line", func() { p.follow = followOperands })
	f.Switch(0, "dereference-command-line-symlink-to-dir", func() { p.follow = followDirs })
	f.Switch('f', "", func() {
		p.hidden, p.sortBy, p.sortSet, p.blocks, p.color = showAll, byNone, true, false, false
		if p.format == long {
			p.formatSet = false
		}
	})
}

// layout defines the options of the form of the list.
func (p *parser) layout() {
	f := p.flags
	set := func(to format) func() { return func() { p.format, p.formatSet = to, true } }
	f.Switch('l', "", set(long))
	f.Switch('C', "", set(vertical))
	f.Switch('x', "", set(across))
	f.Switch('m', "", set(commas))
	f.Switch('1', "", func() {
		if p.format != long || !p.formatSet {
			set(oneEach)()
		}
	})
	f.Func(0, "format", func(s string) error {
		i, err := f.Pick("--format", s, []tool.Choice{{"verbose", "long"}, {"commas"}, {"horizontal", "across"}, {"vertical"}, {"single-column"}})
		if err == nil {
			set([...]format{long, commas, across, vertical, oneEach}[i])()
		}
		return err
	})
	f.Switch('g', "", func() { set(long)(); p.owner = false })
	f.Switch('o', "", func() { set(long)(); p.group = false })
	f.Switch('n', "numeric-uid-gid", func() { set(long)(); p.numeric = true })
	f.Switch(0, "full-time", func() { set(long)(); s := "full-iso"; p.style = &s })
	f.Func('w', "width", func(s string) error { return p.number("invalid line width", s, &p.width) })
	f.Func('T', "tabsize", func(s string) error { return p.number("invalid tab size", s, &p.tab) })
	f.Switch(0, "zero", func() {
		p.eol = 0
		if p.format != long {
			set(oneEach)()
		}
		p.quoting, p.quotingSet, p.hideControl, p.controlSet, p.color = tool.QuoteLiteral, true, false, true, false
	})
}

func (p *parser) number(what, s string, at *int) error {
	n, err := strconv.ParseUint(s, 0, 31)
	if err != nil {
		return fmt.Errorf("%s: %s", what, tool.QuoteText(s))
	}
	*at = int(n)
	return nil
}

// order defines the options of sorting.
func (p *parser) order() {
	f := p.flags
	set := func(to sortKey) func() { return func() { p.sortBy, p.sortSet = to, true } }
	f.Switch('t', "", set(byTime))
	f.Switch('S', "", set(bySize))
	f.Switch('X', "", set(byExtension))
	f.Switch('v', "", set(byVersion))
	f.Switch('U', "", set(byNone))
	f.Func(0, "sort", func(s string) error {
		i, err := f.Pick("--sort", s, []tool.Choice{{"none"}, {"time"}, {"size"}, {"extension"}, {"version"}, {"width"}})
		if err == nil {
			set([...]sortKey{byNone, byTime, bySize, byExtension, byVersion, byWidth}[i])()
		}
		return err
	})
	f.BoolVar(&p.reverse, true, 'r', "reverse")
	f.BoolVar(&p.dirsFirst, true, 0, "group-directories-first")
	f.Switch('c', "", func() { p.time, p.timeSet = changeTime, true })
	f.Switch('u', "", func() { p.time, p.timeSet = accessTime, true })
	f.Func(0, "time", func(s string) error {
		i, err := f.Pick("--time", s, []tool.Choice{{"atime", "access", "use"}, {"ctime", "status"}, {"birth", "creation"}})
		if err == nil {
			p.time, p.timeSet = [...]timeKind{accessTime, changeTime, modifyTime}[i], true
		}
		return err
	})
}
