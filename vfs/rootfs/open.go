package rootfs

import (
	"errors"
	"io/fs"
	"os"

	"agentsandbox/vfs"
)

// errRaced says that the host changed a file while it was being opened.
var errRaced = errors.New("file changed while it was opened")

// Open opens a regular file or a directory; see vfs.FS. A write to a file
// that the host has linked is EPERM.
func (f *FS) Open(name string, flag vfs.Flag, perm fs.FileMode) (vfs.File, error) {
	var h vfs.File
	err := f.at(name, false, func(d dir, base string) (err error) {
		const tries = 8
		for range tries {
			if h, err = f.open(d, base, flag, perm); err != errRaced {
				return err
			}
		}
		return vfs.EAGAIN
	})
	return h, err
}

func (f *FS) open(d dir, base string, flag vfs.Flag, perm fs.FileMode) (vfs.File, error) {
	info, err := d.lstat(base)
	if err == vfs.ENOENT && flag&vfs.Create != 0 {
		return f.create(d, base, flag, perm)
	}
	if err == nil {
		// Opening a device or a FIFO can do something, so not even that is tried.
		err = f.vet(info, flag)
	}
	if err != nil {
		return nil, err
	}
	h, err := d.open(base, hostFlags(flag), 0)
	switch err {
	case nil:
		return f.admit(h, flag)
	case vfs.ENXIO: // a FIFO or a socket has taken its place
		return nil, vfs.EACCES
	}
	return nil, err
}

// create makes a regular file and opens it. That a file was made, and is not
// one that a link led to, is certain only if it is made exclusively.
func (f *FS) create(d dir, base string, flag vfs.Flag, perm fs.FileMode) (vfs.File, error) {
	if flag&vfs.Directory != 0 {
		return nil, vfs.EINVAL
	}
	h, err := d.open(base, hostFlags(flag)|os.O_CREATE|os.O_EXCL, perm&fs.ModePerm)
	switch {
	case err == vfs.EEXIST && flag&vfs.Exclusive == 0:
		return nil, errRaced
	case err != nil:
		return nil, err
	}
	return f.admit(h, flag&^vfs.Truncate)
}

// admit looks at what was opened, and truncates it only then.
func (f *FS) admit(h handle, flag vfs.Flag) (_ vfs.File, err error) {
	defer func() {
		if err != nil {
			h.Close()
		}
	}()
	info, err := h.stat()
	if err != nil {
		return nil, err
	}
	if err := f.vet(info, flag&^vfs.Exclusive); err != nil {
		return nil, err
	}
	if flag&vfs.Truncate != 0 {
		if err := h.Truncate(0); err != nil {
			return nil, errno(err)
		}
		info.Size = 0
	}
	return &file{fs: f, host: h, flag: flag, opened: info}, nil
}

// vet says whether a file that exists may be opened.
func (f *FS) vet(info vfs.Info, flag vfs.Flag) error {
	changes := flag&(vfs.Write|vfs.Truncate) != 0
	mode := info.Mode
	switch {
	case flag&vfs.Create != 0 && flag&vfs.Exclusive != 0:
		return vfs.EEXIST
	case mode&fs.ModeSymlink != 0:
		return vfs.ELOOP
	case mode.IsDir() && (changes || flag&vfs.Create != 0):
		return vfs.EISDIR
	case mode.IsDir():
		return nil
	case flag&vfs.Directory != 0:
		return vfs.ENOTDIR
	case !mode.IsRegular():
		return vfs.EACCES
	case (changes || f.options.RefuseLinked) && f.links.foreign(info):
		return vfs.EPERM
	}
	return nil
}

// hostFlags translates flags. What truncates is opened for writing, since it
// is cut only after a look at it.
func hostFlags(flag vfs.Flag) int {
	switch {
	case flag&vfs.Read != 0 && flag&(vfs.Write|vfs.Truncate) != 0:
		return os.O_RDWR
	case flag&(vfs.Write|vfs.Truncate) != 0:
		return os.O_WRONLY
	}
	return os.O_RDONLY
}
