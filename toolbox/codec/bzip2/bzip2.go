// Package bzip2 reads and writes bzip2 streams.
package bzip2

import (
	"bufio"
	"compress/bzip2"
	"errors"
	"io"
)

// ErrData is the error of a stream that is damaged.
var ErrData = errors.New("data integrity error")

// NewReader decompresses a stream of one or more members.
func NewReader(r io.Reader) io.Reader { return reader{bzip2.NewReader(bufio.NewReader(r))} }

type reader struct{ r io.Reader }

// Read decompresses; the error of a damaged stream is ErrData.
func (r reader) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	var bad bzip2.StructuralError
	if errors.As(err, &bad) {
		err = ErrData
	}
	return n, err
}
