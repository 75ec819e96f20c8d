package rootfs

import (
	"io/fs"
	"os"
	"strings"
	"sync"
	"time"

	"agentsandbox/vfs"
)

// portable reaches files through os.Root, which keeps every name inside the
// directory but follows links there. So each piece is looked at first, and
// nothing that goes through the FS puts a link into the way before the act. The
// host still can; that leads astray, but not out.
type portable struct {
	root *os.Root
	mu   sync.RWMutex // held by every operation, alone by one that moves
}

func (h *portable) close() error { return h.root.Close() }

func (h *portable) enter(moves bool) (func(), error) {
	if moves {
		h.mu.Lock()
		return h.mu.Unlock, nil
	}
	h.mu.RLock()
	return h.mu.RUnlock, nil
}

func (h *portable) parent(name string) (dir, string, error) {
	parent, base := splitName(name)
	if parent == "." {
		return portableDir{h.root, ""}, base, nil
	}
	for at := 0; at < len(parent); at++ {
		if i := strings.IndexByte(parent[at:], '/'); i >= 0 {
			at += i
		} else {
			at = len(parent)
		}
		info, err := h.root.Lstat(parent[:at])
		switch {
		case err != nil:
			return nil, "", errno(err)
		case info.Mode()&fs.ModeSymlink != 0:
			return nil, "", vfs.ELOOP
		case !info.IsDir():
			return nil, "", vfs.ENOTDIR
		}
	}
	return portableDir{h.root, parent + "/"}, base, nil
}

// portableDir is a directory by its name.
type portableDir struct {
	root   *os.Root
	prefix string // "" or a name and a slash
}

func (d portableDir) lstat(base string) (vfs.Info, error) {
	info, err := d.root.Lstat(d.prefix + base)
	if err != nil {
		return vfs.Info{}, errno(err)
	}
	v := describe(info)
	identifyName(d.root, d.prefix+base, &v)
	return v, nil
}

func (d portableDir) open(base string, flag int, perm fs.FileMode) (handle, error) {
	name := d.prefix + base
	if flag&os.O_EXCL != 0 {
		h, err := d.root.OpenFile(name, flag|nonBlocking, perm)
		return osFile{h}, errno(err)
	}
	before, err := d.root.Lstat(name)
	if err != nil {
		return nil, errno(err)
	}
	h, err := d.root.OpenFile(name, flag|nonBlocking, perm)
	if err != nil {
		return nil, errno(err)
	}
	after, err := h.Stat()
	if err != nil || !os.SameFile(before, after) {
		h.Close()
		return nil, errRaced
	}
	return osFile{h}, nil
}

func (d portableDir) mkdir(base string, perm fs.FileMode) error {
	return errno(d.root.Mkdir(d.prefix+base, perm))
}

func (d portableDir) unlink(base string) error { return errno(d.root.Remove(d.prefix + base)) }
func (d portableDir) rmdir(base string) error  { return errno(d.root.Remove(d.prefix + base)) }

// rename moves. os.Root does not put one directory in the place of another, so
// an empty one is removed first.
func (d portableDir) rename(base string, to dir, newbase string) error {
	oldname, newname := d.prefix+base, to.(portableDir).prefix+newbase
	source, err := d.root.Lstat(oldname)
	if err != nil {
		return errno(err)
	}
	if target, err := d.root.Lstat(newname); err == nil && !os.SameFile(source, target) {
		switch {
		case strings.HasPrefix(oldname, newname+"/"):
			return vfs.ENOTEMPTY
		case target.IsDir() && !source.IsDir():
			return vfs.EISDIR
		case source.IsDir() && !target.IsDir():
			return vfs.ENOTDIR
		case target.IsDir():
			if err := d.root.Remove(newname); err != nil {
				return errno(err)
			}
		}
	}
	if oldname == newname {
		return nil
	}
	return errno(d.root.Rename(oldname, newname))
}

func (d portableDir) link(base string, to dir, newbase string) error {
	return errno(d.root.Link(d.prefix+base, to.(portableDir).prefix+newbase))
}

func (d portableDir) symlink(target, base string) error {
	return errno(d.root.Symlink(target, d.prefix+base))
}

func (d portableDir) readlink(base string) (string, error) {
	info, err := d.root.Lstat(d.prefix + base)
	if err == nil && info.Mode()&fs.ModeSymlink == 0 {
		return "", vfs.EINVAL
	}
	target, err := d.root.Readlink(d.prefix + base)
	return target, errno(err)
}

func (d portableDir) chmod(base string, perm fs.FileMode) error {
	return errno(d.root.Chmod(d.prefix+base, perm))
}

func (d portableDir) chtimes(base string, atime, mtime int64) error {
	info, err := d.root.Lstat(d.prefix + base)
	if err != nil {
		return errno(err)
	}
	if info.Mode()&fs.ModeSymlink != 0 {
		return d.chtimesLink(base, atime, mtime)
	}
	return errno(d.root.Chtimes(d.prefix+base, timeOf(atime), timeOf(mtime)))
}

// timeOf translates a time; that to be left alone is the zero one.
func timeOf(ns int64) time.Time {
	if ns == vfs.Omit {
		return time.Time{}
	}
	return time.Unix(0, ns)
}

func (d portableDir) release() {}
