package jq

import "slices"

// keyed is a value with what it is sorted by.
type keyed struct {
	v    any
	keys []any
}

// keyedItems pairs the elements of an array with what a filter makes of them.
func (m *machine) keyedItems(e *env, v any, by node, what string) ([]keyed, error) {
	_, ok := v.([]any)
	var out []keyed
	all := []any{}
	err := m.iterate(item{v: v}, func(it item) error {
		keys, err := m.all(by, e, it.v)
		out = append(out, keyed{it.v, keys})
		all = append(all, keys)
		return err
	})
	if err == nil && !ok {
		err = mismatch(v, all, what)
	}
	return out, err
}

func (m *machine) sorted(e *env, v any, by node) ([]keyed, error) {
	list, err := m.keyedItems(e, v, by, "sorted, as they are not both arrays")
	slices.SortStableFunc(list, func(a, b keyed) int { return compareArrays(a.keys, b.keys) })
	return list, err
}

func sortBy(m *machine, e *env, in item, args []node, out yield) error {
	list, err := m.sorted(e, in.v, args[0])
	if err != nil {
		return err
	}
	a := make([]any, len(list))
	for i := range list {
		a[i] = list[i].v
	}
	return out(item{a, in.p.off()})
}

// groups calls f with each run of elements of the same keys.
func groups(list []keyed, f func(group []any)) {
	for len(list) > 0 {
		n := 1
		for n < len(list) && compareArrays(list[n].keys, list[0].keys) == 0 {
			n++
		}
		group := make([]any, n)
		for i := range group {
			group[i] = list[i].v
		}
		f(group)
		list = list[n:]
	}
}

func groupBy(m *machine, e *env, in item, args []node, out yield) error {
	list, err := m.sorted(e, in.v, args[0])
	if err != nil {
		return err
	}
	a := []any{}
	groups(list, func(group []any) { a = append(a, group) })
	return out(item{a, in.p.off()})
}

func uniqueBy(m *machine, e *env, in item, args []node, out yield) error {
	list, err := m.sorted(e, in.v, args[0])
	if err != nil {
		return err
	}
	a := []any{}
	groups(list, func(group []any) { a = append(a, group[0]) })
	return out(item{a, in.p.off()})
}

// bestBy is min_by (for -1) or max_by: of equals, the first or the last.
func bestBy(sign int) func(*machine, *env, item, []node, yield) error {
	return func(m *machine, e *env, in item, args []node, out yield) error {
		list, err := m.keyedItems(e, in.v, args[0], "iterated over")
		if err != nil {
			return err
		}
		var best *keyed
		for i := range list {
			if best == nil {
				best = &list[i]
				continue
			}
			c := sign * compareArrays(list[i].keys, best.keys)
			if c > 0 || c == 0 && sign > 0 {
				best = &list[i]
			}
		}
		if best == nil {
			return out(item{nil, in.p.off()})
		}
		return out(item{best.v, in.p.off()})
	}
}
