package wasi

import "agentsandbox/vfs"

// notSocket is what every socket function has to say: no descriptor is one.
func notSocket(c call) vfs.Errno {
	if _, errno := c.p.fd(c.u32(0)); errno != success {
		return errno
	}
	return vfs.ENOTSOCK
}
