package sweep

import (
	"bytes"
	"testing"
)

// BenchmarkSweep measures each loop over a block of lines.
func BenchmarkSweep(b *testing.B) {
	text := bytes.Repeat([]byte("10.0.1.17 - user18 [00:00:00] INFO /index.html 300 9664 TODO95\n"), 2048)
	var set, same Table
	set['E'], set['Q'] = 1, 1
	for i := range same {
		same[i] = byte(i)
	}
	needle := NewNeedle([]byte("ERROR"), nil)
	dst := make([]byte, len(text))
	line := string(text[:62])
	var places []int32
	var loop Automaton
	loop.Trans = make([]uint32, 8)
	loop.Trans[1] = 16
	for c := range loop.Classes {
		loop.Classes[c] = uint16(c & 1 * 4)
	}
	for _, bench := range []struct {
		name string
		run  func()
	}{
		{"count", func() { Count(text, '\n') }},
		{"needle", func() { needle.Index(text) }},
		{"table", func() { set.Index(text) }},
		{"map", func() { same.Map(dst, text) }},
		{"words", func() { new(Words).Count(text) }},
		{"wordsGeneric", func() { new(Words).countGeneric(text) }},
		{"walk", func() { loop.Walk(0, text) }},
		{"fields", func() { places, _ = Fields(places[:0], line, 0, 1000) }},
		{"places", func() { places, _ = Places(places[:0], line, ' ', 0, 1000) }},
		{"field3", func() { places, _ = Fields(places[:0], line, 0, 6) }},
		{"byte", func() { bytes.IndexByte(text, 'Q') }},
		{"lines", func() {
			for at := 0; at < len(text); at += 1 + bytes.IndexByte(text[at:], '\n') {
			}
		}},
		{"linesBack", func() {
			for at := len(text); at > 0; at = LastIndexByte(text[:at], '\n') {
			}
		}},
		{"equal", func() { bytes.Equal(text, dst) }},
		{"compare", func() { bytes.Compare(text, dst) }},
		{"short", func() {
			for at := 0; at+6 < len(text); at += 63 {
				bytes.Equal(text[at:at+6], dst[at:at+6])
			}
		}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			copy(dst, text)
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				bench.run()
			}
		})
	}
}
