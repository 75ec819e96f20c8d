package abi

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"time"

	"agentsandbox/core/engine"
	"agentsandbox/core/fetch"
)

// codeFiles is what __sandbox_fetch_open returns where no descriptor is free.
const codeFiles = -3

// The end of a stream, as JSON.
type trailer struct {
	Error     *string    `json:"error"`
	ErrorInfo *errorInfo `json:"error_info,omitempty"`
	BytesRead int64      `json:"bytes_read"`
	Total     int64      `json:"total"` // microseconds since the start of the request
}

func openCall(c *engine.Call, stack []uint64) error {
	s := state(c)
	blob, ok := s.request(c.Memory, uint32(stack[0]), uint32(stack[1]))
	if !ok {
		result(stack, codeBad)
		return nil
	}
	stream, code := s.open(c.Ctx, blob)
	if stream == nil {
		result(stack, code)
		return nil
	}
	fd, err := s.AddStream(stream)
	if err != nil {
		_ = stream.Close()
		s.response = formatResponse(nil, fmt.Errorf("open a stream: %w", err), true)
		result(stack, codeFiles)
		return nil
	}
	result(stack, int(fd))
	return nil
}

// open begins a request. Where it can't, a response says why, and code is what
// to return.
func (s *State) open(ctx context.Context, blob []byte) (stream *fetching, code int) {
	req, _, err := parseRequest(blob)
	switch {
	case err != nil:
		s.response = formatResponse(nil, &fetch.Error{Kind: fetch.KindURL, Detail: err.Error()}, true)
		return nil, codeBad
	case s.Doer == nil:
		s.response = formatResponse(nil, fetch.ErrDisabled, true)
		return nil, codeDisabled
	}
	req.Stream = true
	f := &fetching{done: make(chan struct{}), begun: time.Now(), whole: s.Whole}
	ctx, f.cancel = context.WithCancel(ctx)
	if s.Whole {
		f.do(ctx, s.Doer, req)
	} else {
		go f.do(ctx, s.Doer, req)
	}
	return f, 0
}

// Open is __sandbox_fetch_open for a guest that is run without WebAssembly: the
// stream of a request's answer.
func (s *State) Open(ctx context.Context, blob []byte) (io.ReadCloser, error) {
	f, _ := s.open(ctx, blob)
	if f == nil {
		f = &fetching{out: s.response, stage: stageOver, cancel: func() {}}
		s.response = nil
	}
	return f, nil
}

// fetching is a request under way, as the stream that its guest reads. One
// goroutine reads; another may close it.
type fetching struct {
	cancel context.CancelFunc
	done   chan struct{} // closed when resp and err are there
	begun  time.Time
	whole  bool

	mu     sync.Mutex
	closed bool // guarded by mu
	resp   *fetch.Response
	err    error // why there is no answer; then of its body

	out   []byte // to be read next
	stage int
}

// Stages of a stream: what comes when out has been read.
const (
	stageHeader = iota
	stageBody
	stageTrailer
	stageOver
)

// do makes the request.
func (f *fetching) do(ctx context.Context, d fetch.Doer, req *fetch.Request) {
	resp, err := d.Do(ctx, req)
	if resp != nil && err == nil {
		resp.AsStream(nil)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.resp, f.err = resp, err
	if f.closed {
		f.letGo()
	}
	close(f.done)
}

// letGo ends the request.
func (f *fetching) letGo() {
	f.cancel()
	if f.resp != nil && f.resp.Stream != nil {
		_ = f.resp.Stream.Close()
	}
}

// Close ends the request, and a Read that waits.
func (f *fetching) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	f.letGo()
	return nil
}

// Blocks reports whether a Read may wait.
func (f *fetching) Blocks() bool { return !f.whole }

// chunkHead is how long the line before a chunk is, smallChunk the least buffer
// that a chunk is read into as it is.
const (
	chunkHead  = 8
	smallChunk = 512
)

// Read reads the stream: the header as a line of JSON, the body in chunks, each
// behind a line with its length as seven hexadecimal digits, and, behind a
// length of 0, a line of JSON that says how it ended.
func (f *fetching) Read(p []byte) (int, error) {
	for len(f.out) == 0 && f.stage != stageOver {
		if f.stage == stageBody && len(p) >= smallChunk {
			if n := f.chunk(p); n > 0 {
				return n, nil
			}
			continue
		}
		f.next()
	}
	if len(f.out) == 0 {
		return 0, io.EOF
	}
	n := copy(p, f.out)
	f.out = f.out[n:]
	return n, nil
}

// next makes what is to be read next.
func (f *fetching) next() {
	switch f.stage {
	case stageHeader:
		<-f.done // the request ends with its context
		f.stage, f.out = stageTrailer, formatResponse(f.resp, f.err, true)
		if f.resp != nil && f.resp.Stream != nil {
			f.stage = stageBody
		}
	case stageBody:
		p := make([]byte, 4<<10)
		f.out = p[:f.chunk(p)]
	case stageTrailer:
		f.stage, f.out = stageOver, f.trailer()
	}
}

// chunk reads of the body into p, and returns how long the chunk is with its
// line; 0 at the end.
func (f *fetching) chunk(p []byte) int {
	n, err := f.resp.Stream.Read(p[chunkHead:])
	if err != nil {
		f.stage = stageTrailer
		if err != io.EOF {
			f.err = err
		}
	}
	if n == 0 {
		return 0
	}
	copy(p, fmt.Sprintf("%07x\n", n))
	return chunkHead + n
}

func (f *fetching) trailer() []byte {
	t := trailer{Total: time.Since(f.begun).Microseconds()}
	if f.resp != nil && f.resp.Stream != nil {
		t.BytesRead = f.resp.Stream.Received()
		_ = f.resp.Stream.Close()
	}
	if f.err != nil {
		text := f.err.Error()
		t.Error, t.ErrorInfo = &text, describe(f.err)
	}
	line, _ := json.Marshal(t) // plain data: it cannot fail
	return append(append([]byte("0000000\n"), line...), '\n')
}
