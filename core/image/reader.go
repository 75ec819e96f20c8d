package image

import (
	"math/bits"
	"unicode/utf8"
)

// reader walks over bytes that came from a stranger. The first error sticks:
// after it every read yields zero, so that a caller may look at err once per
// item instead of once per byte. A reader never allocates.
type reader struct {
	buf  []byte
	pos  int
	base int // offset of buf in the module, for messages
	err  error
}

// fail records the first thing that is wrong.
func (r *reader) fail(what string) {
	if r.err == nil {
		r.err = &VetError{Kind: Malformed, What: what, Offset: r.base + r.pos, Func: -1}
	}
	r.pos = len(r.buf)
}

func (r *reader) abort(err error) {
	if r.err == nil {
		r.err = err
	}
	r.pos = len(r.buf)
}

func (r *reader) done() bool { return r.pos >= len(r.buf) }

func (r *reader) left() int { return len(r.buf) - r.pos }

func (r *reader) byte() byte {
	if r.pos >= len(r.buf) {
		r.fail("unexpected end")
		return 0
	}
	b := r.buf[r.pos]
	r.pos++
	return b
}

// take returns the next n bytes, which alias the module.
func (r *reader) take(n uint32) []byte {
	if uint64(n) > uint64(r.left()) {
		r.fail("length out of bounds")
		return nil
	}
	b := r.buf[r.pos : r.pos+int(n) : r.pos+int(n)]
	r.pos += int(n)
	return b
}

// sub returns a reader over the next n bytes.
func (r *reader) sub(n uint32) reader {
	at := r.base + r.pos
	return reader{buf: r.take(n), base: at, err: r.err}
}

func (r *reader) u32() uint32 {
	if r.pos < len(r.buf) && r.buf[r.pos] < 0x80 {
		b := r.buf[r.pos]
		r.pos++
		return uint32(b)
	}
	return uint32(r.unsigned(32))
}

// unsigned reads a LEB128 number of at most width bits.
func (r *reader) unsigned(width uint) uint64 {
	var v uint64
	for shift := uint(0); ; shift += 7 {
		b := r.byte()
		if r.err != nil {
			return 0
		}
		if shift+7 > width && b >= 1<<(width-shift) {
			r.fail(tooLong(b))
			return 0
		}
		v |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return v
		}
	}
}

// signed reads a signed LEB128 number of at most width bits.
func (r *reader) signed(width uint) int64 {
	if r.pos < len(r.buf) && r.buf[r.pos] < 0x80 {
		b := r.buf[r.pos]
		r.pos++
		return int64(int8(b<<1)) >> 1
	}
	var v int64
	for shift := uint(0); ; shift += 7 {
		b := r.byte()
		if r.err != nil {
			return 0
		}
		if shift+7 > width && !signFits(b, width-shift) {
			r.fail(tooLong(b))
			return 0
		}
		v |= int64(b&0x7f) << shift
		if b < 0x80 {
			return v << (64 - min(64, shift+7)) >> (64 - min(64, shift+7))
		}
	}
}

// signFits reports whether the last byte of a signed number holds no more than n
// bits: the others must repeat the sign.
func signFits(b byte, n uint) bool {
	rest := int8(b<<1) >> n
	return b < 0x80 && (rest == 0 || rest == -1)
}

func tooLong(b byte) string {
	if b >= 0x80 {
		return "integer representation too long"
	}
	return "integer too large"
}

// count reads the length of a vector. Each item takes at least a byte, so a
// count beyond what is left is a lie.
func (r *reader) count() uint32 {
	n := r.u32()
	if uint64(n) > uint64(r.left()) {
		r.fail("vector longer than its section")
		return 0
	}
	return n
}

func (r *reader) name() string {
	b := r.take(r.u32())
	if !utf8.Valid(b) {
		r.fail("name is not UTF-8")
	}
	return string(b)
}

// appendU32 appends n as unsigned LEB128, in the fewest bytes.
func appendU32(b []byte, n uint32) []byte {
	for n >= 0x80 {
		b = append(b, byte(n)|0x80)
		n >>= 7
	}
	return append(b, byte(n))
}

// appendS64 appends n as signed LEB128, in the fewest bytes.
func appendS64(b []byte, n int64) []byte {
	for n < -64 || n > 63 {
		b = append(b, byte(n)|0x80)
		n >>= 7
	}
	return append(b, byte(n)&0x7f)
}

// sizeU32 is how many bytes appendU32 appends.
func sizeU32(n uint32) int { return (bits.Len32(n|1) + 6) / 7 }

func appendName(b []byte, s string) []byte {
	return append(appendU32(b, uint32(len(s))), s...)
}

func appendBytes(b, p []byte) []byte {
	return append(appendU32(b, uint32(len(p))), p...)
}
