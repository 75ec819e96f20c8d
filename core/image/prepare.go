package image

// Prepared is a module in the parts that an engine wants: the code, and what
// memory and globals start with.
type Prepared struct {
	// Module is the module without its active data segments.
	Module []byte
	// Stub is the stub of Module (see Stub).
	Stub []byte
	// Memory is what the memory starts with, up to the last byte that is not
	// zero; nil without a memory of its own.
	Memory []byte
	// HasMemory says whether the module has a memory of its own, and Pages how
	// large it is at first, in pages of 64 KiB.
	HasMemory bool
	Pages     uint32
	// Globals are the mutable globals that a reset has to set; nil if an
	// instance can't be reset by memory and globals alone.
	Globals []Global
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
		start, err := m.Split()
		if err != nil {
			return nil, err
		}
		p.Memory, p.Pages = start.Bytes(), start.Pages
	}
	p.Module = m.Encode()
	var err error
	p.Stub, err = Stub(p.Module, m.limits)
	return p, err
}
