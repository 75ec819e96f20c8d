package overlayfs

import (
	"io/fs"

	"agentsandbox/vfs"
)

// Discard drops all changes: the merged tree is the lower again. Files that
// are open and were changed go on without a name.
func (o *FS) Discard() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	c := cleaner{upper: o.upper}
	c.discard(o.root, ".")
	o.root.up = false
	return c.err
}

// cleaner removes what is in the upper, and keeps the first error.
type cleaner struct {
	upper vfs.FS
	err   error
}

func (c *cleaner) remove(n *node, path string) {
	if !n.up {
		return
	}
	remove := c.upper.Unlink
	if n.isDir() {
		remove = c.upper.Rmdir
	}
	if err := remove(path); err != nil && c.err == nil {
		c.err = err
	}
}

// discard empties a directory. What is where the lower has it, and open, keeps
// its node.
func (c *cleaner) discard(dir *node, path string) {
	dir.links = 0
	for name, n := range dir.kids {
		if n == nil {
			delete(dir.kids, name)
			continue
		}
		p := join(path, name)
		c.discard(n, p)
		c.remove(n, p)
		if n.natural() && (n.isDir() || !n.up) && (n.opens > 0 || len(n.kids) > 0) {
			n.up = false
			continue
		}
		n.parent = nil
		delete(dir.kids, name)
	}
}

// land makes the tree what it is once the lower has got all that is new: only
// the deletions are left, and files that are still open for writing.
func (o *FS) land(deletions []step) error {
	c := cleaner{upper: o.upper}
	c.land(o.root, ".")
	for i := len(deletions) - 1; i >= 0; i-- { // parents first
		dir, base, err := o.place(deletions[i].Path)
		if err != nil {
			continue // it is in what is hidden already
		}
		if dir.kids[base] == nil {
			mode := fs.FileMode(0)
			if deletions[i].Dir {
				mode = fs.ModeDir
			}
			dir.shine(base, mode).detach()
		}
	}
	return c.err
}

// land drops what the lower has now. A file that is open keeps its node, and
// its copy: who has it open may still write.
func (c *cleaner) land(dir *node, path string) {
	dir.links = 0
	for name, n := range dir.kids {
		if n == nil {
			delete(dir.kids, name)
			continue
		}
		p := join(path, name)
		c.land(n, p)
		n.lower, n.covers = p, true
		if n.opens > 0 || len(n.kids) > 0 {
			continue
		}
		c.remove(n, p)
		n.parent = nil
		delete(dir.kids, name)
	}
}

// forget drops the whiteouts.
func (o *FS) forget(dir *node) {
	dir.links = 0
	for name, n := range dir.kids {
		if n == nil {
			delete(dir.kids, name)
			continue
		}
		o.forget(n)
		n.trim()
	}
}
