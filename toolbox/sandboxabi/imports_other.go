//go:build !wasip1

package sandboxabi

import (
	"context"
	"errors"
	"io"
)

// Fetch is for guests only: there is no host to ask here.
func Fetch(context.Context, []byte) (io.ReadCloser, error) {
	return nil, errors.New("not in a sandbox")
}
