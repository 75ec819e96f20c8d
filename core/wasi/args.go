package wasi

import (
	"math"

	"agentsandbox/vfs"
)

func argsGet(c call) vfs.Errno      { return c.putList(c.p.cfg.Args, c.u32(0), c.u32(1)) }
func argsSizesGet(c call) vfs.Errno { return c.putSizes(c.p.cfg.Args, c.u32(0), c.u32(1)) }

// putSizes tells the guest how many strings there are, and how many bytes
// they take with a NUL behind each.
func (c call) putSizes(list []string, count, size uint32) vfs.Errno {
	if !c.fits(size, 4) {
		return vfs.EFAULT
	}
	if errno := c.putU32(count, uint32(len(list))); errno != success {
		return errno
	}
	return c.putU32(size, uint32(listSize(list)))
}

// putList copies the strings to buf, each with a NUL behind it, and their
// addresses to ptrs.
func (c call) putList(list []string, ptrs, buf uint32) vfs.Errno {
	size := listSize(list)
	if size > math.MaxUint32 || !c.fits(buf, uint32(size)) || !c.fits(ptrs, uint32(4*len(list))) {
		return vfs.EFAULT
	}
	for _, s := range list {
		n := uint32(len(s))
		if errno := c.putU32(ptrs, buf); errno != success {
			return errno
		}
		if _, errno := c.putString(buf, n, s); errno != success {
			return errno
		}
		c.p.tmp[0] = 0
		if errno := c.put(buf+n, c.p.tmp[:1]); errno != success {
			return errno
		}
		ptrs, buf = ptrs+4, buf+n+1
	}
	return success
}

func listSize(list []string) (n uint64) {
	for _, s := range list {
		n += uint64(len(s)) + 1
	}
	return n
}
