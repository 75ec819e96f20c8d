package mountfs_test

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"agentsandbox/vfs"
	"agentsandbox/vfs/memfs"
	"agentsandbox/vfs/mountfs"
	"agentsandbox/vfs/vfstest"
)

func mem() *memfs.FS { return memfs.New(memfs.Config{}) }

func mount(t testing.TB, f *mountfs.FS, name string, fsys vfs.FS) {
	t.Helper()
	if err := f.Mount(name, fsys); err != nil {
		t.Fatalf("mount %s: %v", name, err)
	}
}

func TestSuite(t *testing.T) {
	vfstest.Run(t, func(t *testing.T) vfs.FS { return mountfs.New(mem()) })
}

// sub is one directory of a file system as one of its own.
type sub struct {
	vfs.FS
	dir string
}

func (s sub) in(name string) string {
	if name == "." {
		return s.dir
	}
	return s.dir + "/" + name
}

func (s sub) Open(name string, flag vfs.Flag, perm fs.FileMode) (vfs.File, error) {
	return s.FS.Open(s.in(name), flag, perm)
}
func (s sub) Lstat(name string) (vfs.Info, error)       { return s.FS.Lstat(s.in(name)) }
func (s sub) Mkdir(name string, perm fs.FileMode) error { return s.FS.Mkdir(s.in(name), perm) }
func (s sub) Unlink(name string) error                  { return s.FS.Unlink(s.in(name)) }
func (s sub) Rmdir(name string) error                   { return s.FS.Rmdir(s.in(name)) }
func (s sub) Rename(oldname, newname string) error {
	if oldname == "." || newname == "." {
		return vfs.EBUSY // here a mount point is the root
	}
	return s.FS.Rename(s.in(oldname), s.in(newname))
}
func (s sub) Link(oldname, newname string) error        { return s.FS.Link(s.in(oldname), s.in(newname)) }
func (s sub) Symlink(target, newname string) error      { return s.FS.Symlink(target, s.in(newname)) }
func (s sub) Readlink(name string) (string, error)      { return s.FS.Readlink(s.in(name)) }
func (s sub) Chmod(name string, perm fs.FileMode) error { return s.FS.Chmod(s.in(name), perm) }
func (s sub) Chtimes(name string, atime, mtime int64) error {
	return s.FS.Chtimes(s.in(name), atime, mtime)
}

// What is mounted works as it does by itself.
func TestSuiteBelowAMountPoint(t *testing.T) {
	vfstest.Run(t, func(t *testing.T) vfs.FS {
		f := mountfs.New(mem())
		mount(t, f, "a/b", mem())
		return sub{f, "a/b"}
	})
}

// tree is a root with some mounts in it.
func tree(t testing.TB) *mountfs.FS {
	t.Helper()
	root, work := mem(), mem()
	vfstest.Lay(t, root, "f", "work/covered", "usr/share/f", "l => work")
	vfstest.Lay(t, work, "f", "d/f")
	f := mountfs.New(root)
	mount(t, f, "work", work)
	mount(t, f, "usr/bin", mem())
	mount(t, f, "deep/in/it", mem())
	mount(t, f, "work/d/more", mem())
	return f
}

func names(t testing.TB, f vfs.FS, dir string) string {
	t.Helper()
	h, err := f.Open(dir, vfs.Read|vfs.Directory, 0)
	if err != nil {
		t.Fatalf("open %s: %v", dir, err)
	}
	defer h.Close()
	list, err := h.ReadDir()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range list {
		name := strings.TrimPrefix(dir+"/"+e.Name, "./")
		info, err := f.Lstat(name)
		if err != nil || info.Mode.Type() != e.Type || info.Ino != e.Ino {
			t.Errorf("%s is listed as %+v, but is %+v, %v", name, e, info, err)
		}
		out = append(out, e.Name)
	}
	return strings.Join(out, " ")
}

func TestListings(t *testing.T) {
	f := tree(t)
	for dir, want := range map[string]string{
		".": "deep f l usr work", "work": "d f", "work/d": "f more", "usr": "bin share", "usr/bin": "",
		"deep": "in", "deep/in": "it", "deep/in/it": "",
	} {
		if got := names(t, f, dir); got != want {
			t.Errorf("%s holds %q, want %q", dir, got, want)
		}
	}
}

func TestErrors(t *testing.T) {
	f := tree(t)
	open := func(name string, flag vfs.Flag) error {
		h, err := f.Open(name, flag, 0o644)
		if err == nil {
			h.Close()
		}
		return err
	}
	for _, test := range []struct {
		what string
		err  error
		want vfs.Errno
	}{
		{"mount again", f.Mount("work", mem()), vfs.EBUSY},
		{"mount the root", f.Mount(".", mem()), vfs.EBUSY},
		{"mount below a file", f.Mount("work/f/x", mem()), vfs.ENOTDIR},
		{"mount on a file", f.Mount("f", mem()), vfs.ENOTDIR},
		{"mount through a link", f.Mount("l/x", mem()), vfs.ENOTDIR},
		{"mount out", f.Mount("../x", mem()), vfs.EINVAL},
		{"mount an absolute name", f.Mount("/x", mem()), vfs.EINVAL},
		{"remove a mount point", f.Rmdir("work"), vfs.EBUSY},
		{"remove one in a mount", f.Rmdir("work/d/more"), vfs.EBUSY},
		{"remove what leads to one", f.Rmdir("usr"), vfs.EBUSY},
		{"remove what only leads to one", f.Rmdir("deep/in"), vfs.EBUSY},
		{"unlink a mount point", f.Unlink("work"), vfs.EISDIR},
		{"unlink what leads to one", f.Unlink("deep"), vfs.EISDIR},
		{"move a mount point", f.Rename("work", "x"), vfs.EBUSY},
		{"move onto a mount point", f.Rename("usr/share", "work"), vfs.EBUSY},
		{"move what leads to one", f.Rename("work/d", "work/x"), vfs.EBUSY},
		{"move the root", f.Rename(".", "x"), vfs.EBUSY},
		{"move across", f.Rename("work/f", "x"), vfs.EXDEV},
		{"move a mount point across", f.Rename("work", "usr/bin/x"), vfs.EXDEV},
		{"link across", f.Link("work/f", "x"), vfs.EXDEV},
		{"link out of a mount in a mount", f.Link("work/f", "work/d/more/x"), vfs.EXDEV},
		{"link over a mount point", f.Link("f", "work"), vfs.EEXIST},
		{"make a mount point", f.Mkdir("usr/bin", 0o755), vfs.EEXIST},
		{"make what leads to one", f.Mkdir("deep", 0o755), vfs.EEXIST},
		{"symlink over one", f.Symlink("x", "deep/in"), vfs.EEXIST},
		{"make in what only leads", f.Mkdir("deep/x", 0o755), vfs.EROFS},
		{"create in what only leads", open("deep/in/x", vfs.Write|vfs.Create), vfs.EROFS},
		{"read in what only leads", open("deep/in/x", vfs.Read), vfs.ENOENT},
		{"move into what only leads", f.Rename("f", "deep/f"), vfs.EROFS},
		{"chmod what only leads", f.Chmod("deep", 0o700), vfs.EROFS},
		{"times of what only leads", f.Chtimes("deep/in", 1, 1), vfs.EROFS},
		{"write what only leads", open("deep", vfs.Write), vfs.EISDIR},
		{"create a mount point", open("work", vfs.Write|vfs.Create), vfs.EISDIR},
		{"create it exclusively", open("work", vfs.Write|vfs.Create|vfs.Exclusive), vfs.EEXIST},
		{"chmod a mount point", f.Chmod("work", 0o700), 0},
		{"move in a mount", f.Rename("work/f", "work/g"), 0},
		{"move in the root", f.Rename("usr/share/f", "g"), 0},
		{"what is covered", open("work/covered", vfs.Read), vfs.ENOENT},
	} {
		if got := vfs.ToErrno(test.err); got != test.want {
			t.Errorf("%s: %s, want %s", test.what, got.Name(), test.want.Name())
		}
	}
}

// Each mount has a device number of its own, by name and by handle.
func TestDevices(t *testing.T) {
	f := tree(t)
	seen := map[uint64]string{}
	for _, name := range []string{".", "work", "usr/bin", "deep/in/it", "work/d/more"} {
		info, err := f.Lstat(name)
		if err != nil || seen[info.Dev] != "" {
			t.Errorf("%s has device %d, as %q has; %v", name, info.Dev, seen[info.Dev], err)
		}
		seen[info.Dev] = name
		h, err := f.Open(name, vfs.Read, 0)
		if err != nil {
			t.Fatal(err)
		}
		if open, err := h.Stat(); err != nil || open.Dev != info.Dev || open.Ino != info.Ino {
			t.Errorf("%s is %+v, but %+v when open, %v", name, info, open, err)
		}
		h.Close()
	}
	for name, on := range map[string]string{"deep/in": ".", "usr": ".", "work/d": "work"} {
		if info, _ := f.Lstat(name); seen[info.Dev] != on {
			t.Errorf("%s is on %q, want %q", name, seen[info.Dev], on)
		}
	}
}

// A file that stands for a descriptor is not hidden in another.
func TestStdioGoesThrough(t *testing.T) {
	f := mountfs.New(mem())
	mount(t, f, "dev", stdioFS{mem()})
	h, err := f.Open("dev/x", vfs.Read, 0)
	if err != nil {
		t.Fatal(err)
	}
	if s, ok := h.(interface{ Stdio() int }); !ok || s.Stdio() != 7 {
		t.Errorf("opened %T", h)
	}
}

type stdioFS struct{ vfs.FS }

func (stdioFS) Open(string, vfs.Flag, fs.FileMode) (vfs.File, error) { return stdioFile{}, nil }

type stdioFile struct{ vfs.File }

func (stdioFile) Stdio() int { return 7 }

// Looking up takes no memory.
func TestLookupsDoNotAllocate(t *testing.T) {
	f := mountfs.New(still{})
	for i := range 8 {
		mount(t, f, fmt.Sprint("mnt", i), still{})
	}
	if n := testing.AllocsPerRun(100, func() { f.Lstat("mnt3/some/file") }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

// still has one directory for every name.
type still struct{ vfs.FS }

func (still) Lstat(string) (vfs.Info, error) { return vfs.Info{Mode: fs.ModeDir}, nil }
