//go:build !js

package fetch

import (
	"bufio"
	"compress/flate"
	"compress/zlib"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// acceptEncoding is what is asked for where the guest leaves it to us.
const acceptEncoding = "gzip, deflate, zstd"

// maxCodings is how many encodings may lie on top of one another.
const maxCodings = 4

// maxWindow bounds what a zstd stream may ask to be remembered.
const maxWindow = 8 << 20

// wireReader counts what comes of a body.
type wireReader struct {
	r     io.Reader
	watch *watch
}

func (w wireReader) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	if n > 0 {
		w.watch.progress(n)
	}
	return n, err
}

// readBody reads an answer's body into resp, decoded, up to the limit.
func (x *exchange) readBody(answer *http.Response, resp *Response) error {
	wire := bufio.NewReaderSize(wireReader{answer.Body, &x.watch}, 32<<10)
	defer func() { resp.BytesRead = x.watch.bytes.Load() }()
	if _, err := wire.Peek(1); err == io.EOF {
		return nil
	}
	var r io.Reader = wire
	if codings := resp.Header.codings(); !x.req.Raw && len(codings) > 0 {
		decoded, closeAll, err := decode(wire, codings)
		defer closeAll()
		if err != nil {
			return err
		}
		r, resp.Decoded = decoded, true
	}
	limit := or(x.transport.policy.MaxResponseBody, DefaultMaxResponseBody)
	if answer.ContentLength > limit && !resp.Decoded {
		return &Error{Kind: KindBodySize, Target: x.target.HostPort(), Want: limit}
	}
	var err error
	resp.Body, err = readLimited(r, limit, sizeHint(answer, resp))
	switch {
	case err == errTooLong:
		resp.Body = nil
		return &Error{Kind: KindBodySize, Target: x.target.HostPort(), Want: limit}
	case errors.Is(err, io.ErrUnexpectedEOF) && !resp.Decoded:
		return &Error{Kind: KindTruncated, Target: x.target.HostPort(), Want: answer.ContentLength}
	}
	return err
}

// sizeHint is how long a body is announced to be, within reason.
func sizeHint(answer *http.Response, resp *Response) int {
	if resp.Decoded || answer.ContentLength < 0 {
		return 4 << 10
	}
	return int(min(answer.ContentLength, 8<<20)) + 1
}

var errTooLong = errors.New("too long")

// readLimited reads r to its end, errTooLong beyond limit. What was read is
// returned with any other error.
func readLimited(r io.Reader, limit int64, hint int) ([]byte, error) {
	buf := make([]byte, 0, hint)
	for {
		if len(buf) == cap(buf) {
			grown := make([]byte, len(buf), min(2*cap(buf), int(limit)+1))
			copy(grown, buf)
			buf = grown
		}
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		switch {
		case int64(len(buf)) > limit:
			return nil, errTooLong
		case err == io.EOF:
			return buf, nil
		case err != nil:
			return buf, err
		}
	}
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

// decode undoes encodings. closeAll is to be called whatever comes of it.
func decode(r io.Reader, codings []string) (decoded io.Reader, closeAll func(), err error) {
	var closers []func()
	closeAll = func() {
		for _, c := range closers {
			c()
		}
	}
	if len(codings) > maxCodings {
		return nil, closeAll, &Error{Kind: KindEncoding, Detail: "too many of them"}
	}
	for _, coding := range codings {
		switch coding {
		case "gzip", "x-gzip":
			r, err = gzip.NewReader(r)
		case "deflate":
			r, err = inflate(r)
		case "zstd":
			var d *zstd.Decoder
			d, err = zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderLowmem(true))
			if err == nil {
				closers = append(closers, d.Close)
			}
			r = d
		default:
			return nil, closeAll, &Error{Kind: KindEncoding, Detail: "unknown: " + printable(coding)}
		}
		if err != nil {
			return nil, closeAll, encodingError(coding, err)
		}
		r = codingReader{r, coding}
	}
	return r, closeAll, nil
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
