package wasifs

import "unsafe"

// Rand reads the host's random numbers, afresh each time. crypto/rand would do
// the same, and bring 32 MiB of memory for the case that the system has none.
type Rand struct{}

// Read fills p.
func (Rand) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if err := failure(randomGet(unsafe.Pointer(&p[0]), uint32(len(p)))); err != nil {
		return 0, err
	}
	return len(p), nil
}

//go:wasmimport wasi_snapshot_preview1 random_get
//go:noescape
func randomGet(buf unsafe.Pointer, n uint32) uint32
