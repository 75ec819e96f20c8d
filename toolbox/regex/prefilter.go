package regex

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"agentsandbox/toolbox/sweep"
)

// unit is a byte of a string that matches hold; a letter whose case does not matter
// is in lower case.
type unit struct {
	c    byte
	fold bool
}

// info is what is known of the strings that a node matches.
type info struct {
	exact bool   // it matches all and nothing else
	all   []unit // if exact
	first []unit // what every match begins with
	best  []unit // the string that every match holds and text most rarely does
}

// maxUnits bounds the strings that repetitions make.
const maxUnits = 64

// literals finds the strings that every match of the node holds. wide says that there
// are characters beyond ASCII.
func literals(n *node, wide bool) info {
	switch n.op {
	case nEmpty, nKeep:
		return info{exact: n.op == nEmpty}
	case nSet:
		if u, ok := n.set.units(wide); ok {
			return info{true, u, u, u}
		}
	case nCat:
		return catLiterals(n.sub, wide)
	case nAlt:
		return info{first: common(n.sub, wide)}
	case nRepeat:
		if n.min > 0 {
			return repeatLiterals(n, literals(n.sub[0], wide))
		}
	case nGroup, nAtomic:
		sub := literals(n.sub[0], wide)
		return info{first: sub.first, best: sub.best}
	}
	return info{}
}

// repeatLiterals finds those of a node that matches sub at least once.
func repeatLiterals(n *node, sub info) info {
	if !sub.exact || n.min*len(sub.all) > maxUnits {
		return info{first: sub.first, best: sub.best}
	}
	run := slices.Repeat(sub.all, n.min)
	if n.min == n.max {
		return info{true, run, run, run}
	}
	return info{first: run, best: run}
}

// common is what all alternatives begin with.
func common(subs []*node, wide bool) []unit {
	var out []unit
	for i, sub := range subs {
		first := literals(sub, wide).first
		if i == 0 {
			out = first
		}
		n := 0
		for n < min(len(first), len(out)) && first[n] == out[n] {
			n++
		}
		if out = out[:n]; n == 0 {
			break
		}
	}
	return out
}

func catLiterals(subs []*node, wide bool) info {
	out := info{exact: true}
	var run []unit
	open := true // run has been all so far
	for _, sub := range subs {
		i := literals(sub, wide)
		if sub.op == nGroup {
			// The string is known, but the group has to be remembered.
			i = literals(sub.sub[0], wide)
			out.exact = false
		}
		if i.exact {
			run = append(run, i.all...)
			continue
		}
		out.exact = false
		if sub.op == nAssert || sub.op == nLook || sub.op == nKeep {
			continue // it takes nothing
		}
		if open {
			out.first, open = slices.Concat(run, i.first), false
		}
		out.best = rarer(rarer(out.best, slices.Concat(run, i.first)), i.best)
		run = nil
	}
	if open {
		out.first = run
	}
	out.best = rarer(out.best, run)
	if out.exact {
		out.all = run
	}
	return out
}

// rarer returns that of two strings which text holds more rarely.
func rarer(a, b []unit) []unit {
	if len(a) == 0 || len(b) > 0 && needle(b).Rarity() < needle(a).Rarity() {
		return b
	}
	return a
}

// needle prepares to look for a string; nil for none.
func needle(units []unit) *sweep.Needle {
	if len(units) == 0 {
		return nil
	}
	text, fold := make([]byte, len(units)), make([]bool, len(units))
	for i, u := range units {
		text[i], fold[i] = u.c, u.fold
	}
	return sweep.NewNeedle(text, fold)
}

// units returns the one character of the set, or the letter of either case.
func (s set) units(wide bool) ([]unit, bool) {
	if len(s) == 4 && s[0] == s[1] && s[2] == s[3] && 'A' <= s[0] && s[0] <= 'Z' && s[2] == s[0]|0x20 {
		return []unit{{byte(s[2]), true}}, true
	}
	if len(s) != 2 || s[0] != s[1] || !wide && s[0] >= utf8.RuneSelf && s[0] <= unicode.MaxRune {
		return nil, false
	}
	if s[0] > unicode.MaxRune {
		return []unit{{c: byte(s[0] - rawByte)}}, true
	}
	var out []unit
	for _, c := range utf8.AppendRune(nil, s[0]) {
		out = append(out, unit{c: c})
	}
	return out, true
}

// prefilter finds what lets most text be passed over.
func (re *Regexp) prefilter() {
	anchored := re.flags&Anchored != 0
	info := literals(re.tree, re.flags&Bytes == 0)
	if info.exact && len(info.all) > 0 && !anchored {
		re.literal = needle(info.all)
	}
	re.required = needle(info.best)
	if len(info.first) > 0 && !anchored && !re.hard {
		re.prefix = needle(info.first)
	}
	if w, ok := re.tree.byteWidth(); ok {
		re.width = w
	}
	if re.tree.op == nSet && re.width == 1 && len(re.fwd.sets) == 1 && !anchored {
		re.one = re.fwd.sets[0].table()
	}
	if re.hard {
		re.loosen()
	}
}
