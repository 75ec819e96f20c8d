package overlayfs_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"agentsandbox/vfs"
	"agentsandbox/vfs/faultfs"
	"agentsandbox/vfs/overlayfs"
	"agentsandbox/vfs/readonlyfs"
	"agentsandbox/vfs/rootfs"
)

// edit makes one change of each kind.
func edit(t *testing.T, o *overlayfs.FS) {
	t.Helper()
	write(t, o, "f", "changed")
	write(t, o, "new", "new")
	if err := first(o.Rename("d", "moved"), o.Unlink("g"), o.Chmod("empty", 0o700), o.Link("new", "twin")); err != nil {
		t.Fatal(err)
	}
}

const edited = "-d/ -d/a -d/e/ -d/e/b -d/l ~empty/ ~f -g +moved/ +moved/a +moved/e/ +moved/e/b +moved/l +new +twin"

func TestCommitToADirectory(t *testing.T) {
	dir := t.TempDir()
	root, err := rootfs.New(dir, rootfs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	lay(t, root)
	outside := filepath.Join(t.TempDir(), "outside")
	if err := os.Link(filepath.Join(dir, "f"), outside); err != nil {
		t.Skip(err)
	}
	o := overlayfs.New(readonlyfs.New(root), mem())
	edit(t, o)
	want := dump(t, o)
	if got := changes(t, o); got != edited {
		t.Errorf("Changes = %s\nwant      %s", got, edited)
	}
	before, _ := o.Lstat("f")
	if err := o.Commit(root); err != nil {
		t.Fatal(err)
	}
	for what, f := range map[string]vfs.FS{"overlay": o, "directory": root} {
		for name, got := range dump(t, f) {
			if got != want[name] {
				t.Errorf("in the %s %s is %q, want %q", what, name, got, want[name])
			}
			delete(want, name)
		}
		if len(want) > 0 {
			t.Errorf("the %s has no %v", what, want)
		}
		want = dump(t, o)
	}
	if got := changes(t, o); got != "" {
		t.Errorf("after the commit: %s", got)
	}
	if info, _ := root.Lstat("f"); info.Mtime != before.Mtime {
		t.Errorf("the time is %d, was %d", info.Mtime, before.Mtime)
	}
	// THREAT[FS-07] What the host shares with the outside is replaced, not written.
	if data, _ := os.ReadFile(outside); string(data) != "one" {
		t.Errorf("outside is %q", data)
	}
	if a, b := ino(t, root, "new"), ino(t, root, "twin"); a != b {
		t.Errorf("the two names are two files: %d, %d", a, b)
	}
}

func lay(t *testing.T, f vfs.FS) {
	t.Helper()
	if err := first(f.Mkdir("d", 0o755), f.Mkdir("d/e", 0o755), f.Mkdir("empty", 0o755), f.Symlink("../f", "d/l")); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{"f": "one", "g": "two", "d/a": "da", "d/e/b": "deb"} {
		write(t, f, name, data)
	}
}

func ino(t *testing.T, f vfs.FS, name string) uint64 {
	t.Helper()
	info, err := f.Lstat(name)
	if err != nil {
		t.Fatal(err)
	}
	return info.Ino
}

// A commit that fails says how far it came, has lost nothing, and goes on when
// it is called again, whichever call it is that fails.
func TestCommitFails(t *testing.T) {
	for n := 1; n < 200; n++ {
		o, lower := laid(t)
		edit(t, o)
		want := dump(t, o)
		faulty := faultfs.New(lower, faultfs.Fault{Call: n, Err: vfs.EIO})
		err := o.Commit(faulty)
		if err == nil {
			if faulty.Calls("") < n {
				return
			}
			continue // what failed was not needed
		}
		var ce *overlayfs.CommitError
		if !errors.As(err, &ce) || len(ce.Applied)+len(ce.Left)+1 != len(strings.Fields(edited)) {
			t.Fatalf("call %d fails: %v", n, err)
		}
		same(t, "the overlay", dump(t, o), want)
		if err := o.Commit(faulty); err != nil {
			t.Fatalf("after call %d: %v", n, err)
		}
		same(t, "the lower", dump(t, lower), want)
	}
	t.Error("the commit always fails")
}

func same(t *testing.T, what string, got, want map[string]string) {
	t.Helper()
	for name, text := range want {
		if got[name] != text {
			t.Errorf("in %s %s is %q, want %q", what, name, got[name], text)
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("%s has %s", what, name)
		}
	}
}

// THREAT[FS-10] On a host that folds case a new spelling is not removed with
// the old one.
func TestCommitNewSpelling(t *testing.T) {
	o, lower := laid(t)
	if err := o.Rename("f", "F"); err != nil {
		t.Fatal(err)
	}
	if err := o.Commit(folding{lower}); err != nil {
		t.Fatal(err)
	}
	if got := read(t, lower, "f"); got != "one" {
		t.Errorf("the file is %q", got)
	}
}

// folding takes all names as if they were in lower case.
type folding struct{ vfs.FS }

func (f folding) Open(name string, flag vfs.Flag, perm fs.FileMode) (vfs.File, error) {
	return f.FS.Open(strings.ToLower(name), flag, perm)
}
func (f folding) Lstat(name string) (vfs.Info, error) { return f.FS.Lstat(strings.ToLower(name)) }
func (f folding) Unlink(name string) error            { return f.FS.Unlink(strings.ToLower(name)) }
func (f folding) Chtimes(name string, a, m int64) error {
	return f.FS.Chtimes(strings.ToLower(name), a, m)
}
func (f folding) Rename(a, b string) error {
	return f.FS.Rename(strings.ToLower(a), strings.ToLower(b))
}

// Who has a file open for writing over a commit can go on.
func TestCommitWhileWriting(t *testing.T) {
	o, lower := laid(t)
	h, err := o.Open("f", vfs.Read|vfs.Write, 0)
	if err != nil {
		t.Fatal(err)
	}
	h.WriteAt([]byte("1"), 0)
	if err := o.Commit(lower); err != nil {
		t.Fatal(err)
	}
	h.WriteAt([]byte("2"), 1)
	if got := read(t, o, "f"); got != "12e" {
		t.Errorf("the overlay has %q", got)
	}
	if got := read(t, lower, "f"); got != "1ne" {
		t.Errorf("the lower has %q", got)
	}
	if got := changes(t, o); got != "~f" {
		t.Errorf("Changes = %s", got)
	}
	h.Close()
	if err := o.Commit(lower); err != nil || read(t, lower, "f") != "12e" {
		t.Errorf("the lower has %q, %v", read(t, lower, "f"), err)
	}
}

func TestApplyKeepsTheOverlay(t *testing.T) {
	o, lower := laid(t)
	copied := lower.Fork()
	edit(t, o)
	if err := o.Apply(copied); err != nil {
		t.Fatal(err)
	}
	same(t, "the copy", dump(t, copied), dump(t, o))
	if got := changes(t, o); got != edited {
		t.Errorf("Changes = %s", got)
	}
}

// Nothing is told, and nothing but the root looked at, where nothing changed.
func TestCostsNoWalk(t *testing.T) {
	_, lower := laid(t)
	counted := faultfs.New(lower)
	o := overlayfs.New(counted, mem())
	write(t, o, "d/a", "changed")
	before := counted.Calls("")
	if got := changes(t, o); got != "~d/a" || counted.Calls("") > before+2 {
		t.Errorf("Changes = %s after %d calls", got, counted.Calls("")-before)
	}
}
