package regex

import (
	"bytes"
	"unicode/utf8"

	"agentsandbox/toolbox/sweep"
)

// Match reports whether the text holds a match. The only error is ErrBudget.
func (re *Regexp) Match(text []byte) (bool, error) {
	end, err := re.Scan(text, 0)
	return end >= 0, err
}

// Scan looks for any match at or after from, and returns a place in it or at
// its end, negative if there is none: all that is needed to know that the
// text, or with Lines which line of it, matches.
func (re *Regexp) Scan(text []byte, from int) (int, error) {
	re.mu.Lock()
	at, err := re.any(text, from)
	re.mu.Unlock()
	return at, err
}

// CountLines counts the lines that match in a text, where newlines part them: there is
// one more line than newlines. It is for patterns with Lines.
func (re *Regexp) CountLines(text []byte) (n int, err error) {
	re.mu.Lock()
	defer re.mu.Unlock()
	for from := 0; from <= len(text); n++ {
		at, err := re.any(text, from)
		if at < 0 || err != nil {
			return n, err
		}
		end := bytes.IndexByte(text[at:], '\n')
		if end < 0 {
			return n + 1, nil
		}
		from = at + end + 1
	}
	return n, nil
}

func (re *Regexp) any(text []byte, from int) (int, error) {
	switch {
	case re.literal != nil:
		return indexFrom(text, from, re.literal), nil
	case re.flags&Lines != 0:
		return re.scanLines(text, from)
	case re.required != nil && re.required.Index(text[from:]) < 0:
		return -1, nil
	}
	return re.scan(text, from)
}

// A line that holds the required string and does not match costs more than to look
// at every byte. Where there is one in tooClose bytes or less on the way, and more
// than enoughMisses, the string is looked for no more.
const (
	tooClose     = 128
	enoughMisses = 64
)

// scanLines is Scan for a text of lines: only those that hold the required
// string are looked at.
func (re *Regexp) scanLines(text []byte, from int) (int, error) {
	for from <= len(text) {
		at := from
		switch {
		case re.required != nil && re.misses < enoughMisses:
			at = indexFrom(text, from, re.required)
		case re.loose != nil:
			if end, o := re.loose.end(text, from); o != stuck {
				at = end
			}
		case !re.hard:
			return re.scan(text, from)
		}
		if at < 0 {
			return -1, nil
		}
		start, end := lineAround(text, at)
		got, err := re.scan(text[:end], max(start, from))
		if got >= 0 || err != nil {
			return got, err
		}
		if end-from > tooClose {
			re.misses = 0
		} else {
			re.misses++
		}
		from = end + 1
	}
	return -1, nil
}

// lineAround returns the bounds of the line that holds a place.
func lineAround(text []byte, at int) (start, end int) {
	start = sweep.LastIndexByte(text[:at], '\n') + 1
	end = bytes.IndexByte(text[at:], '\n')
	if end < 0 {
		return start, len(text)
	}
	return start, at + end
}

func indexFrom(text []byte, from int, s *sweep.Needle) int {
	if at := s.Index(text[from:]); at >= 0 {
		return from + at
	}
	return -1
}

func (re *Regexp) scan(text []byte, from int) (int, error) {
	if re.hard {
		loc, err := re.findHard(text, from)
		if loc == nil {
			return -1, err
		}
		return loc[1], err
	}
	if end, o := re.end(text, from); o != stuck {
		return end, nil
	}
	if re.flags&Lines == 0 {
		return endOf(re.pike().run(text, from, re.flags&Anchored != 0, -1)), nil
	}
	return re.scanClosely(text, from)
}

// scanClosely is scan where the DFA gave up: line by line, so that one line
// that it cannot tell does not make all of them slow.
func (re *Regexp) scanClosely(text []byte, from int) (int, error) {
	for from <= len(text) {
		_, end := lineAround(text, from)
		at, o := re.end(text[:end], from)
		if o == stuck {
			at = endOf(re.pike().run(text[:end], from, false, -1))
		}
		if at >= 0 {
			return at, nil
		}
		from = end + 1
	}
	return -1, nil
}

func endOf(slots []int) int {
	if slots == nil {
		return -1
	}
	return slots[1]
}

// end finds where any match is complete.
func (re *Regexp) end(text []byte, from int) (int, outcome) {
	if re.exists == nil {
		re.exists = newDFA(re.fwd, asSet, re.flags&Anchored == 0)
	}
	end, _, o := re.exists.forward(text, from, true)
	return end, o
}

func (re *Regexp) pike() *pike {
	if re.vm == nil {
		re.vm = newPike(re.fwd, re.slots(), re.longest)
	}
	return re.vm
}

func (re *Regexp) backtracker() *backtracker {
	if re.bt == nil {
		re.bt = newBacktracker(re.fwd, re.slots(), re.hard, re.longest)
	}
	return re.bt
}

// slots is the number of places remembered: two a group, and \K.
func (re *Regexp) slots() int { return 2*re.groups + 3 }

// FindIndex returns the bounds of the leftmost match that starts at or after
// from, negative if there is none. What stands before from counts as context:
// ^ does not match there unless a line starts.
func (re *Regexp) FindIndex(text []byte, from int) (start, end int, err error) {
	re.mu.Lock()
	start, end = -1, -1
	if !re.hard && !re.keeps {
		start, end = re.bounds(text, from)
	} else if loc, locErr := re.locate(text, from); loc == nil {
		err = locErr
	} else {
		start, end = loc[0], loc[1]
	}
	re.mu.Unlock()
	return start, end, err
}

// Find is FindIndex with the groups: it appends to dst[:0] the bounds of the
// match and of each group, -1 for one that took no part; nil for no match.
func (re *Regexp) Find(dst []int, text []byte, from int) ([]int, error) {
	re.mu.Lock()
	loc, err := re.locate(text, from)
	if loc != nil {
		dst = append(dst[:0], loc...)
	} else {
		dst = nil
	}
	re.mu.Unlock()
	return dst, err
}

func (re *Regexp) locate(text []byte, from int) ([]int, error) {
	var slots []int
	var err error
	switch {
	case re.hard:
		slots, err = re.findHard(text, from)
	default:
		slots, err = re.findEasy(text, from)
	}
	if slots == nil {
		return nil, err
	}
	if kept := slots[len(slots)-1]; kept >= 0 {
		slots[0] = kept
	}
	return slots[:2*re.groups+2], nil
}

func (re *Regexp) findEasy(text []byte, from int) ([]int, error) {
	if re.prefix != nil && re.groups > 0 && re.longest && re.onepass() != nil {
		if slots, o := re.fromPrefixWhole(text, from); o != stuck {
			return slots, nil
		}
	}
	start, end := re.bounds(text, from)
	if start < 0 {
		return nil, nil
	}
	if re.groups == 0 && !re.keeps {
		slots := re.backtracker().slots
		slots[0], slots[1], slots[2] = start, end, -1
		return slots, nil
	}
	if one := re.onepass(); one != nil {
		if slots := one.match(text, start, end); slots != nil {
			return slots, nil
		}
	}
	if b := re.backtracker(); b.fits(end - start) {
		return b.match(text, start, end)
	}
	return re.pike().run(text, start, true, end), nil
}

// bounds finds the bounds of a match without its groups.
func (re *Regexp) bounds(text []byte, from int) (start, end int) {
	switch {
	case re.literal != nil:
		at := indexFrom(text, from, re.literal)
		if at < 0 {
			return -1, -1
		}
		return at, at + re.literal.Len()
	case re.one != nil:
		at := re.one.Index(text[from:])
		if at < 0 {
			return -1, -1
		}
		return from + at, from + at + 1
	case re.prefix != nil:
		if start, end, o := re.fromPrefix(text, from); o != stuck {
			return start, end
		}
	case re.required != nil && re.required.Index(text[from:]) < 0:
		return -1, -1
	}
	for from <= len(text) {
		start, end = re.bound(text, from)
		if start != end || start <= 0 || re.flags&Bytes != 0 || !insideChar(text, start) {
			return start, end
		}
		from = start + 1
	}
	return -1, -1
}

// insideChar reports whether a place splits a character: nothing matches there.
func insideChar(text []byte, at int) bool {
	if at == len(text) || utf8.RuneStart(text[at]) {
		return false
	}
	for back := 1; back < utf8.UTFMax && back <= at; back++ {
		if utf8.RuneStart(text[at-back]) {
			_, n := utf8.DecodeRune(text[at-back:])
			return n > back
		}
	}
	return false
}

func (re *Regexp) bound(text []byte, from int) (start, end int) {
	anchored := re.flags&Anchored != 0
	if re.find == nil {
		rank := byFirst
		if re.longest {
			rank = byStart
		}
		re.find = newDFA(re.fwd, rank, !anchored)
	}
	end, _, o := re.find.forward(text, from, false)
	if o == none {
		return -1, -1
	}
	start = from
	switch {
	case o != found || anchored:
	case re.width > 0:
		start = end - re.width
	default:
		start, o = re.backwards(text, from, end)
	}
	if o == found {
		return start, end
	}
	slots := re.pike().run(text, from, anchored, -1)
	if slots == nil {
		return -1, -1
	}
	return slots[0], slots[1]
}

// backwards finds where the match that ends at end starts.
func (re *Regexp) backwards(text []byte, from, end int) (int, outcome) {
	if re.rev == nil {
		rev, err := compile(re.tree, re.flags, re.groups, true, false)
		if err != nil {
			return 0, stuck
		}
		re.rev, re.rfd = rev, newDFA(rev, asSet, false)
	}
	return re.rfd.backward(text, from, end)
}

// findHard runs the backtracker where the loosened pattern matches.
func (re *Regexp) findHard(text []byte, from int) ([]int, error) {
	if re.required != nil && re.required.Index(text[from:]) < 0 {
		return nil, nil
	}
	b := re.backtracker()
	for at := from; at <= len(text); at++ {
		if re.flags&Anchored != 0 && at > from {
			break
		}
		if re.loose != nil {
			if at, _ = re.loose.bound(text, at); at < 0 {
				break
			}
		}
		if insideChar(text, at) && re.flags&Bytes == 0 {
			continue
		}
		slots, err := b.match(text, at, -1)
		if slots != nil || err != nil {
			return slots, err
		}
	}
	return nil, nil
}
