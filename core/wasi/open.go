package wasi

import (
	"io"
	"io/fs"
	"math"

	"agentsandbox/vfs"
)

// filetype is the type of a file as preview 1 numbers them.
type filetype uint8

const (
	unknownType     filetype = 0
	blockDevice     filetype = 1
	characterDevice filetype = 2
	directory       filetype = 3
	regularFile     filetype = 4
	streamSocket    filetype = 6
	symbolicLink    filetype = 7
)

// typeOf is the type of a file by its mode.
func typeOf(mode fs.FileMode) filetype {
	switch t := mode.Type(); {
	case t == 0:
		return regularFile
	case t&fs.ModeDir != 0:
		return directory
	case t&fs.ModeSymlink != 0:
		return symbolicLink
	case t&fs.ModeCharDevice != 0:
		return characterDevice
	case t&fs.ModeDevice != 0:
		return blockDevice
	case t&fs.ModeSocket != 0:
		return streamSocket
	}
	return unknownType
}

// Flags of a descriptor.
const (
	flagAppend   = 1 << 0
	flagDsync    = 1 << 1
	flagNonblock = 1 << 2
	flagRsync    = 1 << 3
	flagSync     = 1 << 4
	allFlags     = flagAppend | flagDsync | flagNonblock | flagRsync | flagSync
)

// open is something that is open: a file, a directory, or a stream of the
// host's. Descriptors that are one another's duplicates share it, and with it
// the position.
type open struct {
	refs  int
	kind  filetype
	flags uint16

	file     vfs.File // nil for a stream, and for a preopen not yet used
	borrowed bool     // file is the host's to close
	pos      int64

	name    string // of a directory: its name in the file system
	preopen string // of a preopen: the path that the guest knows it by
	listing []vfs.DirEntry

	stream
	closer   io.Closer // of a stream that is the guest's to close; nil else
	terminal bool
}

// attach makes o a standard stream, or a file where the host gave one.
func (o *open) attach(r io.Reader, w io.Writer) {
	*o = open{refs: 1}
	file, ok := r.(vfs.File)
	if !ok {
		file, ok = w.(vfs.File)
	}
	if !ok {
		o.stream = stream{r: r, w: w, blocks: mayBlock(r) || mayBlock(w)}
		return
	}
	o.file, o.borrowed = file, true
	if info, err := file.Stat(); err == nil {
		o.kind = typeOf(info.Mode)
	}
}

// supports is the set of rights that make sense for o.
func (o *open) supports() rights {
	switch {
	case o.kind == directory:
		return dirRights
	case o.file == nil:
		return streamRights
	}
	return fileRights
}

// isStream reports whether o has no position.
func (o *open) isStream() bool { return o.file == nil && o.kind != directory }

// handle is the open file of o, which a preopen gets at its first use.
func (o *open) handle(p *Process) (vfs.File, error) {
	if o.file == nil && o.kind == directory {
		f, err := p.cfg.FS.Open(o.name, vfs.Read|vfs.Directory, 0)
		if err != nil {
			return nil, err
		}
		o.file = f
	}
	return o.file, nil
}

// space is the file system as it is seen through the directory o.
func (o *open) space(p *Process) vfs.Space { return vfs.Space{FS: p.cfg.FS, Root: o.name} }

// confined reports whether nothing above the directory o is seen through it.
func (o *open) confined() bool { return o.name != "." }

// release gives up one reference.
func (o *open) release() error {
	o.refs--
	switch {
	case o.refs > 0:
	case o.closer != nil:
		return o.closer.Close()
	case o.file != nil && !o.borrowed:
		return o.file.Close()
	}
	return nil
}

// read reads at the position and moves it.
func (o *open) read(c call, p []byte) (int, error) {
	if o.file == nil {
		return o.stream.read(c, p, o.flags&flagNonblock != 0)
	}
	n, err := o.file.ReadAt(p, o.pos)
	o.pos += int64(n)
	return n, err
}

// write writes at the position and moves it.
func (o *open) write(c call, p []byte) (int, error) {
	switch {
	case o.file == nil:
		return o.stream.write(c, p)
	case o.flags&flagAppend != 0:
		return o.append(p)
	}
	n, err := o.writeAt(p, o.pos)
	o.pos += int64(n)
	return n, err
}

func (o *open) append(p []byte) (int, error) {
	n, err := o.file.Append(p)
	if err != nil {
		return n, err
	}
	info, err := o.file.Stat()
	if err == nil {
		o.pos = info.Size
	}
	return n, o.flush()
}

func (o *open) writeAt(p []byte, off int64) (int, error) {
	if off > math.MaxInt64-int64(len(p)) {
		return 0, vfs.EFBIG
	}
	n, err := o.file.WriteAt(p, off)
	if err == nil {
		err = o.flush()
	}
	return n, err
}

// flush keeps the promise of the flags that every write is stored at once.
func (o *open) flush() error {
	if o.flags&(flagSync|flagDsync) == 0 {
		return nil
	}
	return o.file.Sync()
}
