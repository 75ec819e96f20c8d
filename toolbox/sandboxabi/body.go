package sandboxabi

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strconv"

	"agentsandbox/toolbox/tool"
)

// Body is the body of an answer, read as it comes. Close it.
type Body struct {
	resp   *Response
	from   *bufio.Reader
	stream io.Closer
	ctx    context.Context
	stop   func() bool // the watch over ctx

	left int // of the chunk at hand
	err  error
}

// trailer is how the host says that a body ended.
type trailer struct {
	Error     string   `json:"error"`
	Failure   *Failure `json:"error_info"`
	BytesRead int64    `json:"bytes_read"`
	Total     int64    `json:"total"`
}

// Open has the host make a request, and returns its answer as soon as the
// header is there. A request that fails is a Response with a Failure; an error
// is one of the call itself. Response.Body must be closed, and is when ctx ends.
func Open(ctx context.Context, x *tool.Exec, req *Request) (*Response, error) {
	if x.Fetch == nil {
		return &Response{Failure: &Failure{Kind: Disabled}, ErrorText: "networking is disabled", Body: &Body{err: io.EOF}}, nil
	}
	req.Framed = true
	blob, err := json.Marshal(req)
	if err != nil {
		return nil, err
	}
	stream, err := x.Fetch(ctx, append(append(blob, '\n'), req.Body...))
	if err != nil {
		return nil, err
	}
	b := &Body{from: bufio.NewReaderSize(stream, 32<<10), stream: stream, ctx: ctx}
	b.stop = context.AfterFunc(ctx, func() { stream.Close() })
	resp, err := b.header()
	if err != nil {
		b.Close()
		return nil, err
	}
	resp.Body, b.resp = b, resp
	if resp.Failure != nil {
		b.err = io.EOF
		b.Close()
	}
	return resp, nil
}

// line reads a line of JSON.
func (b *Body) line(v any) error {
	text, err := b.from.ReadBytes('\n')
	if ctxErr := b.ctx.Err(); ctxErr != nil {
		return ctxErr
	}
	if err != nil && err != io.EOF {
		return err
	}
	if json.Unmarshal(text, v) != nil {
		return errors.New("the host's answer can't be read")
	}
	return nil
}

func (b *Body) header() (*Response, error) {
	resp := &Response{}
	if err := b.line(resp); err != nil {
		return nil, err
	}
	if resp.ErrorText != "" && resp.Failure == nil {
		resp.Failure = &Failure{Kind: "host", Detail: resp.ErrorText}
	}
	return resp, nil
}

// Read reads of the body. At its end, or where it broke, Response has BytesRead,
// the Total of its Timing and, for a body that broke, Failure, which is the error
// then.
func (b *Body) Read(p []byte) (int, error) {
	for b.err == nil && b.left == 0 {
		b.err = b.chunk()
	}
	if b.err != nil {
		return 0, b.err
	}
	n, err := b.from.Read(p[:min(len(p), b.left)])
	b.left -= n
	if err != nil {
		b.err = b.broken(err)
	}
	return n, b.err
}

// chunk reads the line before a chunk, and behind the last one how it ended.
func (b *Body) chunk() error {
	var head [8]byte
	if _, err := io.ReadFull(b.from, head[:]); err != nil {
		return b.broken(err)
	}
	n, err := strconv.ParseUint(string(head[:7]), 16, 31)
	if err != nil {
		return errors.New("the host's answer can't be read")
	}
	if b.left = int(n); n > 0 {
		return nil
	}
	var t trailer
	if err := b.line(&t); err != nil {
		return err
	}
	b.resp.BytesRead, b.resp.Timing.Total = t.BytesRead, t.Total
	if t.Error == "" {
		return io.EOF
	}
	if b.resp.ErrorText, b.resp.Failure = t.Error, t.Failure; t.Failure == nil {
		b.resp.Failure = &Failure{Kind: "host", Detail: t.Error}
	}
	return b.resp.Failure
}

// broken is why the stream ended before its time.
func (b *Body) broken(err error) error {
	if ctxErr := b.ctx.Err(); ctxErr != nil {
		return ctxErr
	}
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// Close ends the request if there is more to come.
func (b *Body) Close() error {
	if b.stream == nil {
		return nil
	}
	b.stop()
	err := b.stream.Close()
	b.stream = nil
	if b.err == nil {
		b.err = io.ErrClosedPipe
	}
	return err
}
