package hackfs_test

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	gofstest "testing/fstest"

	"agentsandbox/vfs"
	"agentsandbox/vfs/hackfs"
	"agentsandbox/vfs/vfstest"

	"github.com/hack-pad/hackpadfs"
	hackmem "github.com/hack-pad/hackpadfs/mem"
	hackos "github.com/hack-pad/hackpadfs/os"
)

func theirMem(t testing.TB) *hackmem.FS {
	t.Helper()
	f, err := hackmem.NewFS()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestSuiteOverTheirMem(t *testing.T) {
	vfstest.Run(t, func(t *testing.T) vfs.FS { return hackfs.Import(theirMem(t)) },
		vfstest.HardLinks, vfstest.Symlinks, vfstest.Times, vfstest.DirLinks, vfstest.RawNames, vfstest.BigFiles)
}

// There and back again, everything but hard links is left.
func TestSuiteThereAndBack(t *testing.T) {
	vfstest.Run(t, func(t *testing.T) vfs.FS { return hackfs.Import(hackfs.Export(mem())) },
		vfstest.HardLinks, vfstest.Times, vfstest.DirLinks, vfstest.RawNames, vfstest.BigFiles)
}

// Their directory of the host follows links, but not through Import.
func TestSuiteOverTheirOS(t *testing.T) {
	noUmask(t)
	vfstest.Run(t, func(t *testing.T) vfs.FS { return hackfs.Import(theirOS(t, t.TempDir())) },
		vfstest.HardLinks, vfstest.Symlinks, vfstest.Times, vfstest.DirLinks, vfstest.RawNames, vfstest.BigFiles)
}

func theirOS(t testing.TB, dir string) hackpadfs.FS {
	t.Helper()
	top := hackos.NewFS()
	name, err := top.FromOSPath(dir)
	if err != nil {
		t.Fatal(err)
	}
	sub, err := top.Sub(name)
	if err != nil {
		t.Fatal(err)
	}
	return sub
}

// put makes a file in a file system of theirs.
func put(t testing.TB, f hackpadfs.FS, name, data string) {
	t.Helper()
	if err := hackpadfs.WriteFullFile(f, name, []byte(data), 0o644); err != nil {
		t.Fatal(err)
	}
}

// refused checks that an operation fails with one errno.
func refused(t testing.TB, what string, err error, want vfs.Errno) {
	t.Helper()
	if err == nil || vfs.ToErrno(err) != want {
		t.Errorf("%s: %v, want %v", what, err, want)
	}
}

// THREAT[M16] What is known to be wrong with their memory file system is not
// seen through Import.
func TestTheirFaults(t *testing.T) {
	t.Run("exclusive", func(t *testing.T) {
		m := theirMem(t)
		put(t, m, "f", "keep")
		const excl = hackpadfs.FlagWriteOnly | hackpadfs.FlagCreate | hackpadfs.FlagExclusive
		if _, err := m.OpenFile("f", excl, 0o644); err != nil {
			t.Errorf("the fault is gone: %v", err)
		}
		_, err := hackfs.Import(m).Open("f", vfs.Write|vfs.Create|vfs.Exclusive, 0o644)
		refused(t, "open", err, vfs.EEXIST)
	})
	t.Run("write after unlink", func(t *testing.T) {
		m := theirMem(t)
		put(t, m, "raw", "x")
		raw, err := m.OpenFile("raw", hackpadfs.FlagReadWrite, 0)
		if err != nil {
			t.Fatal(err)
		}
		m.Remove("raw")
		hackpadfs.WriteFile(raw, []byte("back"))
		if _, err := m.Stat("raw"); err != nil {
			t.Errorf("the fault is gone: %v", err)
		}
		put(t, m, "f", "text")
		f := hackfs.Import(m)
		h, err := f.Open("f", vfs.Read|vfs.Write, 0)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Unlink("f"); err != nil {
			t.Fatal(err)
		}
		h.Append([]byte("+"))
		if got := readAll(t, h); got != "text+" {
			t.Errorf("read %q", got)
		}
		_, err = f.Lstat("f")
		refused(t, "lstat", err, vfs.ENOENT)
		h.Close()
	})
	t.Run("write after rename", func(t *testing.T) {
		m := theirMem(t)
		put(t, m, "f", "text")
		f := hackfs.Import(m)
		h, err := f.Open("f", vfs.Read|vfs.Write, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer h.Close()
		h.WriteAt([]byte("T"), 0)
		if err := f.Rename("f", "g"); err != nil {
			t.Fatal(err)
		}
		h.Append([]byte("+"))
		_, err = f.Lstat("f")
		refused(t, "lstat", err, vfs.ENOENT)
		if data, err := hackpadfs.ReadFile(m, "g"); string(data) != "Text+" {
			t.Errorf("g = %q, %v", data, err)
		}
	})
	t.Run("huge", func(t *testing.T) {
		f := hackfs.Import(theirMem(t))
		h, err := f.Open("f", vfs.Write|vfs.Create, 0o644)
		if err != nil {
			t.Fatal(err)
		}
		defer h.Close()
		refused(t, "truncate", h.Truncate(1<<30), vfs.EFBIG)
		_, err = h.WriteAt([]byte("x"), 1<<40)
		refused(t, "write far off", err, vfs.EFBIG)
	})
	t.Run("links out", func(t *testing.T) {
		dir := t.TempDir()
		os.WriteFile(filepath.Join(dir, "secret"), []byte("SECRET"), 0o644)
		os.Mkdir(filepath.Join(dir, "in"), 0o755)
		if err := os.Symlink("..", filepath.Join(dir, "in", "l")); err != nil {
			t.Skip(err)
		}
		theirs := theirOS(t, filepath.Join(dir, "in"))
		if data, _ := hackpadfs.ReadFile(theirs, "l/secret"); string(data) != "SECRET" {
			t.Errorf("the fault is gone: read %q", data)
		}
		_, err := hackfs.Import(theirs).Open("l/secret", vfs.Read, 0)
		refused(t, "open", err, vfs.ELOOP)
	})
}

func readAll(t testing.TB, h vfs.File) string {
	t.Helper()
	data, err := io.ReadAll(io.NewSectionReader(h, 0, 1<<20))
	if err != nil {
		t.Error(err)
	}
	return string(data)
}

func TestReadOnly(t *testing.T) {
	f := hackfs.Import(gofstest.MapFS{"d/f": {Data: []byte("text"), Mode: 0o644}})
	h, err := f.Open("d/f", vfs.Read, 0)
	if err != nil {
		t.Fatal(err)
	}
	if got := readAll(t, h); got != "text" {
		t.Errorf("read %q", got)
	}
	h.Close()
	for what, err := range map[string]error{
		"mkdir": f.Mkdir("x", 0o755), "unlink": f.Unlink("d/f"), "rmdir": f.Rmdir("d"), "rename": f.Rename("d", "x"),
		"chmod": f.Chmod("d", 0), "times": f.Chtimes("d", 1, 1), "symlink": f.Symlink("x", "y"), "link": f.Link("d/f", "y"),
	} {
		refused(t, what, err, vfs.EROFS)
	}
	for _, flag := range []vfs.Flag{vfs.Write, vfs.Read | vfs.Truncate} {
		_, err := f.Open("d/f", flag, 0)
		refused(t, "open", err, vfs.EROFS)
	}
	_, err = f.Open("d/new", vfs.Write|vfs.Create, 0o644)
	refused(t, "create", err, vfs.EROFS)
	_, err = f.Open("d/f/x", vfs.Read, 0)
	refused(t, "below a file", err, vfs.ENOTDIR)
}

// bare hides all that a file can do but to be read on.
type bare struct{ gofstest.MapFS }

func (b bare) Open(name string) (fs.File, error) {
	f, err := b.MapFS.Open(name)
	if info, serr := b.Stat(name); err == nil && serr == nil && !info.IsDir() {
		return struct{ fs.File }{f}, nil
	}
	return f, err
}

func TestReadOn(t *testing.T) {
	f := hackfs.Import(bare{gofstest.MapFS{"f": {Data: []byte("0123456789")}}})
	h, err := f.Open("f", vfs.Read, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	for _, test := range []struct {
		off  int64
		want string
	}{{0, "012"}, {3, "345"}, {8, "89"}, {1, "123"}, {7, "789"}, {20, ""}} {
		buf := make([]byte, 3)
		n, err := h.ReadAt(buf, test.off)
		if got := string(buf[:n]); got != test.want || (n < 3) != (err == io.EOF) {
			t.Errorf("at %d: %q, %v; want %q", test.off, got, err, test.want)
		}
	}
}

// liar lists names that are none.
type liar struct{ gofstest.MapFS }

func (l liar) ReadDir(name string) ([]fs.DirEntry, error) {
	list, err := l.MapFS.ReadDir(name)
	for _, bad := range []string{"..", "a/b", "", "\xff", "nul\x00"} {
		list = append(list, named{list[0], bad})
	}
	return list, err
}

type named struct {
	fs.DirEntry
	name string
}

func (n named) Name() string { return n.name }

func TestBadNamesAreNotListed(t *testing.T) {
	f := hackfs.Import(liar{gofstest.MapFS{"f": {}}})
	h, err := f.Open(".", vfs.Read|vfs.Directory, 0)
	if err != nil {
		t.Fatal(err)
	}
	if list, err := h.ReadDir(); err != nil || len(list) != 1 || list[0].Name != "f" {
		t.Errorf("list = %v, %v", list, err)
	}
	_, err = f.Lstat("\xff")
	refused(t, "a name that is no UTF-8", err, vfs.EILSEQ)
}
