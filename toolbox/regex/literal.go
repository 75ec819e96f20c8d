package regex

import (
	"slices"
	"unicode"
	"unicode/utf8"
)

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

// info is what is known of the strings that a node matches.
type info struct {
	exact bool   // it matches all and nothing else
	all   []byte // if exact
	best  []byte // the longest string that every match holds
}

// literals finds the strings that every match of the node holds.
func literals(n *node) info {
	switch n.op {
	case nEmpty, nKeep:
		return info{exact: n.op == nEmpty}
	case nSet:
		if b, ok := n.set.bytes(); ok {
			return info{true, b, b}
		}
	case nCat:
		return catLiterals(n.sub)
	case nRepeat:
		if n.min > 0 {
			return info{best: literals(n.sub[0]).best}
		}
	case nGroup, nAtomic:
		sub := literals(n.sub[0])
		return info{best: sub.best}
	}
	return info{}
}

func catLiterals(subs []*node) info {
	out := info{exact: true}
	var run []byte
	for _, sub := range subs {
		i := literals(sub)
		if sub.op == nGroup {
			// The string is known, but the group has to be remembered.
			i = literals(sub.sub[0])
			out.exact = false
		}
		if i.exact {
			run = append(run, i.all...)
			continue
		}
		out.exact = false
		out.best = longer(out.best, run)
		out.best = longer(out.best, i.best)
		if sub.op != nAssert && sub.op != nLook {
			run = nil
		} else {
			run = slices.Clone(run)
		}
	}
	out.best = longer(out.best, run)
	if out.exact {
		out.all = run
	}
	return out
}

func longer(a, b []byte) []byte {
	if len(b) > len(a) {
		return slices.Clone(b)
	}
	return a
}

// bytes returns the one character of the set.
func (s set) bytes() ([]byte, bool) {
	if len(s) != 2 || s[0] != s[1] {
		return nil, false
	}
	if s[0] > unicode.MaxRune {
		return []byte{byte(s[0] - rawByte)}, true
	}
	return utf8.AppendRune(nil, s[0]), true
}
