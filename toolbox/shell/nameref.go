package shell

import "strings"

// isRefTarget reports whether a nameref may refer to s.
func isRefTarget(s string) bool {
	name, sub, isSub := strings.Cut(s, "[")
	return isName(name) && (!isSub || strings.HasSuffix(sub, "]") && len(sub) > 1)
}

// refersToElement reports, with the message of bash, that the name is a nameref
// to an element, which has no elements itself.
func (sh *Shell) refersToElement(name string) bool {
	if !sh.isRef(name) {
		return false
	}
	target, sub, hasSub, _ := sh.deref(name)
	if hasSub {
		sh.errorf("`%s[%s]': not a valid identifier", target, sub)
	}
	return hasSub
}

// dropNameref makes a nameref without a target an ordinary variable, which is
// about to become an array.
func (sh *Shell) dropNameref(v *variable) {
	if v.has(attrNameref) {
		sh.warnf("warning: %s: removing nameref attribute", v.name)
		v.attr &^= attrNameref
	}
}

// nameref makes the variable a reference.
func (d *declaring) nameref(v *variable, t target) {
	sh := d.sh
	switch {
	case v.isArray() || d.on&(attrArray|attrAssoc) != 0:
		d.fail("%s: reference variable cannot be an array", v.name)
		return
	case t.has && t.value == "":
		d.fail("`': not a valid identifier")
		return
	case t.has && !isRefTarget(t.value):
		d.fail("`%s': invalid variable name for name reference", t.value)
		return
	case !t.has && v.set && v.str != "" && !isRefTarget(v.str):
		d.fail("`%s': invalid variable name for name reference", v.str)
		return
	case t.has && t.value == v.name && sh.frame() == nil:
		d.fail("%s: nameref variable self references not allowed", v.name)
		return
	case t.has && t.value == v.name:
		sh.errorf("warning: %s: circular name reference", v.name)
	}
	v.attr |= d.on
	v.attr &^= attrInteger | attrLower | attrUpper
	if t.has {
		v.str, v.set = t.value, true
	}
	if v.set && v.str == "" {
		v.set = false
	}
}
