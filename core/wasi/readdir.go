package wasi

import (
	"encoding/binary"
	"io/fs"
	"path"

	"agentsandbox/vfs"
)

const direntSize = 24

// fdReaddir lists a directory. The listing is made at cookie 0 and kept, so
// that a directory that changes meanwhile does not upset it; a cookie is an
// index into it. The last entry may be cut off where the buffer ends.
//
// THREAT[FS-16] a cookie that was made up is EINVAL.
func fdReaddir(c call) vfs.Errno {
	d, errno := c.dirFD(0)
	if errno != success {
		return errno
	}
	off, room, cookie := c.u32(1), c.u32(2), c.u64(3)
	if !c.fits(off, room) || !c.fits(c.u32(4), 4) {
		return vfs.EFAULT
	}
	if cookie == 0 || d.listing == nil {
		if err := d.list(c.p); err != nil {
			return vfs.ToErrno(err)
		}
	}
	if cookie > uint64(len(d.listing)) {
		return vfs.EINVAL
	}
	used := uint32(0)
	for i := cookie; i < uint64(len(d.listing)) && used < room; i++ {
		n, errno := c.putDirent(off+used, room-used, i+1, d.listing[i])
		if errno != success {
			return errno
		}
		used += n
	}
	return c.putU32(c.u32(4), used)
}

func (c call) dirFD(i int) (*descriptor, vfs.Errno) { return c.p.dirFD(c.u32(i)) }

// putDirent puts an entry, or the part of it that there is room for.
func (c call) putDirent(off, room uint32, next uint64, e vfs.DirEntry) (uint32, vfs.Errno) {
	b := c.p.tmp[:direntSize]
	clear(b)
	binary.LittleEndian.PutUint64(b, next)
	binary.LittleEndian.PutUint64(b[8:], e.Ino)
	binary.LittleEndian.PutUint32(b[16:], uint32(len(e.Name)))
	b[20] = byte(typeOf(e.Type))
	n := min(room, direntSize)
	if errno := c.put(off, b[:n]); errno != success || n == room {
		return n, errno
	}
	named, errno := c.putString(off+n, room-n, e.Name)
	return n + named, errno
}

// list makes the listing anew, with "." and ".." in front.
func (o *open) list(p *Process) error {
	file, err := o.handle(p)
	if err != nil {
		return err
	}
	self, err := file.Stat()
	if err != nil {
		return err
	}
	parent := self
	if o.name != "." {
		// A directory that was removed has no parent to ask; any number does.
		if info, err := p.cfg.FS.Lstat(path.Dir(o.name)); err == nil {
			parent = info
		}
	}
	entries, err := file.ReadDir()
	if err != nil {
		return err
	}
	o.listing = make([]vfs.DirEntry, 0, len(entries)+2)
	o.listing = append(o.listing,
		vfs.DirEntry{Name: ".", Type: fs.ModeDir, Ino: self.Ino},
		vfs.DirEntry{Name: "..", Type: fs.ModeDir, Ino: parent.Ino})
	o.listing = append(o.listing, entries...)
	return nil
}
