package sandboxabi

import (
	"context"
	"errors"
	"unsafe"
)

//go:wasmimport sandbox __sandbox_fetch
//go:noescape
func sandboxFetch(req unsafe.Pointer, n uint32) int32

//go:wasmimport sandbox __sandbox_fetch_response_len
func sandboxFetchResponseLen() int32

//go:wasmimport sandbox __sandbox_fetch_response_read
//go:noescape
func sandboxFetchResponseRead(buf unsafe.Pointer, n uint32) int32

// Fetch is tool.Exec.Fetch by the host's functions. It blocks the whole guest;
// the host ends it with the command's own limit of time.
func Fetch(_ context.Context, req []byte) ([]byte, error) {
	if len(req) == 0 {
		return nil, errors.New("an empty request")
	}
	sandboxFetch(unsafe.Pointer(unsafe.SliceData(req)), uint32(len(req)))
	n := sandboxFetchResponseLen()
	if n <= 0 {
		return nil, errors.New("the host does not take the request")
	}
	resp := make([]byte, n)
	if got := sandboxFetchResponseRead(unsafe.Pointer(unsafe.SliceData(resp)), uint32(n)); got != n {
		return nil, errors.New("the host's answer is cut short")
	}
	return resp, nil
}
