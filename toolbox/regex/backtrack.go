package regex

import (
	"bytes"
	"unicode/utf8"
)

// Bounds of a backtracking search.
const (
	// budget is how many steps one search may take (THREAT[SH-09]).
	budget = 10_000_000
	// patience is how many of them a search for a longer match may take once
	// there is one.
	patience = 100_000
	// maxVisited bounds the bits that remember where a search has been.
	maxVisited = 1 << 25
)

// backtracker runs a program one way after the other. Without hard
// instructions it remembers where it has been and takes linear time; with
// them it counts its steps.
type backtracker struct {
	p       *prog
	hard    bool
	longest bool

	text    []byte
	base    int      // where the text that is searched starts
	end     int      // the match must end here, if not negative
	visited []uint64 // by instruction and place, unless hard
	width   int
	slots   []int
	guards  []int
	jobs    []job
	steps   int
	best    []int
}

// job is work for later: a way to try, or a value to put back.
type job struct {
	kind jobKind
	pc   int32 // or the number of the slot or register
	at   int   // or its value
}

type jobKind uint8

const (
	try jobKind = iota
	resetSlot
	resetGuard
)

func newBacktracker(p *prog, slots int, hard, longest bool) *backtracker {
	return &backtracker{p: p, hard: hard, longest: longest, slots: make([]int, slots), guards: make([]int, p.guards)}
}

// fits reports whether a span is short enough to remember where one has been.
func (b *backtracker) fits(length int) bool { return len(b.p.insts)*(length+1) <= maxVisited }

// match matches from a place on, up to end if that is not negative. It
// returns the slots, nil for no match, which are valid until the next call.
func (b *backtracker) match(text []byte, from, end int) ([]int, error) {
	b.text, b.base, b.end, b.steps = text, from, end, 0
	for i := range b.slots {
		b.slots[i] = -1
	}
	b.slots[0] = from
	b.best = b.best[:0]
	if !b.hard {
		b.width = end - from + 1
		words := (len(b.p.insts)*b.width + 63) / 64
		if cap(b.visited) < words {
			b.visited = make([]uint64, words)
		}
		b.visited = b.visited[:words]
		clear(b.visited)
	}
	b.jobs = b.jobs[:0]
	at, err := b.run(b.p.start, from, true)
	switch {
	case err != nil:
		return nil, err
	case len(b.best) > 0:
		return b.best, nil
	case at < 0:
		return nil, nil
	}
	b.slots[1] = at
	return b.slots, nil
}

// run tries the ways from pc at a place and returns where the first that
// matches ends, negative for none. What it pushed is left for the caller.
func (b *backtracker) run(pc int32, at int, top bool) (int, error) {
	floor := len(b.jobs)
	b.jobs = append(b.jobs, job{try, pc, at})
	for len(b.jobs) > floor {
		j := b.jobs[len(b.jobs)-1]
		b.jobs = b.jobs[:len(b.jobs)-1]
		switch j.kind {
		case resetSlot:
			b.slots[j.pc] = j.at
			continue
		case resetGuard:
			b.guards[j.pc] = j.at
			continue
		}
		at, err := b.follow(j.pc, j.at)
		if err != nil {
			return -1, err
		}
		if at >= 0 && (!top || b.accept(at)) {
			return at, nil
		}
	}
	return -1, nil
}

// accept decides whether a match of the whole pattern is taken.
func (b *backtracker) accept(at int) bool {
	switch {
	case !b.hard:
		return at == b.end
	case b.end >= 0 && at != b.end:
		return false
	case !b.longest:
		return true
	}
	if len(b.best) == 0 || at > b.best[1] {
		if len(b.best) == 0 {
			b.steps = max(b.steps, budget-patience)
		}
		b.best = append(b.best[:0], b.slots...)
		b.best[1] = at
	}
	return at == len(b.text)
}

// follow goes one way until it matches or fails (negative).
func (b *backtracker) follow(pc int32, at int) (int, error) {
	for {
		if b.spent(pc, at) {
			if b.hard && b.steps > budget {
				if len(b.best) > 0 {
					b.jobs = b.jobs[:0]
					return -1, nil
				}
				return -1, ErrBudget
			}
			return -1, nil
		}
		i := &b.p.insts[pc]
		pc = i.out
		switch i.op {
		case iMatch:
			return at, nil
		case iRange:
			if at == len(b.text) || b.text[at] < i.lo || b.text[at] > i.hi {
				return -1, nil
			}
			at++
		case iSet:
			if at == len(b.text) || !b.p.sets[i.arg].has(b.text[at]) {
				return -1, nil
			}
			at++
		case iSplit:
			b.jobs = append(b.jobs, job{try, i.alt, at})
		case iMoved:
			if b.guards[i.arg] == at {
				pc = i.alt
			}
		case iMark:
			b.jobs = append(b.jobs, job{resetSlot, i.arg, b.slots[i.arg]})
			b.slots[i.arg] = at
		default:
			next, err := b.special(i, at)
			if next < 0 || err != nil {
				return -1, err
			}
			at = next
		}
	}
}

// special handles what is rare and returns the place after it, negative if
// the way ends.
func (b *backtracker) special(i *inst, at int) (int, error) {
	switch i.op {
	case iAssert:
		if b.p.holdsAt(i.arg, b.text, at) {
			return at, nil
		}
	case iGuard:
		b.jobs = append(b.jobs, job{resetGuard, i.arg, b.guards[i.arg]})
		b.guards[i.arg] = at
		return at, nil
	case iRef:
		return b.ref(i, at), nil
	case iLook:
		ok, err := b.look(&b.p.looks[i.arg], at)
		if ok {
			return at, err
		}
		return -1, err
	case iAtomic:
		floor := len(b.jobs)
		end, err := b.run(i.alt, at, false)
		b.settle(floor)
		return end, err
	}
	return -1, nil
}

// spent counts the step and reports whether it is one too many, or one that
// was taken before.
func (b *backtracker) spent(pc int32, at int) bool {
	if b.hard {
		b.steps++
		return b.steps > budget
	}
	if at > b.end {
		return true
	}
	bit := int(pc)*b.width + at - b.base
	word, mask := &b.visited[bit>>6], uint64(1)<<(bit&63)
	if *word&mask != 0 {
		return true
	}
	*word |= mask
	return false
}

// settle drops the ways that are left above floor but keeps what undoes.
func (b *backtracker) settle(floor int) {
	if floor > len(b.jobs) {
		return
	}
	keep := b.jobs[:floor]
	for _, j := range b.jobs[floor:] {
		if j.kind != try {
			keep = append(keep, j)
		}
	}
	b.jobs = keep
}

// undo takes back all that was done above floor.
func (b *backtracker) undo(floor int) {
	for len(b.jobs) > floor {
		j := b.jobs[len(b.jobs)-1]
		b.jobs = b.jobs[:len(b.jobs)-1]
		switch j.kind {
		case resetSlot:
			b.slots[j.pc] = j.at
		case resetGuard:
			b.guards[j.pc] = j.at
		}
	}
}

func (b *backtracker) look(l *look, at int) (bool, error) {
	start := at
	for range l.width {
		if start == 0 {
			return l.negate, nil
		}
		start -= b.charBefore(start)
	}
	floor := len(b.jobs)
	end, err := b.run(l.start, start, false)
	if err != nil {
		return false, err
	}
	ok := end >= 0 && (l.width < 0 || end == at)
	if ok && !l.negate {
		b.settle(floor)
	} else {
		b.undo(floor)
	}
	return ok != l.negate, nil
}

// charBefore is the length of the character that ends at a place.
func (b *backtracker) charBefore(at int) int {
	if !b.p.wide {
		return 1
	}
	_, n := utf8.DecodeLastRune(b.text[:at])
	return n
}

// ref matches what a group matched; a group that took no part fails.
func (b *backtracker) ref(i *inst, at int) int {
	from, to := b.slots[2*i.arg], b.slots[2*i.arg+1]
	if from < 0 || to < from {
		return -1
	}
	s := b.text[from:to]
	if i.lo == 0 {
		if !bytes.HasPrefix(b.text[at:], s) {
			return -1
		}
		return at + len(s)
	}
	if len(b.text)-at < len(s) || !bytes.EqualFold(s, b.text[at:at+len(s)]) {
		return -1
	}
	return at + len(s)
}
