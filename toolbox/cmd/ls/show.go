package ls

import (
	"fmt"
	"strconv"
	"strings"

	"agentsandbox/toolbox/tool"
)

// show defines the options that say what is shown of files.
func (p *parser) show() {
	f := p.flags
	f.BoolVar(&p.inodes, true, 'i', "inode")
	f.BoolVar(&p.blocks, true, 's', "size")
	f.BoolVar(&p.group, false, 'G', "no-group")
	f.BoolVar(&p.author, true, 0, "author")
	f.BoolVar(&p.context, true, 'Z', "context")
	human := func(base uint64) func() {
		return func() {
			p.size = tool.BlockSize{Unit: base, Human: true}
			p.blockSize, p.blockSet = p.size, true
		}
	}
	f.Switch('h', "human-readable", human(1024))
	f.Switch(0, "si", human(1000))
	f.Switch('k', "kibibytes", func() {
		if !p.blockSet {
			p.blockSize = tool.BlockSize{Unit: 1024}
		}
	})
	f.Func(0, "block-size", func(s string) error {
		b, err := tool.ParseBlockSize(s)
		if err != nil {
			return fmt.Errorf("invalid --block-size argument %s", tool.Quote(s))
		}
		p.size, p.blockSize, p.blockSet = b, b, true
		return nil
	})
	f.Func(0, "time-style", func(s string) error { p.style = &s; return nil })
	f.Optional(0, "color", "always", func(s string) (err error) { p.color, err = p.pickWhen("--color", s); return err })
	f.Optional(0, "hyperlink", "always", func(s string) (err error) { p.links, err = p.pickWhen("--hyperlink", s); return err })
}

// pickWhen reads the value of an option that says when it holds.
func (p *parser) pickWhen(option, s string) (bool, error) {
	i, err := p.flags.Pick(option, s, []tool.Choice{{"always", "yes", "force"}, {"never", "no", "none"}, {"auto", "tty", "if-tty"}})
	return err == nil && (i == 0 || i == 2 && p.x.IsTerminal(1)), err
}

// names defines the options of how names are written.
func (p *parser) names() {
	f := p.flags
	f.Optional('F', "classify", "always", func(s string) error {
		on, err := p.pickWhen("--classify", s)
		if on {
			p.indicator = classify
		}
		return err
	})
	f.Switch('p', "", func() { p.indicator = slash })
	f.Switch(0, "file-type", func() { p.indicator = fileType })
	f.Func(0, "indicator-style", func(s string) error {
		i, err := f.Pick("--indicator-style", s, []tool.Choice{{"none"}, {"slash"}, {"file-type"}, {"classify"}})
		if err == nil {
			p.indicator = indicator(i)
		}
		return err
	})
	quote := func(to tool.Quoting) func() { return func() { p.quoting, p.quotingSet = to, true } }
	f.Switch('b', "escape", quote(tool.QuoteEscape))
	f.Switch('N', "literal", quote(tool.QuoteLiteral))
	f.Switch('Q', "quote-name", quote(tool.QuoteC))
	f.Func(0, "quoting-style", func(s string) error {
		style, err := p.pickQuoting(s)
		if err == nil {
			quote(style)()
		}
		return err
	})
	f.Switch('q', "hide-control-chars", func() { p.hideControl, p.controlSet = true, true })
	f.Switch(0, "show-control-chars", func() { p.hideControl, p.controlSet = false, true })
}

func (p *parser) pickQuoting(s string) (tool.Quoting, error) {
	words := []string{"literal", "shell", "shell-always", "shell-escape", "shell-escape-always", "c", "c-maybe", "escape", "locale", "clocale"}
	choices := make([]tool.Choice, len(words))
	for i, word := range words {
		choices[i] = tool.Choice{word}
	}
	i, err := p.flags.Pick("--quoting-style", s, choices)
	if err != nil {
		return 0, err
	}
	style, _ := tool.ParseQuoting(words[i])
	if words[i] == "c-maybe" {
		style = tool.QuoteC
	}
	return style, nil
}

// finish settles what depends on several options and on the terminal.
func (p *parser) finish() error {
	tty := p.x.IsTerminal(1)
	if !p.formatSet {
		p.format = oneEach
		if tty {
			p.format = vertical
		}
	}
	if !p.sortSet && p.timeSet && p.format != long {
		p.sortBy = byTime
	}
	if !p.quotingSet {
		p.quoting = tool.QuoteLiteral
		if style, ok := tool.ParseQuoting(p.x.Getenv("QUOTING_STYLE")); ok {
			p.quoting = style
		} else if tty {
			p.quoting = tool.QuoteShellEscape
		}
	}
	if !p.controlSet {
		p.hideControl = tty
	}
	p.screen()
	if p.color {
		if p.colors = newPalette(p.x); p.colors != nil {
			p.tab = 0 // tabs and colours do not go together on some terminals
		}
	}
	if p.follow == followUnset {
		p.follow = followDirs
		if p.dirs || p.indicator == classify || p.format == long {
			p.follow = followNone
		}
	}
	p.looksBehind = p.indicator >= fileType || p.colors.looksBehind()
	grid := p.format == vertical || p.format == across
	p.aligned = (p.format == long || grid && p.width > 0) && (p.quoting == tool.QuoteShell || p.quoting == tool.QuoteShellEscape)
	if p.format == long {
		return p.dates()
	}
	return nil
}

// screen finds the width of lines and of tabs.
func (p *parser) screen() {
	if p.width < 0 {
		p.width = 80
		if n, err := strconv.ParseUint(p.x.Getenv("COLUMNS"), 10, 31); err == nil {
			p.width = int(n)
		}
	}
	if p.tab < 0 {
		p.tab = 8
		if n, err := strconv.ParseUint(p.x.Getenv("TABSIZE"), 10, 31); err == nil {
			p.tab = int(n)
		}
	}
}

// dates finds the formats of dates: of those within half a year, and of others.
func (p *parser) dates() error {
	style := "locale"
	if s := p.x.Getenv("TIME_STYLE"); s != "" {
		style = s
	}
	if p.style != nil {
		style = *p.style
	}
	if format, ok := strings.CutPrefix(style, "+"); ok {
		old, recent, two := strings.Cut(format, "\n")
		if !two {
			recent = old
		}
		if strings.Contains(recent, "\n") {
			return p.x.Fail(2, "invalid time style format %s", tool.QuoteText(style[1:]))
		}
		p.oldDate, p.newDate = old, recent
		return nil
	}
	switch strings.TrimPrefix(style, "posix-") {
	case "full-iso":
		p.oldDate, p.newDate = "%Y-%m-%d %H:%M:%S.%N %z", "%Y-%m-%d %H:%M:%S.%N %z"
	case "long-iso":
		p.oldDate, p.newDate = "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M"
	case "iso":
		p.oldDate, p.newDate = "%Y-%m-%d ", "%m-%d %H:%M"
	case "locale":
		p.oldDate, p.newDate = "%b %e  %Y", "%b %e %H:%M"
	default:
		return p.badStyle(style)
	}
	return nil
}

func (p *parser) badStyle(style string) error {
	p.x.Errorf("invalid argument %s for %s", tool.QuoteText(style), tool.QuoteText("time style"))
	fmt.Fprint(p.x.Stderr, "Valid arguments are:\n  - [posix-]full-iso\n  - [posix-]long-iso\n  - [posix-]iso\n  - [posix-]locale\n  - +FORMAT (e.g., +%H:%M) for a 'date'-style format\n")
	return p.flags.Hint()
}
