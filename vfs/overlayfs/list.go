package overlayfs

import (
	"cmp"
	"slices"

	"agentsandbox/vfs"
)

// list lists a directory of the merged tree.
func (o *FS) list(n *node) ([]vfs.DirEntry, error) {
	list, err := o.shining(n)
	if err != nil {
		return nil, err
	}
	for name, kid := range n.kids {
		if kid != nil {
			list = append(list, vfs.DirEntry{Name: name, Type: kid.mode, Ino: o.ino(kid)})
		}
	}
	slices.SortFunc(list, func(a, b vfs.DirEntry) int { return cmp.Compare(a.Name, b.Name) })
	return list, nil
}

// shining lists what a directory shows of the lower, less what has a node.
func (o *FS) shining(n *node) ([]vfs.DirEntry, error) {
	if n.lower == "" {
		return nil, nil
	}
	list, err := readDir(o.lower, n.lower)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(e vfs.DirEntry) bool {
		_, known := n.kids[e.Name]
		return known
	})
	for i := range list {
		list[i].Ino = lowerIno(list[i].Ino)
	}
	return list, nil
}

func readDir(fsys vfs.FS, name string) ([]vfs.DirEntry, error) {
	h, err := fsys.Open(name, vfs.Read|vfs.Directory, 0)
	if err != nil {
		return nil, err
	}
	defer h.Close()
	return h.ReadDir()
}

// ino is the inode number of a node; 0 if it cannot be known.
func (o *FS) ino(n *node) uint64 {
	if n.up {
		return n.ino
	}
	info, _ := o.info(n)
	return info.Ino
}

// empty is ENOTEMPTY for a directory that holds something.
func (o *FS) empty(n *node) error {
	for _, kid := range n.kids {
		if kid != nil {
			return vfs.ENOTEMPTY
		}
	}
	list, err := o.shining(n)
	if err == nil && len(list) > 0 {
		err = vfs.ENOTEMPTY
	}
	return err
}
