package overlayfs_test

import (
	"testing"

	"agentsandbox/vfs"
	"agentsandbox/vfs/memfs"
	"agentsandbox/vfs/overlayfs"
	"agentsandbox/vfs/vfstest"
)

func mem() vfs.FS { return memfs.New(memfs.Config{}) }

func TestSuite(t *testing.T) {
	vfstest.Run(t, func(t *testing.T) vfs.FS { return overlayfs.New(mem(), mem()) })
}
