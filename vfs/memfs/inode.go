package memfs

import (
	"io/fs"

	"agentsandbox/vfs"
)

// mark says which FS, between which forks, made a piece of the tree and may
// change it. It has a size so that no two have the same address.
type mark struct{ _ byte }

// inode is a file of any kind.
type inode struct {
	mark                *mark
	ino                 uint64
	mode                fs.FileMode
	nlink               uint64
	atime, mtime, ctime int64

	names  tree[string, entry] // of a directory
	target string              // of a link
	size   int64               // of a regular file
	chunks tree[int64, *chunk] // of a regular file; a missing one is a hole
}

// entry is what a directory holds under a name.
type entry struct {
	ino uint64
	typ fs.FileMode
}

// dirSize is what a directory shows as its size, as small ones do on ext4.
const dirSize = 4096

func (n *inode) clone(m *mark) *inode {
	c := *n
	c.mark = m
	return &c
}

func (n *inode) isLink() bool { return n.mode&fs.ModeSymlink != 0 }

// asDir returns nil if a name can be looked up in n, or why not.
func (n *inode) asDir() error {
	switch {
	case n.mode.IsDir():
		return nil
	case n.isLink():
		return vfs.ELOOP
	}
	return vfs.ENOTDIR
}

func (n *inode) info(dev uint64) vfs.Info {
	i := vfs.Info{
		Mode: n.mode, Size: n.size, Ino: n.ino, Dev: dev, Nlink: n.nlink,
		Atime: n.atime, Mtime: n.mtime, Ctime: n.ctime,
	}
	switch {
	case n.isLink():
		i.Size = int64(len(n.target))
	case n.mode.IsDir():
		i.Size = dirSize
	}
	return i
}

// changed sets the times as a change of the contents does.
func (n *inode) changed(now int64) { n.mtime, n.ctime = now, now }

func (n *inode) setTimes(atime, mtime, now int64) {
	if atime != vfs.Omit {
		n.atime = atime
	}
	if mtime != vfs.Omit {
		n.mtime = mtime
	}
	n.ctime = now
}
