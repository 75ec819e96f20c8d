//go:build !linux

package rootfs

import (
	"os"

	"agentsandbox/vfs"
)

func readDir(h *os.File) ([]vfs.DirEntry, error) { return list(h) }
