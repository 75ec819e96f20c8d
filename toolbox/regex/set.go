package regex

import (
	"slices"
	"unicode"
	"unicode/utf8"
)

// set is a set of characters: pairs of first and last, sorted and apart once
// normal. A byte b that is no part of a character is rawByte+b.
type set []rune

const (
	rawByte = unicode.MaxRune + 1
	maxChar = rawByte + 0xff
)

// anyByte is every character and every stray byte.
func anyByte() set { return set{0, maxChar} }

func single(r rune) set { return set{r, r} }

func (s set) add(lo, hi rune) set { return append(s, lo, hi) }

// normal sorts and joins the ranges.
func (s set) normal() set {
	if len(s) <= 2 {
		return s
	}
	pairs := make([][2]rune, 0, len(s)/2)
	for i := 0; i < len(s); i += 2 {
		pairs = append(pairs, [2]rune{s[i], s[i+1]})
	}
	slices.SortFunc(pairs, func(a, b [2]rune) int { return int(a[0] - b[0]) })
	out := s[:0]
	for _, p := range pairs {
		if n := len(out); n > 0 && p[0] <= out[n-1]+1 && (p[0] != rawByte) {
			out[n-1] = max(out[n-1], p[1])
			continue
		}
		out = append(out, p[0], p[1])
	}
	return out
}

// negate returns the characters up to top that are not in s, which is normal.
func (s set) negate(top rune) set {
	var out set
	next := rune(0)
	for i := 0; i < len(s) && s[i] <= top; i += 2 {
		if s[i] > next {
			out = out.add(next, s[i]-1)
		}
		next = s[i+1] + 1
	}
	if next <= top {
		out = out.add(next, top)
	}
	return out
}

// without returns s, which is normal, without the character r.
func (s set) without(r rune) set {
	var out set
	for i := 0; i < len(s); i += 2 {
		lo, hi := s[i], s[i+1]
		if r < lo || r > hi {
			out = out.add(lo, hi)
			continue
		}
		if lo < r {
			out = out.add(lo, r-1)
		}
		if r < hi {
			out = out.add(r+1, hi)
		}
	}
	return out
}

func (s set) has(r rune) bool {
	for i := 0; i < len(s); i += 2 {
		if s[i] <= r && r <= s[i+1] {
			return true
		}
	}
	return false
}

// lastFolding is the last character that has another case.
const lastFolding = 0x1e943

// fold adds the other cases of all characters of s.
func (s set) fold(ascii bool) set {
	out := slices.Clone(s)
	for i := 0; i < len(s); i += 2 {
		lo, hi := s[i], min(s[i+1], lastFolding)
		if lo <= 'A' && hi >= lastFolding {
			continue
		}
		for r := lo; r <= hi; r++ {
			for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
				if !ascii || f < utf8.RuneSelf {
					out = out.add(f, f)
				}
			}
		}
	}
	return out.normal()
}

func tableSet(table *unicode.RangeTable) set {
	var out set
	for _, r := range table.R16 {
		out = appendStride(out, rune(r.Lo), rune(r.Hi), rune(r.Stride))
	}
	for _, r := range table.R32 {
		out = appendStride(out, rune(r.Lo), rune(r.Hi), rune(r.Stride))
	}
	return out.normal()
}

func appendStride(s set, lo, hi, stride rune) set {
	if stride == 1 {
		return s.add(lo, hi)
	}
	for r := lo; r <= hi; r += stride {
		s = s.add(r, r)
	}
	return s
}

// asciiClasses are the classes of POSIX in the C locale.
func asciiClass(name string) (set, bool) {
	switch name {
	case "alpha":
		return set{'A', 'Z', 'a', 'z'}, true
	case "digit":
		return set{'0', '9'}, true
	case "alnum":
		return set{'0', '9', 'A', 'Z', 'a', 'z'}, true
	case "upper":
		return set{'A', 'Z'}, true
	case "lower":
		return set{'a', 'z'}, true
	case "space":
		return set{'\t', '\r', ' ', ' '}, true
	case "blank":
		return set{'\t', '\t', ' ', ' '}, true
	case "punct":
		return set{'!', '/', ':', '@', '[', '`', '{', '~'}, true
	case "print":
		return set{' ', '~'}, true
	case "graph":
		return set{'!', '~'}, true
	case "cntrl":
		return set{0, 0x1f, 0x7f, 0x7f}, true
	case "xdigit":
		return set{'0', '9', 'A', 'F', 'a', 'f'}, true
	}
	return nil, false
}

// wideTables are what a class has beyond ASCII.
func wideTables(name string) []*unicode.RangeTable {
	switch name {
	case "alpha", "alnum":
		return []*unicode.RangeTable{unicode.L, unicode.M, unicode.Nd, unicode.Nl}
	case "upper":
		return []*unicode.RangeTable{unicode.Lu, unicode.Lt}
	case "lower":
		return []*unicode.RangeTable{unicode.Ll}
	case "space":
		return []*unicode.RangeTable{unicode.White_Space}
	case "blank":
		return []*unicode.RangeTable{unicode.Zs}
	case "punct":
		return []*unicode.RangeTable{unicode.P, unicode.S}
	case "print":
		return []*unicode.RangeTable{unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Zs}
	case "graph":
		return []*unicode.RangeTable{unicode.L, unicode.M, unicode.N, unicode.P, unicode.S}
	case "cntrl":
		return []*unicode.RangeTable{unicode.Cc}
	}
	return nil
}

// class returns a named class. wide includes what is not ASCII.
func class(name string, wide bool) (set, bool) {
	s, ok := asciiClass(name)
	if !ok || !wide {
		return s, ok
	}
	s = slices.Clone(s)
	for _, table := range wideTables(name) {
		for t, i := tableSet(table), 0; i < len(t); i += 2 {
			if t[i+1] >= utf8.RuneSelf {
				s = s.add(max(t[i], utf8.RuneSelf), t[i+1])
			}
		}
	}
	return s.normal(), true
}

// wordSet is \w.
func wordSet(wide bool) set {
	s, _ := class("alnum", wide)
	return slices.Concat(s, set{'_', '_'}).normal()
}

// isWord reports whether r belongs to a word.
func isWord(r rune, wide bool) bool {
	if r < utf8.RuneSelf {
		return r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
	}
	return wide && r <= unicode.MaxRune && (unicode.IsLetter(r) || unicode.Is(unicode.M, r) || unicode.IsDigit(r) || unicode.Is(unicode.Nl, r))
}
