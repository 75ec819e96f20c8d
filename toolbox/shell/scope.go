package shell

import (
	"slices"

	"agentsandbox/toolbox/shell/syntax"
)

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
	case v.has(attrLocal) && v.depth == sh.depth && v.depth > 0:
		kept := attrLocal | v.attr&attrTemp
		if v.has(attrTemp) {
			kept |= v.attr & attrExport
		}
		*v = variable{name: name, attr: kept, depth: v.depth, outer: v.outer}
	case v.outer != nil:
		sh.put(v.outer)
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
	if v != nil && v.depth == sh.depth && v.attr&(attrLocal|attrTemp) != 0 {
		// A temporary variable of the function, or of an eval in it, becomes
		// the local one.
		v.attr |= attrLocal
		return v
	}
	local := sh.newVar(variable{name: name, attr: attrLocal, depth: sh.depth, outer: sh.vars.get(name)})
	if v != nil {
		local.attr |= v.attr & attrExport
		sh.env = nil
	}
	if v != nil && v.has(attrTemp) {
		local.str, local.set = v.str, v.set
		local.attr |= v.attr & attrExport
	}
	if v != nil && sh.shopt(shLocalvarInherit) {
		local.inherit(v)
	}
	sh.put(local)
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
		v := sh.vars.get(name)
		if v == nil || v.depth != depth {
			continue
		}
		if v.has(attrExport) || v.outer != nil && v.outer.has(attrExport) {
			sh.env = nil
		}
		if v.outer != nil {
			sh.put(v.outer)
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
		for v := range sh.vars.all() {
			for v != nil && v.has(attrLocal) && !v.set && !v.has(attrExport) && v.outer != nil {
				v = v.outer
			}
			if v.has(attrExport) && v.set && !v.isArray() {
				env = append(env, v.name+"="+v.str)
			}
		}
		for name, f := range sh.funcs.m {
			if f.export {
				env = append(env, "BASH_FUNC_"+name+"%%="+syntax.PrintExported(f.body))
			}
		}
		slices.Sort(env)
		sh.env = env
	}
	return sh.env[:len(sh.env):len(sh.env)]
}
