package tree

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"agentsandbox/toolbox/shell/pattern"
	"agentsandbox/toolbox/tool"
	"agentsandbox/toolbox/zone"
)

const usage = `usage: tree [-acdfghilnpqrstuvxACDFJQNSUX] [-L level [-R]] [-H  baseHREF]
	[-T title] [-o filename] [-P pattern] [-I pattern] [--gitignore]
	[--gitfile[=]file] [--matchdirs] [--metafirst] [--ignore-case]
	[--nolinks] [--hintro[=]file] [--houtro[=]file] [--inodes] [--device]
	[--sort[=]<name>] [--dirsfirst] [--filesfirst] [--filelimit #] [--si]
	[--du] [--prune] [--charset[=]X] [--timefmt[=]format] [--fromfile]
	[--fflinks] [--info] [--infofile[=]file] [--noreport] [--version]
	[--help] [--] [directory ...]
`

// options are those of one run.
type options struct {
	hidden, dirsOnly, follow, full, oneFS   bool
	level                                   int
	include, ignore                         []string
	matchDirs, fold, prune, gitignore       bool
	fileLimit                               int
	noReport                                bool
	charset, output                         string
	question, raw, quote                    bool
	perms, user, group, size, human, si, du bool
	date                                    bool
	timefmt                                 string
	classify, inodes, device, metaFirst     bool
	sort                                    string
	reverse, dirsFirst, filesFirst, ctime   bool
	noIndent, color, noColor                bool
	xml, json                               bool
	zone                                    *time.Location
	patterns                                patterns
}

// patterns are those of -P and -I, compiled.
type patterns struct{ include, ignore []glob }

// glob is one alternative of a pattern.
type glob struct {
	*pattern.Pattern
	dir bool // it ended in a slash: only directories match
}

// argError reports a wrong argument, with all options below it.
func argError(x *tool.Exec, format string, args ...any) error {
	x.Errorf(format, args...)
	fmt.Fprint(x.Stderr, usage)
	return tool.Exit(1)
}

// parser reads options in tree's own way: the values of letters are the
// arguments that follow, also behind several letters in one.
type parser struct {
	*options
	x    *tool.Exec
	args []string
}

func parse(x *tool.Exec) (options, []string, error) {
	o := options{sort: "name", zone: zone.Load(x.Getenv("TZ"))}
	p := parser{options: &o, x: x, args: x.Args}
	var dirs []string
	for len(p.args) > 0 {
		arg := p.args[0]
		p.args = p.args[1:]
		var err error
		switch {
		case arg == "--":
			dirs = append(dirs, p.args...)
			p.args = nil
		case strings.HasPrefix(arg, "--"):
			err = p.long(arg[2:])
		case len(arg) > 1 && arg[0] == '-':
			err = p.letters(arg[1:])
		default:
			dirs = append(dirs, arg)
		}
		if err != nil {
			return o, nil, err
		}
	}
	if o.dirsOnly && o.prune {
		o.prune = false
	}
	o.compile()
	return o, dirs, nil
}

// value takes the next argument as the value of a letter.
func (p *parser) value(letter rune) (string, error) {
	if len(p.args) == 0 {
		return "", p.x.Fail(1, "Missing argument to -%c option.", letter)
	}
	v := p.args[0]
	p.args = p.args[1:]
	return v, nil
}

func (p *parser) letters(group string) error {
	flags := p.letterFlags()
	for _, c := range group {
		if set, ok := flags[c]; ok {
			*set = true
			continue
		}
		if err := p.letter(c); err != nil {
			return err
		}
	}
	return nil
}

// letterFlags are the letters that only switch something on.
func (p *parser) letterFlags() map[rune]*bool {
	return map[rune]*bool{
		'a': &p.hidden, 'd': &p.dirsOnly, 'l': &p.follow, 'f': &p.full, 'x': &p.oneFS, 'q': &p.question, 'N': &p.raw,
		'Q': &p.quote, 'p': &p.perms, 'u': &p.user, 'g': &p.group, 's': &p.size, 'D': &p.date, 'F': &p.classify,
		'r': &p.reverse, 'i': &p.noIndent, 'C': &p.color, 'n': &p.noColor, 'X': &p.xml, 'J': &p.json,
	}
}

func (p *parser) letter(c rune) error {
	switch c {
	case 'h':
		p.size, p.human = true, true
	case 'v':
		p.sort = "version"
	case 't':
		p.sort = "mtime"
	case 'c':
		p.sort, p.ctime = "ctime", true
	case 'U':
		p.sort = "none"
	case 'A', 'S', 'R':
	case 'L', 'P', 'I', 'o', 'T':
		v, err := p.value(c)
		if err != nil {
			return err
		}
		return p.withValue(c, v)
	case 'H':
		return p.x.Fail(1, "HTML is not written here: use -J or -X")
	default:
		return argError(p.x, "Invalid argument -`%c'.", c)
	}
	return nil
}

func (p *parser) withValue(c rune, v string) error {
	switch c {
	case 'L':
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 {
			return p.x.Fail(1, "Invalid level, must be greater than 0.")
		}
		p.level = n
	case 'P':
		p.include = append(p.include, v)
	case 'I':
		p.ignore = append(p.ignore, v)
	case 'o':
		p.output = v
	}
	return nil
}

func (p *parser) long(arg string) error {
	name, value, attached := strings.Cut(arg, "=")
	if set, ok := p.longFlags()[name]; ok && !attached {
		*set = true
		p.human, p.size = p.human || p.si, p.size || p.si || p.du
		return nil
	}
	switch name {
	case "noreport", "info", "nolinks", "fflinks":
		p.noReport = p.noReport || name == "noreport"
		return nil
	case "help":
		return tool.ErrHelp
	case "version":
		return tool.Asked("version")
	case "sort", "filelimit", "charset", "timefmt":
	default:
		return argError(p.x, "Invalid argument `--%s'.", arg)
	}
	if !attached {
		if len(p.args) == 0 {
			return p.x.Fail(1, "Missing argument to --%s", name)
		}
		value, p.args = p.args[0], p.args[1:]
	}
	return p.longValue(name, value)
}

func (p *parser) longFlags() map[string]*bool {
	return map[string]*bool{
		"matchdirs": &p.matchDirs, "ignore-case": &p.fold, "prune": &p.prune, "gitignore": &p.gitignore, "metafirst": &p.metaFirst,
		"si": &p.si, "du": &p.du, "inodes": &p.inodes, "device": &p.device, "dirsfirst": &p.dirsFirst, "filesfirst": &p.filesFirst,
	}
}

func (p *parser) longValue(name, value string) error {
	switch name {
	case "sort":
		switch value {
		case "name", "version", "size", "mtime", "ctime":
			p.sort = value
		default:
			fmt.Fprintf(p.x.Stderr, "%s: Sort type '%s' not valid, should be one of: ", p.x.Name, value)
			fmt.Fprintln(p.x.Stdout, "name,version,size,mtime,ctime")
			return tool.Exit(1)
		}
	case "filelimit":
		p.fileLimit, _ = strconv.Atoi(value)
	case "charset":
		p.charset = value
	case "timefmt":
		p.date, p.timefmt = true, value
	}
	return nil
}

// compile compiles the patterns.
func (o *options) compile() {
	var flags pattern.Flags
	if o.fold {
		flags = pattern.Fold
	}
	read := func(list []string) []glob {
		var globs []glob
		for _, s := range list {
			for one := range strings.SplitSeq(s, "|") {
				bare := strings.TrimSuffix(one, "/")
				globs = append(globs, glob{pattern.Compile(bare, flags), bare != one})
			}
		}
		return globs
	}
	o.patterns = patterns{read(o.include), read(o.ignore)}
}

func matches(globs []glob, name string, dir bool) bool {
	for _, g := range globs {
		if (dir || !g.dir) && g.Match(name) {
			return true
		}
	}
	return false
}
