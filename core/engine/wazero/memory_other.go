//go:build !linux

package wazero

import (
	"errors"
	"os"

	"agentsandbox/core/image"
)

// cowImage is nothing here: the image is copied into each instance.
type cowImage struct{}

func newStartImage(s image.Start) (*startImage, error) { return &startImage{data: s.Bytes()}, nil }

// fileStartImage reads the start image that stands in a file, and closes the file.
func fileStartImage(file *os.File, at, size int64) (*startImage, error) {
	data := make([]byte, size)
	_, err := file.ReadAt(data, at)
	return &startImage{data: data}, errors.Join(err, file.Close())
}

func (s *startImage) close() error { return nil }

func (s *startImage) back(reserve uint64) (backing, error) {
	return &heap{image: s.data, limit: reserve}, nil
}
