package diff

import (
	"fmt"
	"strings"

	"agentsandbox/toolbox/regex"
	"agentsandbox/toolbox/tool"
)

func (p *optionParser) finish(operands []string) error {
	if p.style == conflict {
		return p.f.Errorf("conflicting output style options")
	}
	if err := p.finishStyle(); err != nil {
		return err
	}
	if err := p.patterns(); err != nil {
		return err
	}
	switch {
	case p.fromFile != "" && p.toFile != "":
		return p.x.Fail(trouble, "--from-file and --to-file both specified")
	case p.fromFile != "" || p.toFile != "":
	case len(operands) < 2:
		last := p.x.Name
		if n := len(p.x.Args); n > 0 {
			last = p.x.Args[n-1]
		}
		return p.f.Errorf("missing operand after %s", tool.QuoteText(last))
	case len(operands) > 2:
		return p.f.Errorf("extra operand %s", tool.QuoteText(operands[2]))
	}
	p.optionWords = optionWords(p.x.Args, operands)
	return nil
}

func (p *optionParser) finishStyle() error {
	formats := p.ifdef != nil
	for _, f := range p.groupFormats {
		formats = formats || f != nil
	}
	for _, f := range p.lineFormats {
		formats = formats || f != nil
	}
	if formats {
		if p.style != unset {
			return p.f.Errorf("conflicting output style options")
		}
		p.style = groups
		p.defaultFormats(p.ifdef)
	}
	if p.style == unset {
		p.style = normal
	}
	if p.bareSeen && (p.style == contextual || p.style == unified) && !p.contextGiven {
		p.context = p.bareN
	}
	return nil
}

func (p *optionParser) patterns() (err error) {
	if p.function != "" {
		if p.options.function, err = regex.Compile(p.function, regex.GrepBRE, 0); err != nil {
			return p.x.Fail(trouble, "%s: %s", p.function, err)
		}
	}
	if len(p.ignoreTexts) > 0 {
		if p.ignore, err = regex.CompileList(p.ignoreTexts, regex.GrepBRE, 0); err != nil {
			return p.x.Fail(trouble, "%s: %s", p.ignoreTexts[0], err)
		}
	}
	return nil
}

// optionWords is the options of a command line, without its operands, quoted
// for the shell.
func optionWords(args, operands []string) string {
	var words []string
	left := len(operands)
	for i := len(args) - 1; i >= 0; i-- {
		if left > 0 && args[i] == operands[left-1] {
			left--
			continue
		}
		words = append([]string{tool.QuoteName(args[i], tool.QuoteShellEscape, "")}, words...)
	}
	return strings.Join(words, " ")
}

// defaultFormats fills in the formats that were not given; name is that of -D.
func (p *optionParser) defaultFormats(name *string) {
	set := func(to **string, format string) {
		if *to == nil {
			*to = &format
		}
	}
	g := &p.groupFormats
	if name != nil {
		n := strings.ReplaceAll(*name, "%", "%%")
		set(&g[oldGroup], fmt.Sprintf("#ifndef %s\n%%<#endif /* ! %s */\n", n, n))
		set(&g[newGroup], fmt.Sprintf("#ifdef %s\n%%>#endif /* %s */\n", n, n))
		set(&g[changedGroup], fmt.Sprintf("#ifndef %s\n%%<#else /* %s */\n%%>#endif /* %s */\n", n, n, n))
	}
	old, new := "%<", "%>"
	if g[oldGroup] != nil {
		old = *g[oldGroup]
	}
	if g[newGroup] != nil {
		new = *g[newGroup]
	}
	changedGiven := g[changedGroup]
	set(&g[changedGroup], old+new)
	if changedGiven != nil && name == nil {
		old, new = *changedGiven, *changedGiven
	}
	set(&g[oldGroup], old)
	set(&g[newGroup], new)
	set(&g[unchangedGroup], "%=")
	for i := range p.lineFormats {
		set(&p.lineFormats[i], "%l\n")
	}
}
