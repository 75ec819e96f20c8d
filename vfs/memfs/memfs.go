// Package memfs is a file system in memory whose whole state is a persistent
// tree: [FS.Fork] is O(1), and a fork costs only what it changes.
//
// Three kinds of ordered map hold everything: the inode table (number to
// inode), a directory (name to inode number) and the data of a file (chunk
// index to chunk). They are copy-on-write B+trees of one type. Every piece of
// them bears the mark of the FS that made it; an FS changes in place what bears
// its mark, and copies the path to anything else. Fork hands both sides the
// same pieces and a fresh mark each, so neither can change what the other sees,
// and no lock is shared.
//
// Because names hold inode numbers and not pointers, hard links need no care:
// a changed inode is stored once, in the table. An open file holds the number
// too. When the last name of an open file goes, its inode moves from the table
// to the handles that have it open, where no name and no fork can find it.
//
// File data takes memory as it is written, in chunks of at most 64 KiB; holes
// are free. Permission bits are kept but not enforced, and reading does not
// change the access time (as with noatime).
package memfs

import (
	"io/fs"
	"sync"
	"time"

	"agentsandbox/vfs"
)

// Config holds what a new FS takes from the world.
type Config struct {
	// Now is the clock, in nanoseconds since 1970. Nil is the system's.
	Now func() int64
	// Dev is the number that Info.Dev shows.
	Dev uint64
}

// FS is a file system in memory. It may be used from several goroutines.
type FS struct {
	now func() int64
	dev uint64

	mu    sync.RWMutex
	mark  *mark                // guarded by mu, as is all below
	nodes tree[uint64, *inode] // every file that has a name
	next  uint64               // the next inode number
	open  map[uint64]*opened   // what handles have open
}

var _ vfs.FS = (*FS)(nil)

// rootIno is the inode number of ".".
const rootIno = 1

// New returns an empty file system. It costs a few hundred bytes and about a
// microsecond.
func New(c Config) *FS {
	if c.Now == nil {
		c.Now = systemNow
	}
	f := &FS{now: c.Now, dev: c.Dev, mark: new(mark), next: rootIno}
	f.newInode(fs.ModeDir | 0o755).nlink = 2
	return f
}

func systemNow() int64 { return time.Now().UnixNano() }

// Fork returns a copy of the file system as it is now, in constant time. Later
// changes to either are not seen by the other. Open files stay with f; those
// that have lost their last name are not in the copy.
func (f *FS) Fork() *FS {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.mark = new(mark)
	return &FS{now: f.now, dev: f.dev, mark: new(mark), nodes: f.nodes, next: f.next}
}

// newInode makes an inode of the given mode that no name leads to yet.
func (f *FS) newInode(mode fs.FileMode) *inode {
	now := f.now()
	n := &inode{mark: f.mark, ino: f.next, mode: mode, atime: now, mtime: now, ctime: now}
	f.next++
	f.nodes.set(f.mark, n.ino, n)
	return n
}

// node returns the inode of a number that a name holds, to be read only.
func (f *FS) node(ino uint64) *inode {
	n, _ := f.nodes.get(ino)
	return n
}

// edit returns the inode of a number that a name holds, to be changed.
func (f *FS) edit(ino uint64) *inode {
	n := f.node(ino)
	if n.mark == f.mark {
		return n
	}
	n = n.clone(f.mark)
	f.nodes.set(f.mark, ino, n)
	return n
}

// drop takes one name from a file that is not a directory.
func (f *FS) drop(ino uint64) {
	n := f.edit(ino)
	n.nlink--
	n.ctime = f.now()
	if n.nlink == 0 {
		f.forget(n)
	}
}

// forget removes an inode that has no name left; its handles keep it.
func (f *FS) forget(n *inode) {
	f.nodes.del(f.mark, n.ino)
	if o := f.open[n.ino]; o != nil {
		o.orphan = n
	}
}
