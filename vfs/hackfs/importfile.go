package hackfs

import (
	"io"

	"agentsandbox/vfs"
	"agentsandbox/vfs/memfs"

	"github.com/hack-pad/hackpadfs"
)

// opened is what all handles of one file share. Imported.mu guards it.
type opened struct {
	fs       *Imported
	name     string
	ino      uint64
	dir      bool
	handles  int
	file     hackpadfs.File // nil until it is needed
	writable bool           // file is open for writing, too
	at       int64          // the position of file, if it can only be read on
	gone     bool           // it has lost its name
	memory   vfs.File       // where it goes on then, if it is no directory
}

// handle makes a handle of a file that exists.
func (f *Imported) handle(name string, flag vfs.Flag, info vfs.Info) *importedFile {
	o := f.open[name]
	if o == nil {
		o = &opened{fs: f, name: name, ino: f.know(name).ino, dir: info.IsDir()}
		f.open[name] = o
	}
	o.handles++
	return &importedFile{opened: o, flag: flag}
}

// drop closes the other file system's handle of a file, to open it again when
// it is needed: it may hold what has been changed by another way.
func (f *Imported) drop(name string) {
	if o := f.open[name]; o != nil && o.file != nil {
		o.file.Close()
		o.file, o.writable, o.at = nil, false, 0
	}
}

// reopen opens the other file system's handle with the given flags.
func (o *opened) reopen(flag int) error {
	file, err := hackpadfs.OpenFile(o.fs.inner, o.name, flag, 0)
	if err != nil {
		return o.fs.errno(err)
	}
	o.fs.drop(o.name)
	o.file, o.writable = file, flag != hackpadfs.FlagReadOnly
	return nil
}

// ready makes sure that the other file system's handle can be used.
func (o *opened) ready(write bool) error {
	switch {
	case write && !o.writable:
		return o.reopen(hackpadfs.FlagReadWrite)
	case o.file == nil:
		return o.reopen(hackpadfs.FlagReadOnly)
	}
	return nil
}

// orphan takes the content of a file that is about to lose its name into memory.
func (o *opened) orphan(f *Imported) error {
	if !o.dir {
		const name = "file"
		m := memfs.New(memfs.Config{})
		h, err := m.Open(name, vfs.Read|vfs.Write|vfs.Create, 0o600)
		if err == nil {
			_, err = io.Copy(io.NewOffsetWriter(h, 0), io.NewSectionReader(o, 0, f.MaxFile))
		}
		if err == nil {
			err = m.Unlink(name)
		}
		if err != nil {
			return f.errno(err)
		}
		o.memory = h
	}
	f.drop(o.name)
	o.gone = true
	return nil
}

// adopt takes back an orphan that has kept its name after all.
func (o *opened) adopt() { o.gone, o.memory = false, nil }

// ReadAt reads from the file, wherever it is.
func (o *opened) ReadAt(p []byte, off int64) (n int, err error) {
	if o.memory != nil {
		return o.memory.ReadAt(p, off)
	}
	if err := o.ready(false); err != nil {
		return 0, err
	}
	for n < len(p) && err == nil {
		var got int
		got, err = o.readOnce(p[n:], off+int64(n))
		if got == 0 && err == nil {
			err = vfs.EIO
		}
		n += got
	}
	switch e := o.fs.errno(err); {
	case err == io.EOF:
		return n, err
	case e == vfs.EINVAL && n == 0:
		return 0, io.EOF // beyond what the other can have
	default:
		return n, e
	}
}

// readOnce reads as well as the file can.
func (o *opened) readOnce(p []byte, off int64) (int, error) {
	switch file := o.file.(type) {
	case io.ReaderAt:
		return file.ReadAt(p, off)
	case io.Seeker:
		if _, err := file.Seek(off, io.SeekStart); err != nil {
			return 0, err
		}
		return o.file.Read(p)
	}
	return o.readOn(p, off)
}

// readOn reads a file that can only be read from its start on.
func (o *opened) readOn(p []byte, off int64) (int, error) {
	if off < o.at {
		if err := o.reopen(hackpadfs.FlagReadOnly); err != nil {
			return 0, err
		}
	}
	skipped, err := io.CopyN(io.Discard, o.file, off-o.at)
	o.at += skipped
	if err != nil {
		return 0, err
	}
	n, err := o.file.Read(p)
	o.at += int64(n)
	return n, err
}

// writeAt writes to the file, wherever it is.
func (o *opened) writeAt(p []byte, off int64) (n int, err error) {
	if off > o.fs.MaxFile-int64(len(p)) {
		return 0, vfs.EFBIG
	}
	if o.memory != nil {
		return o.memory.WriteAt(p, off)
	}
	if err := o.ready(true); err != nil {
		return 0, err
	}
	switch file := o.file.(type) {
	case io.WriterAt:
		n, err = file.WriteAt(p, off)
	case io.WriteSeeker:
		if _, err = file.Seek(off, io.SeekStart); err == nil {
			n, err = file.Write(p)
		}
	default:
		return 0, vfs.ENOTSUP
	}
	if err == nil && n < len(p) {
		err = vfs.EIO
	}
	return n, o.fs.errno(err)
}

func (o *opened) truncate(size int64) error {
	if size > o.fs.MaxFile {
		return vfs.EFBIG
	}
	if o.memory != nil {
		return o.memory.Truncate(size)
	}
	if err := o.ready(true); err != nil {
		return err
	}
	err := o.fs.errno(hackpadfs.TruncateFile(o.file, size))
	if err == nil {
		o.fs.touched(o.name)
	}
	return err
}

func (o *opened) stat() (vfs.Info, error) {
	if o.memory == nil && !o.gone {
		return o.fs.lstat(o.name)
	}
	info := vfs.Info{Mode: dirMode}
	if o.memory != nil {
		var err error
		if info, err = o.memory.Stat(); err != nil {
			return info, err
		}
	}
	info.Ino, info.Dev, info.Nlink = o.ino, 0, 0
	return info, nil
}
