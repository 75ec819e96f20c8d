package find

import (
	"io/fs"
	"strings"

	"agentsandbox/toolbox/regex"
	"agentsandbox/toolbox/shell/pattern"
	"agentsandbox/toolbox/tool"
)

// matching are the tests of names and paths.
func (p *parser) matching(name string) (test, bool, error) {
	var subject func(*file) (string, bool)
	switch name {
	case "-name", "-iname":
		subject = func(e *file) (string, bool) { return e.name(), true }
	case "-path", "-ipath", "-wholename", "-iwholename":
		subject = func(e *file) (string, bool) { return e.path, true }
	case "-lname", "-ilname":
		subject = linkTarget
	case "-regex", "-iregex":
		t, err := p.regex(name)
		return t, true, err
	default:
		return nil, false, nil
	}
	s, err := p.argument(name)
	if err != nil {
		return nil, true, err
	}
	p.warnPattern(name, s)
	var flags pattern.Flags
	if name[1] == 'i' {
		flags = pattern.Fold
	}
	glob := pattern.Compile(s, flags)
	return when(func(e *file) bool {
		s, ok := subject(e)
		return ok && glob.Match(s)
	}), true, nil
}

// warnPattern warns of a pattern that can match nothing.
func (p *parser) warnPattern(name, s string) {
	switch {
	case !p.warnings:
	case strings.HasSuffix(name, "name") && name != "-wholename" && name != "-iwholename" && strings.Contains(s, "/") && s != "/":
		p.x.Errorf("warning: '%s' matches against basenames only, but the given pattern contains a directory separator ('/'), "+
			"thus the expression will evaluate to false all the time.  Did you mean '-wholename'?", name)
	case strings.HasSuffix(name, "path") && strings.HasSuffix(s, "/") && s != "/":
		p.x.Errorf("warning: %s %s will not match anything because it ends with /.", name, s)
	}
}

func linkTarget(e *file) (string, bool) {
	if e.mode()&fs.ModeSymlink == 0 {
		return "", false
	}
	target, err := e.f.x.FS.Readlink(e.f.x.Abs(e.path))
	return target, err == nil
}

const defaultSyntax = "findutils-default"

// syntaxes pairs the names of -regextype with ours.
var syntaxes = []struct {
	name   string
	syntax regex.Syntax
}{
	{defaultSyntax, regex.Emacs}, {"ed", regex.BRE}, {"emacs", regex.Emacs}, {"gnu-awk", regex.Awk},
	{"grep", regex.GrepBRE}, {"posix-awk", regex.Awk}, {"awk", regex.Awk}, {"posix-basic", regex.BRE},
	{"posix-egrep", regex.GrepERE}, {"egrep", regex.GrepERE}, {"posix-extended", regex.ERE},
	{"posix-minimal-basic", regex.BRE}, {"sed", regex.BRE},
}

func (p *parser) setSyntax(name string) error {
	var known []string
	for _, s := range syntaxes {
		if s.name == name {
			p.regexSyntax = name
			return nil
		}
		known = append(known, tool.QuoteText(s.name))
	}
	return p.syntax("Unknown regular expression type %s; valid types are %s.", tool.QuoteText(name), strings.Join(known, ", "))
}

// regex makes the tests that match a regular expression against a whole path.
func (p *parser) regex(name string) (test, error) {
	s, err := p.argument(name)
	if err != nil {
		return nil, err
	}
	flags := regex.Whole
	if name == "-iregex" {
		flags |= regex.IgnoreCase
	}
	var syntax regex.Syntax
	for _, each := range syntaxes {
		if each.name == p.regexSyntax {
			syntax = each.syntax
		}
	}
	re, err := regex.Compile(s, syntax, flags)
	if err != nil {
		return nil, p.syntax("failed to compile regular expression '%s': %s", s, err)
	}
	return func(e *file) (bool, error) { return re.Match([]byte(e.path)) }, nil
}
