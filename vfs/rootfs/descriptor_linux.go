package rootfs

import (
	"io"
	"os"
	"sync/atomic"

	"agentsandbox/vfs"

	"golang.org/x/sys/unix"
)

// descriptor is an open file by its descriptor. Package os would ask the kernel
// how the file was opened and try to have it polled, which costs as much as
// reading a small file.
type descriptor struct {
	gate
	fd   int
	size atomic.Int64 // when it was described last
}

func newDescriptor(fd int) *descriptor {
	d := &descriptor{fd: fd}
	d.closes = func() error { return unix.Close(fd) }
	return d
}

// use calls op with the descriptor, which stays open meanwhile.
func (d *descriptor) use(op func(fd int) error) error {
	if !d.enter() {
		return os.ErrClosed
	}
	defer d.leave()
	return op(d.fd)
}

// ReadAt reads all of p, or up to the end.
func (d *descriptor) ReadAt(p []byte, off int64) (n int, err error) {
	err = d.use(func(fd int) error {
		for n < len(p) {
			k, err := retry(func() (int, error) { return unix.Pread(fd, p[n:], off+int64(n)) })
			if err != nil {
				return err
			}
			n += k
			if k == 0 || n < len(p) && d.ends(off+int64(n)) {
				return io.EOF
			}
		}
		return nil
	})
	return n, err
}

// ends reports whether a read that was cut short at a place met the end there.
// One of a file without a size, such as the kernel's own have, tells nothing.
func (d *descriptor) ends(at int64) bool {
	size := d.size.Load()
	return size > 0 && at >= size
}

// WriteAt writes all of p.
func (d *descriptor) WriteAt(p []byte, off int64) (n int, err error) {
	err = d.use(func(fd int) error {
		for n < len(p) {
			k, err := retry(func() (int, error) { return unix.Pwrite(fd, p[n:], off+int64(n)) })
			if err != nil {
				return err
			}
			n += k
		}
		return nil
	})
	return n, err
}

// Truncate sets the length.
func (d *descriptor) Truncate(size int64) error {
	return d.use(func(fd int) error {
		_, err := retry(func() (int, error) { return 0, unix.Ftruncate(fd, size) })
		return err
	})
}

// Sync writes the data to the disk.
func (d *descriptor) Sync() error {
	return d.use(func(fd int) error {
		_, err := retry(func() (int, error) { return 0, unix.Fsync(fd) })
		return err
	})
}

// Close gives the descriptor up, once what is under way is done.
func (d *descriptor) Close() error { return d.shut() }

func (d *descriptor) stat() (info vfs.Info, err error) {
	err = d.use(func(fd int) error {
		var st unix.Stat_t
		if err := unix.Fstat(fd, &st); err != nil {
			return err
		}
		info = fromStat(&st)
		d.size.Store(info.Size)
		return nil
	})
	return info, errno(err)
}

func (d *descriptor) list() (entries []vfs.DirEntry, err error) {
	err = d.use(func(fd int) error {
		entries, err = getdents(fd)
		return err
	})
	return entries, err
}

func (d *descriptor) setTimes(atime, mtime int64) error {
	return d.use(func(fd int) error { return futimes(uintptr(fd), atime, mtime) })
}
