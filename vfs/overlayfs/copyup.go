package overlayfs

import (
	"bytes"
	"io"
	"io/fs"

	"agentsandbox/vfs"
)

// copyUp makes sure that a file is in the upper. With empty, its data need not
// come along.
func (o *FS) copyUp(n *node, empty bool) error {
	if n.up {
		return nil
	}
	info, err := o.lower.Lstat(n.lower)
	if err != nil {
		return err
	}
	if n.parent != nil {
		if err := o.copyUp(n.parent, false); err != nil {
			return err
		}
	}
	switch path := n.path(); {
	case n == o.root:
		err = o.upper.Chmod(path, info.Mode.Perm())
	case n.isDir():
		err = o.makeDir(path, info)
	case n.isLink():
		err = o.copyLink(n, path)
	case n.mode.IsRegular():
		err = o.copyFile(n, path, info, empty)
	default:
		err = vfs.EPERM
	}
	if err != nil {
		return err
	}
	if err := o.upper.Chtimes(n.path(), info.Atime, info.Mtime); err != nil && !n.isLink() {
		return o.abandon(n, err)
	}
	n.up, n.ino, n.dev = true, lowerIno(info.Ino), info.Dev
	return nil
}

// abandon removes what a failed copy left in the upper.
func (o *FS) abandon(n *node, err error) error {
	if s := n.shared.Swap(nil); s != nil {
		s.Close()
	}
	switch {
	case n == o.root:
	case n.isDir():
		o.upper.Rmdir(n.path())
	default:
		o.upper.Unlink(n.path())
	}
	return err
}

func (o *FS) makeDir(path string, info vfs.Info) error {
	if err := o.upper.Mkdir(path, info.Mode.Perm()); err != nil {
		return err
	}
	return setMode(o.upper, path, info.Mode)
}

// setMode corrects a mode that the maker of a file held back from.
func setMode(fsys vfs.FS, path string, mode fs.FileMode) error {
	info, err := fsys.Lstat(path)
	if err == nil && info.Mode.Perm() != mode.Perm() {
		err = fsys.Chmod(path, mode.Perm())
	}
	return err
}

func (o *FS) copyLink(n *node, path string) error {
	target, err := o.lower.Readlink(n.lower)
	if err != nil {
		return err
	}
	return o.upper.Symlink(target, path)
}

// copyFile copies a regular file. Where it is open, its handles go over to the
// copy.
func (o *FS) copyFile(n *node, path string, info vfs.Info, empty bool) error {
	to, err := o.upper.Open(path, vfs.Read|vfs.Write|vfs.Create|vfs.Exclusive, info.Mode.Perm())
	if err != nil {
		return err
	}
	if !empty {
		err = copyData(to, o.lower, n.lower)
	}
	if err == nil {
		err = setMode(o.upper, path, info.Mode)
	}
	if err == nil && n.opens > 0 {
		n.shared.Store(&shared{to})
		return nil
	}
	if cerr := to.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return o.abandon(n, err)
	}
	return nil
}

// block is how much is copied at once.
const block = 256 << 10

// copyData copies a file's data. What is all zeros becomes a hole.
func copyData(to vfs.File, fsys vfs.FS, name string) error {
	from, err := fsys.Open(name, vfs.Read, 0)
	if err != nil {
		return err
	}
	defer from.Close()
	info, err := from.Stat()
	if err != nil {
		return err
	}
	buf := make([]byte, min(block, max(info.Size, 0)+1))
	zeros := make([]byte, len(buf))
	var off, end int64
	for err == nil {
		var n int
		n, err = from.ReadAt(buf, off)
		if p := buf[:n]; !bytes.Equal(p, zeros[:n]) {
			if _, werr := to.WriteAt(p, off); werr != nil {
				return werr
			}
			end = off + int64(n)
		}
		off += int64(n)
	}
	if err != io.EOF {
		return err
	}
	if end < off {
		return to.Truncate(off)
	}
	return nil
}
