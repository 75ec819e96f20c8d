package awk

// random is the generator that gawk uses: BSD's random(3) with 63 words of
// state, its output shuffled. A program with a seed gives the numbers it
// always gave.
type random struct {
	state       [63]uint32
	front, rear int
	shuffle     [512]uint32
	last        uint32
	seeded      bool
	seed        float64
}

const (
	randomSeparation = 1
	randomRange      = 1 << 31
	firstSeed        = 1
)

func (r *random) reset(seed uint32) {
	r.state[0] = seed
	for i := 1; i < len(r.state); i++ {
		r.state[i] = parkMiller(r.state[i-1])
	}
	r.front, r.rear = randomSeparation, 0
	for i := range r.shuffle {
		r.shuffle[i] = r.raw()
	}
	r.last = r.raw()
	for range 10 * len(r.state) {
		r.next()
	}
	r.seeded = true
}

// parkMiller is the next number of the minimal standard generator, which
// cannot start with 0.
func parkMiller(x uint32) uint32 {
	if x == 0 {
		x = 123459876
	}
	return uint32(16807 * uint64(x) % (randomRange - 1))
}

func (r *random) raw() uint32 {
	r.state[r.front] += r.state[r.rear]
	n := r.state[r.front] >> 1
	r.front = (r.front + 1) % len(r.state)
	r.rear = (r.rear + 1) % len(r.state)
	return n
}

// next returns a number of the shuffle buffer; the last one says which.
func (r *random) next() uint32 {
	at := r.last % uint32(len(r.shuffle))
	r.last = r.shuffle[at]
	r.shuffle[at] = r.raw()
	return r.last
}

// float returns a number from 0 to below 1.
func (r *random) float() float64 {
	if !r.seeded {
		r.seed = firstSeed
		r.reset(firstSeed)
	}
	for {
		low, high := float64(r.next()), float64(r.next())
		if f := 0.5 + (low/randomRange+high)/randomRange - 0.5; f != 1 {
			return f
		}
	}
}
