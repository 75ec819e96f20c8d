package rootfs_test

import (
	"testing"

	"agentsandbox/vfs"
	"agentsandbox/vfs/rootfs"
	"agentsandbox/vfs/vfstest"
)

// ways are the ways to reach files; every test runs on each.
var ways = map[string]rootfs.Options{"fast": {}, "portable": {Portable: true}}

// open serves a directory until the test ends.
func open(t testing.TB, dir string, o rootfs.Options) *rootfs.FS {
	t.Helper()
	f, err := rootfs.New(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestSuite(t *testing.T) {
	t.Parallel()
	for name, o := range ways {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			vfstest.Run(t, func(t *testing.T) vfs.FS { return open(t, t.TempDir(), o) })
		})
	}
}
