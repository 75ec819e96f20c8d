package awk

import (
	"strings"
	"unsafe"
)

// longText is from which length on a string that grows is worth a buffer.
const longText = 256

// join joins strings. A string that grows bit by bit (s = s "x") would be
// copied each time; so the last long result keeps room behind it, and what is
// joined to it goes there. That leaves the strings before it as they are, for
// their bytes are not touched.
func (m *machine) join(parts []string) string {
	first := parts[0]
	if len(first) < longText {
		if len(parts) == 2 {
			return first + parts[1]
		}
		return strings.Join(parts, "")
	}
	if len(first) != len(m.grown) || unsafe.StringData(first) != unsafe.SliceData(m.grown) {
		m.grown = append(make([]byte, 0, 2*len(first)), first...)
	}
	for _, s := range parts[1:] {
		m.grown = append(m.grown, s...)
	}
	return unsafe.String(unsafe.SliceData(m.grown), len(m.grown))
}
