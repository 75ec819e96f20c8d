package wasi

import (
	"io"

	"agentsandbox/vfs"
)

func fdRead(c call) vfs.Errno {
	d, errno := c.readable(c.u32(0))
	if errno != success {
		return errno
	}
	return c.readv(d.open, c.u32(3), func(p []byte) (int, error) { return d.read(c, p) })
}

func fdPread(c call) vfs.Errno {
	d, errno := c.readable(c.u32(0))
	if errno != success {
		return errno
	}
	off, errno := c.offset(d.open)
	if errno != success {
		return errno
	}
	return c.readv(d.open, c.u32(4), func(p []byte) (int, error) {
		n, err := d.file.ReadAt(p, off)
		off += int64(n)
		return n, err
	})
}

func fdWrite(c call) vfs.Errno {
	d, errno := c.writable(c.u32(0))
	if errno != success {
		return errno
	}
	return c.writev(c.u32(3), func(p []byte) (int, error) { return d.write(c, p) })
}

// fdPwrite writes where it is told even if the descriptor appends, as POSIX
// has it (Linux would append).
func fdPwrite(c call) vfs.Errno {
	d, errno := c.writable(c.u32(0))
	if errno != success {
		return errno
	}
	off, errno := c.offset(d.open)
	if errno != success {
		return errno
	}
	return c.writev(c.u32(4), func(p []byte) (int, error) {
		n, err := d.writeAt(p, off)
		off += int64(n)
		return n, err
	})
}

func (c call) readable(n uint32) (*descriptor, vfs.Errno) { return c.usable(n, rightRead) }
func (c call) writable(n uint32) (*descriptor, vfs.Errno) { return c.usable(n, rightWrite) }

// usable returns an open descriptor that is for reading or writing. A
// directory has neither right, and the errno of Linux.
func (c call) usable(n uint32, may rights) (*descriptor, vfs.Errno) {
	d, errno := c.p.fd(n)
	switch {
	case errno != success:
		return nil, errno
	case d.kind == directory && may == rightRead:
		return nil, vfs.EISDIR
	case d.base&may == 0:
		return nil, vfs.EBADF
	}
	return d, success
}

// offset is parameter 3 of fd_pread and fd_pwrite.
func (c call) offset(o *open) (int64, vfs.Errno) {
	off := int64(c.u64(3))
	switch {
	case o.isStream():
		return 0, vfs.ESPIPE
	case off < 0:
		return 0, vfs.EINVAL
	}
	return off, success
}

// readv reads into the iovecs of parameters 1 and 2, and puts at result how
// many bytes there were. What was read before an error is a success: the next
// call meets the error.
func (c call) readv(o *open, result uint32, read func(p []byte) (int, error)) vfs.Errno {
	vec, errno := c.vector(result)
	total := uint32(0)
	for i := 0; i < len(vec) && errno == success; i++ {
		if total > 0 && o.isStream() && !o.ready() {
			break
		}
		n, err := c.fill(c.within(o, vec[i]), read)
		total += n
		if err != nil || n < vec[i].n {
			errno = outcome(total, err)
			break
		}
	}
	if errno != success {
		return errno
	}
	c.p.usage.Read += int64(total)
	return c.putU32(result, total)
}

// within cuts what is read from a stream to one block, so that a second one is
// not waited for.
func (c call) within(o *open, v iovec) iovec {
	if o.isStream() {
		v.n = min(v.n, blockSize)
	}
	return v
}

// writev writes from the iovecs of parameters 1 and 2, and puts at result how
// many bytes were written.
func (c call) writev(result uint32, write func(p []byte) (int, error)) vfs.Errno {
	vec, errno := c.vector(result)
	total := uint32(0)
	for i := 0; i < len(vec) && errno == success; i++ {
		n, err := c.drain(vec[i], write)
		total += n
		if err != nil || n < vec[i].n {
			errno = outcome(total, err)
			break
		}
	}
	if errno != success {
		return errno
	}
	c.p.usage.Written += int64(total)
	return c.putU32(result, total)
}

// vector copies the iovecs of parameters 1 and 2, once the guest is known to
// have the four bytes for the result.
func (c call) vector(result uint32) ([]iovec, vfs.Errno) {
	if !c.fits(result, 4) {
		return nil, vfs.EFAULT
	}
	return c.iovecs(c.u32(1), c.u32(2))
}

// outcome is the errno of a transfer that ended early.
func outcome(total uint32, err error) vfs.Errno {
	if total > 0 || err == nil || err == io.EOF {
		return success
	}
	return vfs.ToErrno(err)
}
