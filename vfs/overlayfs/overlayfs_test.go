package overlayfs_test

import (
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"

	"agentsandbox/vfs"
	"agentsandbox/vfs/memfs"
	"agentsandbox/vfs/overlayfs"
	"agentsandbox/vfs/vfstest"
)

func mem() *memfs.FS { return memfs.New(memfs.Config{}) }

func TestSuite(t *testing.T) {
	vfstest.Run(t, func(t *testing.T) vfs.FS { return overlayfs.New(mem(), mem()) })
}

// TestSuiteOverWhiteouts begins with what looks empty: each name that the
// suite uses is in the lower, and hidden.
func TestSuiteOverWhiteouts(t *testing.T) {
	vfstest.Run(t, func(t *testing.T) vfs.FS {
		lower := mem()
		vfstest.Lay(t, lower, "f", "d/e/f", "l => f", "a/b/c", "b", "c => a", "x/y", "jail/real/secret", "secret", "g", "new/f")
		o := overlayfs.New(lower, mem())
		removeAll(t, o, ".")
		return o
	})
}

// tb is what helpers need of a test, a random one too.
type tb interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// removeAll removes all that is in a directory.
func removeAll(t *testing.T, f vfs.FS, dir string) {
	t.Helper()
	for _, e := range list(t, f, dir) {
		name := under(dir, e.Name)
		remove := f.Unlink
		if e.Type.IsDir() {
			removeAll(t, f, name)
			remove = f.Rmdir
		}
		if err := remove(name); err != nil {
			t.Fatalf("remove %s: %v", name, err)
		}
	}
}

func under(dir, name string) string {
	if dir == "." {
		return name
	}
	return dir + "/" + name
}

func list(t tb, f vfs.FS, dir string) []vfs.DirEntry {
	t.Helper()
	h, err := f.Open(dir, vfs.Read|vfs.Directory, 0)
	if err != nil {
		t.Fatalf("open %s: %v", dir, err)
	}
	defer h.Close()
	l, err := h.ReadDir()
	if err != nil {
		t.Fatalf("list %s: %v", dir, err)
	}
	return l
}

// links marks the entries of dump that count the links of a directory.
const links = "links of "

// dump describes a whole tree: names, types, modes and contents.
func dump(t tb, f vfs.FS) map[string]string {
	t.Helper()
	out := map[string]string{}
	dumpDir(t, f, ".", out)
	return out
}

func dumpDir(t tb, f vfs.FS, dir string, out map[string]string) {
	t.Helper()
	for _, e := range list(t, f, dir) {
		name := under(dir, e.Name)
		info, err := f.Lstat(name)
		switch {
		case err != nil:
			t.Fatalf("%s is listed, but: %v", name, err)
		case info.Mode.Type() != e.Type || info.Ino != e.Ino:
			t.Errorf("%s is listed as %v %d, but is %v %d", name, e.Type, e.Ino, info.Mode.Type(), info.Ino)
		}
		out[name] = info.Mode.String() + " " + content(t, f, name, info)
		if info.IsDir() {
			out[links+name] = fmt.Sprint(info.Nlink)
			dumpDir(t, f, name, out)
		}
	}
}

func content(t tb, f vfs.FS, name string, info vfs.Info) string {
	t.Helper()
	switch {
	case info.IsDir():
		return ""
	case info.Mode&fs.ModeSymlink != 0:
		target, err := f.Readlink(name)
		return fmt.Sprint(target, err)
	}
	h, err := f.Open(name, vfs.Read, 0)
	if err != nil {
		t.Fatalf("open %s: %v", name, err)
	}
	defer h.Close()
	data, err := io.ReadAll(io.NewSectionReader(h, 0, 1<<30))
	if err != nil || int64(len(data)) != info.Size {
		t.Fatalf("read %s: %d bytes of %d, %v", name, len(data), info.Size, err)
	}
	return string(data)
}

// write replaces the content of a file.
func write(t tb, f vfs.FS, name, data string) {
	t.Helper()
	h, err := f.Open(name, vfs.Write|vfs.Create|vfs.Truncate, 0o644)
	if err != nil {
		t.Fatalf("open %s: %v", name, err)
	}
	defer h.Close()
	if _, err := h.WriteAt([]byte(data), 0); err != nil {
		t.Fatalf("write %s: %v", name, err)
	}
}

func read(t tb, f vfs.FS, name string) string {
	t.Helper()
	info, err := f.Lstat(name)
	if err != nil {
		return vfs.ToErrno(err).Name()
	}
	return content(t, f, name, info)
}

func changes(t tb, o *overlayfs.FS) string {
	t.Helper()
	list, err := o.Changes()
	if err != nil {
		t.Fatalf("%v", err)
	}
	var out []string
	for _, c := range list {
		s := string("?+~-"[c.Kind]) + c.Path
		if c.Dir {
			s += "/"
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

// lowerLayout is what most tests lay an overlay over.
var lowerLayout = []string{"f = one", "g = two", "d/a = da", "d/e/b = deb", "d/l => ../f", "empty/"}

func laid(t testing.TB) (*overlayfs.FS, *memfs.FS) {
	t.Helper()
	lower := mem()
	vfstest.Lay(t, lower, lowerLayout...)
	return overlayfs.New(lower, mem()), lower
}

func TestNames(t *testing.T) {
	for _, test := range []struct {
		name string
		do   func(o *overlayfs.FS) error
		want string // of Changes
	}{
		{"nothing", func(o *overlayfs.FS) error { return nil }, ""},
		{"remove", func(o *overlayfs.FS) error { return o.Unlink("f") }, "-f"},
		{"make", func(o *overlayfs.FS) error { return o.Mkdir("new", 0o755) }, "+new/"},
		{"make and remove", func(o *overlayfs.FS) error { return first(o.Mkdir("n", 0o755), o.Rmdir("n")) }, ""},
		{"chmod", func(o *overlayfs.FS) error { return o.Chmod("f", 0o600) }, "~f"},
		{"chmod a directory", func(o *overlayfs.FS) error { return o.Chmod("d", 0o700) }, "~d/"},
		{"chmod the root", func(o *overlayfs.FS) error { return o.Chmod(".", 0o700) }, "~./"},
		{"times of a directory", func(o *overlayfs.FS) error { return o.Chtimes("d", 1, 1) }, ""},
		{"move a file", func(o *overlayfs.FS) error { return o.Rename("f", "d/f") }, "+d/f -f"},
		{"move over a file", func(o *overlayfs.FS) error { return o.Rename("f", "g") }, "-f ~g"},
		{"move there and back", func(o *overlayfs.FS) error { return first(o.Rename("f", "x"), o.Rename("x", "f")) }, ""},
		{"move a directory", func(o *overlayfs.FS) error { return o.Rename("d", "n") },
			"-d/ -d/a -d/e/ -d/e/b -d/l +n/ +n/a +n/e/ +n/e/b +n/l"},
		{"move a directory there and back", func(o *overlayfs.FS) error {
			return first(o.Rename("d", "n"), o.Rename("n/e", "e"), o.Rename("e", "n/e"), o.Rename("n", "d"))
		}, ""},
		{"move a directory over an empty one", func(o *overlayfs.FS) error { return o.Rename("d", "empty") },
			"-d/ -d/a -d/e/ -d/e/b -d/l +empty/a +empty/e/ +empty/e/b +empty/l"},
		{"swap", func(o *overlayfs.FS) error { return first(o.Rename("f", "t"), o.Rename("g", "f"), o.Rename("t", "g")) }, "~f ~g"},
		{"remove a directory and make it again", func(o *overlayfs.FS) error {
			return first(o.Rmdir("empty"), o.Mkdir("empty", 0o755))
		}, ""},
		{"a file for a directory", func(o *overlayfs.FS) error { return first(o.Rmdir("empty"), o.Symlink("f", "empty")) }, "~empty"},
		{"a directory for a file", func(o *overlayfs.FS) error { return first(o.Unlink("f"), o.Rename("d/e", "f")) },
			"-d/e/ -d/e/b ~f/ +f/b"},
		{"opaque", func(o *overlayfs.FS) error {
			return first(o.Rename("d", "n"), o.Mkdir("d", 0o755), o.Symlink("x", "d/a"))
		}, "~d/a -d/e/ -d/e/b -d/l +n/ +n/a +n/e/ +n/e/b +n/l"},
		{"link", func(o *overlayfs.FS) error { return o.Link("f", "h") }, "~f +h"},
	} {
		t.Run(test.name, func(t *testing.T) {
			o, lower := laid(t)
			before := fmt.Sprint(dump(t, lower))
			if err := test.do(o); err != nil {
				t.Fatal(err)
			}
			if got := changes(t, o); got != test.want {
				t.Errorf("Changes = %s\nwant      %s", got, test.want)
			}
			if after := fmt.Sprint(dump(t, lower)); after != before {
				t.Errorf("the lower was changed to %s", after)
			}
		})
	}
}

func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// A file that is open when it is copied up goes on as the copy.
func TestReadersSeeWrites(t *testing.T) {
	o, lower := laid(t)
	r, err := o.Open("f", vfs.Read, 0)
	if err != nil {
		t.Fatal(err)
	}
	before, _ := r.Stat()
	write(t, o, "f", "ONE and more")
	buf := make([]byte, 20)
	n, _ := r.ReadAt(buf, 0)
	if got := string(buf[:n]); got != "ONE and more" {
		t.Errorf("the reader sees %q", got)
	}
	if after, _ := r.Stat(); after.Ino != before.Ino || after.Size != 12 {
		t.Errorf("the reader sees %+v", after)
	}
	if err := first(o.Rename("f", "moved"), o.Unlink("moved")); err != nil {
		t.Fatal(err)
	}
	if n, _ := r.ReadAt(buf, 0); n != 12 {
		t.Errorf("without a name it has %d bytes", n)
	}
	if err := first(r.Close(), o.Discard()); err != nil {
		t.Fatal(err)
	}
	if got := read(t, lower, "f"); got != "one" {
		t.Errorf("the lower has %q", got)
	}
}

// An inode number stays through copy-up and rename.
func TestInodesStay(t *testing.T) {
	o, _ := laid(t)
	before, _ := o.Lstat("d/a")
	steps := []func() error{
		func() error { return o.Rename("d", "n") },
		func() error { return o.Chmod("n/a", 0o600) },
		func() error { return o.Rename("n/a", "a") },
		func() error { return o.Link("a", "b") },
	}
	for i, name := range []string{"n/a", "n/a", "a", "b"} {
		if err := steps[i](); err != nil {
			t.Fatal(err)
		}
		if info, err := o.Lstat(name); err != nil || info.Ino != before.Ino || info.Dev != before.Dev {
			t.Errorf("after step %d: %+v, %v; was %+v", i, info, err, before)
		}
	}
}

func TestCopyUpKeepsHoles(t *testing.T) {
	lower := mem()
	write(t, lower, "f", "head")
	h, _ := lower.Open("f", vfs.Write, 0)
	if err := h.Truncate(64 << 20); err != nil {
		t.Fatal(err)
	}
	upper := &counting{FS: mem()}
	o := overlayfs.New(lower, upper)
	if err := o.Chmod("f", 0o600); err != nil {
		t.Fatal(err)
	}
	if info, _ := o.Lstat("f"); info.Size != 64<<20 || info.Mode != 0o600 {
		t.Errorf("copied as %+v", info)
	}
	if upper.written > 1<<20 {
		t.Errorf("%d bytes were written for 4", upper.written)
	}
}

// A copy that fails is not seen, and what is there stays.
func TestCopyUpFails(t *testing.T) {
	lower := mem()
	write(t, lower, "f", strings.Repeat("x", 1<<20))
	upper := &counting{FS: mem(), limit: 300 << 10}
	o := overlayfs.New(lower, upper)
	_, err := o.Open("f", vfs.Write, 0)
	if vfs.ToErrno(err) != vfs.ENOSPC {
		t.Fatalf("open for writing: %v", err)
	}
	if got := read(t, o, "f"); len(got) != 1<<20 {
		t.Errorf("%d bytes are left", len(got))
	}
	if left := dump(t, upper.FS); len(left) != 0 {
		t.Errorf("the upper has %v", left)
	}
	if got := changes(t, o); got != "" {
		t.Errorf("Changes = %s", got)
	}
	// What is cut need not be copied.
	upper.written = 0
	write(t, o, "f", "short")
}

// counting counts what is written, and refuses more than a limit.
type counting struct {
	vfs.FS
	written, limit int
}

func (c *counting) Open(name string, flag vfs.Flag, perm fs.FileMode) (vfs.File, error) {
	h, err := c.FS.Open(name, flag, perm)
	if err != nil {
		return nil, err
	}
	return &countingFile{h, c}, nil
}

type countingFile struct {
	vfs.File
	fs *counting
}

func (h *countingFile) WriteAt(p []byte, off int64) (int, error) {
	if h.fs.written += len(p); h.fs.limit > 0 && h.fs.written > h.fs.limit {
		return 0, vfs.ENOSPC
	}
	return h.File.WriteAt(p, off)
}

// THREAT[FS-06] A copy never goes through a name that the lower shares.
func TestLowerHardLinks(t *testing.T) {
	lower := mem()
	vfstest.Lay(t, lower, "outside = keep", "f == outside")
	o := overlayfs.New(lower, mem())
	write(t, o, "f", "changed")
	if got := read(t, lower, "outside"); got != "keep" {
		t.Errorf("the lower has %q", got)
	}
}

func TestLowerChangesUnderneath(t *testing.T) {
	o, lower := laid(t)
	write(t, o, "f", "mine")
	write(t, lower, "f", "theirs")
	write(t, lower, "g", "new")
	vfstest.Lay(t, lower, "d/more = more")
	for name, want := range map[string]string{"f": "mine", "g": "new", "d/more": "more"} {
		if got := read(t, o, name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
}
