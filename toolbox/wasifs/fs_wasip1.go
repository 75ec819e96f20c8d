package wasifs

import (
	"io/fs"
	"strings"
	"unsafe"

	"agentsandbox/vfs"
)

// FS is the guest's file system. It implements tool.FS: names are absolute, or
// relative to "/", and links are followed as POSIX says. Errors are vfs.Errno.
type FS struct{}

const (
	root   = 3 // the descriptor of "/"
	follow = 1 // the lookup flag

	openCreate    = 1
	openDirectory = 2
	openExclusive = 4
	openTruncate  = 8

	rightRead  = 1 << 1
	rightWrite = 1 << 6
	allRights  = 1<<30 - 1
)

// Permissions that the host gives a new file or directory unless told others.
const (
	fileMode = 0o644
	dirMode  = 0o755
)

// relative is name as it is from the descriptor of "/". No name is none.
func relative(name string) string {
	if rest := strings.TrimLeft(name, "/"); rest != "" || name == "" {
		return rest
	}
	return "."
}

// Open opens name; see vfs.Space.Open.
func (FS) Open(name string, flag vfs.Flag, perm fs.FileMode) (vfs.File, error) {
	lookup := uint32(follow)
	if flag&(vfs.NoFollow|vfs.Exclusive) != 0 {
		lookup = 0
	}
	if flag&vfs.Create != 0 && perm != fileMode {
		umode(modeBits(perm))
	}
	var fd uint32
	err := failure(pathOpen(root, lookup, relative(name), openFlags(flag), openRights(flag), allRights, 0, &fd))
	if err != nil {
		return nil, err
	}
	return &file{fd: fd}, nil
}

func openFlags(flag vfs.Flag) (bits uint32) {
	if flag&vfs.Create != 0 {
		bits |= openCreate
	}
	if flag&vfs.Directory != 0 {
		bits |= openDirectory
	}
	if flag&vfs.Exclusive != 0 {
		bits |= openExclusive
	}
	if flag&vfs.Truncate != 0 {
		bits |= openTruncate
	}
	return bits
}

func openRights(flag vfs.Flag) uint64 {
	bits := uint64(allRights)
	if flag&vfs.Read == 0 {
		bits &^= rightRead
	}
	if flag&vfs.Write == 0 {
		bits &^= rightWrite
	}
	return bits
}

// Stat describes what name leads to.
func (FS) Stat(name string) (vfs.Info, error) { return stat(name, follow) }

// Lstat describes the file itself, a link as a link.
func (FS) Lstat(name string) (vfs.Info, error) { return stat(name, 0) }

func stat(name string, lookup uint32) (vfs.Info, error) {
	var s filestat
	err := failure(pathStat(root, lookup, relative(name), unsafe.Pointer(&s)))
	if err != nil {
		return vfs.Info{}, err
	}
	return s.info(), nil
}

// Mkdir makes a directory.
func (FS) Mkdir(name string, perm fs.FileMode) error {
	if perm != dirMode {
		umode(modeBits(perm))
	}
	return failure(pathMkdir(root, relative(name)))
}

// Unlink removes what is not a directory.
func (FS) Unlink(name string) error { return failure(pathUnlink(root, relative(name))) }

// Rmdir removes an empty directory.
func (FS) Rmdir(name string) error { return failure(pathRmdir(root, relative(name))) }

// Rename moves oldname to newname, and replaces what is there.
func (FS) Rename(oldname, newname string) error {
	return failure(pathRename(root, relative(oldname), root, relative(newname)))
}

// Link makes newname a second name of oldname, of which it follows a final
// link only if asked.
func (FS) Link(oldname, newname string, followed bool) error {
	lookup := uint32(0)
	if followed {
		lookup = follow
	}
	return failure(pathLink(root, lookup, relative(oldname), root, relative(newname)))
}

// Symlink makes newname a link to target.
func (FS) Symlink(target, newname string) error {
	return failure(pathSymlink(target, root, relative(newname)))
}

// Readlink returns the text of a link.
func (FS) Readlink(name string) (string, error) {
	var n uint32
	buf := make([]byte, vfs.MaxPath)
	err := failure(pathReadlink(root, relative(name), unsafe.Pointer(&buf[0]), uint32(len(buf)), &n))
	return string(buf[:n]), err
}

// Chmod sets the permission bits of what name leads to.
func (FS) Chmod(name string, perm fs.FileMode) error {
	return failure(pathChmod(root, follow, relative(name), modeBits(perm)))
}

// Chtimes sets the times of what name leads to, or of a final link itself.
func (FS) Chtimes(name string, followed bool, atime, mtime int64) error {
	lookup := uint32(0)
	if followed {
		lookup = follow
	}
	return failure(pathSetTimes(root, lookup, relative(name), uint64(atime), uint64(mtime), timeFlags(atime, mtime)))
}

// timeFlags says which of the times are to be set.
func timeFlags(atime, mtime int64) (bits uint32) {
	if atime != vfs.Omit {
		bits |= 1
	}
	if mtime != vfs.Omit {
		bits |= 4
	}
	return bits
}
