// Package staticfs is a small read-only tree that is built once from a list
// and never changes: /bin, /etc, the nodes of /dev. An FS holds no state of its
// users, so any number of sandboxes share one.
package staticfs

import (
	"cmp"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"agentsandbox/vfs"
)

// Entry describes one file of the tree.
type Entry struct {
	// Name is a clean name. Directories on the way to it need no entry of
	// their own; they are made with mode 0755.
	Name string
	// Mode holds the type (regular, directory, symbolic link, or a device) and
	// the permission bits.
	Mode fs.FileMode
	// Data is the content of a regular file, the target of a link.
	Data string
	// Open opens a file that is neither regular nor a directory, and must be
	// set for one that is not a link. It may ignore what it cannot honour in
	// flag (Create and Truncate mean nothing to a device).
	Open func(flag vfs.Flag) (vfs.File, error)
}

// Config is what the whole tree has in common.
type Config struct {
	Time int64  // all times of all files, nanoseconds since 1970
	Dev  uint64 // what Info.Dev shows
}

// FS is the tree. It may be used from several goroutines.
type FS struct {
	config Config
	nodes  map[string]*node
}

var _ vfs.FS = (*FS)(nil)

// node is one file; it never changes once New has returned.
type node struct {
	Entry
	info vfs.Info
	kids []vfs.DirEntry // of a directory, in byte order
}

// New builds the tree. A name that is not clean, that occurs twice, or that
// lies below a file is an error.
func New(c Config, entries []Entry) (*FS, error) {
	f := &FS{config: c, nodes: map[string]*node{}}
	f.enter(Entry{Name: ".", Mode: fs.ModeDir | 0o755})
	for _, e := range entries {
		if err := f.add(e); err != nil {
			return nil, fmt.Errorf("static file %q: %w", e.Name, err)
		}
	}
	for _, n := range f.nodes {
		slices.SortFunc(n.kids, func(a, b vfs.DirEntry) int { return cmp.Compare(a.Name, b.Name) })
	}
	return f, nil
}

// add enters one file and the directories on the way to it.
func (f *FS) add(e Entry) error {
	if e.Name == "." {
		f.nodes["."].info.Mode = e.Mode
		return nil
	}
	dir := "."
	for i, c := range []byte(e.Name) {
		if c != '/' {
			continue
		}
		if err := f.directory(e.Name[:i], dir); err != nil {
			return err
		}
		dir = e.Name[:i]
	}
	if f.nodes[e.Name] != nil {
		return vfs.EEXIST
	}
	return f.attach(e, dir)
}

// directory makes sure that there is a directory of that name.
func (f *FS) directory(name, parent string) error {
	switch n := f.nodes[name]; {
	case n == nil:
		return f.attach(Entry{Name: name, Mode: fs.ModeDir | 0o755}, parent)
	case !n.info.IsDir():
		return vfs.ENOTDIR
	}
	return nil
}

// attach enters a file below a directory that exists.
func (f *FS) attach(e Entry, parent string) error {
	base := e.Name[strings.LastIndexByte(e.Name, '/')+1:]
	if err := vfs.CheckPiece(base); err != nil {
		return err
	}
	n, up := f.enter(e), f.nodes[parent]
	up.kids = append(up.kids, vfs.DirEntry{Name: base, Type: e.Mode.Type(), Ino: n.info.Ino})
	if n.info.IsDir() {
		up.info.Nlink++
	}
	return nil
}

func (f *FS) enter(e Entry) *node {
	c := f.config
	n := &node{Entry: e, info: vfs.Info{
		Mode: e.Mode, Ino: uint64(len(f.nodes) + 1), Dev: c.Dev, Nlink: 1,
		Atime: c.Time, Mtime: c.Time, Ctime: c.Time,
	}}
	switch {
	case e.Mode.IsDir():
		n.info.Nlink = 2
	case e.Open == nil:
		n.info.Size = int64(len(e.Data))
	}
	f.nodes[e.Name] = n
	return n
}

// find returns the file of that name.
func (f *FS) find(name string) (*node, error) {
	if n := f.nodes[name]; n != nil {
		return n, nil
	}
	for i := len(name) - 1; i > 0; i-- {
		if name[i] != '/' {
			continue
		}
		switch n := f.nodes[name[:i]]; {
		case n == nil:
		case n.info.Mode&fs.ModeSymlink != 0:
			return nil, vfs.ELOOP
		case !n.info.IsDir():
			return nil, vfs.ENOTDIR
		}
	}
	if len(name)-strings.LastIndexByte(name, '/')-1 > vfs.MaxName {
		return nil, vfs.ENAMETOOLONG
	}
	return nil, vfs.ENOENT
}
