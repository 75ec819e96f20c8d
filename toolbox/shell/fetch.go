package shell

import (
	"strconv"
	"strings"

	"agentsandbox/toolbox/shell/syntax"
)

// fetch reads the parameter itself.
func (sh *Shell) fetch(p *syntax.Param) paramValue {
	switch c := p.Name[0]; {
	case c == '@' || c == '*':
		return paramValue{list: true, star: c == '*', vals: sh.args, set: len(sh.args) > 0, name: p.Name}
	case c >= '0' && c <= '9' || !syntax.IsNameByte(c):
		return sh.positional(p.Name)
	}
	if sh.isRef(p.Name) && !p.Indirect {
		if target, sub, hasSub, _ := sh.deref(p.Name); hasSub {
			return sh.fetchRef(p, target+"["+sub+"]")
		}
	}
	if p.Index != nil {
		return sh.fetchElement(p)
	}
	val := paramValue{name: p.Name}
	if p.Indirect {
		// ${!ref} of a nameref is the name it refers to.
		if v := sh.vars.get(p.Name); v != nil && v.has(attrNameref) {
			val.str, val.set, val.v = v.str, v.set, v
			return val
		}
	}
	val.str, val.set = sh.value(p.Name)
	val.v = sh.binding(p.Name)
	return val
}

// isRef reports whether the name is a nameref.
func (sh *Shell) isRef(name string) bool {
	v := sh.bound(name)
	return v != nil && v.has(attrNameref)
}

// fetchRef reads the element that a nameref refers to; it has no elements
// itself.
func (sh *Shell) fetchRef(p *syntax.Param, target string) paramValue {
	ref, ok := syntax.ParseRef(target)
	if !ok || p.Index != nil {
		return paramValue{name: p.Name, list: p.Index != nil && p.Index.All != 0}
	}
	return sh.fetchElement(ref)
}

// positional reads $1, $# and the like.
func (sh *Shell) positional(name string) paramValue {
	val := paramValue{name: name}
	c := name[0]
	switch {
	case name == "0":
		val.str, val.set = sh.name, true
	case c >= '0' && c <= '9':
		n, err := strconv.Atoi(name)
		if err == nil && n >= 1 && n <= len(sh.args) {
			val.str, val.set = sh.args[n-1], true
		} else if n == 0 && err == nil {
			val.str, val.set = sh.name, true
		}
	default:
		val.str = sh.special(c)
		val.set = c != '!' || sh.lastBg != 0
	}
	return val
}

// fetchElement reads name[…].
func (sh *Shell) fetchElement(p *syntax.Param) paramValue {
	x := p.Index
	v := sh.binding(p.Name)
	val := paramValue{name: p.Name, v: v}
	if x.All != 0 {
		val.list, val.star = true, x.All == '*'
		if v != nil {
			if p.Indirect && p.Op == syntax.OpNone {
				val.vals = v.keys()
			} else {
				val.vals = v.values()
			}
		}
		val.set = len(val.vals) > 0
		return val
	}
	val.isSub = true
	if v != nil && v.has(attrAssoc) {
		val.sub = sh.key(x)
		if v.assoc != nil {
			val.str, val.set = v.assoc.get(val.sub)
		}
		return val
	}
	i, ok := sh.indexOf(x)
	if !ok || v == nil {
		return val
	}
	val.sub = strconv.FormatInt(i, 10)
	if i < 0 && v.has(attrArray) && v.arr != nil && i+v.arr.end() < 0 {
		sh.warnf("%s: bad array subscript", p.Name)
		return val
	}
	val.str, val.set = v.at(i)
	return val
}

// key expands the subscript of an associative array.
func (sh *Shell) key(x *syntax.Index) string {
	if x.Word.Plain {
		return x.Word.Lit
	}
	e := expander{sh: sh}
	e.parts(x.Word.Parts, false, true)
	return string(e.cur)
}

// indexOf evaluates the subscript of an indexed array.
func (sh *Shell) indexOf(x *syntax.Index) (int64, bool) {
	i, err := sh.arith(x.Arith)
	if sh.badSubscript(err) != nil {
		return 0, false
	}
	return i, sh.flow == flowNone
}

func (v *variable) values() []string {
	switch {
	case v.has(attrAssoc):
		if v.assoc == nil {
			return nil
		}
		return v.assoc.values()
	case v.has(attrArray):
		if v.arr == nil {
			return nil
		}
		return v.arr.vals
	case v.set:
		return []string{v.str}
	}
	return nil
}

func (v *variable) keys() []string {
	switch {
	case v.has(attrAssoc):
		if v.assoc == nil {
			return nil
		}
		return v.assoc.keys()
	case v.has(attrArray):
		if v.arr == nil {
			return nil
		}
		return v.arr.indices()
	case v.set:
		return []string{"0"}
	}
	return nil
}

// indirect follows ${!name}: val is the name to look at.
func (sh *Shell) indirect(p *syntax.Param, val paramValue) paramValue {
	if v := sh.vars.get(p.Name); v != nil && v.has(attrNameref) && p.Index == nil && p.Op == syntax.OpNone {
		return val
	}
	target := val.str
	if val.list {
		target = strings.Join(val.vals, " ")
	}
	if !val.set {
		if syntax.IsName(p.Name) && sh.lookup(p.Name) == nil {
			name := p.Name
			if p.Index != nil {
				name += "[" + p.Index.Raw + "]"
			}
			sh.warnf("%s: invalid indirect expansion", name)
			sh.giveUp(1)
		}
		return paramValue{name: p.Name}
	}
	ref, ok := syntax.ParseRef(target)
	if !ok {
		sh.warnf("%s: invalid variable name", target)
		sh.giveUp(1)
		return val
	}
	out := sh.fetch(ref)
	return out
}
