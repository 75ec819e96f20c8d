package wasi

import (
	"io"

	"agentsandbox/vfs"
)

func randomGet(c call) vfs.Errno {
	if c.p.cfg.Rand == nil {
		return vfs.ENOSYS
	}
	v := iovec{c.u32(0), c.u32(1)}
	if !c.fits(v.off, v.n) {
		return vfs.EFAULT
	}
	for v.n > 0 {
		if c.ctx.Err() != nil {
			return c.interrupted()
		}
		piece := iovec{v.off, min(v.n, blockSize)}
		_, err := c.fill(piece, func(p []byte) (int, error) { return io.ReadFull(c.p.cfg.Rand, p) })
		if err != nil {
			return vfs.EIO
		}
		v = iovec{v.off + piece.n, v.n - piece.n}
	}
	return success
}
