// Package quotafs bounds what is stored in another file system: bytes, names
// and the depth of directories. What does not fit fails with ENOSPC before
// anything is allocated (ENAMETOOLONG for a directory that would be too deep);
// a write stores what still fits and then fails.
//
// Only change is charged, so that nothing needs to be walked at the start:
//
//   - A file is charged its size, holes included, and a symbolic link the length
//     of its text. A file that loses its last name is charged until the last
//     handle on it is closed.
//   - A name is charged one, whatever it leads to: a second name of a file, too.
//
// What was there before is not charged (but by Count), and removing it makes room only for
// what was added before: usage never falls below zero. So the files are at no
// time larger than they were at their smallest, and the limit.
//
// Below a copy-on-write layer quotafs charges the copies that the layer makes;
// above it, it would not see them.
package quotafs

import (
	"io/fs"
	"math"
	"strings"
	"sync"

	"agentsandbox/vfs"
)

// Limits are what may be added. Zero is no limit.
type Limits struct {
	Bytes int64 // of data and of link texts
	Files int64 // names: of files, directories, links
	Depth int   // directories within one another
}

// Usage is what has been added, and not removed again.
type Usage struct {
	Bytes int64
	Files int64
}

// FS is a file system with limits. It may be used from several goroutines;
// changes are made one at a time.
type FS struct {
	vfs.FS
	limits Limits

	mu   sync.Mutex
	used Usage              // guarded by mu, as is all below
	open map[fileID]*opened // what handles have open
}

var _ vfs.FS = (*FS)(nil)

// fileID tells files apart.
type fileID struct{ dev, ino uint64 }

// opened is what the handles of one file share.
type opened struct {
	handles int
	orphan  bool  // it has no name, and is charged until it is closed
	size    int64 // of an orphan
}

// New puts limits on what will be added to inner.
func New(inner vfs.FS, limits Limits) *FS {
	return &FS{FS: inner, limits: limits, open: map[fileID]*opened{}}
}

// Fork returns a file system over inner, a copy of the inner file system of q,
// with the usage and limits of q. Files that are open and have no name are not
// in the copy, and not charged to it.
func (q *FS) Fork(inner vfs.FS) *FS {
	q.mu.Lock()
	defer q.mu.Unlock()
	f := New(inner, q.limits)
	f.used = q.used
	for _, o := range q.open {
		f.add(-o.size, 0)
	}
	return f
}

// Count charges what is in the file system already, for which it is walked. It
// is called before anything is added.
func (q *FS) Count() error {
	return vfs.Walk(q.FS, ".", func(name string, info vfs.Info) error {
		if name != "." {
			q.mu.Lock()
			defer q.mu.Unlock()
			q.add(size(info), 1)
		}
		return nil
	})
}

// Used returns the usage.
func (q *FS) Used() Usage {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.used
}

// add changes the usage, but not below zero.
func (q *FS) add(bytes, files int64) {
	q.used.Bytes = max(0, q.used.Bytes+bytes)
	q.used.Files = max(0, q.used.Files+files)
}

// room is how many bytes may still be added.
func (q *FS) room() int64 {
	if q.limits.Bytes == 0 {
		return math.MaxInt64
	}
	return max(0, q.limits.Bytes-q.used.Bytes)
}

// fits says whether a name and some bytes may be added.
func (q *FS) fits(bytes int64) error {
	if bytes > q.room() || q.limits.Files > 0 && q.used.Files >= q.limits.Files {
		return vfs.ENOSPC
	}
	return nil
}

// size is what a file of any kind is charged for its contents.
func size(i vfs.Info) int64 {
	if i.IsDir() {
		return 0
	}
	return i.Size
}

func id(i vfs.Info) fileID { return fileID{i.Dev, i.Ino} }

// gone is called when a name is no more; info is how the file was before.
func (q *FS) gone(info vfs.Info) {
	q.add(0, -1)
	if info.IsDir() || info.Nlink > 1 {
		return
	}
	if o := q.open[id(info)]; o != nil {
		o.orphan, o.size = true, info.Size
		return
	}
	q.add(-size(info), 0)
}

// make makes a name that is to hold some bytes, unless it is refused or there is
// no room.
func (q *FS) make(name string, bytes int64, refused error, do func() error) error {
	if refused == nil {
		refused = q.fits(bytes)
	}
	if refused != nil {
		return q.whyNot(name, refused)
	}
	err := do()
	if err == nil {
		q.add(bytes, 1)
	}
	return err
}

// whyNot returns why a name cannot be made if it could not be anyway, else err.
func (q *FS) whyNot(name string, err error) error {
	if _, lerr := q.FS.Lstat(name); lerr == nil {
		return vfs.EEXIST
	} else if vfs.ToErrno(lerr) != vfs.ENOENT {
		return lerr
	}
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		if _, lerr := q.FS.Lstat(name[:i]); lerr != nil {
			return lerr
		}
	}
	return err
}

// Mkdir makes a directory, if there is room and it is not too deep.
func (q *FS) Mkdir(name string, perm fs.FileMode) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	var refused error
	if q.tooDeep(name) {
		refused = vfs.ENAMETOOLONG
	}
	return q.make(name, 0, refused, func() error { return q.FS.Mkdir(name, perm) })
}

// Symlink makes a link, if there is room.
func (q *FS) Symlink(target, newname string) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.make(newname, int64(len(target)), nil, func() error { return q.FS.Symlink(target, newname) })
}

// Link makes a second name, if there is room.
func (q *FS) Link(oldname, newname string) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.make(newname, 0, nil, func() error { return q.FS.Link(oldname, newname) })
}

// Unlink removes a name.
func (q *FS) Unlink(name string) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.removed(name, q.FS.Unlink)
}

// Rmdir removes a directory.
func (q *FS) Rmdir(name string) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.removed(name, q.FS.Rmdir)
}

func (q *FS) removed(name string, do func(string) error) error {
	info, err := q.FS.Lstat(name)
	if err != nil {
		return err
	}
	if err := do(name); err != nil {
		return err
	}
	q.gone(info)
	return nil
}

// Rename moves a file; what it replaces is charged no more.
func (q *FS) Rename(oldname, newname string) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	from, err := q.FS.Lstat(oldname)
	if err == nil && from.IsDir() {
		if err := q.mayMove(oldname, newname); err != nil {
			return err
		}
	}
	to, toErr := q.FS.Lstat(newname)
	if err := q.FS.Rename(oldname, newname); err != nil {
		return err
	}
	if toErr == nil && id(from) != id(to) {
		q.gone(to)
	}
	return nil
}

// mayMove refuses to move a directory to where what is in it would be too deep.
func (q *FS) mayMove(oldname, newname string) error {
	if q.limits.Depth == 0 || depth(newname) <= depth(oldname) {
		return nil
	}
	deep, err := q.deeper(oldname, newname)
	if deep {
		return vfs.ENAMETOOLONG
	}
	return err
}

// deeper reports whether a directory, moved to newname, would be too deep, or
// any below it.
func (q *FS) deeper(name, newname string) (bool, error) {
	if q.tooDeep(newname) {
		return true, nil
	}
	dir, err := q.FS.Open(name, vfs.Read|vfs.Directory, 0)
	if err != nil {
		return false, err
	}
	list, err := dir.ReadDir()
	dir.Close()
	for _, e := range list {
		if !e.Type.IsDir() {
			continue
		}
		if deep, err := q.deeper(name+"/"+e.Name, newname+"/"+e.Name); deep || err != nil {
			return deep, err
		}
	}
	return false, err
}

// tooDeep reports whether a directory of that name may not be.
func (q *FS) tooDeep(name string) bool {
	return q.limits.Depth > 0 && depth(name) > q.limits.Depth
}

func depth(name string) int { return strings.Count(name, "/") + 1 }
