// Package blake2b is the hash function BLAKE2b (RFC 7693), without a key.
package blake2b

import (
	"encoding/binary"
	"hash"
	"math/bits"
)

// Size is the length of the usual sum in bytes.
const Size = 64

const blockSize = 128

var iv = [8]uint64{0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
	0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179}

// order is the order of the words of a block in each round.
var order = [10][16]byte{
	{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
	{14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
	{11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
	{7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
	{9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
	{2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
	{12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
	{13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
	{6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
	{10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
}

type digest struct {
	size int
	h    [8]uint64
	n    uint64 // bytes of the blocks before
	buf  [blockSize]byte
	used int
}

// New makes a hash whose sum has size bytes, 1 to 64.
func New(size int) hash.Hash {
	d := &digest{size: size}
	d.Reset()
	return d
}

func (d *digest) Size() int      { return d.size }
func (d *digest) BlockSize() int { return blockSize }

func (d *digest) Reset() {
	d.h, d.n, d.used = iv, 0, 0
	d.h[0] ^= 0x01010000 ^ uint64(d.size)
}

// Write adds p. A full block waits: the last one is treated in its own way.
func (d *digest) Write(p []byte) (int, error) {
	all := len(p)
	for len(p) > 0 {
		if d.used == blockSize {
			d.n += blockSize
			d.block(0)
			d.used = 0
		}
		n := copy(d.buf[d.used:], p)
		d.used += n
		p = p[n:]
	}
	return all, nil
}

func (d *digest) Sum(b []byte) []byte {
	c := *d
	clear(c.buf[c.used:])
	c.n += uint64(c.used)
	c.block(^uint64(0))
	var out [Size]byte
	for i, v := range c.h {
		binary.LittleEndian.PutUint64(out[8*i:], v)
	}
	return append(b, out[:d.size]...)
}

// block mixes the block in; last is all ones for the last one.
func (d *digest) block(last uint64) {
	var m, v [16]uint64
	for i := range m {
		m[i] = binary.LittleEndian.Uint64(d.buf[8*i:])
	}
	copy(v[:], d.h[:])
	copy(v[8:], iv[:])
	v[12] ^= d.n
	v[14] ^= last
	for round := range 12 {
		s := &order[round%10]
		for i := range 4 {
			mix(&v, i, 4+i, 8+i, 12+i, m[s[2*i]], m[s[2*i+1]])
		}
		for i := range 4 {
			mix(&v, i, 4+(i+1)%4, 8+(i+2)%4, 12+(i+3)%4, m[s[8+2*i]], m[s[9+2*i]])
		}
	}
	for i := range d.h {
		d.h[i] ^= v[i] ^ v[i+8]
	}
}

func mix(v *[16]uint64, a, b, c, d int, x, y uint64) {
	v[a] += v[b] + x
	v[d] = bits.RotateLeft64(v[d]^v[a], -32)
	v[c] += v[d]
	v[b] = bits.RotateLeft64(v[b]^v[c], -24)
	v[a] += v[b] + y
	v[d] = bits.RotateLeft64(v[d]^v[a], -16)
	v[c] += v[d]
	v[b] = bits.RotateLeft64(v[b]^v[c], -63)
}
