package hackfs

import (
	"io"
	"io/fs"
	"path"
	"sync"
	"time"

	"agentsandbox/vfs"
	"agentsandbox/vfs/hosterrno"

	"github.com/hack-pad/hackpadfs"
)

// exportedFile is a vfs.File with a position. It may be used from several
// goroutines.
type exportedFile struct {
	vfs.File
	fs     *Exported
	name   string
	append bool

	mu     sync.Mutex
	offset int64          // guarded by mu
	rest   []vfs.DirEntry // what ReadDir has not returned yet; guarded by mu
	listed bool           // guarded by mu
}

var _ interface {
	hackpadfs.ReadWriterFile
	hackpadfs.ReaderAtFile
	hackpadfs.WriterAtFile
	hackpadfs.DirReaderFile
	hackpadfs.SeekerFile
	hackpadfs.SyncerFile
	hackpadfs.TruncaterFile
	hackpadfs.ChmoderFile
	hackpadfs.ChtimeserFile
} = (*exportedFile)(nil)

// result makes the error of an operation that moves bytes.
func (h *exportedFile) result(op string, n int, err error) (int, error) {
	if err == io.EOF {
		return n, err
	}
	return n, pathErr(op, h.name, err)
}

// Read reads at the position.
func (h *exportedFile) Read(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	n, err := h.File.ReadAt(p, h.offset)
	h.offset += int64(n)
	if n > 0 && err == io.EOF {
		err = nil
	}
	return h.result("read", n, err)
}

// ReadAt reads at an offset.
func (h *exportedFile) ReadAt(p []byte, off int64) (int, error) {
	n, err := h.File.ReadAt(p, off)
	return h.result("readat", n, err)
}

// Write writes at the position, or at the end of a file opened to append.
func (h *exportedFile) Write(p []byte) (n int, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.append {
		n, err = h.File.Append(p)
	} else {
		n, err = h.File.WriteAt(p, h.offset)
	}
	h.offset += int64(n)
	return h.result("write", n, err)
}

// negativeOffset is the EINVAL that hackpadfs knows by its text.
type negativeOffset struct{}

// Error implements error.
func (*negativeOffset) Error() string { return "negative offset" }

// Unwrap gives errors.Is the error of package fs as well.
func (*negativeOffset) Unwrap() error { return hosterrno.To(vfs.EINVAL) }

// WriteAt writes at an offset.
func (h *exportedFile) WriteAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, &hackpadfs.PathError{Op: "writeat", Path: h.name, Err: &negativeOffset{}}
	}
	n, err := h.File.WriteAt(p, off)
	return h.result("writeat", n, err)
}

// Seek moves the position.
func (h *exportedFile) Seek(offset int64, whence int) (int64, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	base := int64(0)
	switch whence {
	case io.SeekStart:
	case io.SeekCurrent:
		base = h.offset
	case io.SeekEnd:
		info, err := h.File.Stat()
		if err != nil {
			return 0, pathErr("seek", h.name, err)
		}
		base = info.Size
	default:
		return 0, pathErr("seek", h.name, vfs.EINVAL)
	}
	if base+offset < 0 {
		return 0, pathErr("seek", h.name, vfs.EINVAL)
	}
	h.offset = base + offset
	h.rest, h.listed = nil, false
	return h.offset, nil
}

// Stat describes the open file.
func (h *exportedFile) Stat() (hackpadfs.FileInfo, error) {
	info, err := h.File.Stat()
	if err != nil {
		return nil, pathErr("stat", h.name, err)
	}
	return fileInfo{path.Base(h.name), info}, nil
}

// ReadDir returns the next n entries of a directory, or all for n <= 0.
func (h *exportedFile) ReadDir(n int) ([]hackpadfs.DirEntry, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.listed {
		list, err := h.File.ReadDir()
		if err != nil {
			return nil, pathErr("readdir", h.name, err)
		}
		h.rest, h.listed = list, true
	}
	switch {
	case n <= 0:
		n = len(h.rest)
	case len(h.rest) == 0:
		return nil, io.EOF
	}
	next := h.rest[:min(n, len(h.rest))]
	h.rest = h.rest[len(next):]
	entries := make([]hackpadfs.DirEntry, len(next))
	for i, e := range next {
		entries[i] = dirEntry{e, h.fs, path.Join(h.name, e.Name)}
	}
	return entries, nil
}

// Sync writes the data to where it is kept.
func (h *exportedFile) Sync() error { return pathErr("sync", h.name, h.File.Sync()) }

// Truncate cuts or lengthens the file.
func (h *exportedFile) Truncate(size int64) error {
	return pathErr("truncate", h.name, h.File.Truncate(size))
}

// Chmod sets the permission bits of what has the name of the file now.
func (h *exportedFile) Chmod(mode hackpadfs.FileMode) error { return h.fs.Chmod(h.name, mode) }

// Chtimes sets times. A zero time leaves that time alone.
func (h *exportedFile) Chtimes(atime, mtime time.Time) error {
	return pathErr("chtimes", h.name, h.File.Chtimes(nanos(atime), nanos(mtime)))
}

// Close closes the file.
func (h *exportedFile) Close() error { return pathErr("close", h.name, h.File.Close()) }

// fileInfo is a vfs.Info as io/fs knows it. Sys returns the vfs.Info.
type fileInfo struct {
	name string
	info vfs.Info
}

// Name is the last element of the path.
func (i fileInfo) Name() string { return i.name }

// Size is the length in bytes.
func (i fileInfo) Size() int64 { return i.info.Size }

// Mode is the type and the permission bits.
func (i fileInfo) Mode() fs.FileMode { return i.info.Mode }

// ModTime is the time of the last change of the content.
func (i fileInfo) ModTime() time.Time { return time.Unix(0, i.info.Mtime) }

// IsDir reports whether it is a directory.
func (i fileInfo) IsDir() bool { return i.info.IsDir() }

// Sys is nil: nothing of the host is to be seen.
func (i fileInfo) Sys() any { return i.info }

// dirEntry is a vfs.DirEntry as io/fs knows it.
type dirEntry struct {
	entry vfs.DirEntry
	fs    *Exported
	path  string
}

// Name is the last element of the path.
func (e dirEntry) Name() string { return e.entry.Name }

// IsDir reports whether it is a directory.
func (e dirEntry) IsDir() bool { return e.entry.Type.IsDir() }

// Type is the type bits of the mode.
func (e dirEntry) Type() fs.FileMode { return e.entry.Type }

// Info describes the entry as it is now.
func (e dirEntry) Info() (fs.FileInfo, error) { return e.fs.Lstat(e.path) }
