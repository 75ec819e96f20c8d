package tool

import (
	"io"
	"io/fs"
	"strconv"
	"strings"

	"agentsandbox/vfs"
)

// File is an open file with a position, or a stream that has none. It
// implements io.Reader, io.Writer, io.Seeker and io.Closer. Not for use from
// several goroutines.
type File struct {
	vfs.File // nil for a stream

	r      io.Reader // a stream's
	w      io.Writer // a stream's
	off    int64
	append bool
}

// StreamFile wraps a reader or a writer (either may be nil) as a File that
// cannot seek. Close does not close them.
func StreamFile(r io.Reader, w io.Writer) *File { return &File{r: r, w: w} }

// NewFile gives an open file a position, at its start. With appends, writes go to the end.
func NewFile(f vfs.File, appends bool) *File { return &File{File: f, append: appends} }

// Read reads at the position.
func (f *File) Read(p []byte) (int, error) {
	if f.File == nil {
		if f.r == nil {
			return 0, vfs.EBADF
		}
		return f.r.Read(p)
	}
	n, _, err := f.ReadBlock(p)
	return n, err
}

// ReadBlock reads at the position as Read does, and reports with eof that nothing
// followed, which spares a read that finds out. The error is io.EOF only with n == 0.
func (f *File) ReadBlock(p []byte) (n int, eof bool, err error) {
	if f.File == nil {
		n, err = f.Read(p)
	} else {
		n, err = f.ReadAt(p, f.off)
		f.off += int64(n)
	}
	if eof = err == io.EOF; eof && n > 0 {
		err = nil
	}
	return n, eof, err
}

// Write writes at the position, or at the end of a file opened to append.
func (f *File) Write(p []byte) (int, error) {
	switch {
	case f.File == nil && f.w == nil:
		return 0, vfs.EBADF
	case f.File == nil:
		return f.w.Write(p)
	case f.append:
		return f.Append(p)
	}
	n, err := f.WriteAt(p, f.off)
	f.off += int64(n)
	return n, err
}

// Seek moves the position; ESPIPE for a stream.
func (f *File) Seek(offset int64, whence int) (int64, error) {
	if f.File == nil {
		return 0, vfs.ESPIPE
	}
	switch whence {
	case io.SeekCurrent:
		offset += f.off
	case io.SeekEnd:
		info, err := f.Stat()
		if err != nil {
			return 0, err
		}
		offset += info.Size
	}
	if offset < 0 {
		return 0, vfs.EINVAL
	}
	f.off = offset
	return offset, nil
}

// Close closes the file; a stream stays open.
func (f *File) Close() error {
	if f.File == nil {
		return nil
	}
	return f.File.Close()
}

// Stream reports whether f is a stream, which has no position and no Stat.
func (f *File) Stream() bool { return f.File == nil }

// Open opens name for reading, "-" as standard input. Errors are
// *fs.PathError with the name as given.
func (x *Exec) Open(name string) (*File, error) {
	if name == "-" {
		return StreamFile(x.Stdin, nil), nil
	}
	return x.OpenFile(name, vfs.Read, 0)
}

// Create opens name for writing, cut to nothing or made.
func (x *Exec) Create(name string) (*File, error) {
	return x.OpenFile(name, vfs.Write|vfs.Create|vfs.Truncate, 0o666)
}

// OpenAppend opens name for writing at its end, made if there is none.
func (x *Exec) OpenAppend(name string) (*File, error) {
	f, err := x.OpenFile(name, vfs.Write|vfs.Create, 0o666)
	if err == nil {
		f.append = true
	}
	return f, err
}

// OpenFile opens name; the umask is taken off perm. The names of descriptors
// (/dev/stdin, /dev/fd/N, …) are those of this run.
func (x *Exec) OpenFile(name string, flag vfs.Flag, perm fs.FileMode) (*File, error) {
	if f, ok, err := x.openDev(name, flag); ok {
		return f, pathErr("open", name, err)
	}
	f, err := x.FS.Open(x.Abs(name), flag, perm&^x.Umask)
	if err != nil {
		return nil, pathErr("open", name, err)
	}
	return NewFile(f, false), nil
}

func (x *Exec) openDev(name string, flag vfs.Flag) (*File, bool, error) {
	n, ok := Descriptor(name)
	if !ok {
		return nil, false, nil
	}
	if x.OpenDev != nil {
		if f, ok, err := x.OpenDev(name, flag); ok {
			return f, ok, err
		}
	}
	switch n {
	case 0:
		return StreamFile(x.Stdin, nil), true, nil
	case 1:
		return StreamFile(nil, x.Stdout), true, nil
	case 2:
		return StreamFile(nil, x.Stderr), true, nil
	}
	return nil, false, nil
}

// Descriptor returns the number of the descriptor that a name stands for, as
// /dev/stdin and /dev/fd/3 do; -1 for one that cannot be.
func Descriptor(name string) (fd int, ok bool) {
	if !strings.HasPrefix(name, "/dev/") && !strings.HasPrefix(name, "/proc/") {
		return 0, false
	}
	switch name {
	case "/dev/stdin":
		return 0, true
	case "/dev/stdout":
		return 1, true
	case "/dev/stderr":
		return 2, true
	}
	digits, ok := strings.CutPrefix(name, "/dev/fd/")
	if !ok {
		digits, ok = strings.CutPrefix(name, "/proc/self/fd/")
	}
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseUint(digits, 10, 31)
	if err != nil {
		return -1, true
	}
	return int(n), true
}

// ReadDir lists the directory name in byte order.
func (x *Exec) ReadDir(name string) ([]vfs.DirEntry, error) {
	f, err := x.FS.Open(x.Abs(name), vfs.Read|vfs.Directory, 0)
	if err != nil {
		return nil, pathErr("open", name, err)
	}
	defer f.Close()
	entries, err := f.ReadDir()
	return entries, pathErr("readdir", name, err)
}

// ReadFile reads all of name, at most limit bytes (EFBIG beyond).
func (x *Exec) ReadFile(name string, limit int64) ([]byte, error) {
	f, err := x.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = vfs.EFBIG
	}
	return data, pathErr("read", name, err)
}

// Stat describes what name leads to; Lstat the file itself.
func (x *Exec) Stat(name string) (vfs.Info, error) {
	info, err := x.FS.Stat(x.Abs(name))
	return info, pathErr("stat", name, err)
}

// Lstat describes the file itself, a link as a link.
func (x *Exec) Lstat(name string) (vfs.Info, error) {
	info, err := x.FS.Lstat(x.Abs(name))
	return info, pathErr("lstat", name, err)
}

func pathErr(op, name string, err error) error {
	if err == nil {
		return nil
	}
	return &fs.PathError{Op: op, Path: name, Err: vfs.ToErrno(err)}
}

// SpaceFS is a vfs.FS as commands see it, for runs outside a guest.
func SpaceFS(fsys vfs.FS) FS { return spaceFS{vfs.Space{FS: fsys}} }

type spaceFS struct{ s vfs.Space }

// Open is Open of the Space, from its root.
func (f spaceFS) Open(name string, flag vfs.Flag, perm fs.FileMode) (vfs.File, error) {
	return f.s.Open(".", name, flag, perm)
}

// Stat is Stat of the Space, from its root.
func (f spaceFS) Stat(name string) (vfs.Info, error) { return f.s.Stat(".", name) }

// Lstat is Lstat of the Space, from its root.
func (f spaceFS) Lstat(name string) (vfs.Info, error) { return f.s.Lstat(".", name) }

// Mkdir is Mkdir of the Space, from its root.
func (f spaceFS) Mkdir(name string, perm fs.FileMode) error { return f.s.Mkdir(".", name, perm) }

// Unlink is Unlink of the Space, from its root.
func (f spaceFS) Unlink(name string) error { return f.s.Unlink(".", name) }

// Rmdir is Rmdir of the Space, from its root.
func (f spaceFS) Rmdir(name string) error { return f.s.Rmdir(".", name) }

// Rename is Rename of the Space, from its root.
func (f spaceFS) Rename(oldname, newname string) error {
	return f.s.Rename(".", oldname, ".", newname)
}

// Link is Link of the Space, from its root.
func (f spaceFS) Link(oldname, newname string, follow bool) error {
	return f.s.Link(".", oldname, follow, ".", newname)
}

// Symlink is Symlink of the Space, from its root.
func (f spaceFS) Symlink(target, newname string) error { return f.s.Symlink(target, ".", newname) }

// Readlink is Readlink of the Space, from its root.
func (f spaceFS) Readlink(name string) (string, error) { return f.s.Readlink(".", name) }

// Chmod is Chmod of the Space, from its root.
func (f spaceFS) Chmod(name string, perm fs.FileMode) error { return f.s.Chmod(".", name, perm) }

// Chtimes is Chtimes of the Space, from its root.
func (f spaceFS) Chtimes(name string, follow bool, atime, mtime int64) error {
	return f.s.Chtimes(".", name, follow, atime, mtime)
}
