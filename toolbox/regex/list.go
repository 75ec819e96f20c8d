package regex

import "slices"

// list is a list of instructions, with a set of those that were seen.
type list struct {
	items  []int32
	dense  []int32
	sparse []uint32
}

func (l *list) clear() { l.items, l.dense = l.items[:0], l.dense[:0] }

// mark reports whether pc is new, and remembers it.
func (l *list) mark(pc int32) bool {
	if at := l.sparse[pc]; at < uint32(len(l.dense)) && l.dense[at] == pc {
		return false
	}
	l.sparse[pc] = uint32(len(l.dense))
	l.dense = append(l.dense, pc)
	return true
}

// canonical brings next into the one form that its meaning has.
func (d *dfa) canonical() []int32 {
	items := d.next.items
	switch d.order {
	case asSet:
		items = slices.DeleteFunc(items, func(pc int32) bool { return pc == separator })
		slices.Sort(items)
	case byFirst:
		items = slices.DeleteFunc(items, func(pc int32) bool { return pc == separator })
	case byStart:
		items = sortGroups(items)
	}
	d.next.items = items
	return items
}

// sortGroups sorts between separators and drops empty groups.
func sortGroups(items []int32) []int32 {
	out := items[:0]
	for i := 0; i < len(items); {
		n := slices.Index(items[i:], separator)
		if n < 0 {
			n = len(items) - i
		}
		group := items[i : i+n]
		i += n + 1
		if len(group) == 0 {
			continue
		}
		slices.Sort(group)
		if len(out) > 0 {
			out = append(out, separator)
		}
		out = append(out, group...)
	}
	return out
}
