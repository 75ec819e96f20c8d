package wasi

import (
	"context"

	"agentsandbox/vfs"
)

func isatty(_ context.Context, p *Process, _ Memory, stack []uint64) {
	d, errno := p.fd(uint32(stack[0]))
	stack[0] = 0
	if errno == success && d.terminal {
		stack[0] = 1
	}
}

func umode(_ context.Context, p *Process, _ Memory, stack []uint64) {
	p.umode = uint32(stack[0]) & (modePerm | modeSticky)
}

// pathChmod always follows a final link: links have no permissions.
func pathChmod(c call) vfs.Errno {
	a, _, errno := c.lookup()
	if errno != success {
		return errno
	}
	return vfs.ToErrno(a.space.Chmod(a.name, a.path, permissions(c.u32(4))))
}
