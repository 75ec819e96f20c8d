//go:build !linux

package rootfs

import "agentsandbox/vfs"

// chtimesLink sets the times of a link itself, which os.Root cannot do.
func (d portableDir) chtimesLink(string, int64, int64) error { return vfs.ENOTSUP }
