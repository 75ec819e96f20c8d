package vfs_test

import (
	"io/fs"
	"strings"
	"testing"

	"agentsandbox/vfs"
	"agentsandbox/vfs/memfs"
	"agentsandbox/vfs/vfstest"
)

func newFS(t *testing.T, lay ...string) *memfs.FS {
	t.Helper()
	f := memfs.New(memfs.Config{})
	vfstest.Lay(t, f, lay...)
	return f
}

func TestResolve(t *testing.T) {
	f := newFS(t, "d/e/f", "l => d/e", "up => ..", "d/out => ../..", "a => /d", "loop => loop", "none => x/y", "s => d/")
	for _, c := range []struct {
		root, dir, path string
		follow          bool
		want            vfs.Path
		err             vfs.Errno
	}{
		{"", ".", "d/e/f", true, vfs.Path{Name: "d/e/f"}, 0},
		{"", "d", "e//./f", true, vfs.Path{Name: "d/e/f"}, 0},
		{"", "d", "/d", true, vfs.Path{Name: "d"}, 0},
		{"", "d", "..", true, vfs.Path{Name: ".", Dir: true}, 0},
		{"", ".", "../../..", true, vfs.Path{Name: ".", Dir: true}, 0},
		{"", ".", "l", true, vfs.Path{Name: "d/e"}, 0},
		{"", ".", "l", false, vfs.Path{Name: "l"}, 0},
		{"", ".", "l/", false, vfs.Path{Name: "d/e", Dir: true}, 0},
		{"", ".", "s", true, vfs.Path{Name: "d", Dir: true}, 0},
		{"", ".", "l/../new", true, vfs.Path{Name: "d/new"}, 0},
		{"", "d/e", "../../a/e", true, vfs.Path{Name: "d/e"}, 0},
		{"", ".", "up/up/d", true, vfs.Path{Name: "d"}, 0},
		{"", ".", "none", true, vfs.Path{}, vfs.ENOENT},
		{"", ".", "loop", true, vfs.Path{}, vfs.ELOOP},
		{"", ".", "d/e/f/x", true, vfs.Path{}, vfs.ENOTDIR},
		{"", ".", "", true, vfs.Path{}, vfs.ENOENT},
		{"", ".", "a\x00", true, vfs.Path{}, vfs.EINVAL},
		{"", ".", strings.Repeat("/", 4096), true, vfs.Path{}, vfs.ENAMETOOLONG},
		{"d", "d", "e/f", true, vfs.Path{Name: "d/e/f"}, 0},
		{"d", "d/e", "../e", true, vfs.Path{Name: "d/e"}, 0},
		{"d", "d", "..", true, vfs.Path{}, vfs.EPERM},
		{"d", "d/e", "../..", true, vfs.Path{}, vfs.EPERM},
		{"d", "d", "../d", true, vfs.Path{}, vfs.EPERM},
		{"d", "d", "out", true, vfs.Path{}, vfs.EPERM},
		{"d", "d", "out", false, vfs.Path{Name: "d/out"}, 0},
		{"d", "d", "out/x", false, vfs.Path{}, vfs.EPERM},
		{"d", "d", "/d", true, vfs.Path{}, vfs.EPERM},
		{"d", ".", "d", true, vfs.Path{}, vfs.EPERM},
		{"d", "dd", "x", true, vfs.Path{}, vfs.EPERM},
	} {
		got, err := vfs.Space{FS: f, Root: c.root}.Resolve(c.dir, c.path, c.follow)
		if got != c.want || vfs.ToErrno(err) != c.err {
			t.Errorf("%q: Resolve(%q, %.20q, %v) = %+v, %v; want %+v, %v", c.root, c.dir, c.path, c.follow, got, err, c.want, c.err)
		}
	}
}

// swapFS swaps the directory jail/x for a link that leads out, or back, right
// before one of its calls.
type swapFS struct {
	vfs.FS
	at    int
	calls int
}

func (s *swapFS) tick() {
	s.calls++
	if s.calls != s.at {
		return
	}
	s.FS.Rename("jail/x", "jail/aside")
	s.FS.Rename("jail/link", "jail/x")
	s.FS.Rename("jail/aside", "jail/link")
}

func (s *swapFS) Open(name string, flag vfs.Flag, perm fs.FileMode) (vfs.File, error) {
	s.tick()
	return s.FS.Open(name, flag, perm)
}

func (s *swapFS) Lstat(name string) (vfs.Info, error) {
	s.tick()
	return s.FS.Lstat(name)
}

func (s *swapFS) Readlink(name string) (string, error) {
	s.tick()
	return s.FS.Readlink(name)
}

func (s *swapFS) Unlink(name string) error {
	s.tick()
	return s.FS.Unlink(name)
}

// raceLayouts have a directory at jail/x and a link out beside it, or the
// other way round.
var raceLayouts = [][]string{
	{"secret = SECRET", "jail/x/secret = inside", "jail/link => .."},
	{"secret = SECRET", "jail/link/secret = inside", "jail/x => .."},
}

// THREAT[FS-04] whenever a directory becomes a link, the link is not followed.
func TestSwapAtAnyCall(t *testing.T) {
	for _, lay := range raceLayouts {
		for at := 1; at < 12; at++ {
			f := &swapFS{FS: newFS(t, lay...), at: at}
			s := vfs.Space{FS: f, Root: "jail"}
			for _, path := range []string{"x/secret", "x/../x/secret", "./x//secret"} {
				if data, _ := s.ReadFile(path, 100); string(data) == "SECRET" {
					t.Errorf("a swap before call %d: %s leads out", at, path)
				}
				s.WriteFile(path, []byte("written"), 0o644)
				s.Unlink("jail", path)
			}
			if data, err := (vfs.Space{FS: f.FS}).ReadFile("secret", 100); string(data) != "SECRET" {
				t.Errorf("a swap before call %d: the secret is %q, %v", at, data, err)
			}
		}
	}
}

// TestSwapIsReal shows that to look first and then open, following links, is
// not enough.
func TestSwapIsReal(t *testing.T) {
	f := &swapFS{FS: newFS(t, raceLayouts[0]...), at: 2}
	if info, err := f.Lstat("jail/x"); err != nil || !info.IsDir() {
		t.Fatalf("%+v, %v", info, err)
	}
	if data, err := (vfs.Space{FS: f}).ReadFile("jail/x/secret", 100); string(data) != "SECRET" {
		t.Errorf("read %q, %v", data, err)
	}
}

func TestErrno(t *testing.T) {
	seen := map[string]bool{}
	known := 0
	for e := vfs.Errno(1); e < 100; e++ {
		if e.Error() == "Unknown error" {
			continue
		}
		known++
		if seen[e.Name()] || !strings.HasPrefix(e.Name(), "E") {
			t.Errorf("errno %d is called %s", e, e.Name())
		}
		seen[e.Name()] = true
		if got := vfs.ToErrno(&fs.PathError{Err: e}); got != e {
			t.Errorf("ToErrno of %s is %s", e.Name(), got.Name())
		}
	}
	if known != 45 {
		t.Errorf("%d errnos are known", known)
	}
	for _, c := range []struct {
		err  error
		want vfs.Errno
	}{
		{nil, 0}, {fs.ErrNotExist, vfs.ENOENT}, {fs.ErrExist, vfs.EEXIST}, {fs.ErrPermission, vfs.EACCES},
		{fs.ErrClosed, vfs.EBADF}, {fs.ErrInvalid, vfs.EINVAL}, {fs.SkipDir, vfs.EIO},
	} {
		if got := vfs.ToErrno(c.err); got != c.want {
			t.Errorf("ToErrno(%v) = %v, want %v", c.err, got, c.want)
		}
	}
}
