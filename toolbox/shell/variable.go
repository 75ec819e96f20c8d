package shell

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"agentsandbox/toolbox/shell/syntax"
)

// attr is the set of attributes of a variable.
type attr uint16

const (
	attrExport attr = 1 << iota
	attrReadonly
	attrInteger
	attrLower
	attrUpper
	attrCapital
	attrNameref
	attrTrace
	attrArray
	attrAssoc
	attrLocal
	attrTemp // bound by an assignment before a command
)

// variable is one binding of a name.
type variable struct {
	name  string
	attr  attr
	set   bool // it has a value
	str   string
	arr   *array
	assoc *assoc
	depth int              // of the function that made it; 0 for a global
	outer *variable        // the binding that this one hides
	grown *strings.Builder // what str is the text of, while it is appended to
}

func (v *variable) has(a attr) bool { return v.attr&a != 0 }

func (v *variable) isArray() bool { return v.attr&(attrArray|attrAssoc) != 0 }

// scalar is the value of the name without a subscript.
func (v *variable) scalar() (string, bool) {
	switch {
	case v.has(attrAssoc):
		if v.assoc == nil {
			return "", false
		}
		return v.assoc.get("0")
	case v.has(attrArray):
		if v.arr == nil {
			return "", false
		}
		return v.arr.get(0)
	}
	return v.str, v.set
}

// cachedNames is how many bindings are kept at hand. Loops look at few names,
// and hashing a name costs more than all else in a lookup.
const cachedNames = 32

type cachedName struct {
	name string
	v    *variable
}

func slotOf(name string) int {
	if name == "" {
		return 0
	}
	n := len(name)
	return (int(name[0]) + int(name[n-1])*3 + n*7) % cachedNames
}

// bound is the visible binding of a name, nil if there is none.
func (sh *Shell) bound(name string) *variable {
	c := &sh.cache[slotOf(name)]
	if c.v != nil && c.name == name {
		return c.v
	}
	v := sh.vars[name]
	if v != nil {
		*c = cachedName{name, v}
	}
	return v
}

// put makes v the visible binding of a name.
func (sh *Shell) put(name string, v *variable) {
	sh.vars[name] = v
	sh.cache[slotOf(name)] = cachedName{}
}

// drop removes all bindings of a name.
func (sh *Shell) drop(name string) {
	delete(sh.vars, name)
	sh.cache[slotOf(name)] = cachedName{}
}

// lookup finds the binding of a name as written: a nameref is itself.
func (sh *Shell) lookup(name string) *variable {
	if v := sh.bound(name); v != nil {
		return v
	}
	return sh.dynamic(name)
}

// maxNameref bounds a chain of namerefs.
const maxNameref = 8

// deref follows namerefs. It returns the name at the end of the chain with its
// subscript, if it has one; ok is false for a chain that is a circle.
func (sh *Shell) deref(name string) (target, sub string, hasSub, ok bool) {
	for range maxNameref {
		v := sh.vars[name]
		if v == nil || !v.has(attrNameref) || !v.set || v.str == "" {
			return name, "", false, true
		}
		next := v.str
		if v.str == name && v.outer != nil {
			// A local nameref to its own name means the outer variable.
			return name, "", false, true
		}
		if i := strings.IndexByte(next, '['); i > 0 && strings.HasSuffix(next, "]") {
			return next[:i], next[i+1 : len(next)-1], true, true
		}
		name = next
	}
	return name, "", false, false
}

// binding finds the variable that a name stands for, namerefs followed; nil
// if there is none. A nameref to an element yields the element's array.
func (sh *Shell) binding(name string) *variable {
	v := sh.lookup(name)
	if v == nil || !v.has(attrNameref) {
		return v
	}
	if v.str == name && v.outer != nil {
		return v.outer
	}
	target, _, _, ok := sh.deref(name)
	if !ok {
		sh.warnf("warning: %s: circular name reference", name)
		return nil
	}
	if target == name {
		return v
	}
	return sh.lookup(target)
}

// Getenv returns the value of a scalar variable, "" if unset.
func (sh *Shell) getvar(name string) string {
	s, _ := sh.value(name)
	return s
}

// value returns the value of a name and whether it is set, namerefs followed.
func (sh *Shell) value(name string) (string, bool) {
	v := sh.lookup(name)
	if v == nil {
		return "", false
	}
	if !v.has(attrNameref) {
		return v.scalar()
	}
	target, sub, hasSub, ok := sh.deref(name)
	switch {
	case !ok:
		sh.warnf("warning: %s: circular name reference", name)
		return "", false
	case hasSub:
		return sh.element(target, sub)
	case target == name && v.outer != nil && v.str == name:
		return v.outer.scalar()
	case target == name:
		return "", false
	}
	if v = sh.lookup(target); v == nil {
		return "", false
	}
	return v.scalar()
}

// element is the value of name[sub], sub as written in a nameref.
func (sh *Shell) element(name, sub string) (string, bool) {
	v := sh.lookup(name)
	if v == nil {
		return "", false
	}
	if v.has(attrAssoc) {
		if v.assoc == nil {
			return "", false
		}
		return v.assoc.get(sub)
	}
	i, err := sh.arithText(sub)
	if err != nil {
		return "", false
	}
	return v.at(i)
}

// at is the element i of an indexed array; a scalar is its own element 0.
func (v *variable) at(i int64) (string, bool) {
	if !v.has(attrArray) {
		if i == 0 || i == -1 {
			return v.scalar()
		}
		return "", false
	}
	if v.arr == nil {
		return "", false
	}
	if i < 0 {
		i += v.arr.end()
	}
	return v.arr.get(i)
}

// bind makes a new global binding, or returns the visible one.
func (sh *Shell) bind(name string) *variable {
	if v := sh.lookup(name); v != nil {
		sh.put(name, v)
		return v
	}
	v := &variable{name: name}
	sh.put(name, v)
	return v
}

// assignVar sets a scalar, or element 0 of an array, following namerefs. It
// reports a readonly variable and returns false.
func (sh *Shell) assignVar(name, value string) bool {
	return sh.assign(name, value, false)
}

func (sh *Shell) assign(name, value string, add bool) bool {
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
	v := sh.vars[name]
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
		return sh.assignElement(target, sub, value, add)
	case target == v.name && v.outer != nil && v.str == v.name:
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

// ownArray is the variable's array, its own to change: an array that a
// subshell may share is copied first.
func (v *variable) ownArray() *array {
	switch {
	case v.arr == nil:
		v.arr = &array{}
	case v.arr.shared:
		v.arr = v.arr.clone()
	}
	return v.arr
}

func (v *variable) ownAssoc() *assoc {
	switch {
	case v.assoc == nil:
		v.assoc = newAssoc()
	case v.assoc.shared:
		v.assoc = v.assoc.clone()
	}
	return v.assoc
}

// toArray turns a scalar into an indexed array with the scalar as element 0.
func (v *variable) toArray() {
	if v.isArray() {
		return
	}
	v.attr |= attrArray
	v.arr = &array{}
	if v.set {
		v.arr.set(0, v.str)
	}
	v.str = ""
}

// toAssoc turns a scalar into an associative array with the scalar at key 0.
func (v *variable) toAssoc() {
	if v.isArray() {
		return
	}
	v.attr |= attrAssoc
	v.assoc = newAssoc()
	if v.set {
		v.assoc.set("0", v.str)
	}
	v.str = ""
}

// assignElement sets name[sub], where sub is an expanded key or an index still
// to be evaluated.
func (sh *Shell) assignElement(name, sub, value string, add bool) bool {
	if v := sh.vars[name]; v != nil && v.has(attrNameref) {
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
	i, err := sh.arithText(sub)
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
			sh.ifs.stale = true
		}
	case 'P':
		switch name {
		case "PATH":
			sh.hashed = nil
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
	case 'L', 'T':
	}
}

// unsetVar removes a binding: the visible one, or the value of a local, which
// stays local.
func (sh *Shell) unsetVar(name string) bool {
	v := sh.lookup(name)
	if v == nil {
		return true
	}
	if v.has(attrReadonly) {
		sh.errorf("%s: cannot unset: readonly variable", name)
		return false
	}
	sh.removeDynamic(name)
	if v.has(attrExport) {
		sh.env = nil
	}
	switch {
	case v.has(attrLocal) && v.depth == sh.depth && v.depth > 0 && !v.has(attrTemp):
		*v = variable{name: name, attr: attrLocal, depth: v.depth, outer: v.outer}
	case v.outer != nil:
		sh.put(name, v.outer)
	default:
		sh.drop(name)
	}
	sh.noteAssign(name)
	return true
}

// makeLocal makes a new binding of the running function, or returns the one
// that it made already.
func (sh *Shell) makeLocal(name string) *variable {
	v := sh.lookup(name)
	if v != nil && v.depth == sh.depth && v.has(attrLocal) {
		return v
	}
	local := &variable{name: name, attr: attrLocal, depth: sh.depth, outer: sh.vars[name]}
	if v != nil {
		local.attr |= v.attr & attrExport
		sh.env = nil
	}
	if v != nil && v.has(attrTemp) && v.depth == sh.depth {
		local.str, local.set = v.str, v.set
		local.attr |= v.attr & attrExport
	}
	if v != nil && sh.shopt(shLocalvarInherit) {
		local.inherit(v)
	}
	sh.put(name, local)
	if f := sh.frame(); f != nil {
		f.locals = append(f.locals, name)
	}
	sh.noteAssign(name)
	return local
}

// inherit copies value and attributes of the variable that v hides.
func (v *variable) inherit(from *variable) {
	v.attr |= from.attr &^ (attrLocal | attrTemp | attrNameref)
	v.set, v.str = from.set, from.str
	if from.arr != nil {
		v.arr = from.arr.clone()
	}
	if from.assoc != nil {
		v.assoc = from.assoc.clone()
	}
}

// dropLocals ends the bindings that the function at depth made.
func (sh *Shell) dropLocals(names []string, depth int) {
	for i := len(names) - 1; i >= 0; i-- {
		name := names[i]
		v := sh.vars[name]
		if v == nil || v.depth != depth {
			continue
		}
		if v.has(attrExport) || v.outer != nil && v.outer.has(attrExport) {
			sh.env = nil
		}
		if v.outer != nil {
			sh.put(name, v.outer)
		} else {
			sh.drop(name)
		}
		sh.noteAssign(name)
	}
}

// globalBinding is the outermost binding of a name, made if there is none.
func (sh *Shell) globalBinding(name string) *variable {
	v := sh.lookup(name)
	if v == nil {
		return sh.bind(name)
	}
	for v.depth > 0 && v.outer != nil {
		v = v.outer
	}
	if v.depth > 0 {
		g := &variable{name: name}
		v.outer = g
		return g
	}
	sh.bind(name)
	return v
}

// environ is the environment of commands. The slice is shared: its capacity
// is cut, so that appending copies.
func (sh *Shell) environ() []string {
	if sh.env == nil {
		env := make([]string, 0, 32)
		for name, v := range sh.vars {
			for v != nil && v.has(attrLocal) && !v.set && !v.has(attrExport) && v.outer != nil {
				v = v.outer
			}
			if v.has(attrExport) && v.set && !v.isArray() {
				env = append(env, name+"="+v.str)
			}
		}
		for name, f := range sh.funcs {
			if f.export {
				env = append(env, "BASH_FUNC_"+name+"%%="+syntax.PrintExported(f.body))
			}
		}
		slices.Sort(env)
		sh.env = env
	}
	return sh.env[:len(sh.env):len(sh.env)]
}

// cloneVars copies all bindings for a subshell. Arrays are shared until one
// side changes them.
func cloneVars(vars map[string]*variable) map[string]*variable {
	out := make(map[string]*variable, len(vars))
	slab := make([]variable, 0, len(vars))
	for name, v := range vars {
		slab = append(slab, *v)
		c := &slab[len(slab)-1]
		c.share()
		out[name] = c
		for c.outer != nil {
			o := *c.outer
			o.share()
			c.outer = &o
			c = &o
		}
	}
	return out
}

func (v *variable) share() {
	v.grown = nil
	if v.arr != nil && !v.arr.shared {
		v.arr.shared = true
	}
	if v.assoc != nil && !v.assoc.shared {
		v.assoc.shared = true
	}
}
