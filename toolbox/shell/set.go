package shell

import (
	"fmt"
	"slices"
	"strings"
)

// set is the builtin set.
func (sh *Shell) set(argv []string) int {
	args := argv[1:]
	if len(args) == 0 {
		out := sh.listSet()
		if !sh.opt.posix {
			out += sh.listFuncs(false, false)
		}
		return sh.write(out)
	}
	if s := sh.checkSet(args); s != 0 {
		return s
	}
	for len(args) > 0 {
		arg := args[0]
		switch {
		case arg == "--":
			sh.args = args[1:]
			return 0
		case arg == "-":
			sh.opt.xtrace, sh.opt.verbose = false, false
			if len(args) > 1 {
				sh.args = args[1:]
			}
			return 0
		case arg == "+":
		case len(arg) < 2 || arg[0] != '-' && arg[0] != '+':
			sh.args = args
			return 0
		}
		args = args[1:]
		for i := 1; i < len(arg); i++ {
			if arg[i] == 'o' {
				var status int
				if args, status = sh.setNamed(arg[0] == '-', args); status != 0 {
					return status
				}
				continue
			}
			*sh.opt.byLetter(arg[i]) = arg[0] == '-'
		}
	}
	return 0
}

// checkSet finds an invalid option before any has acted.
func (sh *Shell) checkSet(args []string) int {
	for len(args) > 0 {
		arg := args[0]
		if arg == "--" || arg == "-" || len(arg) < 2 && arg != "+" || arg[0] != '-' && arg[0] != '+' {
			return 0
		}
		args = args[1:]
		for i := 1; i < len(arg); i++ {
			if arg[i] == 'o' {
				if len(args) > 0 {
					args = args[1:]
				}
				continue
			}
			if sh.opt.byLetter(arg[i]) == nil {
				sh.errorf("%c%c: invalid option", arg[0], arg[i])
				return sh.usageError()
			}
		}
	}
	return 0
}

// setNamed is set -o name and +o name; without a name it lists.
func (sh *Shell) setNamed(on bool, args []string) ([]string, int) {
	if len(args) == 0 || args[0] == "" || args[0][0] == '-' || args[0][0] == '+' {
		sh.opt.listNames(sh, on)
		return args, 0
	}
	p := sh.opt.byName(args[0])
	if p == nil {
		sh.errorf("%s: invalid option name", args[0])
		return args, 2
	}
	*p = on
	switch args[0] {
	case "history":
		sh.startHistory()
	case "vi":
		sh.opt.emacs = sh.opt.emacs && !on
	case "emacs":
		sh.opt.vi = sh.opt.vi && !on
	}
	return args[1:], 0
}

// listNames prints the options of set: as a table, or as commands.
func (o *options) listNames(sh *Shell, table bool) {
	var b strings.Builder
	for _, s := range setOptions() {
		on := *s.at(o)
		switch {
		case table:
			fmt.Fprintf(&b, "%-15s\t%s\n", s.name, onOff(on))
		case on:
			fmt.Fprintf(&b, "set -o %s\n", s.name)
		default:
			fmt.Fprintf(&b, "set +o %s\n", s.name)
		}
	}
	sh.write(b.String())
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// shoptCmd is the builtin shopt.
func (sh *Shell) shoptCmd(argv []string) int {
	opts, names, ok := sh.flags(argv, "psuqo")
	if !ok {
		return 2
	}
	set, unset := has(opts, 's'), has(opts, 'u')
	quiet, reuse := has(opts, 'q'), has(opts, 'p')
	if set && unset {
		sh.errorf("cannot set and unset shell options simultaneously")
		return 1
	}
	var table shoptTable = shoptNamesOf{sh}
	if has(opts, 'o') {
		table = setNamesOf{sh}
	}
	if (set || unset) && len(names) > 0 {
		return sh.shoptSwitch(table, names, set)
	}
	return sh.shoptShow(table, names, set, unset, quiet, reuse)
}

// shoptTable is the options of shopt, or with -o those of set.
type shoptTable interface {
	names() []string
	get(name string) (on, ok bool)
	set(name string, on bool)
	unknown() string
	command(name string, on bool) string
}

type shoptNamesOf struct{ sh *Shell }

func (t shoptNamesOf) names() []string { return shoptNames[:] }
func (t shoptNamesOf) get(name string) (on, ok bool) {
	n := slices.Index(shoptNames[:], name)
	return n >= 0 && t.sh.shopt(n), n >= 0
}
func (t shoptNamesOf) set(name string, on bool) { t.sh.setShopt(name, on) }
func (t shoptNamesOf) unknown() string          { return "invalid shell option name" }
func (t shoptNamesOf) command(name string, on bool) string {
	if on {
		return "shopt -s " + name
	}
	return "shopt -u " + name
}

type setNamesOf struct{ sh *Shell }

func (t setNamesOf) names() []string {
	var out []string
	for _, s := range setOptions() {
		out = append(out, s.name)
	}
	return out
}
func (t setNamesOf) get(name string) (on, ok bool) {
	p := t.sh.opt.byName(name)
	return p != nil && *p, p != nil
}
func (t setNamesOf) set(name string, on bool) { *t.sh.opt.byName(name) = on }
func (t setNamesOf) unknown() string          { return "invalid option name" }
func (t setNamesOf) command(name string, on bool) string {
	if on {
		return "set -o " + name
	}
	return "set +o " + name
}

func (sh *Shell) shoptSwitch(t shoptTable, names []string, on bool) int {
	status := 0
	for _, name := range names {
		if _, ok := t.get(name); !ok {
			sh.errorf("%s: %s", name, t.unknown())
			status = 1
			continue
		}
		t.set(name, on)
	}
	return status
}

func (sh *Shell) shoptShow(t shoptTable, names []string, set, unset, quiet, reuse bool) int {
	all := len(names) == 0
	if all {
		names = t.names()
	}
	var b strings.Builder
	status := 0
	for _, name := range names {
		on, ok := t.get(name)
		switch {
		case !ok:
			sh.errorf("%s: %s", name, t.unknown())
			status = 1
			continue
		case all && (set && !on || unset && on):
			continue
		case !on && !all:
			status = 1
		}
		if quiet {
			continue
		}
		if reuse {
			b.WriteString(t.command(name, on) + "\n")
		} else {
			fmt.Fprintf(&b, "%-15s\t%s\n", name, onOff(on))
		}
	}
	if s := sh.write(b.String()); s != 0 {
		return s
	}
	return status
}

// unsetCmd is the builtin unset.
func (sh *Shell) unsetCmd(argv []string) int {
	opts, names, ok := sh.flags(argv, "fvn")
	if !ok {
		return 2
	}
	fn, vars, ref := has(opts, 'f'), has(opts, 'v'), has(opts, 'n')
	if fn && vars {
		sh.errorf("cannot simultaneously unset a function and a variable")
		return 1
	}
	status := 0
	for _, name := range names {
		if !sh.unsetOne(name, fn, vars, ref) {
			status = 1
		}
	}
	return status
}

func (sh *Shell) unsetOne(name string, fn, vars, ref bool) bool {
	if fn {
		return sh.unsetFunc(name)
	}
	base, sub, isSub := strings.Cut(name, "[")
	if isSub && strings.HasSuffix(sub, "]") && isName(base) {
		return sh.unsetElement(base, sub[:len(sub)-1])
	}
	if !isName(name) {
		if vars {
			sh.errorf("`%s': not a valid identifier", name)
			return false
		}
		return sh.unsetFunc(name)
	}
	if v := sh.vars.get(name); v != nil && v.has(attrNameref) && !ref {
		target, sub, hasSub, ok := sh.deref(name)
		switch {
		case ok && hasSub:
			return sh.unsetElement(target, sub)
		case ok && target != name:
			return sh.unsetVar(target)
		}
	}
	if sh.lookup(name) == nil && !vars {
		return sh.unsetFunc(name)
	}
	return sh.unsetVar(name)
}

func (sh *Shell) unsetFunc(name string) bool {
	fn := sh.funcs.get(name)
	if fn != nil && fn.readonly {
		sh.errorf("%s: cannot unset: readonly function", name)
		return false
	}
	sh.funcs.drop(name)
	if fn != nil && fn.export {
		sh.env = nil
	}
	return true
}

// unsetElement removes name[sub]; the whole array for * and @ where it is
// indexed.
func (sh *Shell) unsetElement(name, sub string) bool {
	v := sh.binding(name)
	if v == nil {
		return true
	}
	if v.has(attrReadonly) {
		sh.errorf("%s: cannot unset: readonly variable", name)
		return false
	}
	if v.has(attrAssoc) {
		v.ownAssoc().unset(arithEnv{sh}.key(sub))
		return true
	}
	if sub == "@" || sub == "*" {
		if v.has(attrArray) {
			return sh.unsetVar(name)
		}
		sh.errorf("%s: not an array variable", name)
		return false
	}
	i, err := sh.subscript(sub)
	if err != nil {
		sh.arithError(err)
		return false
	}
	if !v.has(attrArray) {
		if i == 0 {
			return sh.unsetVar(name)
		}
		sh.errorf("%s: not an array variable", name)
		return false
	}
	if i < 0 {
		i += v.ownArray().end()
	}
	if i < 0 {
		sh.errorf("[%s]: bad array subscript", sub)
		return false
	}
	v.ownArray().unset(i)
	return true
}
