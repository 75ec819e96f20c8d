package wazero

import "github.com/tetratelabs/wazero/experimental"

// linearMemory is one instance's memory: a start image, and room to grow up
// to a limit. How it is backed is the system's affair (see backing).
type linearMemory struct {
	back  backing
	size  uint64 // present size in bytes
	first uint64 // size at the start
	limit uint64 // what size may not go beyond

	refused bool // growth was denied
}

// backing is where the bytes are.
type backing interface {
	// slice returns the first size bytes, nil if there is no room.
	slice(size uint64) []byte
	// restore takes the first size bytes back to the image and zeros.
	restore(size uint64) error
	free()
}

// startImage holds what the memory of a module starts with. It is shared by
// the instances of the module.
type startImage struct {
	data []byte // up to the last byte that is set
	cow  cowImage
}

// Allocate implements experimental.MemoryAllocator: each instance has its own,
// and wazero asks once.
func (m *linearMemory) Allocate(_, _ uint64) experimental.LinearMemory { return m }

// Reallocate implements experimental.LinearMemory.
func (m *linearMemory) Reallocate(size uint64) []byte {
	if m.back == nil {
		return nil
	}
	var b []byte
	if size <= m.limit {
		b = m.back.slice(size)
	}
	if b == nil {
		m.refused = true
		return nil
	}
	if m.size == 0 {
		m.first = size
	}
	m.size = size
	return b
}

// reset takes the bytes back to the start image; false if the memory has
// grown, since it can't shrink.
func (m *linearMemory) reset() bool {
	m.refused = false
	return m.size == m.first && m.back.restore(m.size) == nil
}

// Free implements experimental.LinearMemory.
func (m *linearMemory) Free() {
	if m.back != nil {
		m.back.free()
		m.back = nil
	}
}

// heap backs a memory by a Go slice, for systems without copy-on-write
// mappings. The image is copied in.
type heap struct {
	image []byte
	buf   []byte
	limit uint64
}

func (h *heap) slice(size uint64) []byte {
	if size > h.limit {
		return nil
	}
	if h.buf == nil {
		h.buf = make([]byte, size)
		copy(h.buf, h.image)
	}
	if more := int(size) - len(h.buf); more > 0 {
		h.buf = append(h.buf, make([]byte, more)...)
	}
	return h.buf[:size]
}

func (h *heap) restore(size uint64) error {
	clear(h.buf[copy(h.buf[:size], h.image):size])
	return nil
}

func (h *heap) free() { h.buf = nil }
