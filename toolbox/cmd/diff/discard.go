package diff

// The fate of a line before the search.
type fate byte

const (
	keep  fate = iota
	drop       // the other file does not have it
	maybe      // the other file has it so often that a match says little
)

// discard marks the lines that need no search as changed, and returns the
// places of the others.
func discard(x, y *side, minimal bool) (keptX, keptY []int) {
	classes := 0
	for _, s := range []*side{x, y} {
		for _, c := range s.classes {
			classes = max(classes, c+1)
		}
	}
	inX, inY := countClasses(x, classes), countClasses(y, classes)
	return kept(x, inY, minimal), kept(y, inX, minimal)
}

func countClasses(s *side, classes int) []int {
	n := make([]int, classes)
	for _, c := range s.classes {
		n[c]++
	}
	return n
}

// kept is the places of the lines that stay, given how often each class is in
// the other file.
func kept(s *side, other []int, minimal bool) []int {
	fates := make([]fate, len(s.classes))
	many := 5
	for n := len(s.classes) / 64 >> 2; n > 0; n >>= 2 {
		many *= 2
	}
	for i, c := range s.classes {
		switch {
		case other[c] == 0:
			fates[i] = drop
		case other[c] > many:
			fates[i] = maybe
		}
	}
	decide(fates)
	var places []int
	for i, f := range fates {
		if f == keep || minimal {
			places = append(places, i)
		} else {
			s.changed[i] = true
		}
	}
	return places
}

// decide settles what is open: such lines are dropped only within a run of
// lines that are dropped, and not where they are many of it.
func decide(fates []fate) {
	for i := 0; i < len(fates); i++ {
		switch fates[i] {
		case maybe:
			fates[i] = keep
		case drop:
			end, open := i, 0
			for end < len(fates) && fates[end] != keep {
				if fates[end] == maybe {
					open++
				}
				end++
			}
			for fates[end-1] == maybe {
				end--
				fates[end] = keep
				open--
			}
			decideRun(fates[i:end], open)
			if open*4 <= end-i {
				i = end - 1
			} else {
				// Lines of a run that was broken up are looked at one by one.
				continue
			}
		}
	}
}

// decideRun settles a run that begins and ends with lines that are dropped, of
// which open are not settled.
func decideRun(run []fate, open int) {
	if open*4 > len(run) {
		for i := range run {
			if run[i] == maybe {
				run[i] = keep
			}
		}
		return
	}
	least := 1
	for n := len(run) >> 2 >> 2; n > 0; n >>= 2 {
		least <<= 1
	}
	least++
	keepLong(run, least)
	keepNear(len(run), func(i int) *fate { return &run[i] })
	keepNear(len(run), func(i int) *fate { return &run[len(run)-1-i] })
}

// keepLong keeps subruns of least and more lines that are not settled.
func keepLong(run []fate, least int) {
	for i := 0; i < len(run); {
		n := 0
		for i+n < len(run) && run[i+n] == maybe {
			n++
		}
		if n >= least {
			for k := range n {
				run[i+k] = keep
			}
		}
		i += max(n, 1)
	}
}

// keepNear keeps what is not settled near the edge of a run: up to the third
// in a row that is dropped, or the first that is beyond the eighth line.
func keepNear(n int, at func(i int) *fate) {
	row := 0
	for i := range n {
		f := at(i)
		switch {
		case i >= 8 && *f == drop:
			return
		case *f == maybe:
			*f = keep
			row = 0
		case *f == keep:
			row = 0
		default:
			row++
		}
		if row == 3 {
			return
		}
	}
}
