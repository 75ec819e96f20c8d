package rootfs

import (
	"syscall"

	"agentsandbox/vfs"
)

// fillSys adds what only the system knows of a file.
func fillSys(sys any, info *vfs.Info) {
	st, ok := sys.(*syscall.Stat_t)
	if !ok {
		return
	}
	info.Ino, info.Dev, info.Nlink = st.Ino, uint64(st.Dev), uint64(st.Nlink)
	info.Atime, info.Ctime = st.Atimespec.Nano(), st.Ctimespec.Nano()
}
