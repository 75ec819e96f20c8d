// Package abi has the host functions of module "sandbox" by which guests reach
// the network.
//
//	__sandbox_fetch(req_ptr, req_len) -> i32
//	__sandbox_fetch_response_len() -> i32
//	__sandbox_fetch_response_read(ptr, len) -> i32
//
// A request is JSON; its answer waits in the guest's [State] until it is read.
// The first returns 0 where a response is ready (a request that failed has one
// too), -1 for a pointer, a length or JSON that is not good, and -2 where
// networking is disabled, with a response that says so. The second returns the
// length of the response, the third how much of it was copied, or -1.
//
// That is the interface of the reference, which hands over bodies whole. A body
// that is to be read as it comes is one of
//
//	__sandbox_fetch_open(req_ptr, req_len) -> i32
//
// which begins a request and returns a descriptor at once: fd_read and
// poll_oneoff wait for the answer, and fd_close ends the request. Several may be
// under way. What is read is the response's JSON without its body, on a line;
// then the body in chunks, each behind a line with its length in seven
// hexadecimal digits; then, behind a length of 0, a line of JSON with error,
// error_info, bytes_read and total. A negative number is -1 or -2 as above, with
// a response to read, or -3 where no descriptor is free.
//
// Every pointer and length is hostile: memory is touched by the engine's
// checked Read and Write alone, and nothing is allocated before its size is
// within the limits.
package abi

import (
	"context"
	"io"

	"agentsandbox/core/engine"
	"agentsandbox/core/fetch"
)

// Return codes.
const (
	codeReady    = 0
	codeBad      = -1
	codeDisabled = -2
)

// Host is what a process must have, so that its guest may call these functions.
type Host interface {
	// Fetch is the state of the process's fetches, always the same one.
	Fetch() *State
}

// State is one process's side of its fetches. The zero value has networking
// disabled. It is for one goroutine at a time, as its guest is.
type State struct {
	// Doer makes the requests; nil is networking disabled.
	Doer fetch.Doer
	// MaxRequest bounds a request's blob in bytes; 0 is DefaultMaxRequest.
	MaxRequest uint32
	// AddStream makes a reader a descriptor of the guest, which it then closes.
	AddStream func(r io.ReadCloser) (fd uint32, err error)
	// Whole has a request that is opened made at once and kept whole, where a
	// guest can't wait later.
	Whole bool

	response []byte
}

// DefaultMaxRequest leaves room for a body of 10 MiB in base64, and a header.
const DefaultMaxRequest = 16 << 20

// RequestLimit is the MaxRequest that lets bodies of a policy's length through,
// in base64; 0 is the default of both.
func RequestLimit(body int64) uint32 {
	if body <= 0 {
		return 0
	}
	return uint32(min(body/3*4+2<<20, 1<<30))
}

func (s *State) limit() uint32 {
	if s.MaxRequest == 0 {
		return DefaultMaxRequest
	}
	return s.MaxRequest
}

// Functions lists the host functions.
func Functions() []engine.HostFunc {
	return []engine.HostFunc{
		{Module: "sandbox", Name: "__sandbox_fetch", Params: "ii", Results: "i", Blocks: true, Call: fetchCall},
		{Module: "sandbox", Name: "__sandbox_fetch_open", Params: "ii", Results: "i", Call: openCall},
		{Module: "sandbox", Name: "__sandbox_fetch_response_len", Results: "i", Call: responseLen},
		{Module: "sandbox", Name: "__sandbox_fetch_response_read", Params: "ii", Results: "i", Call: responseRead},
	}
}

func result(stack []uint64, code int) { stack[0] = uint64(uint32(int32(code))) }

func state(c *engine.Call) *State {
	if host, ok := c.Host.(Host); ok {
		return host.Fetch()
	}
	return &State{}
}

func fetchCall(c *engine.Call, stack []uint64) error {
	s := state(c)
	blob, ok := s.request(c.Memory, uint32(stack[0]), uint32(stack[1]))
	if !ok {
		result(stack, codeBad)
		return nil
	}
	result(stack, s.serve(c.Ctx, blob))
	return nil
}

// request reads a request out of the guest's memory. The last response is gone
// then; where there is no request to be read, the next may say why.
func (s *State) request(m engine.Memory, ptr, n uint32) (blob []byte, ok bool) {
	s.response = nil
	if n > s.limit() {
		s.response = formatResponse(nil, &fetch.Error{Kind: fetch.KindRequestSize, Want: int64(s.limit())}, false)
		return nil, false
	}
	return readRequest(m, ptr, n)
}

// readRequest copies a request out of the guest's memory before anything looks
// at it: the guest may change its own.
func readRequest(m engine.Memory, ptr, n uint32) ([]byte, bool) {
	if n == 0 || uint64(ptr)+uint64(n) > m.Size() {
		return nil, false
	}
	blob := make([]byte, n)
	return blob, m.Read(blob, ptr)
}

// serve answers one request and returns the code for it. It blocks until the
// answer is there or ctx ends.
func (s *State) serve(ctx context.Context, blob []byte) int {
	req, framed, err := parseRequest(blob)
	if err != nil {
		s.response = formatResponse(nil, &fetch.Error{Kind: fetch.KindURL, Detail: err.Error()}, framed)
		return codeBad
	}
	if s.Doer == nil {
		s.response = formatResponse(nil, fetch.ErrDisabled, framed)
		return codeDisabled
	}
	resp, err := s.Doer.Do(ctx, req)
	s.response = formatResponse(resp, err, framed)
	return codeReady
}

func responseLen(c *engine.Call, stack []uint64) error {
	result(stack, len(state(c).response))
	return nil
}

// responseRead copies the response, as much as there is room for, and lets it
// go once it was read whole.
func responseRead(c *engine.Call, stack []uint64) error {
	s := state(c)
	ptr, n := uint32(stack[0]), uint32(stack[1])
	n = min(n, uint32(len(s.response)))
	if uint64(ptr)+uint64(n) > c.Memory.Size() || !c.Memory.Write(ptr, s.response[:n]) {
		result(stack, codeBad)
		return nil
	}
	if int(n) == len(s.response) {
		s.response = nil
	}
	result(stack, int(n))
	return nil
}
