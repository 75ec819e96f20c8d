package xz

import (
	"encoding/binary"
	"io"
)

// rangeDecoder decodes bits from a chunk.
type rangeDecoder struct {
	in    []byte
	at    int
	code  uint32
	width uint32
}

// startBytes is what stands before the first bit.
const startBytes = 5

func (d *rangeDecoder) start(chunk []byte) bool {
	if len(chunk) < startBytes || chunk[0] != 0 {
		return false
	}
	*d = rangeDecoder{chunk, startBytes, binary.BigEndian.Uint32(chunk[1:]), 1<<32 - 1}
	return true
}

func (d *rangeDecoder) normalize() {
	if d.width >= rangeTop {
		return
	}
	d.width <<= 8
	d.code <<= 8
	if d.at < len(d.in) {
		d.code |= uint32(d.in[d.at])
	}
	d.at++
}

// bad reports that more was decoded than the chunk holds.
func (d *rangeDecoder) bad() bool { return d.at > len(d.in) }

func (d *rangeDecoder) bit(p *prob) uint32 {
	bound := d.width >> probBits * uint32(*p)
	if d.code < bound {
		d.width = bound
		*p += (1<<probBits - *p) >> probMove
		d.normalize()
		return 0
	}
	d.width -= bound
	d.code -= bound
	*p -= *p >> probMove
	d.normalize()
	return 1
}

// tree decodes bits, the high one first.
func (d *rangeDecoder) tree(p []prob, bits int) uint32 {
	v := uint32(1)
	for range bits {
		v = v<<1 | d.bit(&p[v])
	}
	return v - 1<<bits
}

// reverse decodes bits, the low one first.
func (d *rangeDecoder) reverse(p []prob, bits int) uint32 {
	v, node := uint32(0), uint32(1)
	for i := range bits {
		b := d.bit(&p[node])
		node = node<<1 | b
		v |= b << i
	}
	return v
}

// plain decodes bits without a model.
func (d *rangeDecoder) plain(bits int) uint32 {
	v := uint32(0)
	for range bits {
		d.width >>= 1
		b := uint32(0)
		if d.code >= d.width {
			d.code -= d.width
			b = 1
		}
		v = v<<1 | b
		d.normalize()
	}
	return v
}

func (d *rangeDecoder) length(l *lengths, posState uint32) int {
	switch {
	case d.bit(&l.choice) == 0:
		return minMatch + int(d.tree(l.low[posState][:], 3))
	case d.bit(&l.choice2) == 0:
		return minMatch + 8 + int(d.tree(l.mid[posState][:], 3))
	}
	return minMatch + 16 + int(d.tree(l.high[:], 8))
}

func (d *rangeDecoder) distance(m *model, length int) uint32 {
	slot := d.tree(m.slots[lenState(length)][:], slotBits)
	if slot < modelledFrom {
		return slot
	}
	bits := int(slot>>1 - 1)
	base := (2 | slot&1) << bits
	if slot < modelledTo {
		return base + d.reverse(m.special[slot][:], bits)
	}
	return base + d.plain(bits-alignBits)<<alignBits + d.reverse(m.align[:], alignBits)
}

// window is what was decoded last, as far back as a distance may reach. It is a ring
// when it has grown to its limit.
type window struct {
	data  []byte
	limit int
	at    int    // where the next byte goes
	total uint32 // bytes since the start, as positions count
	full  bool
	out   int // the first byte that nobody read
}

const windowStart = 64 << 10

func (w *window) reset(limit int) {
	if len(w.data) > limit || w.data == nil {
		w.data = make([]byte, min(limit, windowStart))
	}
	w.limit, w.at, w.total, w.full, w.out = limit, 0, 0, false, 0
}

// room makes sure of room for a byte, and returns how many there is room for before
// the ring begins anew.
func (w *window) room() int {
	if w.at == len(w.data) {
		if len(w.data) < w.limit {
			grown := make([]byte, min(2*len(w.data), w.limit))
			copy(grown, w.data)
			w.data = grown
		} else {
			w.at, w.out, w.full = 0, 0, true
		}
	}
	return len(w.data) - w.at
}

func (w *window) put(b byte) {
	w.data[w.at] = b
	w.at++
	w.total++
}

// back is the byte that distance stands before the next one, less one.
func (w *window) back(distance uint32) byte {
	i := w.at - 1 - int(distance)
	if i < 0 {
		i += len(w.data)
	}
	return w.data[i]
}

// holds reports whether a distance reaches what there is.
func (w *window) holds(distance uint32) bool {
	return uint64(distance) < uint64(w.at) || w.full && uint64(distance) < uint64(len(w.data))
}

// before is the last byte, 0 at the start.
func (w *window) before() byte {
	if w.at == 0 && !w.full {
		return 0
	}
	return w.back(0)
}

// decoder decodes the chunks of LZMA2.
type decoder struct {
	r       io.Reader
	m       model
	rc      rangeDecoder
	w       window
	dict    int
	buf     []byte
	left    int  // of the chunk, in bytes that come out
	raw     bool // the chunk is not compressed
	copying int  // left of a match
	ready   bool // the window was reset, and props once given
	known   bool
	done    bool
}

// Controls of chunks.
const (
	chunkEnd      = 0
	chunkRawReset = 1
	chunkRaw      = 2
	chunkLZMA     = 0x80
	chunkState    = 0x20 // and above: the model is reset
	chunkProps    = 0x40
	chunkReset    = 0x60
)

// Read decodes; the error is ErrData for what is damaged.
func (d *decoder) Read(p []byte) (int, error) {
	for d.w.out == d.w.at {
		if d.left == 0 {
			if err := d.next(); err != nil {
				return 0, err
			}
			continue
		}
		if err := d.decode(d.w.room()); err != nil {
			return 0, err
		}
	}
	n := copy(p, d.w.data[d.w.out:d.w.at])
	d.w.out += n
	return n, nil
}

// next reads the head of a chunk, and its data.
func (d *decoder) next() error {
	var head [6]byte
	if d.done {
		return io.EOF
	}
	if err := readFull(d.r, head[:1]); err != nil {
		return err
	}
	switch control := head[0]; {
	case control == chunkEnd:
		d.done = true
		return io.EOF
	case control >= chunkLZMA:
		return d.nextLZMA(int(control), head[:])
	case control > chunkRaw:
		return ErrData
	case control == chunkRawReset:
		d.w.reset(d.dict)
		d.ready, d.known = true, false
	case !d.ready:
		return ErrData
	}
	if err := readFull(d.r, head[:2]); err != nil {
		return err
	}
	d.raw, d.left = true, int(binary.BigEndian.Uint16(head[:]))+1
	return nil
}

func (d *decoder) nextLZMA(control int, head []byte) error {
	reset := control & chunkReset
	if reset == chunkReset {
		d.w.reset(d.dict)
		d.ready = true
	}
	if !d.ready || reset < chunkProps && !d.known {
		return ErrData
	}
	n := 4
	if reset >= chunkProps {
		n = 5
	}
	if err := readFull(d.r, head[:n]); err != nil {
		return err
	}
	d.raw, d.left = false, (control&0x1f)<<16+int(binary.BigEndian.Uint16(head))+1
	switch {
	case reset >= chunkProps:
		p, ok := parseProps(head[4])
		if !ok {
			return ErrData
		}
		d.known = true
		d.m.reset(p)
	case reset >= chunkState:
		d.m.reset(d.m.props)
	}
	d.buf = append(d.buf[:0], make([]byte, int(binary.BigEndian.Uint16(head[2:]))+1)...)
	if err := readFull(d.r, d.buf); err != nil {
		return err
	}
	if !d.rc.start(d.buf) {
		return ErrData
	}
	return nil
}

// decode decodes at most room bytes of the chunk into the window.
func (d *decoder) decode(room int) error {
	n := min(room, d.left)
	if d.raw {
		err := readFull(d.r, d.w.data[d.w.at:d.w.at+n])
		d.w.at += n
		d.w.total += uint32(n)
		d.left -= n
		return err
	}
	for end := d.w.at + n; d.w.at < end; {
		if d.copying == 0 && !d.symbol() || d.rc.bad() {
			return ErrData
		}
		for d.copying > 0 && d.w.at < end {
			d.w.put(d.w.back(d.m.reps[0]))
			d.copying--
		}
	}
	if d.left -= n; d.left == 0 && (d.copying > 0 || d.rc.at != len(d.rc.in) || d.rc.code != 0) {
		return ErrData
	}
	return nil
}

// symbol decodes a literal, or the start of a match into copying.
func (d *decoder) symbol() bool {
	m, rc := &d.m, &d.rc
	pos := m.posState(d.w.total)
	if rc.bit(&m.isMatch[m.state][pos]) == 0 {
		return d.literal()
	}
	if rc.bit(&m.isRep[m.state]) == 0 {
		d.copying = rc.length(&m.matchLengths, pos)
		m.push(rc.distance(m, d.copying))
		m.afterMatch()
		return d.w.holds(m.reps[0])
	}
	switch {
	case rc.bit(&m.isRep0[m.state]) == 0:
		if rc.bit(&m.isRep0Long[m.state][pos]) == 0 {
			m.afterShortRep()
			d.copying = 1
			return d.w.holds(m.reps[0])
		}
	case rc.bit(&m.isRep1[m.state]) == 0:
		m.use(1)
	case rc.bit(&m.isRep2[m.state]) == 0:
		m.use(2)
	default:
		m.use(3)
	}
	d.copying = rc.length(&m.repLengths, pos)
	m.afterRep()
	return d.w.holds(m.reps[0])
}

func (d *decoder) literal() bool {
	m, rc := &d.m, &d.rc
	p := m.literal(d.w.total, d.w.before())
	v := uint32(1)
	if m.state >= literalStates {
		if !d.w.holds(m.reps[0]) {
			return false
		}
		for match := uint32(d.w.back(m.reps[0])); v < 0x100; {
			match <<= 1
			hint := match & 0x100
			b := rc.bit(&p[0x100+hint+v])
			v = v<<1 | b
			if hint>>8 != b {
				break
			}
		}
	}
	for v < 0x100 {
		v = v<<1 | rc.bit(&p[v])
	}
	d.w.put(byte(v))
	m.afterLiteral()
	return true
}

// readFull reads all of p; the end of the stream is unexpected.
func readFull(r io.Reader, p []byte) error {
	_, err := io.ReadFull(r, p)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return err
}
