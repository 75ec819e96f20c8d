package sandboxabi

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"syscall"
	"unsafe"
)

//go:wasmimport sandbox __sandbox_fetch_open
//go:noescape
func sandboxFetchOpen(req unsafe.Pointer, n uint32) int32

//go:wasmimport sandbox __sandbox_fetch_response_len
func sandboxFetchResponseLen() int32

//go:wasmimport sandbox __sandbox_fetch_response_read
//go:noescape
func sandboxFetchResponseRead(buf unsafe.Pointer, n uint32) int32

// Fetch is tool.Exec.Fetch by the host's functions. While a Read waits, other
// goroutines run.
func Fetch(_ context.Context, req []byte) (io.ReadCloser, error) {
	if len(req) == 0 {
		return nil, errors.New("an empty request")
	}
	fd := sandboxFetchOpen(unsafe.Pointer(unsafe.SliceData(req)), uint32(len(req)))
	if fd < 0 {
		why, err := response()
		return io.NopCloser(bytes.NewReader(why)), err
	}
	if err := syscall.SetNonblock(int(fd), true); err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), "fetch"), nil
}

// response is what the host says instead of making a request.
func response() ([]byte, error) {
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
