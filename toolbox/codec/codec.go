// Package codec tells compressed streams apart, reads them and writes them: what
// tar, gzip and their like share.
package codec

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"agentsandbox/toolbox/codec/bzip2"
	"agentsandbox/toolbox/codec/xz"
)

// Format is a way to compress a stream.
type Format int

// The formats. None is a stream that is not compressed.
const (
	None Format = iota
	Gzip
	Bzip2
	Xz
	Zstd
)

// HeadSize is how many bytes Detect wants to see.
const HeadSize = 6

// magics are what the streams of the formats start with.
var magics = map[Format]string{Gzip: "\x1f\x8b", Bzip2: "BZh", Xz: "\xfd7zXZ\x00", Zstd: "\x28\xb5\x2f\xfd"}

// Detect finds the format of a stream by its first bytes.
func Detect(head []byte) Format {
	for f, magic := range magics {
		if bytes.HasPrefix(head, []byte(magic)) {
			return f
		}
	}
	return None
}

// Program is the command that a format is known by.
func (f Format) Program() string {
	return [...]string{None: "cat", Gzip: "gzip", Bzip2: "bzip2", Xz: "xz", Zstd: "zstd"}[f]
}

// ErrUnsupported is the error of a format that is known and not read or written.
var ErrUnsupported = errors.New("format not supported in this sandbox")

// NewReader decompresses r. Members that follow one another are one stream, as
// the programs have it. It reads r in pieces, and may read more than it needs.
func NewReader(f Format, r io.Reader) (io.Reader, error) {
	switch f {
	case None:
		return r, nil
	case Gzip:
		return NewGzipReader(bufio.NewReader(r))
	case Bzip2:
		return bzip2.NewReader(r), nil
	case Xz:
		return xz.NewReader(bufio.NewReader(r))
	}
	return nil, ErrUnsupported
}

// NewWriter compresses to w; level is 1 to 9, or 0 for the usual one. Close
// ends the stream and leaves w open.
func NewWriter(f Format, w io.Writer, level int) (io.WriteCloser, error) {
	switch f {
	case None:
		return plainWriter{w}, nil
	case Gzip:
		return NewGzipWriter(w, level, GzipHeader{})
	case Bzip2:
		return bzip2.NewWriter(w, level), nil
	case Xz:
		if level == 0 {
			level = xz.DefaultLevel
		}
		return xz.NewWriter(w, level, xz.CheckCRC64), nil
	}
	return nil, ErrUnsupported
}

type plainWriter struct{ io.Writer }

// Close does nothing.
func (plainWriter) Close() error { return nil }
