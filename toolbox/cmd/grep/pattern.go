package grep

import (
	"errors"

	"agentsandbox/toolbox/regex"
	"agentsandbox/toolbox/tool"
)

// compile makes the one regular expression of all patterns.
func (g *grep) compile() error {
	flags := g.flags
	if g.delim == '\n' {
		flags |= regex.Lines
	}
	if !g.utf8 {
		flags |= regex.Bytes
	}
	if g.syntax == regex.Perl && len(g.patterns) > 1 {
		return g.x.Fail(2, "the -P option only supports a single pattern")
	}
	g.never = len(g.patterns) == 0
	re, err := regex.CompileList(g.patterns, g.syntax, flags)
	if err != nil {
		return g.x.Fail(2, "%s", err)
	}
	for _, warning := range re.Warnings() {
		g.x.Errorf("warning: %s", warning)
	}
	g.re = re
	return nil
}

// stop turns an error of matching into the end of the run.
func (g *grep) stop(err error) error {
	if !errors.Is(err, regex.ErrBudget) {
		return err
	}
	if err := g.out.Flush(); err != nil {
		return err
	}
	g.x.Errorf("%s", err)
	return tool.Exit(2)
}
