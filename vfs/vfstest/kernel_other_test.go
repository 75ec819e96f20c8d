//go:build !linux

package vfstest

import "testing"

// inLinux skips the test: there is no kernel to ask.
func inLinux(t testing.TB, _ func(k kernel)) {
	t.Helper()
	t.Skip("needs Linux")
}

// inReadOnlyLinux skips the test, too.
func inReadOnlyLinux(t testing.TB, _ []string, fn func(k kernel)) {
	t.Helper()
	inLinux(t, fn)
}
