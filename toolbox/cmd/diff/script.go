package diff

import "context"

// change is lines of the first file that were replaced by lines of the second.
type change struct {
	a, b              int // where they begin, from 0
	deleted, inserted int
	ignorable         bool // all of it is what -B or -I ignore
}

// side is one file while changes are looked for: the lines between what both
// have in common at the beginning and at the end.
type side struct {
	classes []int
	changed []bool // one more than lines, so that there is an end
}

// was reports whether the line before i was changed; none is at the beginning.
func (s *side) was(i int) bool { return i > 0 && s.changed[i-1] }

// script finds the changes that make b of a.
func (o *options) script(ctx context.Context, a, b *text) ([]change, error) {
	prefix, suffix := o.common(a, b)
	// Some of these lines take part, so that changes can move among them.
	horizon := o.horizon
	if o.style == unified || o.style == contextual {
		horizon = max(horizon, o.context)
	}
	prefix, suffix = max(prefix-horizon, 0), max(suffix-horizon, 0)
	o.classify(a, b)
	cut := func(t *text) *side {
		classes := t.classes[prefix : len(t.lines)-suffix]
		return &side{classes, make([]bool, len(classes)+1)}
	}
	x, y := cut(a), cut(b)
	if err := compare(ctx, x, y, o.minimal); err != nil {
		return nil, err
	}
	shift(x, y)
	shift(y, x)
	return changes(x, y, prefix), nil
}

// shift moves runs of changes in s, where the lines around them allow it, so
// that they merge with others and then lie as far down as possible, but where
// a run of the other file corresponds, beside that.
func shift(s, other *side) {
	n := len(s.classes)
	i, j := 0, 0
	for {
		// The next run, and the place in the other file that corresponds.
		for i < n && !s.changed[i] {
			for other.changed[j] {
				j++
			}
			j++
			i++
		}
		if i == n {
			return
		}
		start := i
		for s.changed[i] {
			i++
		}
		for other.changed[j] {
			j++
		}
		start, i, j = slide(s, other, start, i, j)
	}
}

// slide moves one run, from start to before i; j is the end of what
// corresponds in the other file.
func slide(s, other *side, start, i, j int) (int, int, int) {
	n := len(s.classes)
	for {
		length := i - start
		for start > 0 && s.classes[start-1] == s.classes[i-1] {
			start--
			s.changed[start] = true
			i--
			s.changed[i] = false
			for s.was(start) {
				start--
			}
			j--
			for other.changed[j] {
				j--
			}
		}
		corresponding := n
		if other.was(j) {
			corresponding = i
		}
		for i < n && s.classes[start] == s.classes[i] {
			s.changed[start] = false
			start++
			s.changed[i] = true
			i++
			for s.changed[i] {
				i++
			}
			j++
			for other.changed[j] {
				corresponding = i
				j++
			}
		}
		if length == i-start {
			for corresponding < i {
				start--
				s.changed[start] = true
				i--
				s.changed[i] = false
				j--
				for other.changed[j] {
					j--
				}
			}
			return start, i, j
		}
	}
}

// changes reads the marks as a list.
func changes(x, y *side, prefix int) []change {
	var list []change
	i, j := 0, 0
	for i < len(x.classes) || j < len(y.classes) {
		if !x.changed[i] && !y.changed[j] {
			i++
			j++
			continue
		}
		c := change{a: prefix + i, b: prefix + j}
		for x.changed[i] {
			i++
			c.deleted++
		}
		for y.changed[j] {
			j++
			c.inserted++
		}
		list = append(list, c)
	}
	return list
}
