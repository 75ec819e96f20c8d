// Package bzip2 reads and writes bzip2 streams.
package bzip2

import (
	"bufio"
	"compress/bzip2"
	"errors"
	"io"
)

// ErrData is the error of a stream that is damaged. ErrGarbage is none: something else
// follows the last member.
var (
	ErrData    = errors.New("data integrity error")
	ErrGarbage = errors.New("trailing garbage after EOF ignored")
)

// badNext is what the library says of what follows a member and is none.
const badNext = bzip2.StructuralError("bad magic value in continuation file")

// NewReader decompresses a stream of one or more members.
func NewReader(r io.Reader) io.Reader { return reader{bzip2.NewReader(bufio.NewReader(r))} }

type reader struct{ r io.Reader }

// Read decompresses; the error of a damaged stream is ErrData or ErrGarbage.
func (r reader) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	if err == badNext {
		return n, ErrGarbage
	}
	if _, bad := err.(bzip2.StructuralError); bad {
		err = ErrData
	}
	return n, err
}
