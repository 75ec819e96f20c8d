package wasi

import (
	"context"

	"agentsandbox/vfs"
)

// procExit notes the code; the engine sees to it that the guest goes no further.
//
// THREAT[EN-10] the code is kept apart from what an engine makes of it.
func procExit(_ context.Context, p *Process, _ Memory, stack []uint64) {
	p.exited, p.code = true, uint32(stack[0])
}

// procRaise knows no signals.
func procRaise(call) vfs.Errno { return vfs.ENOSYS }

// schedYield has nothing to yield to: a guest is one thread.
func schedYield(call) vfs.Errno { return success }
