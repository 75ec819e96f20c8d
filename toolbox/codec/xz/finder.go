package xz

import "encoding/binary"

// finder finds matches in buf by chains of places whose four bytes hash alike.
type finder struct {
	buf    []byte
	window int // how far back a match may be
	depth  int // how many places are looked at
	nice   int // a match of this length is good enough
	heads  []int32
	chain  []int32
	filled int // places before this are in the chains
}

const (
	hashBits = 16
	hashSize = 4
)

func (f *finder) hash(at int) uint32 {
	return binary.LittleEndian.Uint32(f.buf[at:]) * 2654435761 >> (32 - hashBits)
}

// fill puts the places up to at, and not at itself, into the chains.
func (f *finder) fill(at int) {
	if f.heads == nil {
		f.heads = make([]int32, 1<<hashBits)
		for i := range f.heads {
			f.heads[i] = -1
		}
	}
	for end := min(at, len(f.buf)-hashSize+1); f.filled < end; f.filled++ {
		h := f.hash(f.filled)
		f.chain = append(f.chain, f.heads[h])
		f.heads[h] = int32(f.filled)
	}
}

// common is how many bytes at a and at b are the same, most at most.
func (f *finder) common(a, b, most int) int {
	n := 0
	for n < most && f.buf[a+n] == f.buf[b+n] {
		n++
	}
	return n
}

// find finds the longest match for what stands at; distance is less one. The length is
// 0 where there is none.
func (f *finder) find(at int) (length int, distance uint32) {
	f.fill(at)
	most := min(len(f.buf)-at, maxMatch)
	if most < hashSize {
		return 0, 0
	}
	best := hashSize - 1
	next := f.heads[f.hash(at)]
	for range f.depth {
		if next < 0 || at-int(next) > f.window {
			break
		}
		from := int(next)
		if f.buf[from+best] == f.buf[at+best] {
			if n := f.common(from, at, most); n > best {
				best, length, distance = n, n, uint32(at-from-1)
				if n >= f.nice || n == most {
					break
				}
			}
		}
		next = f.chain[from]
	}
	return length, distance
}

// drop forgets the first n bytes of buf.
func (f *finder) drop(n int) {
	f.fill(n)
	f.buf = f.buf[:copy(f.buf, f.buf[n:])]
	f.filled -= n
	f.chain = f.chain[:copy(f.chain, f.chain[n:])]
	for _, places := range [][]int32{f.heads, f.chain} {
		for i, p := range places {
			places[i] = max(p-int32(n), -1)
		}
	}
}
