package rootfs

import (
	"io/fs"
	"syscall"

	"agentsandbox/vfs"

	"golang.org/x/sys/unix"
)

// fillSys adds what only the system knows of a file.
func fillSys(sys any, info *vfs.Info) {
	st, ok := sys.(*syscall.Stat_t)
	if !ok {
		return
	}
	info.Ino, info.Dev, info.Nlink = st.Ino, uint64(st.Dev), uint64(st.Nlink)
	info.Atime, info.Ctime = st.Atim.Nano(), st.Ctim.Nano()
}

// fromStat describes a file.
func fromStat(st *unix.Stat_t) vfs.Info {
	return vfs.Info{
		Mode: fs.FileMode(st.Mode)&fs.ModePerm | fileType(st.Mode),
		Size: st.Size, Ino: st.Ino, Dev: uint64(st.Dev), Nlink: uint64(st.Nlink),
		Atime: st.Atim.Nano(), Mtime: st.Mtim.Nano(), Ctime: st.Ctim.Nano(),
	}
}

func fileType(mode uint32) fs.FileMode {
	switch mode & unix.S_IFMT {
	case unix.S_IFREG:
		return 0
	case unix.S_IFDIR:
		return fs.ModeDir
	case unix.S_IFLNK:
		return fs.ModeSymlink
	case unix.S_IFIFO:
		return fs.ModeNamedPipe
	case unix.S_IFSOCK:
		return fs.ModeSocket
	case unix.S_IFCHR:
		return fs.ModeDevice | fs.ModeCharDevice
	case unix.S_IFBLK:
		return fs.ModeDevice
	}
	return fs.ModeIrregular
}
