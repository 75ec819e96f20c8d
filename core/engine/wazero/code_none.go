//go:build !unix && !windows

package wazero

import (
	"errors"
	"os"
)

// mapCode is not needed where wazero has no compiler.
func mapCode(*os.File, int64, int) ([]byte, error) { return nil, errors.ErrUnsupported }

func openNoFollow(name string) (*os.File, error) { return os.Open(name) }

func identity(os.FileInfo) string { return "" }
