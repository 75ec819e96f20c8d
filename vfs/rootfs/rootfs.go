// Package rootfs is a directory of the host as a file system of the sandbox.
// It is the only package that opens host files.
//
// Nothing outside the directory can be reached, whoever races with whom:
//   - Names are resolved by the kernel below the descriptor of the directory,
//     and no symbolic link is followed in any position. A link's text is only
//     text here; what it means is resolved in guest space.
//   - Only regular files and directories are opened, without blocking, and the
//     open file is looked at again before it is used. A FIFO, a socket or a
//     device is EACCES at once.
//   - A file that the host has given several names (hard links) may be shared
//     with what lies outside. It can be read and its names can be moved and
//     removed, but it is never written, truncated, or given another mode or
//     other times: EPERM. Links that were made through the same FS are known to
//     it and do not count.
//   - The set-user-id, set-group-id and sticky bits are neither shown nor set.
//
// New files get the permission bits that were asked for, less the umask of the
// host process. Errors are plain errnos and hold no path.
//
// On Linux, openat2 resolves a name in one call. Where there is none, os.Root
// does the same with more calls; there a race with the host can lead to another
// file inside the directory, but not out of it.
package rootfs

import (
	"io/fs"
	"os"
	"sync"

	"agentsandbox/vfs"
)

// Options chooses among the ways to treat a directory.
type Options struct {
	// RefuseLinked refuses to read, too, what the host has given several names.
	RefuseLinked bool
	// Portable does without what only this system can do.
	Portable bool
}

// FS is a directory of the host. It may be used from several goroutines.
type FS struct {
	host    host
	options Options
	dev     uint64 // of the directory itself
	links   links
	appends [64]sync.Mutex // by inode number: one append at a time
}

var _ vfs.FS = (*FS)(nil)

// New opens the directory hostDir, which may be a symbolic link to one. It
// does not look at what is in it. The error, and no other that the FS returns,
// names hostDir.
func New(hostDir string, o Options) (*FS, error) {
	root, err := os.OpenRoot(hostDir)
	if err != nil {
		return nil, err
	}
	f, err := newFS(root, o)
	if err != nil {
		root.Close()
		return nil, &fs.PathError{Op: "open", Path: hostDir, Err: err}
	}
	return f, nil
}

// NewRoot serves an opened directory. Close closes it.
func NewRoot(root *os.Root) (*FS, error) { return newFS(root, Options{}) }

func newFS(root *os.Root, o Options) (*FS, error) {
	f := &FS{host: &portable{root: root}, options: o}
	if !o.Portable {
		fast, err := openFast(root)
		if err != nil {
			return nil, err
		}
		if fast != nil {
			f.host = fast
		}
	}
	info, err := f.Lstat(".")
	f.dev = info.Dev
	return f, err
}

// Close gives the directory up. Open files stay open; all else is EBADF.
func (f *FS) Close() error { return errno(f.host.close()) }

// at runs an operation in the directory that holds name.
func (f *FS) at(name string, moves bool, op func(d dir, base string) error) error {
	if err := checkName(name); err != nil {
		return err
	}
	leave, err := f.host.enter(moves)
	if err != nil {
		return err
	}
	defer leave()
	d, base, err := f.host.parent(name)
	if err != nil {
		return err
	}
	defer d.release()
	return op(d, base)
}

// atBoth runs an operation in the directories that hold two names. It moves.
func (f *FS) atBoth(oldname, newname string, op func(from dir, oldbase string, to dir, newbase string) error) error {
	if err := checkName(newname); err != nil {
		return err
	}
	return f.at(oldname, true, func(from dir, oldbase string) error {
		to, newbase, err := f.host.parent(newname)
		if err != nil {
			return err
		}
		defer to.release()
		return op(from, oldbase, to, newbase)
	})
}

// checkName refuses what is not a clean name. The file systems above hand down
// clean ones only; but here is the wall, so here it is checked.
func checkName(name string) error {
	if name == "." {
		return nil
	}
	if len(name) >= vfs.MaxPath {
		return vfs.ENAMETOOLONG
	}
	start := 0
	for i := 0; i <= len(name); i++ {
		if i < len(name) && name[i] != '/' {
			continue
		}
		if err := vfs.CheckPiece(name[start:i]); err == vfs.EINVAL {
			return err // what is too long is the host's to say, in its order
		}
		start = i + 1
	}
	return checkHostName(name)
}

// show makes an Info of the host fit for the guest: devices are numbered from
// that of the directory, which is 0.
func (f *FS) show(info vfs.Info) vfs.Info {
	info.Dev ^= f.dev
	return info
}
