package regex

// outcome is how a run of a DFA ended.
type outcome uint8

const (
	none  outcome = iota // no match
	found                // a match
	stuck                // the DFA cannot tell
)

// forward runs from a place to the right and returns where the match ends;
// with earliest, where the first match that is complete ends.
func (d *dfa) forward(text []byte, from int, earliest bool) (end int, o outcome) {
	s := d.startState(d.p.leftOf(text, from))
	limit := len(text)
	if d.p.finalEnd && limit > from && text[limit-1] == '\n' {
		limit--
	}
	end = -1
	for i := from; i <= len(text); i++ {
		if i < limit {
			s, i = d.skim(s, text[:limit], i)
		}
		c := d.endClass()
		switch {
		case i < limit:
			c = int32(d.class[text[i]])
		case i < len(text):
			c = d.finalClass()
		}
		t := d.move(s, c)
		if t == quit {
			return 0, stuck
		}
		if t&matched != 0 {
			end = i
			if earliest {
				break
			}
			t &^= matched
		}
		if t == dead {
			break
		}
		s = t
	}
	return end, hit(end)
}

func hit(at int) outcome {
	if at < 0 {
		return none
	}
	return found
}

// skim is the fast loop: it follows plain transitions and stops before one
// that needs a closer look, or at the end of the text.
func (d *dfa) skim(s uint32, text []byte, i int) (uint32, int) {
	trans, class := d.trans, &d.class
	for ; i < len(text); i++ {
		t := trans[s+uint32(class[text[i]])]
		if t >= special {
			break
		}
		s = t
	}
	return s, i
}

func (d *dfa) move(s uint32, c int32) uint32 {
	if t := d.trans[s+uint32(c)]; t != unknown {
		return t
	}
	return d.build(s, c)
}

// backward runs a reversed program from end to the left, not beyond from, and
// returns the leftmost start of a match that ends there.
func (d *dfa) backward(text []byte, from, end int) (start int, o outcome) {
	s := d.startState(d.p.rightOf(text, end))
	start = -1
	for i := end; i >= from; i-- {
		c := d.endClass()
		switch {
		case i == len(text) && i > 0 && d.p.finalEnd && text[i-1] == '\n':
			c = d.finalClass()
		case i > 0:
			c = int32(d.class[text[i-1]])
		}
		t := d.move(s, c)
		if t == quit {
			return 0, stuck
		}
		if t&matched != 0 {
			start = i
			t &^= matched
		}
		if t == dead {
			break
		}
		s = t
	}
	return start, hit(start)
}
