package xz

import "math/bits"

// rangeEncoder codes bits into out.
type rangeEncoder struct {
	out   []byte
	low   uint64
	width uint32
	cache byte
	held  int // bytes that a carry may change yet
}

func (e *rangeEncoder) start() {
	*e = rangeEncoder{out: e.out[:0], width: 1<<32 - 1, held: 1}
}

func (e *rangeEncoder) shift() {
	if uint32(e.low) < 0xff<<24 || e.low>>32 != 0 {
		carry := byte(e.low >> 32)
		for b := e.cache; e.held > 0; e.held-- {
			e.out = append(e.out, b+carry)
			b = 0xff
		}
		e.cache = byte(e.low >> 24)
	}
	e.held++
	e.low = e.low & 0xffffff << 8
}

// finish writes what is held.
func (e *rangeEncoder) finish() {
	for range startBytes {
		e.shift()
	}
}

func (e *rangeEncoder) normalize() {
	for e.width < rangeTop {
		e.width <<= 8
		e.shift()
	}
}

func (e *rangeEncoder) bit(p *prob, bit uint32) {
	bound := e.width >> probBits * uint32(*p)
	if bit == 0 {
		e.width = bound
		*p += (1<<probBits - *p) >> probMove
	} else {
		e.low += uint64(bound)
		e.width -= bound
		*p -= *p >> probMove
	}
	e.normalize()
}

func (e *rangeEncoder) tree(p []prob, n int, v uint32) {
	node := uint32(1)
	for i := n - 1; i >= 0; i-- {
		bit := v >> i & 1
		e.bit(&p[node], bit)
		node = node<<1 | bit
	}
}

func (e *rangeEncoder) reverse(p []prob, n int, v uint32) {
	node := uint32(1)
	for i := range n {
		bit := v >> i & 1
		e.bit(&p[node], bit)
		node = node<<1 | bit
	}
}

func (e *rangeEncoder) plain(n int, v uint32) {
	for i := n - 1; i >= 0; i-- {
		e.width >>= 1
		e.low += uint64(e.width) * uint64(v>>i&1)
		e.normalize()
	}
}

func (e *rangeEncoder) length(l *lengths, posState uint32, length int) {
	v := uint32(length - minMatch)
	switch {
	case v < 8:
		e.bit(&l.choice, 0)
		e.tree(l.low[posState][:], 3, v)
	case v < 16:
		e.bit(&l.choice, 1)
		e.bit(&l.choice2, 0)
		e.tree(l.mid[posState][:], 3, v-8)
	default:
		e.bit(&l.choice, 1)
		e.bit(&l.choice2, 1)
		e.tree(l.high[:], 8, v-16)
	}
}

func (e *rangeEncoder) distance(m *model, length int, distance uint32) {
	slot := distance
	n := 0
	if distance >= modelledFrom {
		n = bits.Len32(distance) - 2
		slot = uint32(2*n+2) | distance>>n&1
	}
	e.tree(m.slots[lenState(length)][:], slotBits, slot)
	switch {
	case slot < modelledFrom:
	case slot < modelledTo:
		e.reverse(m.special[slot][:], n, distance&(1<<n-1))
	default:
		e.plain(n-alignBits, distance>>alignBits&(1<<(n-alignBits)-1))
		e.reverse(m.align[:], alignBits, distance&(1<<alignBits-1))
	}
}

// encoder codes the bytes of buf as LZMA.
type encoder struct {
	m  model
	rc rangeEncoder
}

// literal codes buf[at]; pos is its place in the stream.
func (e *encoder) literal(buf []byte, at int, pos uint32) {
	m := &e.m
	e.rc.bit(&m.isMatch[m.state][m.posState(pos)], 0)
	before := byte(0)
	if at > 0 {
		before = buf[at-1]
	}
	p := m.literal(pos, before)
	v, node := uint32(buf[at])|0x100, uint32(1)
	if m.state >= literalStates {
		match := uint32(buf[at-1-int(m.reps[0])])
		for i := 7; i >= 0; i-- {
			hint, bit := match>>i&1, v>>i&1
			e.rc.bit(&p[0x100+hint<<8+node], bit)
			node = node<<1 | bit
			if hint != bit {
				break
			}
		}
	}
	for node < 0x100 {
		bit := v >> (bits.LeadingZeros32(node) - 24) & 1
		e.rc.bit(&p[node], bit)
		node = node<<1 | bit
	}
	m.afterLiteral()
}

// match codes a match with a new distance, less one.
func (e *encoder) match(pos uint32, length int, distance uint32) {
	m := &e.m
	state := m.posState(pos)
	e.rc.bit(&m.isMatch[m.state][state], 1)
	e.rc.bit(&m.isRep[m.state], 0)
	e.rc.length(&m.matchLengths, state, length)
	e.rc.distance(m, length, distance)
	m.push(distance)
	m.afterMatch()
}

// rep codes a match with the last distance i; one of a byte is of the last one.
func (e *encoder) rep(pos uint32, length, i int) {
	m := &e.m
	state := m.posState(pos)
	e.rc.bit(&m.isMatch[m.state][state], 1)
	e.rc.bit(&m.isRep[m.state], 1)
	switch i {
	case 0:
		e.rc.bit(&m.isRep0[m.state], 0)
		if length == 1 {
			e.rc.bit(&m.isRep0Long[m.state][state], 0)
			m.afterShortRep()
			return
		}
		e.rc.bit(&m.isRep0Long[m.state][state], 1)
	case 1:
		e.rc.bit(&m.isRep0[m.state], 1)
		e.rc.bit(&m.isRep1[m.state], 0)
	default:
		e.rc.bit(&m.isRep0[m.state], 1)
		e.rc.bit(&m.isRep1[m.state], 1)
		e.rc.bit(&m.isRep2[m.state], uint32(i-2))
	}
	m.use(i)
	e.rc.length(&m.repLengths, state, length)
	m.afterRep()
}
