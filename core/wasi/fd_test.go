package wasi_test

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"math"
	"strings"
	"testing"

	"agentsandbox/core/wasi"
	"agentsandbox/vfs"
	"agentsandbox/vfs/memfs"
)

func fileGuest(t testing.TB) *guest {
	return newGuest(t, wasi.Config{FS: memfs.New(memfs.Config{}), Stdin: strings.NewReader("input")})
}

// THREAT[AB-06] the table of descriptors.
func TestDescriptors(t *testing.T) {
	g := fileGuest(t)
	g.create("file", "content")
	fd := g.open("file", 0, mayAll)
	if fd != 4 {
		t.Errorf("descriptor %d, want the lowest that is free", fd)
	}
	g.must("fd_close", 1)
	g.refuse(vfs.EBADF, "fd_close", 1)
	if _, errno := g.tryWrite(1, "x"); errno != vfs.EBADF {
		t.Errorf("write to a closed descriptor: %v", errno)
	}
	if fd := g.open("file", 0, mayAll); fd != 1 {
		t.Errorf("descriptor %d, want 1, which is free", fd)
	}
	g.refuse(vfs.EBADF, "fd_renumber", 4, 9)
	g.refuse(vfs.EBADF, "fd_renumber", 9, 4)
	g.refuse(vfs.EBADF, "fd_renumber", 1<<32-1, 1<<31)
	g.must("fd_renumber", 4, 4)
	g.must("fd_renumber", 4, 3) // over the preopen
	if got := g.read(3, 10); got != "content" {
		t.Errorf("read %q through the new number", got)
	}
	g.refuse(vfs.EBADF, "fd_prestat_get", 3, result)
	g.refuse(vfs.EBADF, "fd_tell", 4, result)
	g.must("fd_renumber", 3, 0) // over stdin
	if got := g.read(0, 10); got != "" {
		t.Errorf("read %q: the position did not come along", got)
	}
}

func TestDescriptorKinds(t *testing.T) {
	g := fileGuest(t)
	g.create("file", "content")
	fd := g.open("file", 0, noWrite)
	ptr, n := g.iovecs(buffer, 1)
	g.refuse(vfs.ESPIPE, "fd_seek", 0, 0, 0, result)
	g.refuse(vfs.ESPIPE, "fd_tell", 1, result)
	g.refuse(vfs.ESPIPE, "fd_pread", 0, ptr, n, 0, result)
	g.refuse(vfs.EBADF, "fd_write", 0, ptr, n, result)
	g.refuse(vfs.EBADF, "fd_read", 1, ptr, n, result)
	g.refuse(vfs.EISDIR, "fd_read", 3, ptr, n, result)
	g.refuse(vfs.EBADF, "fd_write", 3, ptr, n, result)
	g.refuse(vfs.EISDIR, "fd_seek", 3, 0, 0, result)
	g.refuse(vfs.EBADF, "fd_write", fd, ptr, n, result)
	g.refuse(vfs.EINVAL, "fd_filestat_set_size", fd, 0)
	g.refuse(vfs.EBADF, "fd_allocate", fd, 0, 1)
	g.refuse(vfs.ENOTDIR, "fd_readdir", fd, buffer, 100, 0, result)
	name, size := g.put(text, "x")
	g.refuse(vfs.ENOTDIR, "path_filestat_get", fd, 0, name, size, result)
	g.refuse(vfs.EBADF, "path_filestat_get", 77, 0, name, size, result)
	g.refuse(vfs.ENOTSOCK, "sock_shutdown", fd, 0)
	g.refuse(vfs.EBADF, "sock_shutdown", 77, 0)
}

// THREAT[AB-06] a guest that never closes anything.
func TestTooManyDescriptors(t *testing.T) {
	g := newGuest(t, wasi.Config{FS: memfs.New(memfs.Config{}), MaxFiles: 100})
	g.create("file", "")
	opened := 0
	for range 1000 {
		if _, errno := g.tryOpen(3, "file", 0, mayAll, 0); errno == 0 {
			opened++
		} else if errno != vfs.EMFILE {
			t.Fatal(errno)
		}
	}
	if opened != 96 {
		t.Errorf("%d opened beside 4 that were, want 100 in all", opened)
	}
	if _, errno := g.tryOpen(3, "new", oCreate, mayAll, 0); errno != vfs.EMFILE {
		t.Error(errno)
	}
	g.must("fd_close", 50)
	if fd := g.open("file", 0, mayAll); fd != 50 {
		t.Errorf("descriptor %d", fd)
	}
	if errno := g.path("path_unlink_file", "new"); errno != vfs.ENOENT {
		t.Error("a file was made for which there was no descriptor")
	}
}

func TestSeek(t *testing.T) {
	const set, cur, end = 0, 1, 2
	g := fileGuest(t)
	g.create("file", "0123456789")
	fd := g.open("file", 0, mayAll)
	cases := []struct {
		offset int64
		whence uint64
		errno  vfs.Errno
		want   uint64
	}{
		{4, set, 0, 4}, {-1, cur, 0, 3}, {-3, end, 0, 7}, {-8, cur, vfs.EINVAL, 7}, {-11, end, vfs.EINVAL, 7},
		{5, end, 0, 15}, {0, 3, vfs.EINVAL, 15}, {-1, set, vfs.EINVAL, 15},
		{math.MaxInt64, set, 0, math.MaxInt64}, {1, cur, vfs.EOVERFLOW, math.MaxInt64},
		{math.MinInt64, end, vfs.EINVAL, math.MaxInt64},
	}
	for _, c := range cases {
		g.refuse(c.errno, "fd_seek", fd, uint64(c.offset), c.whence, result)
		g.must("fd_tell", fd, result)
		if got := g.u64(result); got != c.want {
			t.Errorf("seek %d from %d: at %d, want %d", c.offset, c.whence, got, c.want)
		}
	}
	if _, errno := g.tryWrite(fd, "x"); errno != vfs.EFBIG {
		t.Errorf("write at the largest offset: %v", errno)
	}
	if got := g.read(fd, 10); got != "" {
		t.Errorf("read %q at the largest offset", got)
	}
}

func TestAppend(t *testing.T) {
	g := fileGuest(t)
	g.create("file", "1234")
	fd, errno := g.tryOpen(3, "file", 0, mayAll, 1)
	if errno != 0 {
		t.Fatal(errno)
	}
	g.write(fd, "56")
	g.must("fd_tell", fd, result)
	if got := g.u64(result); got != 6 {
		t.Errorf("position %d after an append", got)
	}
	g.put(buffer, "X")
	ptr, n := g.iovecs(buffer, 1)
	g.must("fd_pwrite", fd, ptr, n, 0, result)
	g.must("fd_fdstat_set_flags", fd, 0)
	g.must("fd_seek", fd, 1, 0, result)
	g.write(fd, "Y")
	g.must("fd_seek", fd, 0, 0, result)
	if got := g.read(fd, 10); got != "XY3456" {
		t.Errorf("file %q", got)
	}
	g.refuse(vfs.EINVAL, "fd_fdstat_set_flags", fd, 1<<5)
}

func TestRights(t *testing.T) {
	g := fileGuest(t)
	g.create("file", "x")
	fd := g.open("file", 0, mayAll)
	g.must("fd_fdstat_get", fd, result)
	base := g.u64(result + 8)
	if base&(mayRead|mayWrite) != mayRead|mayWrite || base&(1<<14) != 0 {
		t.Errorf("rights %x of a file", base)
	}
	g.must("fd_fdstat_set_rights", fd, base&^mayWrite, 0)
	if _, errno := g.tryWrite(fd, "x"); errno != vfs.EBADF {
		t.Errorf("write without the right: %v", errno)
	}
	g.refuse(vfs.ENOTCAPABLE, "fd_fdstat_set_rights", fd, base, 0)
	g.refuse(vfs.ENOTCAPABLE, "fd_fdstat_set_rights", fd, 0, mayRead)
}

func TestAllocate(t *testing.T) {
	g := fileGuest(t)
	fd := g.open("file", oCreate, mayAll)
	size := func() uint64 {
		g.must("fd_filestat_get", fd, result)
		return g.u64(result + 32)
	}
	g.must("fd_allocate", fd, 10, 10)
	if size() != 20 {
		t.Error(size())
	}
	g.must("fd_allocate", fd, 0, 10)
	if size() != 20 {
		t.Error("a file was made shorter")
	}
	g.refuse(vfs.EINVAL, "fd_allocate", fd, 0, 0)
	g.refuse(vfs.EINVAL, "fd_allocate", fd, 1<<63, 1)
	g.refuse(vfs.EFBIG, "fd_allocate", fd, math.MaxInt64, 1)
	g.refuse(vfs.EINVAL, "fd_filestat_set_size", fd, 1<<63)
	g.must("fd_filestat_set_size", fd, 3)
	if size() != 3 {
		t.Error(size())
	}
	g.refuse(vfs.EINVAL, "fd_advise", fd, 0, 0, 6)
	g.must("fd_advise", fd, 0, 0, 5)
}

func TestPreopens(t *testing.T) {
	files := memfs.New(memfs.Config{})
	for _, dir := range []string{"work", "work/sub", "other"} {
		if err := files.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	g := newGuest(t, wasi.Config{FS: files, Preopens: []string{"/work", "/"}})
	for fd, want := range map[uint64]string{3: "/work", 4: "/"} {
		g.must("fd_prestat_get", fd, result)
		if n := g.u32(result + 4); n != uint32(len(want)) || g.u32(result) != 0 {
			t.Errorf("prestat of %d: length %d", fd, n)
		}
		g.refuse(vfs.ENAMETOOLONG, "fd_prestat_dir_name", fd, buffer, uint64(len(want)-1))
		g.must("fd_prestat_dir_name", fd, buffer, 100)
		if got := string(g.mem.b[buffer : buffer+len(want)]); got != want {
			t.Errorf("preopen %q", got)
		}
	}
	for path, want := range map[string]vfs.Errno{
		"sub": 0, "../other": vfs.EPERM, "/other": vfs.EPERM, "sub/../../other": vfs.EPERM, "sub/..": 0,
	} {
		if _, errno := g.tryOpen(3, path, 0, noWrite, 0); errno != want {
			t.Errorf("open %s: %v, want %v", path, errno, want)
		}
	}
	for path, want := range map[string]vfs.Errno{"other": 0, "../../other": 0, "/other": 0, "..": 0} {
		if _, errno := g.tryOpen(4, path, 0, noWrite, 0); errno != want {
			t.Errorf("open %s from the root: %v, want %v", path, errno, want)
		}
	}
}

func TestNoPreopens(t *testing.T) {
	for name, config := range map[string]wasi.Config{
		"no file system": {}, "none asked for": {FS: memfs.New(memfs.Config{}), Preopens: []string{}},
	} {
		g := newGuest(t, config)
		if errno := g.call("fd_prestat_get", 3, result); errno != vfs.EBADF {
			t.Errorf("%s: %v", name, errno)
		}
	}
}

// devices is a file system that has a file for each standard stream.
type devices struct{ vfs.FS }

type device struct {
	vfs.File
	n int
}

func (d device) Stdio() int { return d.n }

func (d devices) Open(name string, flag vfs.Flag, perm fs.FileMode) (vfs.File, error) {
	f, err := d.FS.Open(name, flag, perm)
	var n int
	if _, scanErr := fmt.Sscanf(name, "fd%d", &n); scanErr == nil {
		return device{f, n}, err
	}
	return f, err
}

// A name for a standard stream opens what that descriptor has open: the
// position is one.
func TestDuplicates(t *testing.T) {
	files := memfs.New(memfs.Config{})
	var stdout bytes.Buffer
	g := newGuest(t, wasi.Config{FS: devices{files}, Stdin: hostFile(t, "0123456789"), Stdout: &stdout})
	for _, name := range []string{"fd0", "fd1", "fd9"} {
		if _, err := files.Open(name, vfs.Write|vfs.Create, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	in, out := g.open("fd0", 0, mayRead), g.open("fd1", 0, mayAll)
	if got := g.read(0, 3) + g.read(in, 3) + g.read(0, 3); got != "012345678" {
		t.Errorf("read %q", got)
	}
	g.must("fd_close", 0)
	if got := g.read(in, 3); got != "9" {
		t.Errorf("read %q of what one number is left of", got)
	}
	g.write(out, "a")
	g.write(1, "b")
	if stdout.String() != "ab" {
		t.Errorf("stdout %q", &stdout)
	}
	for _, name := range []string{"fd0", "fd9"} { // closed by now, and never open
		if _, errno := g.tryOpen(3, name, 0, mayRead, 0); errno != vfs.ENXIO {
			t.Errorf("open %s: %v", name, errno)
		}
	}
}

// hostReader is a file that the host gives as a standard stream.
type hostReader struct{ vfs.File }

func (hostReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func hostFile(t *testing.T, data string) hostReader {
	f, err := memfs.New(memfs.Config{}).Open("f", vfs.Read|vfs.Write|vfs.Create, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte(data), 0); err != nil {
		t.Fatal(err)
	}
	return hostReader{f}
}

func TestFileAsStdin(t *testing.T) {
	file := hostFile(t, "0123456789")
	g := newGuest(t, wasi.Config{Stdin: file})
	g.must("fd_seek", 0, 4, 0, result)
	if got := g.read(0, 2); got != "45" {
		t.Errorf("read %q", got)
	}
	if _, errno := g.tryWrite(0, "x"); errno != vfs.EBADF {
		t.Errorf("write to stdin: %v", errno)
	}
	g.p.Close()
	if _, err := file.Stat(); err != nil {
		t.Error("the host's file was closed:", err)
	}
}

func TestCloseAndReset(t *testing.T) {
	g := fileGuest(t)
	fd := g.open("file", oCreate, mayAll)
	config := wasi.Config{Args: []string{"again"}, FS: memfs.New(memfs.Config{})}
	if err := g.p.Reset(config); err != nil {
		t.Fatal(err)
	}
	g.refuse(vfs.EBADF, "fd_tell", fd, result)
	g.must("args_sizes_get", result, result+4)
	if g.u32(result) != 1 {
		t.Error("arguments are not those of the second run")
	}
	if errno := g.path("path_unlink_file", "file"); errno != vfs.ENOENT {
		t.Error("the files are not those of the second run:", errno)
	}
	if err := g.p.Close(); err != nil {
		t.Fatal(err)
	}
	g.refuse(vfs.EBADF, "fd_close", 3)
}

func TestFilestat(t *testing.T) {
	files := memfs.New(memfs.Config{Dev: 7, Now: func() int64 { return 1e18 }})
	g := newGuest(t, wasi.Config{FS: files, Terminal: func(fd int) bool { return fd == 2 }})
	g.create("file", "12345")
	if err := files.Chmod("file", 0o640); err != nil {
		t.Fatal(err)
	}
	if err := files.Mkdir("tmp", fs.ModeSticky|0o777); err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		fd   uint64
		kind byte
		mode uint32
		size uint64
	}{
		{g.open("file", 0, mayAll), 4, 0o100640, 5},
		{g.open("tmp", oDirectory, noWrite), 3, 0o041777, 0},
		{3, 3, 0o040755, 0},
		{0, 0, 0o010600, 0},
		{2, 2, 0o020620, 0},
	}
	for _, c := range cases {
		g.must("fd_filestat_get", c.fd, result)
		kind, mode, size := g.mem.b[result+16], g.u32(result+20), g.u64(result+32)
		if kind != c.kind || mode != c.mode || c.kind == 4 && size != c.size {
			t.Errorf("filestat of %d: type %d, mode %o, size %d", c.fd, kind, mode, size)
		}
	}
	g.must("fd_filestat_get", cases[0].fd, result)
	if g.u64(result) != 7 || g.u64(result+8) == 0 || g.u64(result+24) != 1 || g.u64(result+48) != 1e18 {
		t.Errorf("filestat %x", g.mem.b[result:result+64])
	}
	for fd, want := range map[uint64]uint64{0: 0, 2: 1, 3: 0, 99: 0} {
		if got := uint64(g.call("__sandbox_isatty", fd)); got != want {
			t.Errorf("isatty(%d) = %d", fd, got)
		}
	}
}

// THREAT[FS-18] times before 1970 and far ahead, flags that contradict.
func TestTimes(t *testing.T) {
	const atim, atimNow, mtim, mtimNow = 1, 2, 4, 8
	now := int64(1_500_000_000_123_456_789)
	g := newGuest(t, wasi.Config{FS: memfs.New(memfs.Config{}), Now: func() int64 { return now }})
	g.create("file", "")
	fd := g.open("file", 0, mayAll)
	name, n := g.put(text, "file")
	year9999 := uint64(253_402_300_799) // seconds
	past := -int64(1e18)
	cases := []struct {
		a, m         uint64
		flags        uint64
		errno        vfs.Errno
		atime, mtime uint64 // 0: as before
	}{
		{1, 2, atim | mtim, 0, 1, 2},
		{3, 4, mtim, 0, 0, 4},
		{5, 6, 0, 0, 0, 0},
		{7, 8, atimNow, 0, uint64(now - now%1e6), 0},
		{uint64(past), year9999, atim | mtim, 0, uint64(past), year9999},
		{1, 1, atim | atimNow, vfs.EINVAL, 0, 0},
		{1, 1, mtim | mtimNow, vfs.EINVAL, 0, 0},
		{1, 1, 16, vfs.EINVAL, 0, 0},
		{1 << 63, 1, atim, vfs.EINVAL, 0, 0},
	}
	var atime, mtime uint64
	for _, c := range cases {
		for _, byName := range []bool{false, true} {
			args := []uint64{fd, c.a, c.m, c.flags}
			call := "fd_filestat_set_times"
			if byName {
				call, args = "path_filestat_set_times", []uint64{3, 0, name, n, c.a, c.m, c.flags}
			}
			g.refuse(c.errno, call, args...)
			if c.atime != 0 {
				atime = c.atime
			}
			if c.mtime != 0 {
				mtime = c.mtime
			}
			g.must("fd_filestat_get", fd, result)
			if a, m := g.u64(result+40), g.u64(result+48); a != atime || m != mtime {
				t.Errorf("%s %+v: times %d and %d", call, c, int64(a), int64(m))
			}
		}
	}
}
