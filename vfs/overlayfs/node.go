package overlayfs

import (
	"io/fs"
	"strings"
	"sync/atomic"

	"agentsandbox/vfs"
)

// node is a file that the overlay has something to say about. FS.mu guards
// all of it but shared.
type node struct {
	parent *node // nil for the root, and for what has no name any more
	name   string
	mode   fs.FileMode // type bits
	// lower is the name in the lower of what shines through: the content of a
	// file that is not up, what a directory holds beside kids. "" if nothing.
	lower string
	up    bool // it is in the upper, by the same name; then so is its parent
	// covers says that the lower has something of this name in the directory
	// that shines through at the parent.
	covers   bool
	ino, dev uint64           // as shown, once it is up
	kids     map[string]*node // of a directory; nil is a whiteout
	links    int              // directories in kids, less those of the lower that kids hides
	opens    int              // handles
	shared   atomic.Pointer[shared]
}

// shared is the copy of a file that was copied up while it was open.
type shared struct{ vfs.File }

func (n *node) isDir() bool  { return n.mode.IsDir() }
func (n *node) isLink() bool { return n.mode&fs.ModeSymlink != 0 }

// path is the name of a node in the merged tree, and in the upper.
func (n *node) path() string {
	if n.parent == nil {
		return "."
	}
	return join(n.parent.path(), n.name)
}

// gone reports whether a node has lost its name.
func (o *FS) gone(n *node) bool {
	for n.parent != nil {
		n = n.parent
	}
	return n != o.root
}

// show makes an Info of the upper the overlay's.
func (n *node) show(info vfs.Info) vfs.Info {
	info.Ino, info.Dev = n.ino, n.dev
	return info
}

// natural reports whether a node is where the lower has it.
func (n *node) natural() bool {
	p := n.parent
	return p == nil || p.lower != "" && n.lower == join(p.lower, n.name)
}

// attach puts a node in a directory, in the place of what is there.
func (n *node) attach(dir *node, name string) {
	was, known := dir.kids[name]
	n.covers = known && (was == nil || was.covers)
	n.parent, n.name = dir, name
	if dir.kids == nil {
		dir.kids = map[string]*node{}
	}
	dir.kids[name] = n
	if n.isDir() {
		dir.links++
	}
}

// detach takes a node out of its directory and leaves a whiteout if there is
// something to hide.
func (n *node) detach() {
	if n.covers {
		n.parent.kids[n.name] = nil
	} else {
		delete(n.parent.kids, n.name)
	}
	if n.isDir() {
		n.parent.links--
	}
	n.parent = nil
}

// trim forgets a node, and those above it, that have nothing to say.
func (n *node) trim() {
	for n.parent != nil && !n.up && n.opens == 0 && len(n.kids) == 0 && n.natural() {
		p := n.parent
		delete(p.kids, n.name)
		n.parent = nil
		n = p
	}
}

// find looks a name up. It returns the node, or the name of the lower where
// the file is if it is anywhere.
func (o *FS) find(name string) (*node, string, error) {
	n, rest := o.root, name
	for more := name != "."; more; {
		if err := n.asDir(); err != nil {
			return nil, "", err
		}
		var piece, all = "", rest
		piece, rest, more = strings.Cut(rest, "/")
		kid, known := n.kids[piece]
		switch {
		case known && kid != nil:
			n = kid
			continue
		case !known && n.lower != "":
			return nil, join(n.lower, all), nil
		}
		if err := vfs.CheckPiece(piece); err != nil {
			return nil, "", err
		}
		return nil, "", vfs.ENOENT
	}
	return n, "", nil
}

// asDir is the error for using a node as a directory.
func (n *node) asDir() error {
	switch {
	case n.isLink():
		return vfs.ELOOP
	case !n.isDir():
		return vfs.ENOTDIR
	}
	return nil
}

// dir returns the node of a directory, which is made if it is not there. The
// caller holds the lock for writing, as for all that follows.
func (o *FS) dir(name string) (*node, error) {
	n, lower, err := o.find(name)
	switch {
	case err != nil:
		return nil, err
	case n != nil:
		return n, n.asDir()
	}
	info, err := o.lower.Lstat(lower)
	if err != nil {
		return nil, err
	}
	if err := (&node{mode: info.Mode}).asDir(); err != nil {
		return nil, err
	}
	return o.grow(name, fs.ModeDir), nil
}

// grow makes the node of something that the lower is known to have, and those
// of the directories that lead to it.
func (o *FS) grow(name string, mode fs.FileMode) *node {
	n := o.root
	for rest, more := name, true; more; {
		var piece string
		piece, rest, more = strings.Cut(rest, "/")
		kid := n.kids[piece]
		if kid == nil {
			typ := mode
			if more {
				typ = fs.ModeDir
			}
			kid = n.shine(piece, typ)
		}
		n = kid
	}
	return n
}

// shine makes the node of something that the lower has.
func (n *node) shine(name string, mode fs.FileMode) *node {
	kid := &node{lower: join(n.lower, name), mode: mode.Type()}
	kid.attach(n, name)
	kid.covers = true
	if kid.isDir() {
		n.links-- // it hides itself
	}
	return kid
}

// child returns the node of a name in a directory, which is made if the lower
// has something there; ENOENT if there is nothing.
func (o *FS) child(dir *node, name string) (*node, error) {
	kid, known := dir.kids[name]
	switch {
	case kid != nil:
		return kid, nil
	case known || dir.lower == "":
		if err := vfs.CheckPiece(name); err != nil {
			return nil, err
		}
		return nil, vfs.ENOENT
	}
	info, err := o.lower.Lstat(join(dir.lower, name))
	if err != nil {
		return nil, err
	}
	return dir.shine(name, info.Mode), nil
}

// place returns the directory of a name, and the name in it.
func (o *FS) place(name string) (*node, string, error) {
	parent, base := split(name)
	if parent == "." && base != name {
		return nil, "", vfs.EINVAL
	}
	dir, err := o.dir(parent)
	if err == nil {
		err = vfs.CheckPiece(base)
	}
	return dir, base, err
}

// node returns the node of a file, which is made if the lower has it.
func (o *FS) node(name string) (*node, error) {
	if name == "." {
		return o.root, nil
	}
	dir, base, err := o.place(name)
	if err != nil {
		return nil, err
	}
	n, err := o.child(dir, base)
	if err != nil {
		dir.trim()
	}
	return n, err
}

func split(name string) (dir, base string) {
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		return name[:i], name[i+1:]
	}
	return ".", name
}

func join(dir, name string) string {
	if dir == "." {
		return name
	}
	return dir + "/" + name
}
