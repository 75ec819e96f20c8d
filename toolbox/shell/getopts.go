package shell

import (
	"fmt"
	"strconv"
	"strings"
)

// getoptsState is where getopts stands within a group of options.
type getoptsState struct {
	at int // in the group; 0: at its start
}

// getoptsCmd is the builtin getopts.
func (sh *Shell) getoptsCmd(argv []string) int {
	_, args, ok := sh.flags(argv, "")
	if !ok {
		return 2
	}
	if len(args) < 2 {
		return sh.usageError()
	}
	spec, name := args[0], args[1]
	words := sh.args
	if len(args) > 2 {
		words = args[2:]
	}
	silent := strings.HasPrefix(spec, ":")
	quiet := silent || sh.getvar("OPTERR") == "0"
	g := getopts{sh: sh, spec: strings.TrimPrefix(spec, ":"), words: words, silent: silent, quiet: quiet}
	return g.next(name)
}

type getopts struct {
	sh            *Shell
	spec          string
	words         []string
	silent, quiet bool
}

// next finds the next option and sets the variables.
func (g *getopts) next(name string) int {
	sh := g.sh
	ind, err := strconv.Atoi(sh.getvar("OPTIND"))
	if err != nil || ind < 1 {
		ind = 1
	}
	at := sh.getopts.at
	if at == 0 {
		if ind > len(g.words) {
			return g.end(name, len(g.words)+1)
		}
		w := g.words[ind-1]
		if len(w) < 2 || w[0] != '-' {
			return g.end(name, ind)
		}
		if w == "--" {
			return g.end(name, ind+1)
		}
		at = 1
	}
	if ind > len(g.words) || at >= len(g.words[ind-1]) {
		return g.end(name, ind)
	}
	word := g.words[ind-1]
	c := word[at]
	at++
	if at >= len(word) {
		ind, at = ind+1, 0
	}
	return g.option(name, c, word, ind, at)
}

func (g *getopts) end(name string, ind int) int {
	g.place(ind, 0)
	g.sh.unsetVar("OPTARG")
	g.sh.assignName(name, "?")
	return 1
}

// place stores how far the parsing got.
func (g *getopts) place(ind, at int) {
	g.sh.assign("OPTIND", strconv.Itoa(ind), false)
	g.sh.getopts.at = at
}

// option sets the variables for the option c, which was at the end of what
// was read.
func (g *getopts) option(name string, c byte, word string, ind, at int) int {
	sh := g.sh
	i := strings.IndexByte(g.spec, c)
	if i < 0 || c == ':' {
		g.place(ind, at)
		if g.silent {
			sh.assign("OPTARG", string([]byte{c}), false)
		} else {
			sh.unsetVar("OPTARG")
		}
		if !g.quiet {
			sh.stderr(fmt.Sprintf("%s: illegal option -- %c\n", sh.name, c))
		}
		return assigned(sh.assignName(name, "?"))
	}
	if i+1 >= len(g.spec) || g.spec[i+1] != ':' {
		g.place(ind, at)
		sh.unsetVar("OPTARG")
		return assigned(sh.assignName(name, string([]byte{c})))
	}
	switch {
	case at > 0:
		sh.assign("OPTARG", word[at:], false)
		g.place(ind+1, 0)
	case ind <= len(g.words):
		sh.assign("OPTARG", g.words[ind-1], false)
		g.place(ind+1, 0)
	default:
		return g.missing(name, c, ind)
	}
	return assigned(sh.assignName(name, string([]byte{c})))
}

func (g *getopts) missing(name string, c byte, ind int) int {
	sh := g.sh
	g.place(ind, 0)
	if g.silent {
		sh.assign("OPTARG", string([]byte{c}), false)
		return assigned(sh.assignName(name, ":"))
	}
	sh.unsetVar("OPTARG")
	if !g.quiet {
		sh.stderr(fmt.Sprintf("%s: option requires an argument -- %c\n", sh.name, c))
	}
	return assigned(sh.assignName(name, "?"))
}

// assignName sets the variable that getopts was given.
func (sh *Shell) assignName(name, value string) bool {
	if !isName(name) {
		sh.errorf("`%s': not a valid identifier", name)
		return false
	}
	return sh.assign(name, value, false)
}
