package staticfs

import (
	"io"
	"slices"
	"sync/atomic"

	"agentsandbox/vfs"
)

// file is an open regular file or directory.
type file struct {
	node   *node
	closed atomic.Bool
}

// NewFile returns a regular file, open for reading, that holds data. It is for
// file systems around this one that make a text anew for whoever opens it.
func NewFile(info vfs.Info, data string) vfs.File {
	return &file{node: &node{Entry: Entry{Data: data}, info: info}}
}

// ReadAt reads the fixed content; see vfs.File.
func (h *file) ReadAt(p []byte, off int64) (int, error) {
	data := h.node.Data
	switch {
	case h.closed.Load():
		return 0, vfs.EBADF
	case h.node.info.IsDir():
		return 0, vfs.EISDIR
	case off < 0:
		return 0, vfs.EINVAL
	case len(p) == 0:
		return 0, nil
	case off >= int64(len(data)):
		return 0, io.EOF
	}
	n := copy(p, data[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// ReadDir lists a copy of the fixed names.
func (h *file) ReadDir() ([]vfs.DirEntry, error) {
	switch {
	case h.closed.Load():
		return nil, vfs.EBADF
	case !h.node.info.IsDir():
		return nil, vfs.ENOTDIR
	}
	return slices.Clone(h.node.kids), nil
}

// Stat describes the file as it was made.
func (h *file) Stat() (vfs.Info, error) {
	if h.closed.Load() {
		return vfs.Info{}, vfs.EBADF
	}
	return h.node.info, nil
}

// WriteAt is refused: nothing here is open for writing.
func (h *file) WriteAt([]byte, int64) (int, error) { return 0, vfs.EBADF }

// Append is refused: nothing here is open for writing.
func (h *file) Append([]byte) (int, error) { return 0, vfs.EBADF }

// Truncate is refused: nothing here is open for writing.
func (h *file) Truncate(int64) error { return h.state(vfs.EINVAL) }

// Chtimes is refused: nothing here changes.
func (h *file) Chtimes(int64, int64) error { return h.state(vfs.EROFS) }

// Sync has nothing to do.
func (h *file) Sync() error { return h.state(nil) }

func (h *file) state(open error) error {
	if h.closed.Load() {
		return vfs.EBADF
	}
	return open
}

// Close ends the handle.
func (h *file) Close() error {
	if h.closed.Swap(true) {
		return vfs.EBADF
	}
	return nil
}
