package memfs_test

import (
	"testing"

	"agentsandbox/vfs"
	"agentsandbox/vfs/memfs"
	"agentsandbox/vfs/vfstest"
)

func TestSuite(t *testing.T) {
	vfstest.Run(t, func(*testing.T) vfs.FS { return memfs.New(memfs.Config{}) })
}

// TestSuiteOfFork runs the suite on forks of a file system that goes on living.
func TestSuiteOfFork(t *testing.T) {
	base := memfs.New(memfs.Config{})
	vfstest.Run(t, func(*testing.T) vfs.FS { return base.Fork() })
}
