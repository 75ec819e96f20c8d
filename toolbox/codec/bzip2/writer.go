package bzip2

import (
	"hash/crc32"
	"io"
	"math/bits"
)

// Writer compresses a stream as one bzip2 member.
type Writer struct {
	w      bitWriter
	block  []byte // after the first run-length coding
	limit  int
	level  int
	last   int // the byte of the run that is open, -1 for none
	run    int // its length
	crc    uint32
	table  [256]uint32
	sum    uint32 // of the blocks before
	opened bool
	sorter sorter
}

// NewWriter compresses to w; level is 1 to 9, hundreds of kilobytes of a block,
// or 0 for 9.
func NewWriter(w io.Writer, level int) *Writer {
	if level == 0 {
		level = 9
	}
	z := &Writer{w: bitWriter{w: w}, level: level, limit: level*100_000 - 19, last: -1, crc: ^uint32(0)}
	for i := range z.table {
		// The checksum of this format goes from the high bit down.
		z.table[i] = bits.Reverse32(crc32.IEEETable[bits.Reverse8(uint8(i))])
	}
	return z
}

// maxRun is the longest run that the first coding takes as one.
const maxRun = 255

// Write compresses p.
func (w *Writer) Write(p []byte) (int, error) {
	for i, c := range p {
		if int(c) == w.last && w.run < maxRun {
			w.run++
		} else {
			w.endRun()
			if len(w.block) >= w.limit {
				if err := w.flush(); err != nil {
					return i, err
				}
			}
			w.last, w.run = int(c), 1
		}
		w.crc = w.crc<<8 ^ w.table[byte(w.crc>>24)^c]
	}
	return len(p), w.w.err
}

// endRun writes the open run: up to four of the byte, then how many more.
func (w *Writer) endRun() {
	if w.last < 0 {
		return
	}
	c := byte(w.last)
	for range min(w.run, 4) {
		w.block = append(w.block, c)
	}
	if w.run >= 4 {
		w.block = append(w.block, byte(w.run-4))
	}
	w.last, w.run = -1, 0
}

// Close writes what is left and the end of the stream; it does not close the
// writer below.
func (w *Writer) Close() error {
	w.endRun()
	if err := w.flush(); err != nil {
		return err
	}
	w.open()
	w.w.write(24, 0x177245)
	w.w.write(24, 0x385090)
	w.w.write(32, uint64(w.sum))
	return w.w.close()
}

func (w *Writer) open() {
	if !w.opened {
		w.opened = true
		w.w.write(24, 'B'<<16|'Z'<<8|'h')
		w.w.write(8, uint64('0'+w.level))
	}
}

// flush writes the block.
func (w *Writer) flush() error {
	if len(w.block) == 0 {
		return w.w.err
	}
	w.open()
	crc := ^w.crc
	w.sum = bits.RotateLeft32(w.sum, 1) ^ crc
	w.w.write(24, 0x314159)
	w.w.write(24, 0x265359)
	w.w.write(32, uint64(crc))
	w.w.write(1, 0)
	last, start := w.sorter.transform(w.block)
	w.w.write(24, uint64(start))
	encode(&w.w, last)
	w.block, w.crc = w.block[:0], ^uint32(0)
	return w.w.err
}

// bitWriter writes bits, the high ones first.
type bitWriter struct {
	w   io.Writer
	acc uint64
	n   uint
	buf []byte
	err error
}

// write writes the low n bits of v; n is at most 32.
func (b *bitWriter) write(n uint, v uint64) {
	b.acc = b.acc<<n | v
	b.n += n
	for b.n >= 8 {
		b.n -= 8
		b.buf = append(b.buf, byte(b.acc>>b.n))
	}
	if len(b.buf) >= 4096 {
		b.drain()
	}
}

func (b *bitWriter) drain() {
	if b.err == nil {
		_, b.err = b.w.Write(b.buf)
	}
	b.buf = b.buf[:0]
}

func (b *bitWriter) close() error {
	if b.n > 0 {
		b.write(8-b.n, 0)
	}
	b.drain()
	return b.err
}
