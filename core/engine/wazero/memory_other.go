//go:build !linux

package wazero

import "agentsandbox/core/image"

// cowImage is nothing here: the image is copied into each instance.
type cowImage struct{}

func newStartImage(s image.Start) (*startImage, error) { return &startImage{data: s.Bytes()}, nil }

func (s *startImage) close() error { return nil }

func (s *startImage) back(reserve uint64) (backing, error) {
	return &heap{image: s.data, limit: reserve}, nil
}
