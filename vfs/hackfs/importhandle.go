package hackfs

import (
	"io/fs"

	"agentsandbox/vfs"

	"github.com/hack-pad/hackpadfs"
)

// dirMode is that of a directory of which nothing is known any more.
const dirMode = fs.ModeDir | 0o755

// importedFile is a handle.
type importedFile struct {
	opened *opened
	flag   vfs.Flag
	closed bool // guarded by Imported.mu
}

// prepare opens the other file system's handle at once, so that what it
// refuses is refused now.
func (h *importedFile) prepare() error {
	o := h.opened
	switch {
	case o.dir:
		return nil
	case h.flag&vfs.Truncate != 0 && o.fs.readOnly, h.flag&vfs.Write != 0 && o.fs.readOnly:
		return vfs.EROFS
	case h.flag&vfs.Truncate != 0:
		return o.truncate(0)
	}
	return o.ready(h.flag&vfs.Write != 0)
}

// release gives the handle up; with the last one goes the other file system's.
func (h *importedFile) release() error {
	o := h.opened
	o.handles--
	if o.handles > 0 {
		return nil
	}
	if !o.gone {
		delete(o.fs.open, o.name)
	}
	if o.file == nil {
		return nil
	}
	return o.fs.errno(o.file.Close())
}

// lock begins an operation that needs some flag; unlock ends it in any case.
func (h *importedFile) lock(need vfs.Flag) error {
	h.opened.fs.mu.Lock()
	if h.closed || h.flag&need != need {
		return vfs.EBADF
	}
	return nil
}

func (h *importedFile) unlock() { h.opened.fs.mu.Unlock() }

// ReadAt reads; see vfs.File.
func (h *importedFile) ReadAt(p []byte, off int64) (int, error) {
	defer h.unlock()
	if err := h.lock(vfs.Read); err != nil {
		return 0, err
	}
	switch {
	case h.opened.dir:
		return 0, vfs.EISDIR
	case off < 0:
		return 0, vfs.EINVAL
	}
	return h.opened.ReadAt(p, off)
}

// WriteAt writes; see vfs.File.
func (h *importedFile) WriteAt(p []byte, off int64) (int, error) {
	defer h.unlock()
	if err := h.lock(vfs.Write); err != nil {
		return 0, err
	}
	switch {
	case off < 0:
		return 0, vfs.EINVAL
	case len(p) == 0:
		return 0, nil
	}
	return h.opened.writeAt(p, off)
}

// Append writes at the end; see vfs.File.
func (h *importedFile) Append(p []byte) (int, error) {
	defer h.unlock()
	if err := h.lock(vfs.Write); err != nil || len(p) == 0 {
		return 0, err
	}
	info, err := h.opened.stat()
	if err != nil {
		return 0, err
	}
	return h.opened.writeAt(p, info.Size)
}

// Truncate cuts or lengthens; EINVAL if not opened for writing, as on Linux.
func (h *importedFile) Truncate(size int64) error {
	defer h.unlock()
	if err := h.lock(0); err != nil {
		return err
	}
	if size < 0 || h.flag&vfs.Write == 0 {
		return vfs.EINVAL
	}
	return h.opened.truncate(size)
}

// Stat describes the open file; see vfs.File.
func (h *importedFile) Stat() (vfs.Info, error) {
	defer h.unlock()
	if err := h.lock(0); err != nil {
		return vfs.Info{}, err
	}
	return h.opened.stat()
}

// Chtimes sets times; see vfs.File.
func (h *importedFile) Chtimes(atime, mtime int64) error {
	defer h.unlock()
	if err := h.lock(0); err != nil {
		return err
	}
	o := h.opened
	switch {
	case o.memory != nil:
		return o.memory.Chtimes(atime, mtime)
	case o.fs.readOnly:
		return vfs.EROFS
	}
	return o.fs.setTimes(o.name, atime, mtime)
}

// ReadDir lists; see vfs.File. A directory that was removed is ENOENT.
func (h *importedFile) ReadDir() ([]vfs.DirEntry, error) {
	defer h.unlock()
	if err := h.lock(0); err != nil {
		return nil, err
	}
	switch o := h.opened; {
	case !o.dir:
		return nil, vfs.ENOTDIR
	case o.gone:
		return nil, vfs.ENOENT
	default:
		return o.fs.list(o.name)
	}
}

// Sync writes the data to where it is kept, if the other file system can.
func (h *importedFile) Sync() error {
	defer h.unlock()
	if err := h.lock(0); err != nil {
		return err
	}
	if h.opened.file == nil {
		return nil
	}
	err := h.opened.fs.errno(hackpadfs.SyncFile(h.opened.file))
	if err == vfs.ENOTSUP || err == vfs.EROFS {
		return nil
	}
	return err
}

// Close closes; see vfs.File.
func (h *importedFile) Close() error {
	defer h.unlock()
	if err := h.lock(0); err != nil {
		return err
	}
	h.closed = true
	return h.release()
}
