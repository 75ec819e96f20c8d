package diff

import (
	"context"
	"math"
)

// compare marks the lines of x and y that have changed: a shortest edit script
// after Myers, over the lines that can matter. Lines that the other file does
// not have are changed for sure, and such as it has very often are left out
// within runs of these, since they would only be matched by chance.
func compare(ctx context.Context, x, y *side, minimal bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	keptX, keptY := discard(x, y, minimal)
	s := search{ctx: ctx, x: pick(x, keptX), y: pick(y, keptY),
		deleted: func(i int) { x.changed[keptX[i]] = true }, inserted: func(i int) { y.changed[keptY[i]] = true }}
	diagonals := len(s.x) + len(s.y) + 3
	s.forward, s.backward = make([]int, diagonals), make([]int, diagonals)
	s.middle = len(s.y) + 1
	s.costly = 1
	for n := diagonals; n != 0; n >>= 2 {
		s.costly <<= 1
	}
	s.costly = max(s.costly, 4096)
	return s.run(0, len(s.x), 0, len(s.y), minimal)
}

func pick(s *side, kept []int) []int {
	out := make([]int, len(kept))
	for i, at := range kept {
		out[i] = s.classes[at]
	}
	return out
}

// search looks for the shortest way through the square of two sequences.
type search struct {
	ctx               context.Context
	x, y              []int
	deleted, inserted func(i int)
	// The furthest points reached on each diagonal from the two ends.
	forward, backward []int
	middle            int // index of diagonal 0
	costly            int // a search this long settles for what it has (THREAT[SH-10])
}

// run compares x[xLo:xHi] with y[yLo:yHi].
func (s *search) run(xLo, xHi, yLo, yHi int, minimal bool) error {
	for xLo < xHi && yLo < yHi && s.x[xLo] == s.y[yLo] {
		xLo++
		yLo++
	}
	for xLo < xHi && yLo < yHi && s.x[xHi-1] == s.y[yHi-1] {
		xHi--
		yHi--
	}
	switch {
	case xLo == xHi:
		for ; yLo < yHi; yLo++ {
			s.inserted(yLo)
		}
		return nil
	case yLo == yHi:
		for ; xLo < xHi; xLo++ {
			s.deleted(xLo)
		}
		return nil
	}
	p, err := s.split(box{xLo, xHi, yLo, yHi}, minimal)
	if err != nil {
		return err
	}
	if err := s.run(xLo, p.x, yLo, p.y, p.minimalBefore); err != nil {
		return err
	}
	return s.run(p.x, xHi, p.y, yHi, p.minimalBehind)
}

// box is the part of the square that is searched.
type box struct{ xLo, xHi, yLo, yHi int }

// point is where the way through a box is split, and whether the halves are
// worth a search to the end.
type point struct {
	x, y                         int
	minimalBefore, minimalBehind bool
}

// span is the diagonals that a search has reached.
type span struct{ lo, hi int }

// grow widens the span by a step on both sides, within the box; where it is
// at the edge it narrows. reached is called for each new diagonal's neighbour,
// which no point has been reached on.
func (d *span) grow(least, most int, reached func(diagonal int)) {
	if d.lo > least {
		d.lo--
		reached(d.lo - 1)
	} else {
		d.lo++
	}
	if d.hi < most {
		d.hi++
		reached(d.hi + 1)
	} else {
		d.hi--
	}
}

// split finds a point in the middle of a shortest way, by search from both
// ends at once.
func (s *search) split(b box, minimal bool) (point, error) {
	least, most := b.xLo-b.yHi, b.xHi-b.yLo
	fromStart, fromEnd := b.xLo-b.yLo, b.xHi-b.yHi
	odd := (fromStart-fromEnd)&1 != 0
	fwd, bwd := s.forward, s.backward
	m := s.middle
	fwd[m+fromStart], bwd[m+fromEnd] = b.xLo, b.xHi
	f, r := span{fromStart, fromStart}, span{fromEnd, fromEnd}
	for cost := 1; ; cost++ {
		if cost%64 == 1 && s.ctx.Err() != nil {
			return point{}, s.ctx.Err()
		}
		f.grow(least, most, func(d int) { fwd[m+d] = -1 })
		meet := span{1, 0}
		if odd {
			meet = r
		}
		if d, ok := s.ahead(b, f, meet); ok {
			x := fwd[m+d]
			return point{x, x - d, true, true}, nil
		}
		r.grow(least, most, func(d int) { bwd[m+d] = math.MaxInt })
		meet = span{1, 0}
		if !odd {
			meet = f
		}
		if d, ok := s.back(b, r, meet); ok {
			x := bwd[m+d]
			return point{x, x - d, true, true}, nil
		}
		if !minimal && cost >= s.costly {
			return s.settle(b, f, r), nil
		}
	}
}

// ahead takes the ways on the diagonals of f one edit further, until one
// meets a way from the end on a diagonal of meet.
func (s *search) ahead(b box, f, meet span) (diagonal int, ok bool) {
	x, y, fwd, bwd := s.x, s.y, s.forward, s.backward
	m := s.middle
	for d := f.hi; d >= f.lo; d -= 2 {
		below, above := fwd[m+d-1], fwd[m+d+1]
		i := below + 1
		if below < above {
			i = above
		}
		j := i - d
		for i < b.xHi && j < b.yHi && x[i] == y[j] {
			i++
			j++
		}
		fwd[m+d] = i
		if meet.lo <= d && d <= meet.hi && bwd[m+d] <= i {
			return d, true
		}
	}
	return 0, false
}

// back is ahead from the other end.
func (s *search) back(b box, r, meet span) (diagonal int, ok bool) {
	x, y, fwd, bwd := s.x, s.y, s.forward, s.backward
	m := s.middle
	for d := r.hi; d >= r.lo; d -= 2 {
		below, above := bwd[m+d-1], bwd[m+d+1]
		i := above - 1
		if below < above {
			i = below
		}
		j := i - d
		for b.xLo < i && b.yLo < j && x[i-1] == y[j-1] {
			i--
			j--
		}
		bwd[m+d] = i
		if meet.lo <= d && d <= meet.hi && i <= fwd[m+d] {
			return d, true
		}
	}
	return 0, false
}

// settle gives up the search for the best point, and takes the one that is
// furthest from its end.
func (s *search) settle(b box, f, r span) point {
	best, ahead := -1, 0
	for d := f.hi; d >= f.lo; d -= 2 {
		x := min(s.forward[s.middle+d], b.xHi)
		y := x - d
		if y > b.yHi {
			x, y = b.yHi+d, b.yHi
		}
		if x+y > best {
			best, ahead = x+y, x
		}
	}
	least, back := math.MaxInt, 0
	for d := r.hi; d >= r.lo; d -= 2 {
		x := max(s.backward[s.middle+d], b.xLo)
		y := x - d
		if y < b.yLo {
			x, y = b.yLo+d, b.yLo
		}
		if x+y < least {
			least, back = x+y, x
		}
	}
	if b.xHi+b.yHi-least < best-(b.xLo+b.yLo) {
		return point{ahead, best - ahead, true, false}
	}
	return point{back, least - back, false, true}
}
