package wasifs

import (
	"io/fs"

	"agentsandbox/vfs"
)

// filestat is a file as the host describes it.
type filestat struct {
	dev, ino            uint64
	kind                uint8
	_                   [3]byte
	mode                uint32 // st_mode; 0 from a host that does not tell
	nlink, size         uint64
	atime, mtime, ctime uint64
}

const (
	modePerm   = 0o0777
	modeSticky = 0o1000
)

func (s *filestat) info() vfs.Info {
	return vfs.Info{
		Mode: fileType(s.kind) | s.perm(), Size: int64(s.size), Ino: s.ino, Dev: s.dev, Nlink: s.nlink,
		Atime: int64(s.atime), Mtime: int64(s.mtime), Ctime: int64(s.ctime),
	}
}

func (s *filestat) perm() fs.FileMode {
	bits := s.mode
	switch {
	case bits == 0 && fileType(s.kind)&fs.ModeDir != 0:
		bits = dirMode
	case bits == 0:
		bits = fileMode
	}
	mode := fs.FileMode(bits & modePerm)
	if bits&modeSticky != 0 {
		mode |= fs.ModeSticky
	}
	return mode
}

// modeBits is the st_mode of permissions.
func modeBits(perm fs.FileMode) uint32 {
	bits := uint32(perm.Perm())
	if perm&fs.ModeSticky != 0 {
		bits |= modeSticky
	}
	return bits
}

// fileType is the type of a file by its number in preview 1. What has none is
// a pipe.
func fileType(kind uint8) fs.FileMode {
	switch kind {
	case 1:
		return fs.ModeDevice
	case 2:
		return fs.ModeDevice | fs.ModeCharDevice
	case 3:
		return fs.ModeDir
	case 4:
		return 0
	case 5, 6:
		return fs.ModeSocket
	case 7:
		return fs.ModeSymlink
	}
	return fs.ModeNamedPipe
}
