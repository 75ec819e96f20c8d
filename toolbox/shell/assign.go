package shell

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"agentsandbox/toolbox/shell/syntax"
)

// assignVar sets a scalar, or element 0 of an array, following namerefs. It
// reports a readonly variable and returns false.
func (sh *Shell) assignVar(name, value string) bool {
	return sh.assign(name, value, false)
}

func (sh *Shell) assign(name, value string, add bool) bool {
	sh.own()
	if v := sh.bound(name); v != nil && !v.has(attrNameref) && v.attr&^(attrExport|attrLocal|attrTemp) == 0 && !add {
		// The common case: a plain scalar.
		v.str, v.set = value, true
		if v.has(attrExport) || sh.opt.allexport {
			v.attr |= sh.exportAttr()
			sh.env = nil
		}
		sh.noteAssign(name)
		return true
	}
	v := sh.vars.get(name)
	if v != nil && v.has(attrNameref) {
		return sh.assignRef(v, value, add)
	}
	v = sh.bind(name)
	return sh.store(v, value, add)
}

// assignRef assigns through a nameref; to one without a target yet it gives
// the target.
func (sh *Shell) assignRef(v *variable, value string, add bool) bool {
	target, sub, hasSub, ok := sh.deref(v.name)
	switch {
	case !ok:
		sh.warnf("warning: %s: circular name reference", v.name)
		return false
	case hasSub:
		return sh.assignVia(target, sub, value, add)
	case target == v.name && v.str == v.name && v.depth > 0:
		for range 2 {
			// Bash looks twice.
			sh.warnf("warning: %s: circular name reference", v.name)
		}
		if v.outer == nil {
			v.outer = &variable{name: v.name}
		}
		return sh.store(v.outer, value, add)
	case target == v.name:
		if !isRefTarget(value) && value != "" {
			sh.errorf("`%s': invalid variable name for name reference", value)
			return false
		}
		v.str, v.set = value, true
		return true
	}
	return sh.assign(target, value, add)
}

// assignVia assigns to the element that a nameref refers to.
func (sh *Shell) assignVia(name, sub, value string, add bool) bool {
	ref, ok := syntax.ParseRef(name + "[" + sub + "]")
	if !ok || ref.Index == nil {
		sh.errorf("`%s[%s]': not a valid identifier", name, sub)
		return false
	}
	return sh.assignSub(name, ref.Index, value, add)
}

// store puts a value into a binding, with its attributes.
func (sh *Shell) store(v *variable, value string, add bool) bool {
	if v.has(attrReadonly) {
		sh.warnf("%s: readonly variable", v.name)
		return false
	}
	if sh.setDynamic(v.name, value) {
		return true
	}
	old, _ := v.scalar()
	value, ok := sh.cook(v, old, value, add)
	if !ok {
		return false
	}
	switch {
	case v.has(attrAssoc):
		v.ownAssoc().set("0", value)
	case v.has(attrArray):
		v.ownArray().set(0, value)
	default:
		v.str = value
	}
	v.set = true
	if v.has(attrExport) || sh.opt.allexport {
		v.attr |= sh.exportAttr()
		sh.env = nil
	}
	sh.noteAssign(v.name)
	return true
}

func (sh *Shell) exportAttr() attr {
	if sh.opt.allexport {
		return attrExport
	}
	return 0
}

// cook applies += and the attributes -i, -l, -u and -c to a value.
func (sh *Shell) cook(v *variable, old, value string, add bool) (string, bool) {
	if v.has(attrInteger) {
		n, err := sh.arithText(value)
		if err != nil {
			return "", sh.badInteger(err)
		}
		if add {
			m, err := sh.arithText(old)
			if err != nil {
				return "", sh.badInteger(err)
			}
			n += m
		}
		return strconv.FormatInt(n, 10), true
	}
	if add {
		value = v.appended(old, value)
		if len(value) > maxWord {
			sh.errorf("%s: value too long", v.name)
			return "", false
		}
	}
	switch {
	case v.has(attrUpper):
		value = strings.ToUpper(value)
	case v.has(attrLower):
		value = strings.ToLower(value)
	case v.has(attrCapital):
		r, n := utf8.DecodeRuneInString(value)
		if n > 0 {
			value = string(unicode.ToUpper(r)) + strings.ToLower(value[n:])
		}
	}
	return value, true
}

// badInteger reports the value of an integer variable that is no expression:
// a command line given with -c ends there.
func (sh *Shell) badInteger(err error) bool {
	sh.arithError(err)
	if sh.script == "-c" {
		sh.fatal(1)
	} else {
		sh.giveUp(1)
	}
	return false
}

// appended is old with value behind it. A scalar that grows step by step is
// kept in a builder: a loop of += costs what it adds, not what is there.
func (v *variable) appended(old, value string) string {
	if v.isArray() || len(old) < 256 {
		return old + value
	}
	if v.grown == nil || v.grown.Len() != len(old) || v.grown.String() != old {
		v.grown = &strings.Builder{}
		v.grown.Grow(2 * len(old))
		v.grown.WriteString(old)
	}
	v.grown.WriteString(value)
	return v.grown.String()
}

// maxWord bounds the length of one value (THREAT[SH-05]).
const maxWord = 16 << 20

// assignElement sets name[sub], where sub is an expanded key or an index still
// to be evaluated.
func (sh *Shell) assignElement(name, sub, value string, add bool) bool {
	if v := sh.vars.get(name); v != nil && v.has(attrNameref) {
		target, _, hasSub, ok := sh.deref(name)
		if !ok || hasSub {
			sh.errorf("%s: not an array", name)
			return false
		}
		name = target
	}
	v := sh.bind(name)
	if v.has(attrAssoc) {
		if sub == "" {
			sh.errorf("%s[%s]: bad array subscript", name, sub)
			return false
		}
		return sh.storeKey(v, sub, value, add)
	}
	i, err := sh.subscript(sub)
	if err != nil {
		sh.arithError(err)
		return false
	}
	return sh.storeIndex(v, i, sub, value, add)
}

// storeIndex sets element i; sub is what the message names.
func (sh *Shell) storeIndex(v *variable, i int64, sub, value string, add bool) bool {
	if v.has(attrReadonly) {
		sh.warnf("%s: readonly variable", v.name)
		return false
	}
	if i < 0 && v.has(attrArray) && v.arr != nil {
		i += v.arr.end()
	} else if i < 0 && v.set && !v.isArray() {
		i++
	}
	if i < 0 {
		sh.errorf("%s[%s]: bad array subscript", v.name, sub)
		return false
	}
	if sh.setDynamicIndex(v.name, i, value) {
		return true
	}
	v.toArray()
	arr := v.ownArray()
	old, _ := arr.get(i)
	value, ok := sh.cook(v, old, value, add)
	if !ok {
		return false
	}
	if !arr.set(i, value) {
		sh.errorf("%s[%s]: array too large", v.name, sub)
		return false
	}
	v.set = true
	sh.noteAssign(v.name)
	return true
}

func (sh *Shell) storeKey(v *variable, key, value string, add bool) bool {
	if v.has(attrReadonly) {
		sh.warnf("%s: readonly variable", v.name)
		return false
	}
	m := v.ownAssoc()
	old, _ := m.get(key)
	value, ok := sh.cook(v, old, value, add)
	if !ok {
		return false
	}
	m.set(key, value)
	v.set = true
	sh.noteAssign(v.name)
	return true
}

// noteAssign reacts to variables that the shell itself looks at.
func (sh *Shell) noteAssign(name string) {
	switch name[0] {
	case 'I':
		if name == "IFS" {
			sh.ifs = nil
		}
	case 'P':
		switch name {
		case "PATH":
			sh.hashed.clear()
		case "POSIXLY_CORRECT":
			sh.opt.posix = true
		}
	case 'O':
		if name == "OPTIND" {
			sh.getopts = getoptsState{}
		}
	case 'G':
		if name == "GLOBIGNORE" {
			sh.setShopt("dotglob", sh.getvar("GLOBIGNORE") != "")
		}
	case 'L':
		if name == "LC_ALL" || name == "LC_CTYPE" || name == "LANG" {
			sh.bytewise = sh.locale() == "C"
		}
	}
}

// locale is "C" where the variables ask for the POSIX locale, else "".
func (sh *Shell) locale() string {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if value := sh.getvar(name); value == "C" || value == "POSIX" {
			return "C"
		} else if value != "" {
			return ""
		}
	}
	return ""
}
