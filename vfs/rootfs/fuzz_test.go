package rootfs_test

import (
	"os"
	"path/filepath"
	"testing"

	"agentsandbox/vfs"
	"agentsandbox/vfs/rootfs"
)

// FuzzNames gives every operation any name: what is beside the directory stays
// as it is.
//
// THREAT[FS-01]
func FuzzNames(f *testing.F) {
	for _, name := range []string{
		"a", ".", "..", "../secret", "/etc/passwd", "a/../../secret", "l/secret", "a//b", "", "a\x00b", `..\secret`, "\xff", "l",
	} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		for _, o := range ways {
			tryName(t, o, name)
		}
	})
}

func tryName(t *testing.T, o rootfs.Options, name string) {
	dir := t.TempDir()
	in := filepath.Join(dir, "in")
	if err := os.Mkdir(in, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "secret"), []byte("SECRET"), 0o644); err != nil {
		t.Fatal(err)
	}
	f := open(t, in, o)
	f.Symlink("..", "l")
	f.Mkdir("d", 0o755)
	for _, flag := range []vfs.Flag{vfs.Read, vfs.Write | vfs.Create | vfs.Truncate} {
		if h, err := f.Open(name, flag, 0o644); err == nil {
			buf := make([]byte, 6)
			if n, _ := h.ReadAt(buf, 0); string(buf[:n]) == "SECRET" {
				t.Errorf("%q reads the secret", name)
			}
			h.WriteAt([]byte("x"), 0)
			h.Close()
		}
	}
	f.Link(name, "d/link")
	f.Rename(name, "d/moved")
	f.Mkdir(name, 0o755)
	f.Rename("d", name)
	f.Chmod(name, 0o700)
	f.Chtimes(name, 1, 1)
	f.Rmdir(name)
	f.Unlink(name)
	list, err := os.ReadDir(dir)
	data, rerr := os.ReadFile(filepath.Join(dir, "secret"))
	if err != nil || len(list) != 2 || rerr != nil || string(data) != "SECRET" {
		t.Errorf("%q: outside is %v, %q, %v, %v", name, list, data, err, rerr)
	}
}
