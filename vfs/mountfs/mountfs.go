// Package mountfs joins file systems to one tree: a root, and others that each
// cover one directory of it.
//
// A name belongs to the file system with the longest mount name that leads to
// it. Mount points show in listings whether or not the file system below has
// a directory there, and so do the directories on the way to them; none of
// these can be removed or renamed while something is mounted. A directory that
// exists only as the way to a mount point is read-only.
package mountfs

import (
	"cmp"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"agentsandbox/vfs"
)

// FS is the joined tree. It may be used from several goroutines, Mount too.
type FS struct {
	mu    sync.Mutex            // serialises Mount
	table atomic.Pointer[table] // replaced, never changed
}

var _ vfs.FS = (*FS)(nil)

// table is the state between two Mounts.
type table struct {
	mounts []*mount // the longest name first; the root, "", last
	// over holds, by directory, the names in it that lead to a mount point.
	over map[string][]branch
}

// branch is one name on the way to a mount point.
type branch struct {
	name, path string // of the piece and of the whole
	top        *mount // the mount that lies there, or one further on
}

// mount is one file system of the tree.
type mount struct {
	fs   vfs.FS
	name string // "" for the root
	id   uint64 // from 1
}

// New makes a tree of root alone.
func New(root vfs.FS) *FS {
	f := new(FS)
	f.table.Store(&table{mounts: []*mount{{fs: root, id: 1}}})
	return f
}

// Mount puts fsys at name, a clean name other than "."; what the tree holds
// there is covered. Nothing is made in the file system below: the directory
// need not exist there, but what does exist on the way must be directories
// (ENOTDIR). A name that has a mount already is EBUSY.
func (f *FS) Mount(name string, fsys vfs.FS) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	t := f.table.Load()
	if err := t.mountable(name); err != nil {
		return err
	}
	m := &mount{fs: fsys, name: name, id: uint64(len(t.mounts) + 1)}
	next := &table{mounts: append(slices.Clone(t.mounts), m)}
	slices.SortStableFunc(next.mounts, func(a, b *mount) int { return cmp.Compare(len(b.name), len(a.name)) })
	next.over = branches(next.mounts)
	f.table.Store(next)
	return nil
}

// mountable checks that something can be mounted at name.
func (t *table) mountable(name string) error {
	if name == "." {
		return vfs.EBUSY
	}
	for piece := range strings.SplitSeq(name, "/") {
		if err := vfs.CheckPiece(piece); err != nil {
			return err
		}
	}
	m, rel := t.find(name)
	if rel == "." {
		return vfs.EBUSY
	}
	return directories(m.fs, rel)
}

// directories checks that what exists on the way to name is directories.
func directories(fsys vfs.FS, name string) error {
	for at := 0; at < len(name); at++ {
		if i := strings.IndexByte(name[at:], '/'); i >= 0 {
			at += i
		} else {
			at = len(name)
		}
		info, err := fsys.Lstat(name[:at])
		switch {
		case vfs.ToErrno(err) == vfs.ENOENT:
			return nil
		case err != nil:
			return err
		case !info.IsDir():
			return vfs.ENOTDIR
		}
	}
	return nil
}

// branches finds every name that leads to a mount point.
func branches(mounts []*mount) map[string][]branch {
	over := map[string][]branch{}
	for _, m := range slices.Backward(mounts) {
		if m.name == "" {
			continue
		}
		for path := m.name; path != "."; {
			dir, base := split(path)
			if !slices.ContainsFunc(over[dir], func(b branch) bool { return b.name == base }) {
				over[dir] = append(over[dir], branch{base, path, m})
			}
			path = dir
		}
	}
	for _, list := range over {
		slices.SortFunc(list, func(a, b branch) int { return cmp.Compare(a.name, b.name) })
	}
	return over
}

// find returns the mount that name belongs to and the name in it.
func (t *table) find(name string) (*mount, string) {
	for _, m := range t.mounts {
		n := len(m.name)
		switch {
		case n == 0:
			return m, name
		case len(name) < n || name[:n] != m.name:
		case len(name) == n:
			return m, "."
		case name[n] == '/':
			return m, name[n+1:]
		}
	}
	return nil, "" // not reached: the root has the name ""
}

// holder returns the mount that holds the name itself, not what is mounted
// there, and the name in it.
func (t *table) holder(name string) (*mount, string) {
	dir, _ := split(name)
	m, _ := t.find(dir)
	if m.name == "" {
		return m, name
	}
	return m, name[len(m.name)+1:]
}

// pinned reports whether name is a mount point or leads to one.
func (t *table) pinned(name string) bool { return t.at(name) != nil }

// at returns the mount that lies at name, or the first one further on.
func (t *table) at(name string) *mount {
	dir, base := split(name)
	for _, b := range t.over[dir] {
		if b.name == base {
			return b.top
		}
	}
	return nil
}

func split(name string) (dir, base string) {
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		return name[:i], name[i+1:]
	}
	return ".", name
}

// show makes an Info the tree's own: the number of the mount takes part in
// Dev, beside whatever devices the file system itself tells apart.
func (m *mount) show(info vfs.Info) vfs.Info {
	info.Dev = info.Dev<<16 | m.id
	return info
}

// wayside describes a directory that is only the way to a mount point.
func wayside(name string, top *mount) (vfs.Info, error) {
	info, err := top.fs.Lstat(".")
	if err != nil {
		return info, err
	}
	return vfs.Info{
		Mode: fs.ModeDir | 0o755, Ino: hash(name), Nlink: 2,
		Atime: info.Atime, Mtime: info.Mtime, Ctime: info.Ctime,
	}, nil
}

// hash numbers a name; no file system counts its inodes up to there.
func hash(name string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(name) {
		h = (h ^ uint64(name[i])) * 1099511628211
	}
	return h | 1<<63
}
