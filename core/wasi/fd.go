package wasi

import (
	"encoding/binary"
	"math"

	"agentsandbox/vfs"
)

func fdClose(c call) vfs.Errno { return c.p.closeFD(c.u32(0)) }

// fdRenumber moves a descriptor to the number of another, which is closed.
func fdRenumber(c call) vfs.Errno {
	from, to := c.u32(0), c.u32(1)
	d, errno := c.p.fd(from)
	if errno != success {
		return errno
	}
	if _, errno = c.p.fd(to); errno != success || from == to {
		return errno
	}
	moved := *d
	*d = descriptor{}
	errno = c.p.closeFD(to)
	c.p.install(to, moved)
	return errno
}

// Where fd_seek counts from.
const (
	whenceSet = 0
	whenceCur = 1
	whenceEnd = 2
)

func fdSeek(c call) vfs.Errno {
	d, errno := c.positioned(c.u32(0))
	if errno != success {
		return errno
	}
	offset, from := int64(c.u64(1)), int64(0)
	switch c.u32(2) {
	case whenceSet:
	case whenceCur:
		from = d.pos
	case whenceEnd:
		info, err := d.file.Stat()
		if err != nil {
			return vfs.ToErrno(err)
		}
		from = info.Size
	default:
		return vfs.EINVAL
	}
	if offset > math.MaxInt64-from {
		return vfs.EOVERFLOW
	}
	if from+offset < 0 {
		return vfs.EINVAL
	}
	if errno := c.putU64(c.u32(3), uint64(from+offset)); errno != success {
		return errno
	}
	d.pos = from + offset
	return success
}

func fdTell(c call) vfs.Errno {
	d, errno := c.positioned(c.u32(0))
	if errno != success {
		return errno
	}
	return c.putU64(c.u32(1), uint64(d.pos))
}

// positioned returns an open descriptor that has a position.
func (c call) positioned(n uint32) (*descriptor, vfs.Errno) {
	d, errno := c.p.fd(n)
	switch {
	case errno != success:
		return nil, errno
	case d.kind == directory:
		return nil, vfs.EISDIR
	case d.file == nil:
		return nil, vfs.ESPIPE
	}
	return d, success
}

// fdSync is fd_datasync too.
func fdSync(c call) vfs.Errno {
	d, errno := c.p.fd(c.u32(0))
	switch {
	case errno != success:
		return errno
	case d.isStream():
		return vfs.EINVAL
	}
	file, err := d.handle(c.p)
	if err == nil {
		err = file.Sync()
	}
	return vfs.ToErrno(err)
}

// fdAdvise checks the advice, and needs none.
func fdAdvise(c call) vfs.Errno {
	const lastAdvice = 5
	d, errno := c.p.fd(c.u32(0))
	switch {
	case errno != success:
		return errno
	case d.isStream():
		return vfs.ESPIPE
	case c.u32(3) > lastAdvice || int64(c.u64(1)) < 0 || int64(c.u64(2)) < 0:
		return vfs.EINVAL
	}
	return success
}

// fdAllocate makes a file at least as long as it is told.
func fdAllocate(c call) vfs.Errno {
	d, errno := c.positioned(c.u32(0))
	if errno != success {
		return errno
	}
	off, n := int64(c.u64(1)), int64(c.u64(2))
	switch {
	case d.base&rightWrite == 0:
		return vfs.EBADF
	case off < 0 || n <= 0:
		return vfs.EINVAL
	case off > math.MaxInt64-n:
		return vfs.EFBIG
	}
	info, err := d.file.Stat()
	if err == nil && info.Size < off+n {
		err = d.file.Truncate(off + n)
	}
	return vfs.ToErrno(err)
}

// fdPrestatGet describes a preopen: its type, which is directory, and the
// length of its name.
func fdPrestatGet(c call) vfs.Errno {
	d, errno := c.preopened(c.u32(0))
	if errno != success {
		return errno
	}
	b := c.p.tmp[:8]
	clear(b)
	binary.LittleEndian.PutUint32(b[4:], uint32(len(d.preopen)))
	return c.put(c.u32(1), b)
}

func fdPrestatDirName(c call) vfs.Errno {
	d, errno := c.preopened(c.u32(0))
	if errno != success {
		return errno
	}
	if c.u32(2) < uint32(len(d.preopen)) {
		return vfs.ENAMETOOLONG
	}
	_, errno = c.putString(c.u32(1), c.u32(2), d.preopen)
	return errno
}

func (c call) preopened(n uint32) (*descriptor, vfs.Errno) {
	d, errno := c.p.fd(n)
	if errno == success && d.preopen == "" {
		return nil, vfs.EBADF
	}
	return d, errno
}
