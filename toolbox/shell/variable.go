package shell

import (
	"strings"

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

// bound is the visible binding of a name, nil if there is none.
func (sh *Shell) bound(name string) *variable { return sh.vars.get(name) }

// put makes v the visible binding of its name.
func (sh *Shell) put(v *variable) {
	sh.own()
	sh.vars.put(v)
}

// drop removes all bindings of a name.
func (sh *Shell) drop(name string) {
	sh.own()
	sh.vars.drop(name)
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
		v := sh.vars.get(name)
		if v == nil || !v.has(attrNameref) || !v.set || v.str == "" {
			return name, "", false, true
		}
		next := v.str
		if v.str == name {
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
	if v.str == name && v.depth > 0 {
		// The global one, which is made where it is assigned.
		if v.outer == nil {
			v.outer = &variable{name: name}
		}
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
	case target == name && v.str == name:
		sh.warnf("warning: %s: circular name reference", name)
		if v.outer == nil {
			return "", false
		}
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
	ref, ok := syntax.ParseRef(name + "[" + sub + "]")
	if !ok {
		return "", false
	}
	val := sh.fetchElement(ref)
	if val.list {
		return sh.joinIFS(val.vals), val.set
	}
	return val.str, val.set
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
	sh.own()
	if v := sh.lookup(name); v != nil {
		sh.put(v)
		return v
	}
	v := sh.newVar(variable{name: name})
	sh.put(v)
	return v
}

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
