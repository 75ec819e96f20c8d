package rootfs

import (
	"io"
	"io/fs"
	"os"
	"strings"
	"sync"
	"sync/atomic"

	"agentsandbox/vfs"
)

// host is one way to reach the files below the directory.
type host interface {
	// enter begins an operation, which leave ends. moves says that it can put a
	// link in the place of something.
	enter(moves bool) (leave func(), err error)
	// parent opens the directory that holds a clean name (that of "." is
	// itself) and returns the last piece. A link on the way is ELOOP.
	parent(name string) (dir, string, error)
	close() error
}

// dir is an open directory of the host. Its methods act on one piece in it,
// follow no link and return errnos. No piece but that of "." is ".".
type dir interface {
	lstat(base string) (vfs.Info, error)
	// open opens without blocking; flag is made of os.O_ flags.
	open(base string, flag int, perm fs.FileMode) (handle, error)
	mkdir(base string, perm fs.FileMode) error
	unlink(base string) error
	rmdir(base string) error
	rename(base string, to dir, newbase string) error // to is of the same host
	link(base string, to dir, newbase string) error
	symlink(target, base string) error
	readlink(base string) (string, error)
	chmod(base string, perm fs.FileMode) error
	chtimes(base string, atime, mtime int64) error
	release()
}

// handle is an open file of the host. ReadAt and WriteAt follow io.ReaderAt and
// io.WriterAt; errors are the host's. After Close, which may come at any time,
// all is os.ErrClosed or EBADF.
type handle interface {
	io.ReaderAt
	io.WriterAt
	Truncate(size int64) error
	Sync() error
	Close() error
	stat() (vfs.Info, error)
	list() ([]vfs.DirEntry, error)
	setTimes(atime, mtime int64) error
}

// osFile is an open file by what package os can do.
type osFile struct{ *os.File }

func (h osFile) stat() (vfs.Info, error)           { return stat(h.File) }
func (h osFile) list() ([]vfs.DirEntry, error)     { return readDir(h.File) }
func (h osFile) setTimes(atime, mtime int64) error { return setTimes(h.File, atime, mtime) }

func splitName(name string) (parent, base string) {
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		return name[:i], name[i+1:]
	}
	return ".", name
}

// gate lets operations in until it is closed, and then closes what they used
// when the last of them is out.
type gate struct {
	state  atomic.Int64 // operations inside, and gateShut
	once   sync.Once
	closes func() error
}

const gateShut = 1 << 62

// enter lets an operation in, which leave ends; false if the gate is shut.
func (g *gate) enter() bool {
	if g.state.Add(1)&gateShut != 0 {
		g.leave()
		return false
	}
	return true
}

func (g *gate) leave() {
	if g.state.Add(-1) == gateShut {
		g.once.Do(func() { g.closes() })
	}
}

func (g *gate) shut() (err error) {
	if g.state.Or(gateShut)&gateShut != 0 {
		return vfs.EBADF
	}
	if g.state.Load() == gateShut {
		g.once.Do(func() { err = g.closes() })
	}
	return err
}
