package rootfs_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"agentsandbox/vfs"
	"agentsandbox/vfs/rootfs"
)

func TestNew(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "f"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"none", "f"} {
		var perr *fs.PathError
		path := filepath.Join(dir, name)
		if _, err := rootfs.New(path, rootfs.Options{}); !errors.As(err, &perr) || perr.Path != path {
			t.Errorf("New of %s: %v", name, err)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	f, err := rootfs.NewRoot(root)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := f.Lstat("f"); err != nil || !info.Mode.IsRegular() || info.Dev != 0 {
		t.Errorf("Lstat = %+v, %v", info, err)
	}
	f.Close()
}

// After Close all is EBADF but what is open, and no descriptor is left, even
// if operations are under way.
func TestClose(t *testing.T) {
	for name, o := range ways {
		t.Run(name, func(t *testing.T) {
			before := descriptors()
			f, err := rootfs.New(t.TempDir(), o)
			if err != nil {
				t.Fatal(err)
			}
			h, err := f.Open("f", vfs.Write|vfs.Create, 0o644)
			if err != nil {
				t.Fatal(err)
			}
			var users sync.WaitGroup
			for range 4 {
				users.Go(func() {
					for vfs.ToErrno(f.Chmod("f", 0o600)) != vfs.EBADF {
					}
				})
			}
			if err := f.Close(); err != nil {
				t.Errorf("Close: %v", err)
			}
			users.Wait()
			if _, err := f.Lstat("f"); vfs.ToErrno(err) != vfs.EBADF {
				t.Errorf("Lstat after Close: %v", err)
			}
			if _, err := h.WriteAt([]byte("x"), 0); err != nil {
				t.Errorf("write to what is open: %v", err)
			}
			h.Close()
			if after := descriptors(); after > before {
				t.Errorf("%d descriptors, %d before", after, before)
			}
		})
	}
}

// descriptors counts what this process has open; 0 where it cannot.
func descriptors() int {
	list, _ := os.ReadDir("/proc/self/fd")
	return len(list)
}
