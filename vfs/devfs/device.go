package devfs

import (
	"io"
	"sync/atomic"

	"agentsandbox/vfs"
)

// driver is what a device does. A device has no position and no end.
type driver interface {
	read(p []byte) (int, error)
	write(p []byte) (int, error)
}

// null reads as the end of a file and takes all that is written.
type null struct{}

func (null) read([]byte) (int, error)    { return 0, io.EOF }
func (null) write(p []byte) (int, error) { return len(p), nil }

// zero reads as zeros and takes all that is written.
type zero struct{ null }

func (zero) read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// full reads as zeros and takes nothing.
type full struct{ zero }

func (full) write([]byte) (int, error) { return 0, vfs.ENOSPC }

// random reads as random bytes and takes all that is written.
type random struct{ from io.Reader }

// maxRandom bounds one read, so that a huge one can still be cancelled.
const maxRandom = 1 << 20

func (r random) read(p []byte) (int, error) {
	if r.from == nil {
		return 0, vfs.ENXIO
	}
	n, err := io.ReadFull(r.from, p[:min(len(p), maxRandom)])
	if err != nil {
		return n, vfs.EIO
	}
	return n, nil
}

func (random) write(p []byte) (int, error) { return len(p), nil }

// descriptor stands for a descriptor of the process that opens it.
type descriptor int

func (descriptor) read([]byte) (int, error)  { return 0, vfs.EBADF }
func (descriptor) write([]byte) (int, error) { return 0, vfs.EBADF }

// file is an open device.
type file struct {
	driver driver
	flag   vfs.Flag
	info   vfs.Info
	closed atomic.Bool
}

// stdio is an open descriptor.
type stdio struct {
	file
	n int
}

// Stdio implements Stdio.
func (s *stdio) Stdio() int { return s.n }

func newFile(d driver, flag vfs.Flag, info vfs.Info) vfs.File {
	if n, ok := d.(descriptor); ok {
		return &stdio{file: file{driver: d, flag: flag, info: info}, n: int(n)}
	}
	return &file{driver: d, flag: flag, info: info}
}

// ReadAt reads from the device, wherever off is; see vfs.File.
func (h *file) ReadAt(p []byte, _ int64) (int, error) {
	switch {
	case h.closed.Load() || h.flag&vfs.Read == 0:
		return 0, vfs.EBADF
	case len(p) == 0:
		return 0, nil
	}
	return h.driver.read(p)
}

// WriteAt writes to the device, wherever off is; see vfs.File.
func (h *file) WriteAt(p []byte, _ int64) (int, error) { return h.Append(p) }

// Append writes to the device; see vfs.File.
func (h *file) Append(p []byte) (int, error) {
	switch {
	case h.closed.Load() || h.flag&vfs.Write == 0:
		return 0, vfs.EBADF
	case len(p) == 0:
		return 0, nil
	}
	return h.driver.write(p)
}

// Stat describes the device as it was when it was opened.
func (h *file) Stat() (vfs.Info, error) {
	if h.closed.Load() {
		return vfs.Info{}, vfs.EBADF
	}
	return h.info, nil
}

// ReadDir is refused: a device is no directory.
func (h *file) ReadDir() ([]vfs.DirEntry, error) { return nil, h.state(vfs.ENOTDIR) }

// Truncate is refused, as Linux refuses it for a device.
func (h *file) Truncate(int64) error { return h.state(vfs.EINVAL) }

// Chtimes is refused: the devices belong to the host.
func (h *file) Chtimes(int64, int64) error { return h.state(vfs.EROFS) }

// Sync is refused, as Linux refuses it for a device.
func (h *file) Sync() error { return h.state(vfs.EINVAL) }

func (h *file) state(open error) error {
	if h.closed.Load() {
		return vfs.EBADF
	}
	return open
}

// Close ends the handle; the device lives on.
func (h *file) Close() error {
	if h.closed.Swap(true) {
		return vfs.EBADF
	}
	return nil
}
