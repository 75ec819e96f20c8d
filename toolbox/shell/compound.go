package shell

import (
	"strconv"

	"agentsandbox/toolbox/shell/syntax"
)

// element is one element of a compound assignment after expansion.
type element struct {
	index *syntax.Index // as written, for an indexed array
	key   string        // expanded, for an associative one
	keyed bool
	add   bool
	value string
}

// assignCompound performs name=(…); false if it failed.
func (sh *Shell) assignCompound(a *syntax.Assign) bool {
	if sh.refersToElement(a.Name) {
		return false
	}
	v := sh.binding(a.Name)
	if v == nil {
		v = sh.bind(a.Name)
	}
	if a.Index != nil {
		sh.errorf("%s[%s]: cannot assign list to array member", a.Name, a.Index.Raw)
		return false
	}
	if v.has(attrReadonly) {
		sh.errorf("%s: readonly variable", a.Name)
		return false
	}
	sh.dropNameref(v)
	sh.bind(v.name)
	if sh.opt.xtrace {
		sh.trace(a.Raw)
	}
	return sh.compoundInto(v, a)
}

// compoundInto assigns the elements to a variable.
func (sh *Shell) compoundInto(v *variable, a *syntax.Assign) bool {
	elems := sh.elements(a.Array, v.has(attrAssoc))
	if sh.flow != flowNone {
		return false
	}
	if sh.heldTrace != "" {
		sh.traceElements(a, elems)
	}
	v.toArray()
	old := v.assoc
	if !a.Append {
		if v.has(attrAssoc) {
			v.assoc = newAssoc()
		} else {
			v.arr = &array{}
		}
	}
	v.set = true
	if v.has(attrExport) {
		sh.env = nil
	}
	if v.has(attrAssoc) {
		if a.Append {
			old = v.ownAssoc()
		}
		return sh.fillAssoc(v, old, elems)
	}
	return sh.fillArray(v, elems)
}

// elements expands the words between the parentheses.
func (sh *Shell) elements(list []*syntax.Elem, assoc bool) []element {
	out := make([]element, 0, len(list))
	e := expander{sh: sh, split: true}
	pairs := assoc && len(list) > 0 && list[0].Index == nil
	for _, el := range list {
		switch {
		case el.Index != nil && assoc:
			item := element{index: el.Index, keyed: true, add: el.Append, key: sh.key(el.Index)}
			item.value = sh.literalText(el.Value)
			out = append(out, item)
		case el.Index != nil && !sh.bracesIn(el.Word):
			value := sh.assignText(el.Value)
			out = append(out, element{index: el.Index, keyed: true, add: el.Append, value: value})
		case pairs:
			out = append(out, element{value: sh.text(el.Word)})
		default:
			for _, field := range sh.wordFields(&e, nil, el.Word) {
				out = append(out, element{value: field})
			}
		}
		if sh.flow != flowNone {
			return nil
		}
	}
	return out
}

func (sh *Shell) fillArray(v *variable, elems []element) bool {
	next := v.ownArray().end()
	for _, el := range elems {
		if el.keyed {
			i, ok := sh.elementIndex(v, el)
			if !ok {
				return false
			}
			next = i
		}
		arr := v.ownArray()
		old, _ := arr.get(next)
		value, ok := sh.cook(v, old, el.value, el.add)
		if !ok {
			return false
		}
		if !arr.set(next, value) {
			sh.errorf("%s[%d]: bad array subscript", v.name, next)
			return false
		}
		next++
	}
	return true
}

// elementIndex evaluates the subscript of an element.
func (sh *Shell) elementIndex(v *variable, el element) (int64, bool) {
	if el.index.All != 0 {
		sh.errorf("[%s]=%s: cannot assign to non-numeric index", el.index.Raw, el.value)
		return 0, false
	}
	i, err := sh.arith(el.index.Arith)
	if sh.badSubscript(err) != nil {
		return 0, false
	}
	if i < 0 {
		i += v.arr.end()
	}
	if i < 0 {
		sh.errorf("[%s]=%s: bad array subscript", el.index.Raw, el.value)
		return 0, false
	}
	return i, true
}

// fillAssoc sets the keys; words without a subscript are keys and values in
// turn. What += adds to stands in old, which is the table before.
func (sh *Shell) fillAssoc(v *variable, old *assoc, elems []element) bool {
	m := v.ownAssoc()
	for i := 0; i < len(elems); i++ {
		el := elems[i]
		switch {
		case el.keyed:
		case i == 0 || !elems[0].keyed:
			el.key, el.value = el.value, ""
			if i+1 < len(elems) {
				i++
				el.value = elems[i].value
			}
		default:
			word := el.value
			if sh.builtin != "" {
				word = quoteAlways(word) // as declare has it
			}
			sh.warnf("%s: %s: must use subscript when assigning associative array", v.name, word)
			continue
		}
		if el.key == "" {
			sh.errorf("[%s]=%s: bad array subscript", el.key, el.value)
			return false
		}
		before := ""
		if old != nil {
			before, _ = old.get(el.key)
		}
		value, ok := sh.cook(v, before, el.value, el.add)
		if !ok {
			return false
		}
		m.set(el.key, value)
	}
	return true
}

func itoa(n int) string { return strconv.Itoa(n) }
