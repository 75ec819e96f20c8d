package readonlyfs_test

import (
	"testing"

	"agentsandbox/vfs"
	"agentsandbox/vfs/memfs"
	"agentsandbox/vfs/readonlyfs"
	"agentsandbox/vfs/vfstest"
)

// THREAT[FS-06]
func TestSuite(t *testing.T) {
	vfstest.RunReadOnly(t, func(t *testing.T, lay []string) vfs.FS {
		inner := memfs.New(memfs.Config{})
		vfstest.Lay(t, inner, lay...)
		return readonlyfs.New(inner)
	})
}

// TestInnerChanges shows that the inner file system may still change.
func TestInnerChanges(t *testing.T) {
	inner := memfs.New(memfs.Config{})
	r := readonlyfs.New(inner)
	vfstest.Lay(t, inner, "d/f = later")
	data, err := vfs.Space{FS: r}.ReadFile("d/f", 100)
	if string(data) != "later" || err != nil {
		t.Errorf("read %q, %v", data, err)
	}
}
