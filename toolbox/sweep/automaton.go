package sweep

import "unsafe"

// Automaton is a table that is walked along a text. A state is the offset of its row
// in bytes, and Classes has the offset in the row for each byte, in bytes: an entry is
// four.
type Automaton struct {
	Trans   []uint32
	Classes [256]uint16
}

// Stop is what entries that are no plain transitions are not below.
const Stop = 1 << 30

// Walk follows plain transitions from state s as far as they lead, and returns the
// state then and how much of text that was.
//
// The states and classes are not checked against the table: that each entry below
// Stop is a row of it is up to who builds it.
func (a *Automaton) Walk(s uint32, text []byte) (to uint32, n int) {
	return walk(unsafe.SliceData(a.Trans), &a.Classes, s, text)
}

func walkGeneric(trans *uint32, classes *[256]uint16, s uint32, text []byte) (uint32, int) {
	for i, c := range text {
		t := *(*uint32)(unsafe.Add(unsafe.Pointer(trans), s+uint32(classes[c])))
		if t >= Stop {
			return s, i
		}
		s = t
	}
	return s, len(text)
}
