//go:build !linux

package rootfs

import (
	"os"

	"agentsandbox/vfs"
)

// openFast returns nil: os.Root is the best there is.
func openFast(*os.Root) (host, error) { return nil, nil }

// readDir lists an open directory from its start.
func readDir(h *os.File) ([]vfs.DirEntry, error) { return list(h) }

// chtimesLink sets the times of a link itself, which os.Root cannot do.
func (d portableDir) chtimesLink(string, int64, int64) error { return vfs.ENOTSUP }
