package hosterrno

import "agentsandbox/vfs"

// This system has no numbers.
func fromNumber(error) (vfs.Errno, bool) { return 0, false }

// To returns the errno itself.
func To(e vfs.Errno) error { return e }
