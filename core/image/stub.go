package image

import "crypto/sha256"

// SourceSection is the custom section of a stub: the SHA-256 of the module that
// it stands for.
const SourceSection = "agentsandbox.source"

// Stub returns a module with the same types, imports, exports, tables, elements,
// globals and memory as wasm, but all its functions trap and its memory is empty: small,
// quick to validate, and telling which module it stands for.
func Stub(wasm []byte, limits Limits) ([]byte, error) {
	m, err := Parse(wasm, limits)
	if err != nil {
		return nil, err
	}
	return m.stub(sha256.Sum256(wasm)), nil
}

// stub turns the module into the stub of what has that sum, and encodes it.
func (m *Module) stub(sum [sha256.Size]byte) []byte {
	for i := range m.funcs {
		f := &m.funcs[i]
		f.groups, f.decls, f.code = 0, nil, []byte{opUnreachable, opEnd}
	}
	m.usesSegments = false
	m.setData(nil)
	m.customs = nil
	m.SetCustom(SourceSection, sum[:])
	return m.Encode()
}
