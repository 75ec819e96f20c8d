package faultfs_test

import (
	"testing"

	"agentsandbox/vfs"
	"agentsandbox/vfs/faultfs"
	"agentsandbox/vfs/memfs"
	"agentsandbox/vfs/vfstest"
)

func TestSuite(t *testing.T) {
	vfstest.Run(t, func(*testing.T) vfs.FS { return faultfs.New(memfs.New(memfs.Config{})) })
}

func TestFaults(t *testing.T) {
	f := faultfs.New(memfs.New(memfs.Config{}),
		faultfs.Fault{Op: "Mkdir", Call: 2, Err: vfs.EIO},
		faultfs.Fault{Op: "Rename", Err: vfs.EXDEV},
		faultfs.Fault{Op: "WriteAt", Call: 2, Err: vfs.ENOSPC, Half: true},
		faultfs.Fault{Op: "Sync", Call: 1, Err: vfs.EIO},
	)
	h, err := f.Open("f", vfs.Read|vfs.Write|vfs.Create, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	write := func(p string) error { _, err := h.WriteAt([]byte(p), 0); return err }
	for _, c := range []struct {
		name string
		err  error
		want vfs.Errno
	}{
		{"first Mkdir", f.Mkdir("a", 0o755), 0},
		{"second Mkdir", f.Mkdir("b", 0o755), vfs.EIO},
		{"third Mkdir", f.Mkdir("b", 0o755), 0},
		{"first Rename", f.Rename("a", "c"), vfs.EXDEV},
		{"second Rename", f.Rename("a", "c"), vfs.EXDEV},
		{"first WriteAt", write("abcd"), 0},
		{"second WriteAt", write("xyzw"), vfs.ENOSPC},
		{"first Sync", h.Sync(), vfs.EIO},
		{"second Sync", h.Sync(), 0},
	} {
		if vfs.ToErrno(c.err) != c.want {
			t.Errorf("%s: %v, want %v", c.name, c.err, c.want)
		}
	}
	p := make([]byte, 4)
	if h.ReadAt(p, 0); string(p) != "xycd" {
		t.Errorf("half a write left %q", p)
	}
	if n := f.Calls("Mkdir"); n != 3 {
		t.Errorf("Mkdir was called %d times", n)
	}
}
