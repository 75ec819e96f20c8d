package memfs_test

import (
	"fmt"
	"io"
	"testing"

	"agentsandbox/vfs"
	"agentsandbox/vfs/memfs"
)

func put(t testing.TB, f vfs.FS, name, data string) {
	t.Helper()
	h, err := f.Open(name, vfs.Write|vfs.Create|vfs.Truncate, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if _, err := h.Append([]byte(data)); err != nil {
		t.Fatal(err)
	}
}

func get(t testing.TB, f vfs.FS, name string) string {
	t.Helper()
	h, err := f.Open(name, vfs.Read, 0)
	if err != nil {
		return err.Error()
	}
	defer h.Close()
	data, err := io.ReadAll(io.NewSectionReader(h, 0, 1<<20))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestForkIsApart(t *testing.T) {
	a := memfs.New(memfs.Config{})
	put(t, a, "f", "one")
	if err := a.Link("f", "g"); err != nil {
		t.Fatal(err)
	}
	b := a.Fork()
	put(t, a, "f", "in a")
	put(t, b, "g", "in b")
	for _, name := range []string{"f", "g"} {
		if got := get(t, a, name); got != "in a" {
			t.Errorf("a/%s = %q", name, got)
		}
		if got := get(t, b, name); got != "in b" {
			t.Errorf("b/%s = %q", name, got)
		}
	}
	if err := b.Unlink("f"); err != nil {
		t.Fatal(err)
	}
	if i, _ := a.Lstat("f"); i.Nlink != 2 {
		t.Errorf("a/f has %d names", i.Nlink)
	}
}

// THREAT[FS-16]
func TestOpenFileAcrossForks(t *testing.T) {
	a := memfs.New(memfs.Config{})
	put(t, a, "f", "one")
	h, err := a.Open("f", vfs.Read|vfs.Write, 0)
	if err != nil {
		t.Fatal(err)
	}
	b := a.Fork()
	if err := a.Unlink("f"); err != nil {
		t.Fatal(err)
	}
	c := a.Fork()
	for range 3 {
		if _, err := h.Append([]byte("+")); err != nil {
			t.Fatal(err)
		}
		a.Fork()
	}
	if got := get(t, b, "f"); got != "one" {
		t.Errorf("the fork sees %q", got)
	}
	for _, f := range []vfs.FS{a, c} {
		if _, err := f.Lstat("f"); vfs.ToErrno(err) != vfs.ENOENT {
			t.Errorf("the file came back: %v", err)
		}
	}
	if i, err := h.Stat(); err != nil || i.Size != 6 || i.Nlink != 0 {
		t.Errorf("Stat = %+v, %v", i, err)
	}
}

func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		memfs.New(memfs.Config{})
	}
}

func BenchmarkCreate100k(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		f := memfs.New(memfs.Config{})
		for i := range 100_000 {
			h, err := f.Open(fmt.Sprint("file", i), vfs.Write|vfs.Create, 0o644)
			if err != nil {
				b.Fatal(err)
			}
			h.Close()
		}
	}
}

func BenchmarkForkAndChange(b *testing.B) {
	f := memfs.New(memfs.Config{})
	for i := range 100_000 {
		put(b, f, fmt.Sprint("file", i), "x")
	}
	b.ReportAllocs()
	for b.Loop() {
		put(b, f.Fork(), "file5", "y")
	}
}

func BenchmarkWrite(b *testing.B) {
	block := make([]byte, 32<<10)
	b.SetBytes(5 << 20)
	b.ReportAllocs()
	for b.Loop() {
		f := memfs.New(memfs.Config{})
		h, _ := f.Open("f", vfs.Write|vfs.Create, 0)
		for range 160 {
			h.Append(block)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	f := memfs.New(memfs.Config{})
	h, _ := f.Open("f", vfs.Read|vfs.Write|vfs.Create, 0)
	h.Append(make([]byte, 5<<20))
	block := make([]byte, 32<<10)
	b.SetBytes(5 << 20)
	for b.Loop() {
		for off := int64(0); off < 5<<20; off += 32 << 10 {
			h.ReadAt(block, off)
		}
	}
}
