package mountfs_test

import (
	"testing"

	"agentsandbox/vfs"
	"agentsandbox/vfs/memfs"
	"agentsandbox/vfs/mountfs"
	"agentsandbox/vfs/vfstest"
)

func mem() *memfs.FS { return memfs.New(memfs.Config{}) }

func TestSuite(t *testing.T) {
	vfstest.Run(t, func(t *testing.T) vfs.FS { return mountfs.New(mem()) })
}
