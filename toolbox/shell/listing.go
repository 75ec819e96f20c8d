package shell

import (
	"slices"
	"strings"
)

// attrLetters are the attributes as declare shows them, in its order.
var attrLetters = []struct {
	a attr
	c byte
}{{attrArray, 'a'}, {attrAssoc, 'A'}, {attrInteger, 'i'}, {attrNameref, 'n'}, {attrReadonly, 'r'}, {attrTrace, 't'},
	{attrExport, 'x'}, {attrCapital, 'c'}, {attrLower, 'l'}, {attrUpper, 'u'}}

func (a attr) letters() string {
	var b strings.Builder
	for _, l := range attrLetters {
		if a&l.a != 0 {
			b.WriteByte(l.c)
		}
	}
	return b.String()
}

func attrOf(c byte) attr {
	for _, l := range attrLetters {
		if l.c == c {
			return l.a
		}
	}
	return 0
}

// declaration is the command that declares a variable anew, as declare -p
// shows it.
func declaration(v *variable) string {
	letters := v.attr.letters()
	if letters == "" {
		letters = "-"
	}
	head := "declare -" + letters + " " + v.name
	if !v.set {
		return head + "\n"
	}
	return head + "=" + v.literal() + "\n"
}

// literal is the value as an assignment can read it.
func (v *variable) literal() string {
	switch {
	case v.has(attrAssoc):
		return v.assocLiteral()
	case v.has(attrArray):
		return v.arrayLiteral()
	}
	return quoteDouble(v.str)
}

func (v *variable) arrayLiteral() string {
	var b strings.Builder
	b.WriteByte('(')
	if v.arr != nil {
		for i, key := range v.arr.indices() {
			if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteString("[" + key + "]=" + quoteDouble(v.arr.vals[i]))
		}
	}
	b.WriteByte(')')
	return b.String()
}

func (v *variable) assocLiteral() string {
	var b strings.Builder
	b.WriteByte('(')
	if v.assoc != nil {
		v.assoc.each(func(key, value string) {
			b.WriteString("[" + quoteKey(key) + "]=" + quoteDouble(value) + " ")
		})
	}
	b.WriteByte(')')
	return b.String()
}

// varNames are the names of all variables, sorted.
func (sh *Shell) varNames() []string {
	names := make([]string, 0, sh.vars.n+32)
	for v := range sh.vars.all() {
		names = append(names, v.name)
	}
	for _, name := range dynamicNames() {
		if sh.vars.get(name) == nil && sh.dynamic(name) != nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// listedNames are the names that listings show: special variables that are
// there only when asked for are left out.
func (sh *Shell) listedNames() []string {
	return slices.DeleteFunc(sh.varNames(), func(name string) bool {
		switch name {
		case "BASHPID", "BASH_SUBSHELL", "COMP_WORDBREAKS", "EPOCHREALTIME", "EPOCHSECONDS", "FUNCNAME", "HISTCMD",
			"LINENO", "RANDOM", "SECONDS", "SRANDOM", "BASH_COMMAND", "BASH_ARGV0":
			return sh.vars.get(name) == nil
		}
		return false
	})
}

// listSet is what set prints: every variable as an assignment.
func (sh *Shell) listSet() string {
	var b strings.Builder
	for _, name := range sh.listedNames() {
		v := sh.lookup(name)
		switch {
		case v == nil || !v.set:
		case (name == "DIRSTACK" || name == "GROUPS") && sh.vars.get(name) == nil:
			b.WriteString(name + "=()\n")
		case v.isArray():
			b.WriteString(name + "=" + v.literal() + "\n")
		default:
			b.WriteString(name + "=" + quoteIfNeeded(v.str) + "\n")
		}
	}
	return b.String()
}

func (sh *Shell) listLocals() string {
	var b strings.Builder
	f := sh.frame()
	names := slices.Clone(f.locals)
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if v := sh.vars.get(name); v != nil && v.depth == sh.depth && v.has(attrLocal) {
			b.WriteString(declaration(v))
		}
	}
	return b.String()
}

func (sh *Shell) funcNamesSorted() []string {
	return sh.funcs.keys()
}

// listFuncs is declare -f, or with names only declare -F.
func (sh *Shell) listFuncs(names, readonly bool) string {
	var b strings.Builder
	for _, name := range sh.funcNamesSorted() {
		fn := sh.funcs.get(name)
		if readonly && !fn.readonly {
			continue
		}
		if !names {
			b.WriteString(fn.source() + "\n")
			continue
		}
		letters := "-f"
		if fn.readonly {
			letters += "r"
		}
		if fn.trace {
			letters += "t"
		}
		if fn.export {
			letters += "x"
		}
		b.WriteString("declare " + letters + " " + name + "\n")
	}
	return b.String()
}

// listFuncsWith is export -f or readonly -f without names.
func (sh *Shell) listFuncsWith(a attr) string {
	var b strings.Builder
	for _, name := range sh.funcNamesSorted() {
		fn := sh.funcs.get(name)
		if a&attrExport != 0 && fn.export {
			b.WriteString(fn.source() + "\ndeclare -fx " + name + "\n")
		} else if a&attrReadonly != 0 && fn.readonly {
			b.WriteString(fn.source() + "\ndeclare -fr " + name + "\n")
		}
	}
	return b.String()
}
