package wasi

import (
	"encoding/binary"
	"math"

	"agentsandbox/vfs"
)

// Memory is a guest's linear memory as the host may touch it.
type Memory interface {
	// Read copies from the guest's memory at off into p, all of it or nothing.
	Read(p []byte, off uint32) bool
	// Write copies p into the guest's memory at off, all of it or nothing.
	Write(off uint32, p []byte) bool
	// Size is the memory's present size in bytes.
	Size() uint64
	// View returns the guest's own bytes where the engine can, which is for
	// all ranges within bounds or for none. They are good until the guest runs
	// again or its memory grows.
	View(off, n uint32) ([]byte, bool)
}

const (
	maxIovecs = 1024     // iovecs of one call, as on Linux
	blockSize = 64 << 10 // bytes that are copied at once where there is no View
)

// iovec is one piece of guest memory that a call reads from or writes to.
type iovec struct{ off, n uint32 }

// fits reports whether the guest has the n bytes at off. What a call is to
// write is checked before it does anything, so that EFAULT means that nothing
// was done.
//
// THREAT[AB-01] the sum of two 32-bit numbers is formed in 64 bits.
func (c call) fits(off, n uint32) bool { return uint64(off)+uint64(n) <= c.mem.Size() }

// put copies b to the guest.
func (c call) put(off uint32, b []byte) vfs.Errno {
	if !c.mem.Write(off, b) {
		return vfs.EFAULT
	}
	return success
}

// get copies len(b) bytes from the guest.
func (c call) get(b []byte, off uint32) vfs.Errno {
	if !c.mem.Read(b, off) {
		return vfs.EFAULT
	}
	return success
}

func (c call) putU32(off, v uint32) vfs.Errno {
	b := c.p.tmp[:4]
	binary.LittleEndian.PutUint32(b, v)
	return c.put(off, b)
}

func (c call) putU64(off uint32, v uint64) vfs.Errno {
	b := c.p.tmp[:8]
	binary.LittleEndian.PutUint64(b, v)
	return c.put(off, b)
}

// putString copies s to the guest and cuts it to n bytes; it returns how many
// there were.
func (c call) putString(off, n uint32, s string) (uint32, vfs.Errno) {
	n = min(n, uint32(len(s)))
	if v, ok := c.mem.View(off, n); ok {
		return uint32(copy(v, s)), success
	}
	return n, c.put(off, []byte(s[:n]))
}

// path copies a path whose address and length are parameters i and i+1.
func (c call) path(i int) (string, vfs.Errno) {
	off, n := c.u32(i), c.u32(i+1)
	switch {
	case !c.fits(off, n):
		return "", vfs.EFAULT
	case n >= vfs.MaxPath:
		return "", vfs.ENAMETOOLONG
	}
	if v, ok := c.mem.View(off, n); ok {
		return string(v), success
	}
	b := c.p.block(n)
	if !c.mem.Read(b, off) {
		return "", vfs.EFAULT
	}
	return string(b), success
}

// iovecs copies the count iovecs at off, and checks that the guest has what
// they point to. The slice is good until the next call of a function.
//
// THREAT[AB-02] their number and their sum have a bound.
// THREAT[AB-03] what is read into guest memory cannot change where the rest goes.
func (c call) iovecs(off, count uint32) ([]iovec, vfs.Errno) {
	switch {
	case count > maxIovecs:
		return nil, vfs.EINVAL
	case !c.fits(off, 8*count):
		return nil, vfs.EFAULT
	}
	c.p.iovs = c.p.iovs[:0]
	total := uint64(0)
	for i := range count {
		b := c.p.tmp[:8]
		if errno := c.get(b, off+8*i); errno != success {
			return nil, errno
		}
		v := iovec{binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint32(b[4:])}
		if !c.fits(v.off, v.n) {
			return nil, vfs.EFAULT
		}
		if total += uint64(v.n); total > math.MaxInt32 {
			return nil, vfs.EINVAL
		}
		c.p.iovs = append(c.p.iovs, v)
	}
	return c.p.iovs, success
}

// fill has read put bytes into the guest's memory, as many as it can give, and
// returns how many. It stops at an error and where read gives less than asked.
func (c call) fill(v iovec, read func(p []byte) (int, error)) (n uint32, err error) {
	if b, ok := c.mem.View(v.off, v.n); ok {
		k, err := read(b)
		return uint32(k), err
	}
	block := c.p.block(min(v.n, blockSize))
	for n < v.n && err == nil {
		var k int
		b := block[:min(v.n-n, blockSize)]
		k, err = read(b)
		if !c.mem.Write(v.off+n, b[:k]) {
			return n, vfs.EFAULT
		}
		if n += uint32(k); k < len(b) {
			break
		}
	}
	return n, err
}

// drain has write take bytes from the guest's memory, and returns how many it
// took. It stops at an error and where write takes less than it was given.
func (c call) drain(v iovec, write func(p []byte) (int, error)) (n uint32, err error) {
	if b, ok := c.mem.View(v.off, v.n); ok {
		k, err := write(b)
		return uint32(k), err
	}
	block := c.p.block(min(v.n, blockSize))
	for n < v.n && err == nil {
		var k int
		b := block[:min(v.n-n, blockSize)]
		if !c.mem.Read(b, v.off+n) {
			return n, vfs.EFAULT
		}
		k, err = write(b)
		if n += uint32(k); k < len(b) {
			break
		}
	}
	return n, err
}
