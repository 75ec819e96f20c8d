package rootfs_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"agentsandbox/vfs"
)

// tree lays 5,000 small files in 100 directories, three deep.
func tree(b *testing.B) string {
	root := b.TempDir()
	for d := range 100 {
		dir := filepath.Join(root, fmt.Sprint("a", d%10), fmt.Sprint("b", d/10), "c")
		if err := os.MkdirAll(dir, 0o755); err != nil {
			b.Fatal(err)
		}
		for f := range 50 {
			if err := os.WriteFile(filepath.Join(dir, fmt.Sprint("file", f)), []byte("some text\n"), 0o644); err != nil {
				b.Fatal(err)
			}
		}
	}
	return root
}

// walk lists a tree, and with read reads every file.
func walk(b *testing.B, f vfs.FS, name string, read bool, buf []byte) (files int) {
	h, err := f.Open(name, vfs.Read|vfs.Directory, 0)
	if err != nil {
		b.Fatal(err)
	}
	list, err := h.ReadDir()
	h.Close()
	if err != nil {
		b.Fatal(err)
	}
	for _, e := range list {
		path := name + "/" + e.Name
		if name == "." {
			path = e.Name
		}
		switch {
		case e.Type.IsDir():
			files += walk(b, f, path, read, buf)
		case read:
			h, err := f.Open(path, vfs.Read, 0)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := h.ReadAt(buf, 0); err != nil && err != io.EOF {
				b.Fatal(err)
			}
			h.Close()
			fallthrough
		default:
			files++
		}
	}
	return files
}

func BenchmarkWalk(b *testing.B) {
	root := tree(b)
	buf := make([]byte, 64<<10)
	for name, o := range ways {
		for _, read := range []bool{false, true} {
			b.Run(fmt.Sprintf("%s/read=%v", name, read), func(b *testing.B) {
				f := open(b, root, o)
				for b.Loop() {
					if n := walk(b, f, ".", read, buf); n != 5000 {
						b.Fatal(n)
					}
				}
			})
		}
	}
}

func BenchmarkLstat(b *testing.B) {
	root := tree(b)
	for name, o := range ways {
		b.Run(name, func(b *testing.B) {
			f := open(b, root, o)
			for b.Loop() {
				if _, err := f.Lstat("a1/b1/c/file7"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
