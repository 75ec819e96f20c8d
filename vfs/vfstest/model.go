package vfstest

import (
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"

	"agentsandbox/vfs"
)

// model is a file system made as plainly as can be: nodes with pointers, data
// in one slice, one lock. It is what the others are compared with, and is itself
// compared with Linux.
type model struct {
	mu    sync.Mutex
	root  *modelNode
	count uint64
}

type modelNode struct {
	info   vfs.Info // but for Size
	names  map[string]*modelNode
	target string
	data   []byte
}

func newModel() *model {
	m := &model{}
	m.root = m.node(fs.ModeDir|0o755, 2)
	return m
}

func (m *model) node(mode fs.FileMode, links uint64) *modelNode {
	m.count++
	n := &modelNode{info: vfs.Info{Mode: mode, Ino: m.count, Nlink: links}}
	if mode.IsDir() {
		n.names = map[string]*modelNode{}
	}
	return n
}

// find returns the directory that a name is in, its last piece, and the node if
// there is one. The root is found in no directory.
func (m *model) find(name string) (dir *modelNode, base string, n *modelNode, err error) {
	n = m.root
	if name == "." {
		return nil, ".", n, nil
	}
	for piece := range strings.SplitSeq(name, "/") {
		switch {
		case n == nil:
			return nil, "", nil, vfs.ENOENT
		case isLink(n.info):
			return nil, "", nil, vfs.ELOOP
		case n.names == nil:
			return nil, "", nil, vfs.ENOTDIR
		}
		if err := vfs.CheckPiece(piece); err != nil {
			return nil, "", nil, err
		}
		dir, base, n = n, piece, n.names[piece]
	}
	return dir, base, n, nil
}

// must is find for a node that has to be there.
func (m *model) must(name string) (*modelNode, error) {
	_, _, n, err := m.find(name)
	if err == nil && n == nil {
		err = vfs.ENOENT
	}
	return n, err
}

// add puts a node under a name that must be free.
func (m *model) add(name string, n *modelNode) error {
	dir, base, old, err := m.find(name)
	switch {
	case err != nil:
		return err
	case old != nil:
		return vfs.EEXIST
	}
	dir.names[base] = n
	if n.names != nil {
		dir.info.Nlink++
	}
	return nil
}

// Open does what vfs.FS says, in the plainest way.
func (m *model) Open(name string, flag vfs.Flag, perm fs.FileMode) (vfs.File, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, _, n, err := m.find(name)
	switch {
	case err != nil:
		return nil, err
	case n == nil && flag&vfs.Create == 0:
		return nil, vfs.ENOENT
	case n == nil:
		n = m.node(perm, 1)
		return &modelFile{m: m, n: n, flag: flag}, m.add(name, n)
	case flag&vfs.Create != 0 && flag&vfs.Exclusive != 0:
		return nil, vfs.EEXIST
	case isLink(n.info):
		return nil, vfs.ELOOP
	case n.names != nil && flag&(vfs.Write|vfs.Create|vfs.Truncate) != 0:
		return nil, vfs.EISDIR
	case n.names == nil && flag&vfs.Directory != 0:
		return nil, vfs.ENOTDIR
	}
	if flag&vfs.Truncate != 0 {
		n.data = nil
	}
	return &modelFile{m: m, n: n, flag: flag}, nil
}

// Lstat does what vfs.FS says, in the plainest way.
func (m *model) Lstat(name string) (vfs.Info, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n, err := m.must(name)
	if err != nil {
		return vfs.Info{}, err
	}
	return n.stat(), nil
}

func (n *modelNode) stat() vfs.Info {
	i := n.info
	i.Size = int64(len(n.data) + len(n.target))
	return i
}

// Mkdir does what vfs.FS says, in the plainest way.
func (m *model) Mkdir(name string, perm fs.FileMode) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.add(name, m.node(fs.ModeDir|perm, 2))
}

// Symlink does what vfs.FS says, in the plainest way.
func (m *model) Symlink(target, newname string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := m.node(fs.ModeSymlink|0o777, 1)
	n.target = target
	return m.add(newname, n)
}

// Readlink does what vfs.FS says, in the plainest way.
func (m *model) Readlink(name string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n, err := m.must(name)
	switch {
	case err != nil:
		return "", err
	case !isLink(n.info):
		return "", vfs.EINVAL
	}
	return n.target, nil
}

// Link does what vfs.FS says, in the plainest way.
func (m *model) Link(oldname, newname string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	n, err := m.must(oldname)
	if err != nil {
		return err
	}
	if _, _, old, err := m.find(newname); err != nil || old != nil || n.names == nil {
		if err == nil {
			err = m.add(newname, n)
		}
		if err == nil {
			n.info.Nlink++
		}
		return err
	}
	return vfs.EPERM
}

// Unlink does what vfs.FS says, in the plainest way.
func (m *model) Unlink(name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	dir, base, n, err := m.find(name)
	switch {
	case err != nil:
		return err
	case n == nil:
		return vfs.ENOENT
	case n.names != nil:
		return vfs.EISDIR
	}
	delete(dir.names, base)
	n.info.Nlink--
	return nil
}

// Rmdir does what vfs.FS says, in the plainest way.
func (m *model) Rmdir(name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	dir, base, n, err := m.find(name)
	switch {
	case err != nil:
		return err
	case n == nil:
		return vfs.ENOENT
	case dir == nil:
		return vfs.EBUSY
	case n.names == nil:
		return vfs.ENOTDIR
	case len(n.names) > 0:
		return vfs.ENOTEMPTY
	}
	delete(dir.names, base)
	dir.info.Nlink--
	n.info.Nlink = 0
	return nil
}

// Rename does what vfs.FS says, in the plainest way.
func (m *model) Rename(oldname, newname string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	from, oldbase, n, err := m.find(oldname)
	if err != nil {
		return err
	}
	to, newbase, old, err := m.find(newname)
	switch {
	case err != nil:
		return err
	case n == nil:
		return vfs.ENOENT
	case from == nil || to == nil:
		return vfs.EBUSY
	case strings.HasPrefix(newname, oldname+"/"):
		return vfs.EINVAL
	case strings.HasPrefix(oldname, newname+"/"):
		return vfs.ENOTEMPTY
	case old == n:
		return nil
	}
	if err := replaceable(n, old); err != nil {
		return err
	}
	if n.names != nil {
		from.info.Nlink--
		to.info.Nlink++
	}
	if old != nil {
		old.info.Nlink--
	}
	if old != nil && old.names != nil {
		to.info.Nlink--
		old.info.Nlink = 0
	}
	delete(from.names, oldbase)
	to.names[newbase] = n
	return nil
}

// replaceable says whether n may take the place of old, if there is one.
func replaceable(n, old *modelNode) error {
	switch {
	case old == nil:
	case old.names == nil && n.names != nil:
		return vfs.ENOTDIR
	case old.names != nil && n.names == nil:
		return vfs.EISDIR
	case len(old.names) > 0:
		return vfs.ENOTEMPTY
	}
	return nil
}

// Chmod does what vfs.FS says, in the plainest way.
func (m *model) Chmod(name string, perm fs.FileMode) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	n, err := m.must(name)
	switch {
	case err != nil:
		return err
	case isLink(n.info):
		return vfs.ELOOP
	}
	n.info.Mode = n.info.Mode.Type() | perm
	return nil
}

// Chtimes does what vfs.FS says, in the plainest way.
func (m *model) Chtimes(name string, atime, mtime int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	n, err := m.must(name)
	if err == nil {
		n.chtimes(atime, mtime)
	}
	return err
}

func (n *modelNode) chtimes(atime, mtime int64) {
	if atime != vfs.Omit {
		n.info.Atime = atime
	}
	if mtime != vfs.Omit {
		n.info.Mtime = mtime
	}
}

// modelFile is a handle. The tests do not use it once it is closed.
type modelFile struct {
	m    *model
	n    *modelNode
	flag vfs.Flag
}

// ReadAt does what vfs.File says, in the plainest way.
func (f *modelFile) ReadAt(p []byte, off int64) (int, error) {
	f.m.mu.Lock()
	defer f.m.mu.Unlock()
	switch {
	case f.flag&vfs.Read == 0:
		return 0, vfs.EBADF
	case f.n.names != nil:
		return 0, vfs.EISDIR
	case off >= int64(len(f.n.data)):
		return 0, io.EOF
	}
	n := copy(p, f.n.data[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// WriteAt does what vfs.File says, in the plainest way.
func (f *modelFile) WriteAt(p []byte, off int64) (int, error) {
	f.m.mu.Lock()
	defer f.m.mu.Unlock()
	return f.write(p, off)
}

// Append does what vfs.File says, in the plainest way.
func (f *modelFile) Append(p []byte) (int, error) {
	f.m.mu.Lock()
	defer f.m.mu.Unlock()
	return f.write(p, int64(len(f.n.data)))
}

func (f *modelFile) write(p []byte, off int64) (int, error) {
	if f.flag&vfs.Write == 0 {
		return 0, vfs.EBADF
	}
	if end := off + int64(len(p)); len(p) > 0 && end > int64(len(f.n.data)) {
		f.n.data = append(f.n.data, make([]byte, end-int64(len(f.n.data)))...)
	}
	if len(p) > 0 {
		copy(f.n.data[off:], p)
	}
	return len(p), nil
}

// Truncate does what vfs.File says, in the plainest way.
func (f *modelFile) Truncate(size int64) error {
	f.m.mu.Lock()
	defer f.m.mu.Unlock()
	if f.flag&vfs.Write == 0 {
		return vfs.EINVAL
	}
	data := make([]byte, size)
	copy(data, f.n.data)
	f.n.data = data
	return nil
}

// Stat does what vfs.File says, in the plainest way.
func (f *modelFile) Stat() (vfs.Info, error) {
	f.m.mu.Lock()
	defer f.m.mu.Unlock()
	return f.n.stat(), nil
}

// Chtimes does what vfs.FS says, in the plainest way.
func (f *modelFile) Chtimes(atime, mtime int64) error {
	f.m.mu.Lock()
	defer f.m.mu.Unlock()
	f.n.chtimes(atime, mtime)
	return nil
}

// ReadDir does what vfs.File says, in the plainest way.
func (f *modelFile) ReadDir() ([]vfs.DirEntry, error) {
	f.m.mu.Lock()
	defer f.m.mu.Unlock()
	switch {
	case f.n.names == nil:
		return nil, vfs.ENOTDIR
	case f.n.info.Nlink == 0:
		return nil, vfs.ENOENT
	}
	var out []vfs.DirEntry
	for _, name := range slices.Sorted(maps.Keys(f.n.names)) {
		i := f.n.names[name].info
		out = append(out, vfs.DirEntry{Name: name, Type: i.Mode.Type(), Ino: i.Ino})
	}
	return out, nil
}

// Sync does what vfs.File says, in the plainest way.
func (f *modelFile) Sync() error { return nil }

// Close does what vfs.File says, in the plainest way.
func (f *modelFile) Close() error { return nil }
