package rootfs

import (
	"os"

	"agentsandbox/vfs"
)

// onFd calls a function on the descriptor of an open file, which stays open
// meanwhile.
func onFd(h *os.File, call func(fd uintptr) error) error {
	conn, err := h.SyscallConn()
	if err != nil {
		return vfs.EBADF
	}
	var cerr error
	if err := conn.Control(func(fd uintptr) { cerr = call(fd) }); err != nil {
		return vfs.EBADF
	}
	return errno(cerr)
}
