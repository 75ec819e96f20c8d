package hackfs

import (
	"io/fs"
	"math"
	"path"
	"sort"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"agentsandbox/vfs"
	"agentsandbox/vfs/hosterrno"

	"github.com/hack-pad/hackpadfs"
)

// Imported is a hackpadfs.FS as a vfs.FS. What the other cannot do is EROFS if
// it only reads, else ENOTSUP; hard links are always ENOTSUP. Inode numbers are
// made up, links are followed by no one, and names that io/fs does not allow
// are EILSEQ.
//
// File systems of hackpadfs differ in what they make of O_EXCL, of a file where
// a directory should be, of a rename over something, and of a file that is
// renamed or removed while it is open: key-value ones bring it back with the
// next write. So all of that is decided here. One call at a time reaches the
// other file system, all handles of a file share one of its own, and a file
// that loses its name while it is open goes on in memory.
//
// Over a directory of the host, use rootfs: what changes there between a check
// here and the call is not seen.
type Imported struct {
	// MaxFile is how long a file can get (EFBIG), in bytes. Many of these
	// file systems keep a file in memory, holes too. It is not to be changed
	// while the file system is in use.
	MaxFile int64
	// Now is the clock, in nanoseconds since 1970, for the times that the other
	// file system does not set: those of directories that change. Such times are
	// not kept beyond this one.
	Now func() int64

	inner    hackpadfs.FS
	readLink func(name string) (string, error) // nil if links cannot be read
	links    bool                              // there may be links
	readOnly bool

	mu    sync.Mutex         // held over every call
	open  map[string]*opened // by name; guarded by mu
	known map[string]*known  // by name; guarded by mu
	last  uint64             // guarded by mu
}

// known is what the other file system does not tell of a file.
type known struct {
	ino   uint64
	mtime int64 // if it is later than the other's
}

var _ vfs.FS = (*Imported)(nil)

// defaultMaxFile is MaxFile unless it is set.
const defaultMaxFile = 256 << 20

// Import returns a vfs.FS over inner, which must not be used by another way.
func Import(inner hackpadfs.FS) *Imported {
	f := &Imported{
		MaxFile: defaultMaxFile, inner: inner, Now: func() int64 { return time.Now().UnixNano() },
		open: map[string]*opened{}, known: map[string]*known{},
	}
	_, mounts := inner.(hackpadfs.MountFS)
	_, lstats := inner.(hackpadfs.LstatFS)
	_, writes := inner.(hackpadfs.OpenFileFS)
	f.links, f.readOnly = lstats || mounts, !writes && !mounts
	if r, ok := inner.(fs.ReadLinkFS); ok {
		f.readLink = r.ReadLink
	}
	return f
}

// errno translates an error of the other file system; nil for nil.
func (f *Imported) errno(err error) error {
	e, _ := hosterrno.From(err)
	switch {
	case err == nil:
		return nil
	case e == vfs.ENOSYS && f.readOnly:
		return vfs.EROFS
	case e == vfs.ENOSYS:
		return vfs.ENOTSUP
	}
	return e
}

// check refuses names that the other file system would.
func check(name string) error {
	if fs.ValidPath(name) && strings.IndexByte(name, 0) < 0 {
		if i := strings.LastIndexByte(name, '/'); len(name)-i-1 > vfs.MaxName {
			return vfs.ENAMETOOLONG
		}
		return nil
	}
	if !utf8.ValidString(name) {
		return vfs.EILSEQ
	}
	return vfs.EINVAL
}

// lstat describes a file. What is on the way to it is looked at if there may
// be links, or if it is not found: not all file systems tell ENOTDIR.
func (f *Imported) lstat(name string) (vfs.Info, error) {
	if err := check(name); err != nil && err != vfs.ENAMETOOLONG {
		return vfs.Info{}, err
	}
	if f.links {
		if err := f.directory(path.Dir(name)); err != nil {
			return vfs.Info{}, err
		}
	}
	fi, err := hackpadfs.LstatOrStat(f.inner, name)
	if err == nil {
		return f.info(name, fi), nil
	}
	err = f.errno(err)
	if err == vfs.ENOENT || err == vfs.ENOTDIR {
		if derr := f.directory(path.Dir(name)); derr != nil {
			return vfs.Info{}, derr
		}
		err = vfs.ENOENT
		if cerr := check(name); cerr != nil {
			err = cerr
		}
	}
	return vfs.Info{}, err
}

// directory checks that there is a directory of that name.
func (f *Imported) directory(name string) error {
	if name == "." {
		return nil
	}
	info, err := f.lstat(name)
	switch {
	case err != nil:
		return err
	case info.Mode&fs.ModeSymlink != 0:
		return vfs.ELOOP
	case !info.IsDir():
		return vfs.ENOTDIR
	}
	return nil
}

// vacant checks that name can be made: its directory is there and it is not.
func (f *Imported) vacant(name string) error {
	if name == "." {
		return vfs.EEXIST
	}
	switch _, err := f.lstat(name); err {
	case nil:
		return vfs.EEXIST
	case vfs.ENOENT:
		return f.directory(path.Dir(name))
	default:
		return err
	}
}

func (f *Imported) info(name string, fi fs.FileInfo) vfs.Info {
	mtime := fi.ModTime().UnixNano()
	if fi.ModTime().IsZero() {
		mtime = 0
	}
	k := f.know(name)
	mtime = max(mtime, k.mtime)
	info := vfs.Info{
		Mode: fi.Mode() & (fs.ModeType | fs.ModePerm), Size: fi.Size(), Ino: k.ino, Nlink: 1,
		Atime: mtime, Mtime: mtime, Ctime: mtime,
	}
	if info.IsDir() {
		info.Size = 0
	}
	return info
}

// know returns what is known of a name that exists.
func (f *Imported) know(name string) *known {
	k := f.known[name]
	if k == nil {
		f.last++
		k = &known{ino: f.last, mtime: math.MinInt64}
		f.known[name] = k
	}
	return k
}

// touched notes that a file has changed.
func (f *Imported) touched(name string) { f.know(name).mtime = f.Now() }

// Lstat describes a file; see vfs.FS.
func (f *Imported) Lstat(name string) (vfs.Info, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.lstat(name)
}

// list lists a directory. Names that could not be used are left out.
func (f *Imported) list(name string) ([]vfs.DirEntry, error) {
	found, err := hackpadfs.ReadDir(f.inner, name)
	if err != nil {
		return nil, f.errno(err)
	}
	list := make([]vfs.DirEntry, 0, len(found))
	for _, e := range found {
		if vfs.CheckPiece(e.Name()) == nil && utf8.ValidString(e.Name()) {
			full := path.Join(name, e.Name())
			list = append(list, vfs.DirEntry{Name: e.Name(), Type: e.Type(), Ino: f.know(full).ino})
		}
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Name < list[j].Name })
	return list, nil
}

// Readlink returns the text of a link; ENOTSUP if the other file system has
// links but no way to read them.
func (f *Imported) Readlink(name string) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	info, err := f.lstat(name)
	switch {
	case err != nil:
		return "", err
	case info.Mode&fs.ModeSymlink == 0:
		return "", vfs.EINVAL
	case f.readLink == nil:
		return "", vfs.ENOTSUP
	}
	target, err := f.readLink(name)
	return target, f.errno(err)
}

// setTimes sets the times of a file by name; one that is left alone is set to
// what it is, since the other file system takes both.
func (f *Imported) setTimes(name string, atime, mtime int64) error {
	info, err := f.lstat(name)
	if err != nil {
		return err
	}
	if info.Mode&fs.ModeSymlink != 0 {
		return vfs.ENOTSUP
	}
	if atime == vfs.Omit {
		atime = info.Atime
	}
	if mtime == vfs.Omit {
		mtime = info.Mtime
	}
	f.drop(name)
	err = f.errno(hackpadfs.Chtimes(f.inner, name, time.Unix(0, atime), time.Unix(0, mtime)))
	if err == nil {
		f.know(name).mtime = math.MinInt64
	}
	return err
}
