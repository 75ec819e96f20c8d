package tr

import (
	"errors"
	"fmt"

	"agentsandbox/toolbox/tool"
)

// position is one place in a SET that is written out in full. Those of
// [:upper:] and [:lower:] know their class, and how many are left of it.
type position struct {
	c     byte
	class string // "upper" or "lower"
	left  int    // positions of the class from here on; all of them at its first
	first bool
}

// expanded is a SET written out.
type expanded struct {
	list     []element
	all      []position
	anyClass bool
}

// classSize is how many letters [:upper:] and [:lower:] have.
const classSize = 26

// mostRepeats is as far as a repeat is written out: more can reach no byte.
const mostRepeats = 256

// expand writes out a SET. An indefinite repeat fills up to length need.
func expand(list []element, need int) expanded {
	e := expanded{list: list}
	for _, el := range list {
		n := el.count
		if el.kind == repeat && n == 0 {
			n = max(need-length(list), 0)
		}
		e.add(el, min(n, mostRepeats))
	}
	return e
}

func (e *expanded) add(el element, repeats int) {
	switch el.kind {
	case byteRange:
		for c := int(el.lo); c <= int(el.hi); c++ {
			e.all = append(e.all, position{c: byte(c)})
		}
	case repeat:
		for range repeats {
			e.all = append(e.all, position{c: el.lo})
		}
	case equivalent:
		e.all = append(e.all, position{c: el.lo})
	case class:
		e.anyClass = true
		for i, c := range members(el.class) {
			p := position{c: c}
			if el.class == "upper" || el.class == "lower" {
				p = position{c, el.class, classSize - i, i == 0}
			}
			e.all = append(e.all, p)
		}
	}
}

// length is how many bytes a SET has, indefinite repeats not counted.
func length(list []element) int {
	n := 0
	for _, el := range list {
		var e expanded
		e.add(el, min(el.count, mostRepeats))
		n += len(e.all)
	}
	return n
}

func indefinite(list []element) int {
	n := 0
	for _, el := range list {
		if el.kind == repeat && el.count == 0 {
			n++
		}
	}
	return n
}

func (e *expanded) set() *set {
	var s set
	for _, p := range e.all {
		s[p.c] = true
	}
	return &s
}

// plan makes the plan of a run.
func (o *options) plan(x *tool.Exec, sets []string) (*plan, error) {
	lists := make([][]element, len(sets))
	for i, s := range sets {
		var err error
		if lists[i], err = parseSet(s, func(msg string) { x.Errorf("%s", msg) }); err != nil {
			return nil, err
		}
	}
	if indefinite(lists[0]) > 0 {
		return nil, errors.New("the [c*] repeat construct may not appear in string1")
	}
	s1 := expand(lists[0], 0)
	first := s1.set()
	if o.complement {
		first = first.complement()
	}
	p := &plan{last: -1}
	if o.delete {
		p.deletes = first
	}
	if len(lists) == 1 {
		if o.squeeze {
			p.squeezes = first
		}
		return p, nil
	}
	return p, o.second(p, s1, lists[1])
}

// second adds to the plan what SET2 says.
func (o *options) second(p *plan, s1 expanded, list []element) error {
	domain := s1
	if o.complement {
		domain = o.complemented(s1)
	}
	s2 := expand(list, len(domain.all))
	switch {
	case indefinite(list) > 1:
		return errors.New("only one [c*] repeat construct may appear in string2")
	case o.delete && indefinite(list) > 0:
		return errors.New("the [c*] construct may appear in string2 only when translating")
	case o.delete:
		p.squeezes = s2.set()
		return nil
	}
	if err := s2.translatable(); err != nil {
		return err
	}
	if err := o.translate(p, domain, &s2); err != nil {
		return err
	}
	if o.complement && s1.anyClass && !(len(s2.all) >= len(domain.all) && same(s2.all)) {
		return errors.New("when translating with complemented character classes,\nstring2 must map all characters in the domain to one")
	}
	if o.squeeze {
		p.squeezes = s2.set()
	}
	return nil
}

func (o *options) complemented(s1 expanded) expanded {
	var c expanded
	for b, in := range s1.set().complement() {
		if in {
			c.all = append(c.all, position{c: byte(b)})
		}
	}
	return c
}

func same(all []position) bool {
	for _, p := range all {
		if p.c != all[0].c {
			return false
		}
	}
	return true
}

// translatable refuses what SET2 may not hold.
func (e *expanded) translatable() error {
	for _, el := range e.list {
		if el.kind == equivalent {
			return errors.New("[=c=] expressions may not appear in string2 when translating")
		}
	}
	for _, el := range e.list {
		if el.kind == class && el.class != "upper" && el.class != "lower" {
			return errors.New("when translating, the only character classes that may appear in\nstring2 are 'upper' and 'lower'")
		}
	}
	return nil
}

var errMisaligned = errors.New("misaligned [:upper:] and/or [:lower:] construct")

// translate fills the table: SET1 and SET2 side by side.
func (o *options) translate(p *plan, s1 expanded, s2 *expanded) error {
	p.translate = true
	for c := range p.table {
		p.table[c] = byte(c)
	}
	i, j := 0, 0
	for j < len(s2.all) {
		to := s2.all[j]
		if to.class != "" && !o.complement {
			if i >= len(s1.all) || !s1.all[i].first {
				return errMisaligned
			}
			p.convert(s1.all[i].class, to.class)
			i += classSize
			j += classSize
			continue
		}
		if i < len(s1.all) {
			p.table[s1.all[i].c] = to.c
		}
		i++
		j++
	}
	if i >= len(s1.all) || o.truncate {
		return nil
	}
	return p.extend(s1.all[i:], s2)
}

// extend maps what is left of SET1 to the last byte of SET2.
func (p *plan) extend(rest []position, s2 *expanded) error {
	if len(s2.all) == 0 {
		return errors.New("when not truncating set1, string2 must be non-empty")
	}
	if s2.list[len(s2.list)-1].kind == class {
		return fmt.Errorf("when translating with string1 longer than string2,\nthe latter string must not end with a character class")
	}
	last := s2.all[len(s2.all)-1]
	for _, from := range rest {
		p.table[from.c] = last.c
		s2.all = append(s2.all, last)
	}
	return nil
}

// convert maps one class of letters to the other.
func (p *plan) convert(from, to string) {
	if from == to {
		return
	}
	for _, c := range members(from) {
		p.table[c] = c ^ 0x20
	}
}
