package xz

import (
	"encoding/binary"
	"hash"
	"hash/crc32"
	"io"
)

// level is how hard to try.
type level struct {
	dict        byte // the size of the window, as a block's header has it
	depth, nice int
}

// levels are those of -0 to -9. The windows are those of xz, up to its usual one: a
// larger one would take the memory of the sandbox.
var levels = [...]level{
	{12, 4, 32}, {16, 8, 64}, {18, 16, 128}, {20, 24, 273}, {20, 32, 273},
	{22, 48, 273}, {22, 64, 273}, {22, 96, 273}, {22, 128, 273}, {22, 256, 273},
}

// DefaultLevel is the usual one.
const DefaultLevel = 6

// Bounds of chunks, with room for one more symbol.
const (
	chunkPacked = 64<<10 - 64
	chunkPlain  = 2<<20 - maxMatch
	rawChunk    = 64 << 10
)

// block is how much is gathered before it is compressed.
const block = 1 << 20

// Writer compresses a stream as one block.
type Writer struct {
	w     io.Writer
	check Check
	sum   hash.Hash
	level level

	f     finder
	e     encoder
	at    int    // in f.buf: what stands before is compressed
	pos   uint32 // of at, in the stream
	size  uint64
	start int64 // of the block, in written
	n     int64 // bytes written
	err   error

	opened, began, known, fresh bool // the block; its first chunk; the props; the model
}

// NewWriter compresses to w; level is 0 to 9.
func NewWriter(w io.Writer, lvl int, check Check) *Writer {
	l := levels[lvl]
	z := &Writer{w: w, check: check, sum: check.sum(), level: l}
	z.f = finder{window: (2 | int(l.dict)&1) << (l.dict/2 + 11), depth: l.depth, nice: l.nice}
	z.put(appendHeader(nil, check))
	return z
}

func (z *Writer) put(p []byte) {
	if z.err == nil {
		_, z.err = z.w.Write(p)
		z.n += int64(len(p))
	}
}

// Write compresses p.
func (z *Writer) Write(p []byte) (int, error) {
	if len(p) > 0 && !z.opened {
		z.open()
	}
	if z.sum != nil {
		z.sum.Write(p)
	}
	z.size += uint64(len(p))
	z.f.buf = append(z.f.buf, p...)
	for z.err == nil && len(z.f.buf)-z.at >= block+maxMatch {
		z.compress(len(z.f.buf) - maxMatch)
	}
	return len(p), z.err
}

// open begins the block.
func (z *Writer) open() {
	z.opened = true
	z.start = z.n
	head := []byte{2, 0, filterLZMA2, 1, z.level.dict, 0, 0, 0}
	z.put(binary.LittleEndian.AppendUint32(head, crc32.ChecksumIEEE(head)))
}

// Close ends the stream, and leaves w open.
func (z *Writer) Close() error {
	var records []record
	if z.opened {
		for z.err == nil && z.at < len(z.f.buf) {
			z.compress(len(z.f.buf))
		}
		z.put([]byte{chunkEnd})
		unpadded := z.n - z.start
		z.put(make([]byte, padding(int(unpadded&3))))
		if z.sum != nil {
			check := z.check.bytes(z.sum)
			unpadded += int64(len(check))
			z.put(check)
		}
		records = []record{{uint64(unpadded), z.size}}
	}
	index := appendIndex(nil, records)
	z.put(appendFooter(index, len(index), z.check))
	return z.err
}

// compress writes one chunk of what stands before end.
func (z *Writer) compress(end int) {
	if !z.fresh && !z.known {
		z.e.m.reset(standard)
		z.fresh = true
	}
	from := z.at
	z.e.rc.start()
	for z.at < end && z.at-from < chunkPlain && len(z.e.rc.out)+z.e.rc.held < chunkPacked {
		n := z.symbol()
		z.at += n
		z.pos += uint32(n)
	}
	z.e.rc.finish()
	if n := z.at - from; len(z.e.rc.out) < n {
		z.putLZMA(n)
	} else {
		z.putRaw(z.f.buf[from:z.at])
	}
	if z.at > 2*z.f.window+block {
		drop := z.at - z.f.window
		z.f.drop(drop)
		z.at -= drop
	}
}

func (z *Writer) putLZMA(n int) {
	control := byte(chunkLZMA)
	switch {
	case !z.began:
		control |= chunkReset
	case !z.known:
		control |= chunkProps
	case z.fresh:
		control |= chunkState
	}
	control |= byte((n - 1) >> 16)
	head := binary.BigEndian.AppendUint16([]byte{control}, uint16(n-1))
	head = binary.BigEndian.AppendUint16(head, uint16(len(z.e.rc.out)-1))
	if control&chunkProps != 0 {
		head = append(head, standard.pack())
	}
	z.put(head)
	z.put(z.e.rc.out)
	z.began, z.known, z.fresh = true, true, false
}

// putRaw writes what does not get smaller as it is. The model begins anew behind it.
func (z *Writer) putRaw(p []byte) {
	for len(p) > 0 {
		control := byte(chunkRaw)
		if !z.began {
			control = chunkRawReset
		}
		n := min(len(p), rawChunk)
		z.put(binary.BigEndian.AppendUint16([]byte{control}, uint16(n-1)))
		z.put(p[:n])
		p = p[n:]
		z.began = true
	}
	z.e.m.reset(standard)
	z.fresh = true
}

// symbol codes a literal or a match, and returns how many bytes it stands for. A match
// is put off by a byte where a longer one begins behind it.
func (z *Writer) symbol() int {
	length, i := z.repeated(z.at)
	if length >= z.f.nice {
		z.e.rep(z.pos, length, i)
		return length
	}
	found, distance := z.f.find(z.at)
	switch {
	case length >= minMatch && (length+1 >= found || length+2 >= found && distance >= 1<<9 || length+3 >= found && distance >= 1<<15):
		z.e.rep(z.pos, length, i)
		return length
	case found == 0, found == hashSize && distance > 1<<18, found < z.f.nice && z.better(found, distance):
		return z.single()
	}
	z.e.match(z.pos, found, distance)
	return found
}

// better reports whether what begins at the next byte is better than a match here.
func (z *Writer) better(found int, distance uint32) bool {
	if z.at+1 >= len(z.f.buf) {
		return false
	}
	if length, _ := z.repeated(z.at + 1); length >= found {
		return true
	}
	next, far := z.f.find(z.at + 1)
	return next > found+1 || next == found+1 && far>>7 <= distance || next == found && far < distance>>7
}

// single codes a byte, as one of the last distance where it is the same.
func (z *Writer) single() int {
	if back := z.at - 1 - int(z.e.m.reps[0]); back >= 0 && z.f.buf[back] == z.f.buf[z.at] && z.e.m.state >= literalStates {
		z.e.rep(z.pos, 1, 0)
	} else {
		z.e.literal(z.f.buf, z.at, z.pos)
	}
	return 1
}

// repeated finds the longest match with one of the last distances.
func (z *Writer) repeated(at int) (length, i int) {
	most := min(len(z.f.buf)-at, maxMatch)
	for j, rep := range z.e.m.reps {
		if back := at - 1 - int(rep); back >= 0 && int(rep) < z.f.window {
			if n := z.f.common(back, at, most); n > length {
				length, i = n, j
			}
		}
	}
	if length < minMatch {
		return 0, 0
	}
	return length, i
}
