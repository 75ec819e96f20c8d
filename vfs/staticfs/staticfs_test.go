package staticfs_test

import (
	"errors"
	"io"
	"io/fs"
	"strings"
	"testing"

	"agentsandbox/vfs"
	"agentsandbox/vfs/staticfs"
	"agentsandbox/vfs/vfstest"
)

// THREAT[FS-06]
func TestSuite(t *testing.T) {
	vfstest.RunReadOnly(t, func(t *testing.T, lay []string) vfs.FS {
		return build(t, lay)
	}, vfstest.HardLinks)
}

// build makes a tree from lines in the language of vfstest.Lay.
func build(t *testing.T, lay []string) vfs.FS {
	t.Helper()
	var entries []staticfs.Entry
	for _, line := range lay {
		e := staticfs.Entry{Name: line, Data: line, Mode: 0o644}
		for _, op := range []string{" => ", " = "} {
			if name, arg, ok := strings.Cut(line, op); ok {
				e.Name, e.Data = name, arg
				if op == " => " {
					e.Mode = fs.ModeSymlink | 0o777
				}
				break
			}
		}
		if name, ok := strings.CutSuffix(e.Name, "/"); ok {
			e = staticfs.Entry{Name: name, Mode: fs.ModeDir | 0o755}
		}
		entries = append(entries, e)
	}
	f, err := staticfs.New(staticfs.Config{Time: 5}, entries)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestBadEntries(t *testing.T) {
	for _, test := range []struct {
		names string
		want  vfs.Errno
	}{
		{"a a", vfs.EEXIST},
		{"a a/b", vfs.ENOTDIR},
		{"/a", vfs.EINVAL},
		{"a/", vfs.EINVAL},
		{"a//b", vfs.EINVAL},
		{"../a", vfs.EINVAL},
		{"a/./b", vfs.EINVAL},
		{strings.Repeat("n", 256), vfs.ENAMETOOLONG},
		{"a/b a/c d", 0},
	} {
		var entries []staticfs.Entry
		for name := range strings.FieldsSeq(test.names) {
			entries = append(entries, staticfs.Entry{Name: name, Mode: 0o644})
		}
		if _, err := staticfs.New(staticfs.Config{}, entries); vfs.ToErrno(err) != test.want {
			t.Errorf("%.20s: %v, want %v", test.names, err, test.want)
		}
	}
}

func TestInfo(t *testing.T) {
	f, err := staticfs.New(staticfs.Config{Time: 7, Dev: 3}, []staticfs.Entry{
		{Name: "bin/cat", Mode: 0o755, Data: "12345"},
		{Name: "sh", Mode: fs.ModeSymlink | 0o777, Data: "bin/cat"},
		{Name: "node", Mode: fs.ModeDevice | 0o600, Open: func(vfs.Flag) (vfs.File, error) { return nil, vfs.ENXIO }},
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]vfs.Info{
		".":       {Mode: fs.ModeDir | 0o755, Nlink: 3},
		"bin":     {Mode: fs.ModeDir | 0o755, Nlink: 2},
		"bin/cat": {Mode: 0o755, Size: 5, Nlink: 1},
		"sh":      {Mode: fs.ModeSymlink | 0o777, Size: 7, Nlink: 1},
		"node":    {Mode: fs.ModeDevice | 0o600, Nlink: 1},
	} {
		got, err := f.Lstat(name)
		want.Atime, want.Mtime, want.Ctime, want.Dev, want.Ino = 7, 7, 7, 3, got.Ino
		if err != nil || got != want || got.Ino == 0 {
			t.Errorf("%s is %+v, want %+v; %v", name, got, want, err)
		}
	}
	if _, err := f.Open("node", vfs.Write|vfs.Create|vfs.Truncate, 0); !errors.Is(err, vfs.ENXIO) {
		t.Errorf("the device's own error is %v", err)
	}
}

func TestHandles(t *testing.T) {
	f := build(t, []string{"f = text", "d/e"})
	h, err := f.Open("f", vfs.Read, 0)
	if err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 10)
	if n, err := h.ReadAt(buf, 1); string(buf[:n]) != "ext" || err != io.EOF {
		t.Errorf("read %q, %v", buf[:n], err)
	}
	d, err := f.Open("d", vfs.Read|vfs.Directory, 0)
	if err != nil {
		t.Fatal(err)
	}
	list, err := d.ReadDir()
	if err != nil || len(list) != 1 || list[0].Name != "e" {
		t.Errorf("list = %v, %v", list, err)
	}
	list[0].Name = "mine" // the slice is the caller's
	if again, _ := d.ReadDir(); again[0].Name != "e" {
		t.Error("the tree was changed")
	}
	for _, h := range []vfs.File{h, d} {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
		if _, err := h.Stat(); vfs.ToErrno(err) != vfs.EBADF {
			t.Errorf("after Close: %v", err)
		}
	}
}
