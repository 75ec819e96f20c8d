//go:build unix

package hackfs_test

import (
	"syscall"
	"testing"
)

// noUmask lets the host keep every bit of a mode until the test ends.
func noUmask(t *testing.T) {
	old := syscall.Umask(0)
	t.Cleanup(func() { syscall.Umask(old) })
}
