package regex

// A match that begins with a known string can only start where that stands. There
// the program runs anchored, which finds the end, and the start is known.

// A run that fails may have looked at much text. When those have looked at more than
// patienceFactor times what was passed over, and more than patienceFree, prefixes are
// given up, which keeps a search linear.
const (
	patienceFactor = 4
	patienceFree   = 4096
)

// fromPrefix finds the bounds of a match by what every match begins with; stuck if
// it is to be looked for in another way.
func (re *Regexp) fromPrefix(text []byte, from int) (start, end int, o outcome) {
	if re.here == nil {
		rank := byFirst
		if re.longest {
			rank = asSet
		}
		re.here = newDFA(re.fwd, rank, false)
	}
	for at := from; ; at++ {
		next := indexFrom(text, at, re.prefix)
		if next < 0 {
			return -1, -1, none
		}
		end, looked, o := re.here.forward(text, next, false)
		if o != none {
			return next, end, o
		}
		if re.failed(looked-next, next-at) {
			return 0, 0, stuck
		}
		at = next
	}
}

// failed notes that a prefix was none of a match, and reports whether that has cost
// too much.
func (re *Regexp) failed(looked, passed int) bool {
	re.strikes = max(0, re.strikes+looked-patienceFactor*(passed+1))
	if re.strikes > patienceFree {
		re.prefix = nil
	}
	return re.prefix == nil
}

// fromPrefixWhole is fromPrefix for the groups too, in one run.
func (re *Regexp) fromPrefixWhole(text []byte, from int) ([]int, outcome) {
	for at := from; ; at++ {
		next := indexFrom(text, at, re.prefix)
		if next < 0 {
			return nil, none
		}
		slots, looked := re.single.longest(text, next)
		if slots != nil {
			return slots, found
		}
		if re.failed(looked-next, next-at) {
			return nil, stuck
		}
		at = next
	}
}
