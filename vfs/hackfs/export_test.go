package hackfs_test

import (
	"testing"
	gofstest "testing/fstest"

	"agentsandbox/vfs"
	"agentsandbox/vfs/hackfs"
	"agentsandbox/vfs/memfs"
	"agentsandbox/vfs/mountfs"
	"agentsandbox/vfs/overlayfs"
	"agentsandbox/vfs/rootfs"
	"agentsandbox/vfs/vfstest"

	"github.com/hack-pad/hackpadfs/fstest"
)

func mem() vfs.FS { return memfs.New(memfs.Config{}) }

// ours are the file systems that hackpadfs's suite is run on.
var ours = map[string]func(t testing.TB) vfs.FS{
	"mem":     func(testing.TB) vfs.FS { return mem() },
	"overlay": func(testing.TB) vfs.FS { return overlayfs.New(mem(), mem()) },
	"mount":   func(testing.TB) vfs.FS { return mountfs.New(mem()) },
	"root": func(t testing.TB) vfs.FS {
		f, err := rootfs.New(t.TempDir(), rootfs.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		return f
	},
}

func TestTheirSuite(t *testing.T) {
	noUmask(t)
	for name, open := range ours {
		options := fstest.FSOptions{
			Name:   name,
			TestFS: func(t testing.TB) fstest.SetupFS { return hackfs.Export(open(t)) },
		}
		fstest.FS(t, options)
		fstest.File(t, options)
	}
}

// The standard library's suite for what only reads.
func TestStandardSuite(t *testing.T) {
	f := mem()
	vfstest.Lay(t, f, "f", "d/e/f", "d/g")
	if err := gofstest.TestFS(hackfs.Export(f), "f", "d/e/f", "d/g"); err != nil {
		t.Error(err)
	}
}
