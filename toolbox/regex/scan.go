package regex

// outcome is how a run of a DFA ended.
type outcome uint8

const (
	none  outcome = iota // no match
	found                // a match
	stuck                // the DFA cannot tell
)

// forward runs from a place to the right and returns where the match ends;
// with earliest, where the first match that is complete ends. looked is how far it
// had to look.
func (d *dfa) forward(text []byte, from int, earliest bool) (end, looked int, o outcome) {
	s := d.startState(d.p.leftOf(text, from))
	limit := len(text)
	if d.p.finalEnd && limit > from && text[limit-1] == '\n' {
		limit--
	}
	end = -1
	i := from
	for ; i <= len(text); i++ {
		if i < limit {
			to, n := d.Walk(s, text[i:limit])
			s, i = to, i+n
		}
		c := d.endClass()
		switch {
		case i < limit:
			c = uint32(d.Classes[text[i]])
		case i < len(text):
			c = d.finalClass()
		}
		t := d.Trans[(s+c)/entry]
		if t == unknown {
			t = d.build(s, c)
		}
		if t == quit {
			return 0, i, stuck
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
	if end < 0 {
		return end, i, none
	}
	return end, i, found
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
			c = uint32(d.Classes[text[i-1]])
		}
		t := d.Trans[(s+c)/entry]
		if t < special {
			s = t
			continue
		}
		if t == unknown {
			t = d.build(s, c)
		}
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
	if start < 0 {
		return start, none
	}
	return start, found
}
