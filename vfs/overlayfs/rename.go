package overlayfs

import (
	"strings"

	"agentsandbox/vfs"
)

// Rename moves a file or directory; see vfs.FS. It copies nothing.
func (o *FS) Rename(oldname, newname string) error {
	if oldname == "." || newname == "." {
		return vfs.EBUSY
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	m := move{from: oldname, to: newname}
	defer m.trim()
	if err := o.ends(&m); err != nil || m.node == m.target {
		return err
	}
	if m.target != nil {
		same, err := o.replaceable(m.node, m.target)
		if err != nil || same {
			return err
		}
	}
	if err := o.moveUpper(m); err != nil {
		return err
	}
	if m.target != nil {
		m.target.detach()
	}
	m.node.detach()
	m.node.attach(m.dir, m.base)
	return nil
}

// move is a rename under way.
type move struct {
	from, to string
	node     *node
	source   *node // the directory it leaves
	dir      *node // the directory it goes to
	base     string
	target   *node // what it replaces; nil if nothing
}

// trim forgets nodes that were made to look at.
func (m *move) trim() {
	for _, n := range []*node{m.node, m.target, m.source, m.dir} {
		if n != nil {
			n.trim()
		}
	}
}

// ends finds both ends, in the order in which Linux looks.
func (o *FS) ends(m *move) (err error) {
	var base string
	if m.source, base, err = o.place(m.from); err != nil {
		return err
	}
	if m.dir, m.base, err = o.place(m.to); err != nil {
		return err
	}
	if m.node, err = o.child(m.source, base); err != nil {
		return err
	}
	switch {
	case strings.HasPrefix(m.to, m.from+"/"):
		return vfs.EINVAL
	case strings.HasPrefix(m.from, m.to+"/"):
		return vfs.ENOTEMPTY
	}
	m.target, err = o.child(m.dir, m.base)
	if vfs.ToErrno(err) == vfs.ENOENT {
		err = nil
	}
	return err
}

// replaceable says whether a file may take the place of another, and whether
// both are the same, so that nothing is to be done.
func (o *FS) replaceable(n, target *node) (same bool, err error) {
	switch {
	case n.isDir() && !target.isDir():
		return false, vfs.ENOTDIR
	case target.isDir() && !n.isDir():
		return false, vfs.EISDIR
	case target.isDir():
		return false, o.empty(target)
	}
	a, err := o.info(n)
	if err != nil {
		return false, err
	}
	b, err := o.info(target)
	return a.Ino == b.Ino && a.Dev == b.Dev, err
}

// moveUpper does in the upper what there is to do of a rename.
func (o *FS) moveUpper(m move) error {
	switch {
	case m.node.up:
		if err := o.copyUp(m.dir, false); err != nil {
			return err
		}
		return o.upper.Rename(m.from, m.to)
	case m.target == nil || !m.target.up:
		return nil
	case m.target.isDir():
		return o.upper.Rmdir(m.to)
	}
	return o.upper.Unlink(m.to)
}
