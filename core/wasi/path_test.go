package wasi_test

import (
	"encoding/binary"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"agentsandbox/core/wasi"
	"agentsandbox/vfs"
	"agentsandbox/vfs/memfs"
)

func TestPathStrings(t *testing.T) {
	g := fileGuest(t)
	cases := map[string]vfs.Errno{
		"":                        vfs.ENOENT,
		"a\x00b":                  vfs.EINVAL,
		strings.Repeat("x", 255):  0,
		strings.Repeat("x", 256):  vfs.ENAMETOOLONG,
		strings.Repeat("/", 4095): vfs.EEXIST,
		strings.Repeat("/", 4096): vfs.ENAMETOOLONG,
		"not\xffutf8":             0,
		"./a//":                   0,
	}
	for path, want := range cases {
		if got := g.path("path_create_directory", path); got != want {
			t.Errorf("mkdir %.20q (%d bytes): %v, want %v", path, len(path), got, want)
		}
	}
}

func TestOpenFlags(t *testing.T) {
	cases := []struct {
		path                   string
		oflags, rights, fdflag uint64
		want                   vfs.Errno
	}{
		{"file", 0, 0, 0, 0},
		{"file", oExclusive, 0, 0, 0}, // means nothing without create
		{"file", oCreate | oExclusive, 0, 0, vfs.EEXIST},
		{"file", oDirectory, 0, 0, vfs.ENOTDIR},
		{"file", oTruncate, 0, 0, 0},
		{"dir", oTruncate, 0, 0, vfs.EISDIR},
		{"dir", 0, mayWrite, 0, vfs.EISDIR},
		{"dir", oDirectory, mayRead, 0, 0},
		{"new", oCreate | oDirectory, 0, 0, vfs.EINVAL},
		{"new", 16, 0, 0, vfs.EINVAL},
		{"file", 0, 0, 32, vfs.EINVAL},
		{"file", 0, 0, 31, 0},
		{"file/", 0, 0, 0, vfs.ENOTDIR},
		{"new/", oCreate, 0, 0, vfs.EISDIR},
		{"loop", 0, 0, 0, vfs.ELOOP},
	}
	for _, c := range cases {
		g := abiGuest(t, false)
		ptr, n := g.put(text, "loop")
		g.must("path_symlink", ptr, n, 3, ptr, n)
		if _, errno := g.tryOpen(3, c.path, c.oflags, c.rights, c.fdflag); errno != c.want {
			t.Errorf("%+v: %v", c, errno)
		}
	}
}

func TestLookupFlags(t *testing.T) {
	g := abiGuest(t, false)
	ptr, n := g.put(text, "link")
	for flags, want := range map[uint64]byte{0: 7, 1: 4} {
		g.must("path_filestat_get", 3, flags, ptr, n, result)
		if kind := g.mem.b[result+16]; kind != want {
			t.Errorf("type %d with flags %d", kind, flags)
		}
	}
	g.refuse(vfs.EINVAL, "path_filestat_get", 3, 2, ptr, n, result)
	g.refuse(vfs.ELOOP, "path_open", 3, 0, ptr, n, 0, mayRead, 0, 0, result)
}

// The mode that was set is that of the next thing made, and of no other.
func TestCreationMode(t *testing.T) {
	g := fileGuest(t)
	mode := func(name string) uint32 {
		ptr, n := g.put(text, name)
		g.must("path_filestat_get", 3, 0, ptr, n, result)
		return g.u32(result+20) & 0o7777
	}
	g.call("__sandbox_umode", 0o4600) // set-uid is dropped
	g.create("a", "")
	g.create("b", "")
	g.call("__sandbox_umode", 0o1700)
	g.path("path_create_directory", "c")
	g.path("path_create_directory", "d")
	g.call("__sandbox_umode", 0)
	g.open("a", 0, mayAll) // makes nothing: the mode is kept
	g.create("e", "")
	g.call("__sandbox_umode", 0o777)
	g.tryOpen(99, "x", oCreate, mayAll, 0) // fails, and uses the mode up
	g.create("f", "")
	want := map[string]uint32{"a": 0o600, "b": 0o644, "c": 0o1700, "d": 0o755, "e": 0, "f": 0o644}
	for name, perm := range want {
		if got := mode(name); got != perm {
			t.Errorf("%s: mode %o, want %o", name, got, perm)
		}
	}
	ptr, n := g.put(text, "f")
	g.must("__sandbox_path_chmod", 3, 1, ptr, n, 0o6711) // THREAT[FS-18]
	if got := mode("f"); got != 0o711 {
		t.Errorf("mode %o after chmod", got)
	}
}

func TestReadlink(t *testing.T) {
	g := abiGuest(t, true)
	ptr, n := g.put(text, "link")
	for size, want := range map[uint64]string{0: "", 2: "fi", 4: "file", 100: "file"} {
		g.must("path_readlink", 3, ptr, n, buffer, size, result)
		if got := string(g.mem.b[buffer : buffer+g.u32(result)]); got != want {
			t.Errorf("readlink in %d bytes: %q", size, got)
		}
	}
	ptr, n = g.put(text, "file")
	g.refuse(vfs.EINVAL, "path_readlink", 3, ptr, n, buffer, 100, result)
}

// A directory confines what is looked up through it, and each of two on its own.
func TestConfinement(t *testing.T) {
	g := fileGuest(t)
	for _, dir := range []string{"a", "a/in", "b", "b/in"} {
		g.path("path_create_directory", dir)
	}
	g.create("a/file", "")
	a, b := g.open("a", oDirectory, noWrite), g.open("b", oDirectory, noWrite)
	from, n := g.put(text, "file")
	move := func(want vfs.Errno, name string) {
		t.Helper()
		to, m := g.put(text2, name)
		g.refuse(want, "path_rename", a, from, n, b, to, m)
		if want == 0 {
			g.must("path_rename", b, to, m, a, from, n)
		}
	}
	move(0, "new")
	move(0, "in/../new")
	move(vfs.EPERM, "../new")
	move(vfs.EPERM, "../a/new")
	move(vfs.EPERM, "/new")
	to, m := g.put(text2, "/a/file")
	g.refuse(vfs.EPERM, "path_symlink", to, m, a, from, n) // absolute, so it leads out
	g.must("path_symlink", to, m, 3, from, n)
}

// Where a link leads out of a directory, it is not followed through it.
func TestLinkOutOfDirectory(t *testing.T) {
	files := memfs.New(memfs.Config{})
	g := newGuest(t, wasi.Config{FS: files})
	g.path("path_create_directory", "d")
	g.create("secret", "x")
	for name, target := range map[string]string{"up": "../secret", "abs": "/secret"} {
		if err := files.Symlink(target, "d/"+name); err != nil {
			t.Fatal(err)
		}
		if _, errno := g.tryOpen(3, "d/"+name, 0, mayRead, 0); errno != 0 {
			t.Errorf("%s from the root: %v", name, errno)
		}
		d := g.open("d", oDirectory, noWrite)
		if _, errno := g.tryOpen(d, name, 0, mayRead, 0); errno != vfs.EPERM {
			t.Errorf("%s through the directory: %v", name, errno)
		}
	}
}

// THREAT[FS-16] files and directories that go, or move, while they are open.
func TestOpenWhileChanged(t *testing.T) {
	g := fileGuest(t)
	g.create("file", "content")
	fd := g.open("file", 0, mayAll)
	if errno := g.path("path_unlink_file", "file"); errno != 0 {
		t.Fatal(errno)
	}
	if got := g.read(fd, 20); got != "content" {
		t.Errorf("read %q after unlink", got)
	}
	g.path("path_create_directory", "d")
	d := g.open("d", oDirectory, noWrite)
	if errno := g.path("path_remove_directory", "d"); errno != 0 {
		t.Fatal(errno)
	}
	if _, errno := g.tryOpen(d, "x", oCreate, mayAll, 0); errno != vfs.ENOENT {
		t.Errorf("create in a removed directory: %v", errno)
	}
	if errno := g.call("fd_readdir", d, buffer, 100, 0, result); errno != 0 && errno != vfs.ENOENT {
		t.Errorf("readdir of a removed directory: %v", errno)
	}

	g.path("path_create_directory", "old")
	g.path("path_create_directory", "old/sub")
	g.create("old/sub/file", "moved")
	sub := g.open("old/sub", oDirectory, noWrite)
	from, n := g.put(text, "old/")
	to, m := g.put(text2, "new")
	g.must("path_rename", 3, from, n, 3, to, m)
	moved, errno := g.tryOpen(sub, "file", 0, mayRead, 0)
	if errno != 0 {
		t.Fatal("a directory that was open when the one above it was renamed:", errno)
	}
	if got := g.read(moved, 10); got != "moved" {
		t.Errorf("read %q", got)
	}
}

// readdir reads a listing from a cookie on, with a buffer of a size.
func (g *guest) readdir(fd, cookie uint64, size int) (names []string, next uint64, full bool) {
	g.Helper()
	g.must("fd_readdir", fd, buffer, uint64(size), cookie, result)
	block := g.mem.b[buffer : buffer+g.u32(result)]
	full = len(block) == size
	next = cookie
	for len(block) >= 24 {
		end := 24 + int(binary.LittleEndian.Uint32(block[16:]))
		if end > len(block) {
			break
		}
		names = append(names, fmt.Sprintf("%s:%d", block[24:end], block[20]))
		next = binary.LittleEndian.Uint64(block)
		block = block[end:]
	}
	return names, next, full
}

func TestReaddir(t *testing.T) {
	files := memfs.New(memfs.Config{})
	g := newGuest(t, wasi.Config{FS: files})
	want := []string{".:3", "..:3"}
	for i := range 20 {
		g.create(fmt.Sprintf("file%02d", i), "")
		want = append(want, fmt.Sprintf("file%02d:4", i))
	}
	if err := files.Mkdir("zdir", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := files.Symlink("x", "zlink"); err != nil {
		t.Fatal(err)
	}
	want = append(want, "zdir:3", "zlink:7")
	for _, size := range []int{31, 32, 33, 100, 256, 4096} {
		var got []string
		for cookie, full := uint64(0), true; full; {
			var names []string
			names, cookie, full = g.readdir(3, cookie, size)
			got = append(got, names...)
			if full && len(names) == 0 {
				t.Fatalf("no progress with %d bytes", size)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("with %d bytes: %q", size, got)
		}
	}
}

// THREAT[FS-16] cookies that were made up, a directory that changes meanwhile.
func TestReaddirCookies(t *testing.T) {
	g := fileGuest(t)
	for i := range 4 {
		g.create(fmt.Sprintf("f%d", i), "")
	}
	first, cookie, _ := g.readdir(3, 0, 100)
	if len(first) != 3 {
		t.Fatalf("%q", first)
	}
	g.create("f1a", "")
	g.path("path_unlink_file", "f2")
	rest, _, _ := g.readdir(3, cookie, 4096)
	if got := append(first, rest...); len(got) != 6 || got[4] != "f2:4" {
		t.Errorf("a listing that changed under way: %q", got)
	}
	if again, _, _ := g.readdir(3, 0, 4096); len(again) != 6 || again[4] != "f1a:4" {
		t.Errorf("the listing after: %q", again)
	}
	if rest, _, _ := g.readdir(3, 6, 100); len(rest) != 0 {
		t.Errorf("at the end: %q", rest)
	}
	for _, forged := range []uint64{7, 1 << 31, 1 << 32, 1<<63 - 1, 1 << 63, 1<<64 - 1} {
		g.refuse(vfs.EINVAL, "fd_readdir", 3, buffer, 100, forged, result)
	}
	dir := g.open(".", oDirectory, noWrite)
	if names, _, _ := g.readdir(dir, 5, 100); len(names) != 1 {
		t.Errorf("from a cookie without a listing before: %q", names)
	}
}

// failing is a file system where everything fails with one error.
type failing struct {
	vfs.FS
	err error
}

func (f failing) Open(name string, flag vfs.Flag, perm fs.FileMode) (vfs.File, error) {
	if flag&vfs.Create != 0 {
		return nil, f.err
	}
	file, err := f.FS.Open(name, flag, perm)
	return failingFile{file, f.err}, err
}
func (f failing) Mkdir(string, fs.FileMode) error { return f.err }
func (f failing) Unlink(string) error             { return f.err }
func (f failing) Rmdir(string) error              { return f.err }
func (f failing) Rename(_, _ string) error        { return f.err }
func (f failing) Link(_, _ string) error          { return f.err }
func (f failing) Symlink(_, _ string) error       { return f.err }

type failingFile struct {
	vfs.File
	err error
}

func (f failingFile) WriteAt([]byte, int64) (int, error) { return 0, f.err }
func (f failingFile) Truncate(int64) error               { return f.err }
func (f failingFile) Sync() error                        { return f.err }

// What a file system says arrives at the guest as it was said.
func TestErrnosArrive(t *testing.T) {
	files := memfs.New(memfs.Config{})
	newGuest(t, wasi.Config{FS: files}).create("file", "")
	for _, want := range []vfs.Errno{
		vfs.ENOSPC, vfs.EDQUOT, vfs.EXDEV, vfs.EMFILE, vfs.EROFS, vfs.EFBIG, vfs.EIO, vfs.EACCES, vfs.EBUSY,
		vfs.EMLINK, vfs.ENFILE, vfs.ENOTSUP, vfs.ENAMETOOLONG,
	} {
		wrapped := &fs.PathError{Op: "op", Path: "path", Err: want}
		g := newGuest(t, wasi.Config{FS: failing{files, wrapped}})
		ptr, n := g.put(text, "file")
		to, m := g.put(text2, "new")
		g.refuse(want, "path_create_directory", 3, to, m)
		g.refuse(want, "path_unlink_file", 3, ptr, n)
		g.refuse(want, "path_remove_directory", 3, ptr, n)
		g.refuse(want, "path_rename", 3, ptr, n, 3, to, m)
		g.refuse(want, "path_link", 3, 0, ptr, n, 3, to, m)
		g.refuse(want, "path_symlink", ptr, n, 3, to, m)
		if _, errno := g.tryOpen(3, "new", oCreate, mayAll, 0); errno != want {
			t.Errorf("create: %v, want %v", errno, want)
		}
		fd := g.open("file", 0, mayAll)
		if _, errno := g.tryWrite(fd, "x"); errno != want {
			t.Errorf("write: %v, want %v", errno, want)
		}
		g.refuse(want, "fd_filestat_set_size", fd, 100)
		g.refuse(want, "fd_allocate", fd, 0, 100)
		g.refuse(want, "fd_sync", fd)
	}
}
