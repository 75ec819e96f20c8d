package image

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// pageSize is a WebAssembly page in bytes.
const pageSize = 65536

// Segment is a piece of a memory's initial contents.
type Segment struct {
	Offset uint32
	Bytes  []byte
}

// Start is what a memory holds before anything runs: the rest of it is zero.
type Start struct {
	Pages    uint32    // the memory's size, in pages of 64 KiB
	Segments []Segment // to be written in this order; they may overlap
}

// Bytes returns the contents up to the last byte that a segment sets.
func (s Start) Bytes() []byte {
	n := uint64(0)
	for _, g := range s.Segments {
		n = max(n, uint64(g.Offset)+uint64(len(g.Bytes)))
	}
	b := make([]byte, n)
	for _, g := range s.Segments {
		copy(b[g.Offset:], g.Bytes)
	}
	return b
}

// Split takes the memory's initial contents out of the module and returns them,
// for an engine that maps them instead of copying them. The segments alias the module.
// It fails if they do not fit into the memory, if the memory is imported, or if
// where they go depends on an import.
func (m *Module) Split() (Start, error) {
	var s Start
	if len(m.importedMemories) > 0 {
		return s, unsupported("splitting a module with an imported memory is")
	}
	if len(m.memories) > 0 {
		s.Pages = m.memories[0].min
	}
	for i := range m.data {
		d := &m.data[i]
		if d.passive {
			continue
		}
		off, err := constI32(&d.offset)
		if err != nil {
			return Start{}, err
		}
		if uint64(off)+uint64(len(d.bytes)) > uint64(s.Pages)*pageSize {
			return Start{}, invalid("data segment %d is out of bounds", i)
		}
		if len(d.bytes) > 0 {
			s.Segments = append(s.Segments, Segment{off, d.bytes})
		}
	}
	m.dropActive()
	return s, nil
}

// constI32 is the value of an offset.
func constI32(e *constExpr) (uint32, error) {
	if e.op != opI32Const {
		return 0, unsupported("a data segment whose place is not a constant is")
	}
	r := reader{buf: e.imm}
	return uint32(r.signed(32)), nil
}

// dropActive removes the active data segments. Where code refers to segments by
// number, they stay as what they are after instantiation: dropped ones, which is
// to say empty.
func (m *Module) dropActive() {
	if !m.usesSegments {
		m.setData(nil)
		return
	}
	data := make([]dataSegment, len(m.data))
	for i, d := range m.data {
		if data[i] = d; !d.passive {
			data[i] = dataSegment{passive: true}
		}
	}
	m.setData(data)
}

func (m *Module) setData(data []dataSegment) {
	m.data = data
	m.dataCount = -1
	if m.usesSegments {
		m.dataCount = int64(len(data))
	}
}

// Snapshot makes the state of a running instance the state that the module
// starts with: memory holds all its bytes, globals the values of the globals of
// ExportGlobals in their order, as bits. The start function is removed: it has run.
// The memory's bytes are not copied and must not change while the module is in use.
//
// Tables are not part of it, so a module that changes them is refused. A passive
// data segment that was dropped is there again.
func (m *Module) Snapshot(memory []byte, globals []uint64) error {
	if err := m.checkSnapshot(memory); err != nil {
		return err
	}
	mutable, err := m.mutableGlobals()
	if err != nil {
		return err
	}
	if len(mutable) != len(globals) {
		return fmt.Errorf("snapshot of %d globals, the module has %d", len(globals), len(mutable))
	}
	for i, g := range mutable {
		m.globals[int(g.Index)-len(m.importedGlobals)].init = constOf(g.Type, globals[i])
	}
	m.hasStart = false
	m.dropActive()
	if len(memory) > 0 {
		m.memories[0].min = uint32(len(memory) / pageSize)
		m.setData(append(m.data, m.runs(memory)...))
	}
	return nil
}

// Fill makes memory what the module's memory starts with, in place of its
// active data segments. The bytes are not copied and must not change while the
// module is in use.
func (m *Module) Fill(memory []byte) error {
	if len(m.memories) == 0 || uint64(len(memory)) > uint64(m.memories[0].min)*pageSize {
		return invalid("%d bytes do not fit into the memory", len(memory))
	}
	m.dropActive()
	m.setData(append(m.data, m.runs(memory)...))
	return nil
}

func (m *Module) checkSnapshot(memory []byte) error {
	switch {
	case m.changesTables:
		return unsupported("a snapshot of a module that changes its tables is")
	case len(m.importedMemories) > 0 || len(m.importedTables) > 0:
		return unsupported("a snapshot of a module with an imported memory or table is")
	case len(memory)%pageSize != 0:
		return errors.New("snapshot of a memory that is not whole pages")
	case len(memory) > 0 && len(m.memories) == 0:
		return errors.New("snapshot of a memory, the module has none")
	case len(memory) == 0 && len(m.memories) > 0 && m.memories[0].min > 0:
		return errors.New("snapshot of no memory, the module has one")
	}
	return nil
}

// runs cuts memory into segments that leave out the zeros. A gap of a few
// zeros costs less than another segment; the gap that counts grows until the
// segments are few enough.
func (m *Module) runs(memory []byte) []dataSegment {
	limit := max(1, int(m.limits.DataSegments)-len(m.data))
	for gap := 32; ; gap *= 4 {
		if runs := cut(memory, gap, limit); runs != nil || gap >= len(memory) {
			return runs
		}
	}
}

// cut returns the runs of memory that no gap of at least gap zeros interrupts,
// or nil if they are more than limit.
func cut(memory []byte, gap, limit int) []dataSegment {
	runs := []dataSegment{}
	for at := skipZeros(memory, 0); at < len(memory); {
		end, next := runEnd(memory, at, gap)
		if len(runs) == limit {
			return nil
		}
		runs = append(runs, dataSegment{offset: constOf(I32, uint64(at)), bytes: memory[at:end:end]})
		at = next
	}
	return runs
}

// runEnd finds where the run that begins at from ends, and where the next begins.
func runEnd(memory []byte, from, gap int) (end, next int) {
	for end = from; end < len(memory); {
		if memory[end] != 0 {
			end++
			continue
		}
		if next = skipZeros(memory, end); next-end >= gap || next == len(memory) {
			return end, next
		}
		end = next
	}
	return end, end
}

// skipZeros returns the offset of the first byte from at on that is not zero.
func skipZeros(memory []byte, at int) int {
	for at+8 <= len(memory) && binary.LittleEndian.Uint64(memory[at:]) == 0 {
		at += 8
	}
	for at < len(memory) && memory[at] == 0 {
		at++
	}
	return at
}
