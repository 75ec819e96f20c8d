package rootfs

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"agentsandbox/vfs"
)

// What was appended since a file was opened is read, too.
func TestReadGrowing(t *testing.T) {
	dir := t.TempDir()
	h := opened(t, dir, "f", "one")
	buf := make([]byte, 16)
	for i, want := range []string{"one", "onetwo", "onetwothree"} {
		if n, err := h.ReadAt(buf, 0); string(buf[:n]) != want || err != io.EOF {
			t.Errorf("read %q, %v, want %q", buf[:n], err, want)
		}
		host, err := os.OpenFile(filepath.Join(dir, "f"), os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		host.WriteString([]string{"two", "three", ""}[i])
		host.Close()
	}
	if n, err := h.ReadAt(buf, 100); n != 0 || err != io.EOF {
		t.Errorf("read %d bytes beyond the end, %v", n, err)
	}
}

// The kernel's own files have a size of 0, and are read whole.
func TestReadKernel(t *testing.T) {
	want, err := os.ReadFile("/proc/version")
	if err != nil {
		t.Skip("no /proc")
	}
	f, err := New("/proc", Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	h, err := f.Open("version", vfs.Read, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	buf := make([]byte, len(want)+1)
	if n, err := h.ReadAt(buf, 0); string(buf[:n]) != string(want) || err != io.EOF {
		t.Errorf("read %q, %v, want %q", buf[:n], err, want)
	}
}

// opened lays a file and opens it through a FS.
func opened(t *testing.T, dir, name, text string) vfs.File {
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	f, err := New(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	h, err := f.Open(name, vfs.Read, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	return h
}
