//go:build !js

package fetch

import (
	"bytes"
	"strconv"
	"strings"
)

// framing follows an HTTP/1 answer to its end, by its header. net/http does so
// too, but reads on: what a server sends uninvited it would find in its buffer,
// and write to the process's log.
type framing struct {
	state frameState
	left  int64  // bytes of the body, or of the chunk
	line  []byte // the line of a chunk's size or of the trailer, as far as it came
	size  int    // of the trailer so far
}

type frameState int

const (
	frameHeader    frameState = iota // the header has not been seen whole
	frameBody                        // left bytes to come
	frameChunkSize                   // a line with a size
	frameChunk                       // left bytes to come, with the line's end
	frameTrailer                     // lines, the last one empty
	frameOpen                        // no end but the connection's
	frameDone                        // nothing more
)

// maxFrameLine bounds a line that is kept; a longer one is left to net/http.
const maxFrameLine = 4 << 10

// header begins the body of an answer to a request of the given method.
func (f *framing) header(method, status string, fields []string) {
	_, code, _ := strings.Cut(status, " ")
	code, _, _ = strings.Cut(code, " ")
	length, coding := "", ""
	for _, field := range fields {
		name, value, _ := strings.Cut(field, ":")
		switch value = strings.TrimSpace(value); {
		case strings.EqualFold(name, "Content-Length"):
			length = value
		case strings.EqualFold(name, "Transfer-Encoding"):
			coding = value
		}
	}
	n, err := strconv.ParseUint(length, 10, 63)
	switch {
	case method == "HEAD" || code == "204" || code == "304":
		f.state = frameDone
	case strings.EqualFold(coding, "chunked"):
		f.state = frameChunkSize
	case coding != "" || err != nil:
		f.state = frameOpen
	case n == 0:
		f.state = frameDone
	default:
		f.state, f.left = frameBody, int64(n)
	}
}

// take returns how many of the bytes of p, which follow the header, are the
// answer's.
func (f *framing) take(p []byte) (n int) {
	for n < len(p) && f.state != frameDone {
		switch f.state {
		case frameBody:
			n += f.skip(len(p)-n, frameDone)
		case frameChunk:
			n += f.skip(len(p)-n, frameChunkSize)
		case frameChunkSize, frameTrailer:
			n += f.readLine(p[n:])
		default:
			return len(p)
		}
	}
	return n
}

// skip counts off up to n bytes; then comes next once none is left.
func (f *framing) skip(n int, next frameState) int {
	n = int(min(int64(n), f.left))
	if f.left -= int64(n); f.left == 0 {
		f.state = next
	}
	return n
}

// readLine takes the bytes of p up to the end of a line, and acts on it.
func (f *framing) readLine(p []byte) int {
	at := bytes.IndexByte(p, '\n')
	n := at + 1
	if at < 0 {
		n = len(p)
	}
	f.line = append(f.line, p[:min(n, maxFrameLine)]...)
	f.size += n
	if len(f.line) > maxFrameLine || f.size > MaxResponseHeader {
		f.state = frameOpen
	}
	if at < 0 || f.state == frameOpen {
		return n
	}
	line := strings.TrimRight(string(f.line), "\r\n")
	f.line = f.line[:0]
	switch {
	case f.state == frameChunkSize:
		f.size = 0
		f.chunk(line)
	case line == "":
		f.state = frameDone
	}
	return n
}

// chunk acts on the line of a chunk's size.
func (f *framing) chunk(line string) {
	digits, _, _ := strings.Cut(line, ";")
	n, err := strconv.ParseUint(strings.TrimSpace(digits), 16, 62)
	switch {
	case err != nil:
		f.state = frameOpen
	case n == 0:
		f.state = frameTrailer
	default:
		f.state, f.left = frameChunk, int64(n)+2
	}
}
