//go:build !plan9

package hosterrno

import (
	"errors"
	"syscall"

	"agentsandbox/vfs"
)

// pair is one errno with the host's number for it. Of several that have a side
// in common, the first counts.
type pair struct {
	host syscall.Errno
	ours vfs.Errno
}

// fromNumber translates the host's number in an error; not ok if it has none.
func fromNumber(err error) (e vfs.Errno, ok bool) {
	host, ok := err.(syscall.Errno)
	if !ok && !errors.As(err, &host) {
		return 0, false
	}
	for _, p := range errnos {
		if p.host == host {
			return p.ours, true
		}
	}
	return vfs.EIO, true
}

// To returns the host's error for an errno of ours, or the errno itself if the
// host has none.
func To(e vfs.Errno) error {
	for _, p := range errnos {
		if p.ours == e {
			return p.host
		}
	}
	return e
}
