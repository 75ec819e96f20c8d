package regex

import "slices"

// fixedTree is the tree of plain strings, as a trie where there are many.
func fixedTree(patterns []string, flags Flags) *node {
	var all [][]*node
	for _, s := range patterns {
		p := parser{src: s, flags: flags}
		var chars []*node
		for p.pos < len(s) {
			chars = append(chars, p.char(p.next()))
		}
		all = append(all, chars)
	}
	if len(all) < 8 {
		var subs []*node
		for _, chars := range all {
			subs = append(subs, concat(chars))
		}
		return alternate(subs)
	}
	slices.SortFunc(all, compareChars)
	return trie(all, 0)
}

func compareChars(a, b []*node) int {
	for i := range min(len(a), len(b)) {
		if d := slices.Compare(a[i].set, b[i].set); d != 0 {
			return d
		}
	}
	return len(a) - len(b)
}

// trie joins sorted strings that agree in their first at characters.
func trie(all [][]*node, at int) *node {
	var subs []*node
	for len(all) > 0 {
		if len(all[0]) == at {
			subs = append(subs, empty())
			all = all[1:]
			continue
		}
		n := 1
		for n < len(all) && len(all[n]) > at && slices.Equal(all[n][at].set, all[0][at].set) {
			n++
		}
		if n == 1 {
			subs = append(subs, concat(all[0][at:]))
		} else {
			subs = append(subs, concat([]*node{all[0][at], trie(all[:n], at+1)}))
		}
		all = all[n:]
	}
	return alternate(slices.CompactFunc(subs, func(a, b *node) bool { return a.op == nEmpty && b.op == nEmpty }))
}
