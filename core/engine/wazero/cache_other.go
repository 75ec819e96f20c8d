//go:build !unix

package wazero

// checkPrivate trusts the permissions of the user's own cache directory.
func checkPrivate(string) error { return nil }

// lockDir does nothing: two processes may compile the same module at once,
// and the later one's entry stays.
func lockDir(string) (unlock func(), err error) { return func() {}, nil }
