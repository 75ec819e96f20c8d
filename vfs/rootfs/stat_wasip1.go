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
	info.Ino, info.Dev, info.Nlink = st.Ino, st.Dev, st.Nlink
	info.Atime, info.Ctime = int64(st.Atime), int64(st.Ctime)
}
