package xz

// How the state of the coder is counted: those below literalStates follow a literal.
const (
	states        = 12
	literalStates = 7
	posStates     = 1 << maxPosBits
	maxPosBits    = 4
)

// The parts of a coded distance.
const (
	lenStates    = 4  // lengths that have a model of their own for the slot
	slotBits     = 6  //
	modelledFrom = 4  // slots below are distances
	modelledTo   = 14 // slots from here on have plain bits and alignBits
	alignBits    = 4
)

const (
	minMatch = 2
	maxMatch = 273
)

// prob is the chance of a 0, in 2048ths.
type prob = uint16

const (
	probBits  = 11
	probStart = 1 << (probBits - 1)
	probMove  = 5
	rangeTop  = 1 << 24 // below this a byte is shifted
)

// props say how literals and positions choose their models.
type props struct{ lc, lp, pb uint }

// standard are the props that are written.
var standard = props{lc: 3, lp: 0, pb: 2}

// parseProps takes the byte apart that holds props.
func parseProps(b byte) (props, bool) {
	p := props{uint(b % 9), uint(b / 9 % 5), uint(b / 45)}
	return p, b < 9*5*5 && p.lc+p.lp <= 4
}

func (p props) pack() byte { return byte((p.pb*5+p.lp)*9 + p.lc) }

// lengths is the model of the length of a match.
type lengths struct {
	choice, choice2 prob
	low, mid        [posStates][8]prob
	high            [256]prob
}

// model is what reader and writer of LZMA learn from what went before.
type model struct {
	props
	state int
	reps  [4]uint32 // the last distances, less one

	isMatch, isRep0Long           [states][posStates]prob
	isRep, isRep0, isRep1, isRep2 [states]prob
	slots                         [lenStates][1 << slotBits]prob
	special                       [modelledTo][1 << (modelledTo/2 - 2)]prob
	align                         [1 << alignBits]prob
	matchLengths, repLengths      lengths
	literals                      []prob
}

// literalProbs are the probabilities of one context of a literal.
const literalProbs = 0x300

// reset forgets all that was learned.
func (m *model) reset(p props) {
	literals := m.literals
	if n := literalProbs << (p.lc + p.lp); len(literals) != n {
		literals = make([]prob, n)
	}
	*m = model{props: p, literals: literals}
	for i := range m.isMatch {
		fill(m.isMatch[i][:])
		fill(m.isRep0Long[i][:])
	}
	for _, p := range [][]prob{m.isRep[:], m.isRep0[:], m.isRep1[:], m.isRep2[:], m.align[:], m.literals} {
		fill(p)
	}
	for i := range m.slots {
		fill(m.slots[i][:])
	}
	for i := range m.special {
		fill(m.special[i][:])
	}
	m.matchLengths.reset()
	m.repLengths.reset()
}

func (l *lengths) reset() {
	l.choice, l.choice2 = probStart, probStart
	for i := range l.low {
		fill(l.low[i][:])
		fill(l.mid[i][:])
	}
	fill(l.high[:])
}

func fill(p []prob) {
	for i := range p {
		p[i] = probStart
	}
}

// literal is the model of a literal at pos behind the byte before.
func (m *model) literal(pos uint32, before byte) []prob {
	low := pos & (1<<m.lp - 1)
	i := literalProbs * (int(low)<<m.lc + int(before>>(8-m.lc)))
	return m.literals[i : i+literalProbs]
}

func (m *model) posState(pos uint32) uint32 { return pos & (1<<m.pb - 1) }

// The state behind what was coded last.
func (m *model) afterLiteral() {
	switch {
	case m.state < 4:
		m.state = 0
	case m.state < 10:
		m.state -= 3
	default:
		m.state -= 6
	}
}

func (m *model) afterMatch()    { m.after(7, 10) }
func (m *model) afterRep()      { m.after(8, 11) }
func (m *model) afterShortRep() { m.after(9, 11) }

func (m *model) after(literal, other int) {
	if m.state < literalStates {
		m.state = literal
	} else {
		m.state = other
	}
}

// use moves the distance i of the last ones to the front.
func (m *model) use(i int) {
	rep := m.reps[i]
	copy(m.reps[1:i+1], m.reps[:i])
	m.reps[0] = rep
}

// push puts a new distance to the front.
func (m *model) push(distance uint32) {
	copy(m.reps[1:], m.reps[:])
	m.reps[0] = distance
}

// lenState is the index of the slot model for a length.
func lenState(length int) int { return min(length-minMatch, lenStates-1) }
