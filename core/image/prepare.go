package image

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
)

// Prepared is a module in the parts that an engine wants: the code, and what
// memory and globals start with.
type Prepared struct {
	// Module is the module without its active data segments, its growth guarded
	// (see MaxPagesGlobal).
	Module []byte
	// HasMemory says whether the module has a memory of its own, and Start what
	// it starts with.
	HasMemory bool
	Start     Start
	// Load reads Module and Start where they are not at hand: an engine that has
	// the compiled code needs neither.
	Load func() ([]byte, Start, error)
	// Stub is the stub of Module (see Stub), but its sum is that of Module and
	// Start together.
	Stub []byte
	// Constant is how many bytes at the start of the memory the module never
	// writes, as far as it is known: an engine may leave them alone where it
	// resets an instance for the next command of who had it before.
	Constant uint32
	// Globals are the mutable globals that a reset has to set; nil if an
	// instance can't be reset by memory and globals alone.
	Globals []Global
}

// Code returns Module and Start, read if they have to be.
func (p *Prepared) Code() ([]byte, Start, error) {
	if p.Module != nil || p.Load == nil {
		return p.Module, p.Start, nil
	}
	return p.Load()
}

// Prepare takes the module apart. The module must not be used after.
func (m *Module) Prepare() (*Prepared, error) {
	p := &Prepared{HasMemory: len(m.memories) > 0}
	if !m.changesTables && !m.usesSegments {
		if globals, err := m.ExportGlobals(); err == nil {
			p.Globals = globals
		}
	}
	if p.HasMemory {
		if err := errors.Join(m.exposeMemory(), m.guardGrowth()); err != nil {
			return nil, err
		}
		start, err := m.Split()
		if err != nil {
			return nil, err
		}
		p.Start = start
	}
	p.Module = m.Encode()
	sum := sha256.New()
	_, _ = sum.Write(p.Module) // a hash takes all
	_ = p.Start.write(sum)
	p.Stub = m.stub([sha256.Size]byte(sum.Sum(nil)))
	return p, nil
}

// AppendBinary appends the contents of a memory in a compact form: the number
// of pages, and then each segment with its offset and length.
func (s Start) AppendBinary(b []byte) ([]byte, error) {
	out := bytes.NewBuffer(b)
	err := s.write(out)
	return out.Bytes(), err
}

func (s Start) write(w io.Writer) error {
	_, err := w.Write(binary.LittleEndian.AppendUint32(nil, s.Pages))
	for _, g := range s.Segments {
		head := binary.LittleEndian.AppendUint32(nil, g.Offset)
		head = binary.LittleEndian.AppendUint32(head, uint32(len(g.Bytes)))
		_, headErr := w.Write(head)
		_, bodyErr := w.Write(g.Bytes)
		err = errors.Join(err, headErr, bodyErr)
	}
	return err
}

var errStart = errors.New("start image of a memory is damaged")

// UnmarshalBinary reads what AppendBinary wrote. The segments alias b.
func (s *Start) UnmarshalBinary(b []byte) error {
	if len(b) < 4 {
		return errStart
	}
	*s = Start{Pages: binary.LittleEndian.Uint32(b)}
	for b = b[4:]; len(b) > 0; {
		if len(b) < 8 {
			return errStart
		}
		off, n := binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint32(b[4:])
		b = b[8:]
		if uint64(n) > uint64(len(b)) || uint64(off)+uint64(n) > uint64(s.Pages)*pageSize {
			return errStart
		}
		s.Segments = append(s.Segments, Segment{off, b[:n:n]})
		b = b[n:]
	}
	return nil
}
