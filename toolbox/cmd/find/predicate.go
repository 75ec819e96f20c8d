package find

import (
	"strconv"
	"strings"
)

// predicate reads the arguments of a predicate and makes its test.
func (p *parser) predicate(name string) (test, error) {
	for _, kind := range []func(string) (test, bool, error){p.plain, p.option, p.matching, p.property, p.action} {
		if t, ok, err := kind(name); ok || err != nil {
			return t, err
		}
	}
	if strings.HasPrefix(name, "-newer") && len(name) == len("-newerXY") {
		return p.newerXY(name)
	}
	return nil, p.syntax("unknown predicate `%s'", name)
}

// plain are the predicates without argument that are no actions.
func (p *parser) plain(name string) (test, bool, error) {
	switch name {
	case "-true":
		return always, true, nil
	case "-false", "-nouser", "-nogroup":
		return when(func(*file) bool { return false }), true, nil
	case "-empty":
		return isEmpty, true, nil
	case "-readable":
		return p.permitted(0o400), true, nil
	case "-writable":
		return p.permitted(0o200), true, nil
	case "-executable":
		return p.permitted(0o100), true, nil
	case "-prune":
		return when(func(e *file) bool { e.prune = true; return true }), true, nil
	case "-depth", "-d":
		p.depthFirst = true
	case "-daystart":
		p.startDay()
	case "-follow":
		p.follow = followAll
	case "-mount", "-xdev":
		p.oneFS = true
	case "-noleaf", "-ignore_readdir_race", "-noignore_readdir_race":
	case "-warn":
		p.warnings = true
	case "-nowarn":
		p.warnings = false
	default:
		return nil, false, nil
	}
	return always, true, nil
}

// option are the options with an argument.
func (p *parser) option(name string) (test, bool, error) {
	switch name {
	case "-maxdepth", "-mindepth":
		n, err := p.level(name)
		if name == "-maxdepth" {
			p.maxDepth = n
		} else {
			p.minDepth = n
		}
		return always, true, err
	case "-regextype":
		s, err := p.argument(name)
		if err == nil {
			err = p.setSyntax(s)
		}
		return always, true, err
	case "-fstype":
		s, err := p.argument(name)
		return when(func(*file) bool { return s == fsType }), true, err
	case "-context":
		return nil, true, p.syntax("invalid predicate -context: SELinux is not enabled.")
	}
	return nil, false, nil
}

// fsType is the type of all file systems here, as stat -f has it.
const fsType = "ramfs"

func (p *parser) level(name string) (int, error) {
	if p.warnings && p.last != "" && !globalOption(p.last) {
		p.x.Errorf("warning: you have specified the global option %s after the argument %s, but global options are not positional, "+
			"i.e., %s affects tests specified before it as well as those specified after it.  "+
			"Please specify global options before other arguments.", name, p.last, name)
	}
	s, err := p.argument(name)
	if err != nil {
		return 0, err
	}
	n, convErr := strconv.ParseUint(s, 10, 31)
	if convErr != nil {
		return 0, p.syntax("Expected a positive decimal integer argument to %s, but got '%s'", name, s)
	}
	return int(n), nil
}

func globalOption(name string) bool {
	switch name {
	case "-maxdepth", "-mindepth", "-depth", "-d", "-mount", "-xdev", "-noleaf", "-warn", "-nowarn", "-follow", "-daystart", "-regextype":
		return true
	}
	return false
}
