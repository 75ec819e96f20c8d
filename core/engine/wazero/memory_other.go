//go:build !linux

package wazero

// cowImage is nothing here: the image is copied into each instance.
type cowImage struct{}

func newStartImage(data []byte) (*startImage, error) { return &startImage{data: data}, nil }

func (s *startImage) close() error { return nil }

func (s *startImage) back(reserve uint64) (backing, error) {
	return &heap{image: s.data, limit: reserve}, nil
}
