//go:build !wasm

package sweep

import "bytes"

func count(b []byte, c byte) int         { return bytes.Count(b, []byte{c}) }
func lastIndexByte(b []byte, c byte) int { return bytes.LastIndexByte(b, c) }

func indexPair(b []byte, gap int, a, am, z, zm uint64) int {
	return indexPairGeneric(b, gap, a, am, z, zm)
}

func skip(*Table, []byte) int                 { return 0 }
func translate(t *Table, dst, src []byte) int { return 0 }
func (w *Words) count(b []byte) int           { return w.countGeneric(b) }

func walk(trans *uint32, classes *[256]uint16, s uint32, text []byte) (uint32, int) {
	return walkGeneric(trans, classes, s, text)
}

func edges(string, []int32, bool) (n, scanned int)  { return 0, 0 }
func places(string, byte, []int32) (n, scanned int) { return 0, 0 }
