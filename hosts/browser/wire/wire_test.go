package wire

import (
	"errors"
	"math"
	"slices"
	"testing"
)

// write and read are the two halves of every kind of value.
func write(w *Writer) {
	w.Uint(math.MaxUint32)
	w.Float(1<<53 - 1)
	w.Bytes([]byte{0, 255})
	w.String("Grüße")
	w.Strings([]string{"", "a", "b c"})
	w.Strings(nil)
}

func TestRoundTrip(t *testing.T) {
	var w Writer
	w.String("taken back")
	w.Reset()
	write(&w)
	r := NewReader(w.Message())
	if n, f := r.Uint(), r.Float(); n != math.MaxUint32 || f != 1<<53-1 {
		t.Errorf("numbers are %d, %v", n, f)
	}
	if b, s := r.Bytes(), r.String(); string(b) != "\x00\xff" || s != "Grüße" {
		t.Errorf("bytes %x, text %q", b, s)
	}
	if list, none := r.Strings(), r.Strings(); !slices.Equal(list, []string{"", "a", "b c"}) || len(none) != 0 {
		t.Errorf("lists %q, %q", list, none)
	}
	if r.Err() != nil {
		t.Error(r.Err())
	}
	if r.Uint(); !errors.Is(r.Err(), ErrShort) {
		t.Errorf("behind the end: %v", r.Err())
	}
}

// Every cut of a message is an error, and none a panic.
func TestShort(t *testing.T) {
	var w Writer
	write(&w)
	for n := range w.Message() {
		if r := read(w.Message()[:n]); r.Err() == nil {
			t.Errorf("%d bytes were enough", n)
		}
	}
}

func read(data []byte) *Reader {
	r := NewReader(data)
	r.Uint()
	r.Float()
	r.Bytes()
	_ = r.String()
	r.Strings()
	r.Strings()
	return r
}

func FuzzReader(f *testing.F) {
	var w Writer
	write(&w)
	f.Add(w.Message())
	f.Add([]byte{1, 2, 3, 4, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255})
	f.Fuzz(func(_ *testing.T, data []byte) { read(data) })
}
