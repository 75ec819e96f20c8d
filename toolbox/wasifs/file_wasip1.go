package wasifs

import (
	"encoding/binary"
	"io"
	"io/fs"
	"runtime"
	"unsafe"

	"agentsandbox/vfs"
)

// file is an open file or directory of the guest. It implements vfs.File.
type file struct {
	fd      uint32
	appends bool // the descriptor is set to append
	stream  bool // it is one of the standard streams
}

const flagAppend = 1

// ReadAt reads at an offset; see vfs.File.
func (f *file) ReadAt(p []byte, off int64) (n int, err error) {
	for n < len(p) && !f.stream {
		var k uint32
		vec := vector(p[n:])
		err := failure(fdPread(f.fd, unsafe.Pointer(&vec), 1, uint64(off)+uint64(n), &k))
		runtime.KeepAlive(p)
		switch {
		case err == vfs.ESPIPE:
			f.stream = true
		case err != nil:
			return n, err
		case k == 0:
			return n, io.EOF
		}
		n += int(k)
	}
	if f.stream {
		return Stream(f.fd).Read(p)
	}
	return n, nil
}

// WriteAt writes at an offset; see vfs.File.
func (f *file) WriteAt(p []byte, off int64) (n int, err error) {
	for n < len(p) && !f.stream {
		var k uint32
		vec := vector(p[n:])
		err := failure(fdPwrite(f.fd, unsafe.Pointer(&vec), 1, uint64(off)+uint64(n), &k))
		runtime.KeepAlive(p)
		switch {
		case err == vfs.ESPIPE:
			f.stream = true
		case err != nil:
			return n, err
		case k == 0:
			return n, io.ErrShortWrite
		}
		n += int(k)
	}
	if f.stream {
		return Stream(f.fd).Write(p)
	}
	return n, nil
}

// Append writes at the end; see vfs.File.
func (f *file) Append(p []byte) (int, error) {
	if !f.appends {
		if err := failure(fdSetFlags(f.fd, flagAppend)); err != nil {
			return 0, err
		}
		f.appends = true
	}
	return Stream(f.fd).Write(p)
}

// Truncate sets the length; see vfs.File.
func (f *file) Truncate(size int64) error { return failure(fdSetSize(f.fd, uint64(size))) }

// Stat describes the file; see vfs.File.
func (f *file) Stat() (vfs.Info, error) {
	var s filestat
	if err := failure(fdStat(f.fd, unsafe.Pointer(&s))); err != nil {
		return vfs.Info{}, err
	}
	return s.info(), nil
}

// Chtimes sets times, or leaves one at vfs.Omit; see vfs.File.
func (f *file) Chtimes(atime, mtime int64) error {
	return failure(fdSetTimes(f.fd, uint64(atime), uint64(mtime), timeFlags(atime, mtime)))
}

// Sync stores what was written; see vfs.File.
func (f *file) Sync() error { return failure(fdSync(f.fd)) }

// Close closes the descriptor; see vfs.File.
func (f *file) Close() error { return failure(fdClose(f.fd)) }

const (
	direntSize = 24
	firstBlock = 4 << 10  // enough for most directories
	largeBlock = 64 << 10 // for those that turn out to be large
)

// ReadDir lists a directory; see vfs.File.
func (f *file) ReadDir() ([]vfs.DirEntry, error) {
	var entries []vfs.DirEntry
	buf := make([]byte, firstBlock)
	for cookie := uint64(0); ; {
		var n uint32
		if err := failure(fdReaddir(f.fd, unsafe.Pointer(&buf[0]), uint32(len(buf)), cookie, &n)); err != nil {
			return nil, err
		}
		entries, cookie = parseDir(entries, cookie, string(buf[:n]))
		if int(n) < len(buf) {
			return entries, nil
		}
		if len(buf) < largeBlock {
			buf = make([]byte, largeBlock)
		}
	}
}

// parseDir adds the entries in block, of which the last may be cut off, and
// returns the cookie of what comes next.
func parseDir(entries []vfs.DirEntry, cookie uint64, block string) ([]vfs.DirEntry, uint64) {
	for len(block) >= direntSize {
		head := []byte(block[:direntSize])
		size := direntSize + int(binary.LittleEndian.Uint32(head[16:]))
		if size > len(block) {
			break
		}
		name := block[direntSize:size]
		cookie, block = binary.LittleEndian.Uint64(head), block[size:]
		if name == "." || name == ".." {
			continue
		}
		entries = append(entries, vfs.DirEntry{
			Name: name, Type: entryType(head[20]), Ino: binary.LittleEndian.Uint64(head[8:]),
		})
	}
	return entries, cookie
}

// entryType is the type of an entry, which may be unknown.
func entryType(kind uint8) fs.FileMode {
	if kind == 0 {
		return fs.ModeIrregular
	}
	return fileType(kind)
}
