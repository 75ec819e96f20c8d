package sweep

import (
	"encoding/binary"
	"math/bits"
)

// The loops in plain Go. What they do not finish their callers do, byte by byte.

// zeros has the high bit set of each byte of x that is 0, and of no other.
func zeros(x uint64) uint64 {
	const rest = ^uint64(highs)
	return ^((x&rest + rest) | x | rest)
}

func countGeneric(b []byte, c byte) (n int) {
	for ; len(b) >= 8; b = b[8:] {
		n += bits.OnesCount64(zeros(binary.LittleEndian.Uint64(b) ^ lows*uint64(c)))
	}
	for _, x := range b {
		if x == c {
			n++
		}
	}
	return n
}

func indexPairGeneric(b []byte, gap int, a, am, z, zm uint64) int {
	i := 0
	for ; i+gap+8 <= len(b); i += 8 {
		x := binary.LittleEndian.Uint64(b[i:])&am ^ a | binary.LittleEndian.Uint64(b[i+gap:])&zm ^ z
		if m := zeros(x); m != 0 {
			return i + bits.TrailingZeros64(m)/8
		}
	}
	return ^i
}

// classify tells the bytes of eight: those that print, those that are white space
// and those that end a line, by the high bit of each. ok is false if there are others.
func classify(x uint64) (prints, newlines uint64, ok bool) {
	prints = (x + 0x5f*lows) &^ (x + 0x01*lows) & highs
	space := (x+0x77*lows)&^(x+0x72*lows) | (x+0x60*lows)&^(x+0x5f*lows)
	newlines = (x + 0x76*lows) &^ (x + 0x75*lows) & highs
	return prints, newlines, (prints|space)&^x&highs == highs
}

func (w *Words) countGeneric(b []byte) (n int) {
	within := uint64(0)
	if w.Within {
		within = 0x80
	}
	for ; len(b)-n >= 8; n += 8 {
		prints, newlines, ok := classify(binary.LittleEndian.Uint64(b[n:]))
		if !ok {
			break
		}
		w.Words += bits.OnesCount64(prints &^ (prints<<8 | within))
		w.Lines += bits.OnesCount64(newlines)
		within = prints >> 56
	}
	w.Within = within != 0
	return n
}
