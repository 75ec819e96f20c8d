// Package vfs is the seam between the sandbox and whatever holds its files.
//
// A [FS] is a plain tree that never follows a symbolic link; a [Space] puts
// path resolution on top, in guest space, so that a link can lead only to what
// the guest may see anyway. Everything the guest opens goes through a Space.
//
// File systems live in the packages below this one (memfs, rootfs, overlayfs,
// mountfs, …); what wraps another file system (quota, journal, read-only, …)
// is a decorator that knows nothing of the others. All pass the suite vfstest.
package vfs

import "io/fs"

// Flag says how Open opens a file.
type Flag uint16

// Flags of Open. At least one of Read and Write is set, except for a
// directory, which is opened with Read.
const (
	Read      Flag = 1 << iota // data may be read
	Write                      // data may be written
	Create                     // make a regular file if there is none
	Exclusive                  // with Create: fail with EEXIST if there is one
	Truncate                   // cut a regular file to length 0; needs Write
	Directory                  // fail with ENOTDIR unless it is a directory
	NoFollow                   // Space only: fail with ELOOP on a final link
)

// Omit as a time leaves that time as it is.
const Omit = int64(-1 << 63)

// Limits of names and paths, as on Linux.
const (
	MaxName  = 255
	MaxPath  = 4096
	MaxLinks = 40
)

// FS is a tree of files. Names are slash-separated and clean in the sense of
// io/fs.ValidPath, but need not be UTF-8 (see CheckPiece); "." is the root.
// Any other name is an error, and does nothing.
//
// An FS never follows a symbolic link: a link in a directory position is
// ELOOP (a non-directory there is ENOTDIR), and so is Open of a link. All
// errors have an Errno in their chain (see ToErrno); paths in them are guest
// names, never the host's. Methods may be called from several goroutines.
type FS interface {
	// Open opens a regular file or a directory (with Read, without Write:
	// EISDIR otherwise). perm holds the permission bits of a file it makes.
	// Anything else (a host FIFO, socket or device) is refused at once with
	// EACCES, unless the file system makes its devices itself.
	Open(name string, flag Flag, perm fs.FileMode) (File, error)
	// Lstat describes the file itself, a link as a link.
	Lstat(name string) (Info, error)
	Mkdir(name string, perm fs.FileMode) error
	// Unlink removes what is not a directory (EISDIR for one).
	Unlink(name string) error
	// Rmdir removes an empty directory (ENOTEMPTY, ENOTDIR; EBUSY for ".").
	Rmdir(name string) error
	// Rename moves oldname to newname and replaces it as POSIX says: file over
	// file, directory over empty directory; EINVAL below itself.
	Rename(oldname, newname string) error
	// Link makes newname a second name of a file that is not a directory
	// (EPERM for one). A link is linked as a link.
	Link(oldname, newname string) error
	// Symlink makes newname a link to target, which is any text.
	Symlink(target, newname string) error
	// Readlink returns the text of a link (EINVAL if it is none).
	Readlink(name string) (string, error)
	// Chmod sets the permission bits (ELOOP on a link).
	Chmod(name string, perm fs.FileMode) error
	// Chtimes sets times in nanoseconds since 1970, or leaves one at Omit. It
	// sets a link's own times.
	Chtimes(name string, atime, mtime int64) error
}

// File is an open file or directory. It has no position: the descriptor above
// it keeps one. Methods may be called from several goroutines.
type File interface {
	// ReadAt and WriteAt follow io.ReaderAt and io.WriterAt; EISDIR on a
	// directory, EBADF if not opened for it. A write past the end leaves a
	// hole of zeros. A device ignores off, and may return less without error.
	ReadAt(p []byte, off int64) (int, error)
	WriteAt(p []byte, off int64) (int, error)
	// Append writes at the end, in one piece against other appends.
	Append(p []byte) (int, error)
	// Truncate is EINVAL if the file is not opened for writing.
	Truncate(size int64) error
	Stat() (Info, error)
	Chtimes(atime, mtime int64) error
	// ReadDir lists a directory in byte order of the names, without "." and
	// "..", as it is now (ENOTDIR on a file). One that was removed is empty or
	// ENOENT. The slice is the caller's.
	ReadDir() ([]DirEntry, error)
	Sync() error
	Close() error
}

// Recalls is a File that knows how it was when it was opened, which spares
// who needs no more than its type or number a Stat.
type Recalls interface {
	Opened() (Info, error)
}

// Opened describes an open file as it was when it was opened, or as it is now.
func Opened(f File) (Info, error) {
	if r, ok := f.(Recalls); ok {
		return r.Opened()
	}
	return f.Stat()
}

// Info describes a file. Owners are virtual and not kept here.
type Info struct {
	Mode                fs.FileMode // type and permission bits
	Size                int64       // bytes; length of the target for a link
	Ino                 uint64      // unique within Dev, stable while the file lives
	Dev                 uint64      // which file system
	Nlink               uint64
	Atime, Mtime, Ctime int64 // nanoseconds since 1970
}

// IsDir reports whether the file is a directory.
func (i Info) IsDir() bool { return i.Mode.IsDir() }

// DirEntry is one name in a directory.
type DirEntry struct {
	Name string
	Type fs.FileMode // type bits only; fs.ModeIrregular where not known
	Ino  uint64
}
