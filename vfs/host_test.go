package vfs_test

import (
	"errors"
	"io/fs"
	"slices"
	"testing"

	"agentsandbox/vfs"
	"agentsandbox/vfs/faultfs"
)

func TestReadWriteFile(t *testing.T) {
	s := vfs.Space{FS: newFS(t, "f = abc", "d/", "l => d/new")}
	for _, c := range []struct {
		path string
		err  vfs.Errno
	}{
		{"f", 0}, {"a/b/c", 0}, {"/a/b/d", 0}, {"a/../x/y", 0}, {"l", 0}, {"d", vfs.EISDIR}, {"f/x", vfs.ENOTDIR},
		{"new/", vfs.EISDIR}, {"", vfs.ENOENT}, {"..", vfs.EISDIR},
	} {
		err := s.WriteFile(c.path, []byte("text of "+c.path), 0o644)
		if vfs.ToErrno(err) != c.err {
			t.Errorf("write %q: %v, want %v", c.path, err, c.err)
		}
		if err != nil {
			continue
		}
		if data, err := s.ReadFile(c.path, 100); string(data) != "text of "+c.path || err != nil {
			t.Errorf("read %q: %q, %v", c.path, data, err)
		}
	}
	if data, err := s.ReadFile("d/new", 100); string(data) != "text of l" || err != nil {
		t.Errorf("through the link: %q, %v", data, err)
	}
}

// THREAT[FS-12] no file is too big for the host.
func TestReadFileIsBounded(t *testing.T) {
	f := newFS(t, "f = abc")
	h, err := f.Open("big", vfs.Write|vfs.Create, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Truncate(1 << 40); err != nil {
		t.Fatal(err)
	}
	s := vfs.Space{FS: f}
	if _, err := s.ReadFile("big", 1<<20); vfs.ToErrno(err) != vfs.EFBIG {
		t.Errorf("a big file: %v", err)
	}
	if data, err := s.ReadFile("f", 3); string(data) != "abc" || err != nil {
		t.Errorf("a file of just that size: %q, %v", data, err)
	}
	_, err = s.ReadFile("none", 1)
	var pe *fs.PathError
	if !errors.As(err, &pe) || pe.Path != "none" || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
}

func TestMkdirAll(t *testing.T) {
	s := vfs.Space{FS: newFS(t, "f", "d/", "l => d", "k => none")}
	for _, c := range []struct {
		path string
		err  vfs.Errno
	}{
		{"a/b/c", 0}, {"a/b/c", 0}, {"/x//y/", 0}, {"l/z", 0}, {"n/../m/o", 0}, {".", 0}, {"/", 0}, {"d/..", 0},
		{"f", vfs.EEXIST}, {"f/x", vfs.ENOTDIR}, {"k", vfs.EEXIST}, {"k/x", vfs.EEXIST}, {"", vfs.ENOENT},
	} {
		if err := s.MkdirAll(c.path, 0o755); vfs.ToErrno(err) != c.err {
			t.Errorf("%q: %v, want %v", c.path, err, c.err)
		}
	}
	for _, path := range []string{"a/b/c", "x/y", "d/z", "m/o", "n"} {
		if info, err := s.Lstat(".", path); err != nil || !info.IsDir() {
			t.Errorf("%s: %+v, %v", path, info, err)
		}
	}
}

func TestRemoveAll(t *testing.T) {
	s := vfs.Space{FS: newFS(t, "f", "d/e/f", "d/e/g", "d/l => ../keep", "keep/f", "l => keep", "m => keep")}
	for _, c := range []struct {
		path string
		err  vfs.Errno
	}{
		{"f", 0}, {"none", 0}, {"none/x", 0}, {"d", 0}, {"l", 0}, {"m/f", 0}, {".", vfs.EINVAL}, {"/", vfs.EINVAL}, {"keep/..", vfs.EINVAL},
	} {
		if err := s.RemoveAll(c.path); vfs.ToErrno(err) != c.err {
			t.Errorf("%q: %v, want %v", c.path, err, c.err)
		}
	}
	list, err := s.ReadDir("/")
	if err != nil || len(list) != 2 || list[0].Name != "keep" || list[1].Name != "m" {
		t.Errorf("left are %v, %v", list, err)
	}
}

func TestWalk(t *testing.T) {
	f := newFS(t, "a/x", "a/y/z", "b", "c/d/", "l => a")
	walk := func(f vfs.FS, name, skip string) (seen []string, err error) {
		err = vfs.Walk(f, name, func(name string, info vfs.Info) error {
			seen = append(seen, name)
			if name == skip {
				return fs.SkipDir
			}
			return nil
		})
		return seen, err
	}
	for _, c := range []struct {
		name, skip string
		want       []string
	}{
		{".", "", []string{".", "a", "a/x", "a/y", "a/y/z", "b", "c", "c/d", "l"}},
		{".", "a", []string{".", "a", "b", "c", "c/d", "l"}},
		{"a/y", "", []string{"a/y", "a/y/z"}},
		{"l", "", []string{"l"}},
	} {
		if got, err := walk(f, c.name, c.skip); !slices.Equal(got, c.want) || err != nil {
			t.Errorf("walk from %s without %s: %v, %v; want %v", c.name, c.skip, got, err, c.want)
		}
	}
	faulty := faultfs.New(f, faultfs.Fault{Op: "ReadDir", Call: 2, Err: vfs.EIO})
	if got, err := walk(faulty, ".", ""); vfs.ToErrno(err) != vfs.EIO || len(got) != 2 {
		t.Errorf("a faulty walk: %v, %v", got, err)
	}
	vanishing := faultfs.New(f, faultfs.Fault{Op: "Lstat", Call: 2, Err: vfs.ENOENT})
	if got, err := walk(vanishing, ".", ""); err != nil || slices.Contains(got, "a") || !slices.Contains(got, "b") {
		t.Errorf("a walk while a vanishes: %v, %v", got, err)
	}
}
