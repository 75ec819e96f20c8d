//go:build !js

package fetch

import (
	"bufio"
	"compress/flate"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// acceptEncoding is what is asked for where the guest leaves it to us.
const acceptEncoding = "gzip, deflate, br, zstd"

// maxCodings is how many encodings may lie on top of one another.
const maxCodings = 4

// maxWindow bounds what a zstd stream may ask to be remembered.
const maxWindow = 8 << 20

// maxRatio is how many times its size on the wire a body may become, beyond
// its first freeRatio bytes.
const (
	maxRatio  = 250
	freeRatio = 1 << 20
)

// wireReader is a body as it comes.
type wireReader struct {
	r     io.Reader
	watch *watch
}

func (w wireReader) Read(p []byte) (int, error) { return w.watch.read(w.r, p) }

// body is an answer's body, decoded, up to the limit. It implements Stream.
type body struct {
	x      *exchange
	ctx    context.Context
	wire   io.Closer
	length int64 // as it was announced; -1 if it was not
	limit  int64

	start   func() (io.Reader, error) // makes r at the first Read
	r       io.Reader
	decoded bool
	n       int64
	err     error
}

// body begins to read an answer's body.
func (x *exchange) body(ctx context.Context, answer *http.Response, resp *Response) *body {
	b := &body{
		x: x, ctx: ctx, wire: answer.Body, length: answer.ContentLength,
		limit: or(x.transport.policy.MaxResponseBody, DefaultMaxResponseBody),
	}
	wire := wireReader{answer.Body, &x.watch}
	codings := resp.Header.codings()
	empty := answer.Body == http.NoBody || answer.ContentLength == 0
	if resp.Decoded = !x.req.Raw && len(codings) > 0 && !empty; !resp.Decoded {
		b.r = wire
		resp.announced = max(0, answer.ContentLength)
		return b
	}
	b.decoded = true
	b.start = func() (io.Reader, error) {
		buffered := bufio.NewReaderSize(wire, 32<<10)
		if _, err := buffered.Peek(1); err == io.EOF {
			return buffered, nil
		}
		return decode(buffered, codings)
	}
	return b
}

// Read implements Stream.
func (b *body) Read(p []byte) (n int, err error) {
	if b.err != nil {
		return 0, b.err
	}
	if n, err = b.read(p); err != nil && err != io.EOF {
		err = b.x.fail(b.ctx, err)
	}
	b.err = err
	return n, err
}

func (b *body) read(p []byte) (n int, err error) {
	if b.r == nil {
		if b.r, err = b.start(); err != nil {
			return 0, err
		}
	}
	if b.length > b.limit && !b.decoded {
		return 0, b.tooLong()
	}
	n, err = b.r.Read(p)
	switch b.n += int64(n); {
	case b.n > b.limit:
		return 0, b.tooLong()
	case b.decoded && b.n > freeRatio && b.n/maxRatio > b.Received():
		return 0, &Error{Kind: KindEncoding, Target: b.x.watch.target, Detail: fmt.Sprintf("the body becomes more than %d times its size", maxRatio)}
	case errors.Is(err, io.ErrUnexpectedEOF) && !b.decoded:
		return n, &Error{Kind: KindTruncated, Target: b.x.watch.target, Want: b.length}
	}
	return n, err
}

func (b *body) tooLong() error {
	return &Error{Kind: KindBodySize, Target: b.x.watch.target, Want: b.limit}
}

// Received implements Stream.
func (b *body) Received() int64 { return b.x.watch.bytes.Load() }

// Close implements Stream.
func (b *body) Close() error {
	b.x.watch.cancel(nil)
	return b.wire.Close()
}

// codings lists the content encodings of a body, the last applied first.
func (h Header) codings() []string {
	var list []string
	for _, f := range h {
		if !strings.EqualFold(f.Name, "Content-Encoding") {
			continue
		}
		for coding := range strings.SplitSeq(f.Value, ",") {
			if coding = strings.ToLower(strings.TrimSpace(coding)); coding != "" && coding != "identity" && coding != "none" {
				list = append([]string{coding}, list...)
			}
		}
	}
	return list
}

// decode undoes encodings. What it returns holds memory and nothing else.
func decode(r io.Reader, codings []string) (io.Reader, error) {
	if len(codings) > maxCodings {
		return nil, &Error{Kind: KindEncoding, Detail: "too many of them"}
	}
	for _, coding := range codings {
		decoder, err := newDecoder(r, coding)
		if err != nil {
			return nil, encodingError(coding, err)
		}
		r = codingReader{decoder, coding}
	}
	return r, nil
}

func newDecoder(r io.Reader, coding string) (io.Reader, error) {
	switch coding {
	case "gzip", "x-gzip":
		return gzip.NewReader(r)
	case "deflate":
		return inflate(r)
	case "br":
		return brotli.NewReader(r), nil
	case "zstd": // with one goroutine, the caller's: there is nothing to close
		return zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderLowmem(true))
	}
	return nil, &Error{Kind: KindEncoding, Detail: "unknown: " + printable(coding)}
}

// inflate reads what servers call deflate: zlib, or bare.
func inflate(r io.Reader) (io.Reader, error) {
	buffered := bufio.NewReader(r)
	head, err := buffered.Peek(2)
	if err != nil {
		return nil, err
	}
	if head[0]&0x0f == 8 && (int(head[0])<<8|int(head[1]))%31 == 0 {
		return zlib.NewReader(buffered)
	}
	return flate.NewReader(buffered), nil
}

// codingReader names its errors.
type codingReader struct {
	r      io.Reader
	coding string
}

func (c codingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if err != nil && err != io.EOF {
		err = encodingError(c.coding, err)
	}
	return n, err
}
