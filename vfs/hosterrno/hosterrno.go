// Package hosterrno translates between the host's error numbers and ours, each
// to its namesake. There is one table per family of systems.
package hosterrno

import (
	"errors"

	"agentsandbox/vfs"
)

// From returns our errno for an error of the host, and 0 for nil: the one in
// its chain, ours or the host's, or that of an io/fs sentinel; EIO for a number
// that has no namesake. An error with none of that is not known, and EIO.
func From(err error) (e vfs.Errno, known bool) {
	if err == nil {
		return 0, true
	}
	if e, ok := fromNumber(err); ok {
		return e, true
	}
	if errors.As(err, &e) {
		return e, true
	}
	// What vfs knows by its meaning is EIO only if it does not know it.
	e = vfs.ToErrno(err)
	return e, e != vfs.EIO
}
