//go:build !linux && !darwin && !js && !wasip1 && !windows

package rootfs

import "agentsandbox/vfs"

// fillSys adds what only the system knows of a file.
func fillSys(any, *vfs.Info) {}
