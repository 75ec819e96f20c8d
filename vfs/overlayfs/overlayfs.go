// Package overlayfs is a copy-on-write layer over any file system: what is
// changed goes to an upper file system, and the lower one is never written.
//
// The overlay keeps in its own memory a tree of what is different: what was
// removed (a whiteout is an entry of that tree, not a file), what is in the
// upper, and what has moved. A name that the tree does not mention is the
// lower's. The upper mirrors the names of the merged tree, holds nothing else,
// and must be empty and the overlay's alone; a limit on it limits all that the
// overlay holds.
//
// A file is copied up whole when it is first opened for writing, or given
// another mode, other times or another name by Link; a hole stays a hole.
// Renaming copies nothing, neither a file nor a directory of any size: the tree
// notes where in the lower its content is. An inode number stays the same when
// a file is copied up or moved, and a file that is open for reading at that
// time reads on from the copy, so that it sees what others write.
//
// Two names of one file in the lower become two files when one of them is
// written. Removing what is only in the lower leaves the times of its
// directory alone.
package overlayfs

import (
	"io/fs"
	"sync"

	"agentsandbox/vfs"
)

// FS is an overlay. It may be used from several goroutines.
type FS struct {
	lower, upper vfs.FS

	mu   sync.RWMutex
	root *node  // guarded by mu, with all that is below it
	dev  uint64 // of what is new: the number of the lower's root
}

var _ vfs.FS = (*FS)(nil)

// New lays an overlay over lower. It looks at nothing but the lower's root.
func New(lower, upper vfs.FS) *FS {
	info, _ := lower.Lstat(".") // an error comes again with the first use
	return &FS{
		lower: lower, upper: upper, dev: info.Dev,
		root: &node{lower: ".", mode: fs.ModeDir},
	}
}

// Lower returns the lower file system, where the old version of every file is.
func (o *FS) Lower() vfs.FS { return o.lower }

// Inode numbers of both layers share one space: the lower's are even.
func lowerIno(ino uint64) uint64 {
	return ino << 1
}

func upperIno(ino uint64) uint64 {
	return ino<<1 | 1
}

// fromLower makes an Info of the lower the overlay's.
func fromLower(info vfs.Info) vfs.Info {
	info.Ino = lowerIno(info.Ino)
	return info
}

// info describes a file that has a node.
func (o *FS) info(n *node) (vfs.Info, error) {
	var info vfs.Info
	var err error
	if n.up {
		info, err = o.upper.Lstat(n.path())
		info = n.show(info)
	} else {
		info, err = o.lower.Lstat(n.lower)
		info = fromLower(info)
	}
	if err == nil && n.isDir() {
		info.Nlink, err = o.nlink(n)
	}
	return info, err
}

// nlink counts the links of a directory: two, and one for each directory in it;
// 1 if the lower does not count.
func (o *FS) nlink(n *node) (uint64, error) {
	if n.lower == "" {
		return uint64(2 + n.links), nil
	}
	info, err := o.lower.Lstat(n.lower)
	if err != nil || info.Nlink < 2 {
		return 1, err
	}
	return uint64(int(info.Nlink) + n.links), nil
}

// Lstat describes a file; see vfs.FS.
func (o *FS) Lstat(name string) (vfs.Info, error) {
	o.mu.RLock()
	defer o.mu.RUnlock()
	n, lower, err := o.find(name)
	switch {
	case err != nil:
		return vfs.Info{}, err
	case n != nil:
		return o.info(n)
	}
	info, err := o.lower.Lstat(lower)
	return fromLower(info), err
}

// Readlink returns the text of a link; see vfs.FS.
func (o *FS) Readlink(name string) (string, error) {
	o.mu.RLock()
	defer o.mu.RUnlock()
	n, lower, err := o.find(name)
	switch {
	case err != nil:
		return "", err
	case n == nil:
		return o.lower.Readlink(lower)
	case n.up:
		return o.upper.Readlink(n.path())
	}
	return o.lower.Readlink(n.lower)
}
