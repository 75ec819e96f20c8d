//go:build !linux && !darwin && !freebsd && !netbsd && !openbsd && !dragonfly && !windows

package rootfs

import (
	"os"

	"agentsandbox/vfs"
)

// setTimes sets the times of an open file, which package os cannot do here.
func setTimes(*os.File, int64, int64) error { return vfs.ENOTSUP }
