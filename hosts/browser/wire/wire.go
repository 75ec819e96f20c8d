// Package wire is how a program for JavaScript hosts and the JavaScript around
// it write values to each other: one behind the other, in an order that both know,
// little-endian. wire.mjs is its other half.
package wire

import (
	"encoding/binary"
	"errors"
	"math"
)

// ErrShort is the error of a message that ends too early.
var ErrShort = errors.New("message is too short")

// Reader reads a message. After the first error every read yields zero.
type Reader struct {
	data []byte
	err  error
}

// NewReader reads data, which the Reader's results alias.
func NewReader(data []byte) *Reader { return &Reader{data: data} }

// Err is the first error.
func (r *Reader) Err() error { return r.err }

func (r *Reader) take(n uint64) []byte {
	if r.err != nil || n > uint64(len(r.data)) {
		r.err, r.data = ErrShort, nil
		return nil
	}
	b := r.data[:n:n]
	r.data = r.data[n:]
	return b
}

// Uint reads a number of 32 bits.
func (r *Reader) Uint() uint32 {
	if b := r.take(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

// Float reads a number as JavaScript has it.
func (r *Reader) Float() float64 {
	if b := r.take(8); b != nil {
		return math.Float64frombits(binary.LittleEndian.Uint64(b))
	}
	return 0
}

// Bytes reads bytes that have their length in front.
func (r *Reader) Bytes() []byte { return r.take(uint64(r.Uint())) }

// String reads text.
func (r *Reader) String() string { return string(r.Bytes()) }

// Strings reads a list of texts.
func (r *Reader) Strings() []string {
	n := r.Uint()
	if uint64(n)*4 > uint64(len(r.data)) {
		r.take(uint64(len(r.data)) + 1)
		return nil
	}
	out := make([]string, n)
	for i := range out {
		out[i] = r.String()
	}
	return out
}

// Writer writes a message.
type Writer struct{ data []byte }

// Message is what was written.
func (w *Writer) Message() []byte { return w.data }

// Reset takes back what was written.
func (w *Writer) Reset() { w.data = w.data[:0] }

// Uint writes a number of 32 bits.
func (w *Writer) Uint(n uint32) { w.data = binary.LittleEndian.AppendUint32(w.data, n) }

// Float writes a number as JavaScript has it.
func (w *Writer) Float(f float64) {
	w.data = binary.LittleEndian.AppendUint64(w.data, math.Float64bits(f))
}

// Bytes writes bytes with their length in front.
func (w *Writer) Bytes(b []byte) {
	w.Uint(uint32(len(b)))
	w.data = append(w.data, b...)
}

// String writes text.
func (w *Writer) String(s string) {
	w.Uint(uint32(len(s)))
	w.data = append(w.data, s...)
}

// Strings writes a list of texts.
func (w *Writer) Strings(list []string) {
	w.Uint(uint32(len(list)))
	for _, s := range list {
		w.String(s)
	}
}
