package journalfs_test

import (
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"testing"

	"agentsandbox/vfs"
	"agentsandbox/vfs/journalfs"
	"agentsandbox/vfs/memfs"
	"agentsandbox/vfs/vfstest"

	"pgregory.net/rapid"
)

func mem() *memfs.FS { return memfs.New(memfs.Config{}) }

func TestSuite(t *testing.T) {
	vfstest.Run(t, func(t *testing.T) vfs.FS { return journalfs.New(mem()) })
}

var layout = []string{"f = one", "g = two", "d/a = da", "d/e/b = deb", "d/l => ../f", "empty/"}

func laid(t testing.TB) *journalfs.FS {
	t.Helper()
	m := mem()
	vfstest.Lay(t, m, layout...)
	return journalfs.New(m)
}

func changes(j *journalfs.FS) string {
	var out []string
	for _, c := range j.Changes() {
		s := string("?+~-"[c.Kind]) + c.Path
		if c.Dir {
			s += "/"
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

// add opens a file and writes to it, unless it is only to be opened.
func add(f vfs.FS, name string, flag vfs.Flag, data string) error {
	h, err := f.Open(name, flag, 0o644)
	if err != nil {
		return err
	}
	defer h.Close()
	if data != "" {
		_, err = h.Append([]byte(data))
	}
	return err
}

func all(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func TestChanges(t *testing.T) {
	const w, c, tr = vfs.Write, vfs.Create, vfs.Truncate
	for _, test := range []struct {
		name string
		do   func(j *journalfs.FS) error
		want string
	}{
		{"nothing", func(j *journalfs.FS) error { return nil }, ""},
		{"read", func(j *journalfs.FS) error { return add(j, "f", vfs.Read, "") }, ""},
		{"open for writing", func(j *journalfs.FS) error { return add(j, "f", w|c, "") }, ""},
		{"write", func(j *journalfs.FS) error { return add(j, "f", w, "x") }, "~f"},
		{"cut", func(j *journalfs.FS) error { return add(j, "f", w|c|tr, "") }, "~f"},
		{"create", func(j *journalfs.FS) error { return add(j, "new", w|c|tr, "x") }, "+new"},
		{"create and remove", func(j *journalfs.FS) error { return all(add(j, "n", w|c, "x"), j.Unlink("n")) }, ""},
		{"remove", func(j *journalfs.FS) error { return j.Unlink("f") }, "-f"},
		{"remove and create", func(j *journalfs.FS) error { return all(j.Unlink("f"), add(j, "f", w|c, "x")) }, "~f"},
		{"write and remove", func(j *journalfs.FS) error { return all(add(j, "f", w, "x"), j.Unlink("f")) }, "-f"},
		{"mkdir", func(j *journalfs.FS) error { return j.Mkdir("n", 0o755) }, "+n/"},
		{"rmdir", func(j *journalfs.FS) error { return j.Rmdir("empty") }, "-empty/"},
		{"symlink", func(j *journalfs.FS) error { return j.Symlink("f", "n") }, "+n"},
		{"link", func(j *journalfs.FS) error { return all(j.Link("f", "n"), add(j, "n", w, "x")) }, "~f +n"},
		{"unlink one of two", func(j *journalfs.FS) error {
			return all(j.Link("f", "n"), j.Unlink("n"), add(j, "f", w, "x"))
		}, "~f"},
		{"rename one of two onto the other", func(j *journalfs.FS) error { return all(j.Link("f", "n"), j.Rename("f", "n")) }, "+n"},
		{"chmod", func(j *journalfs.FS) error { return j.Chmod("d", 0o700) }, "~d/"},
		{"chmod to what it is", func(j *journalfs.FS) error { return j.Chmod("f", 0o644) }, ""},
		{"times", func(j *journalfs.FS) error { return j.Chtimes("f", 1, 1) }, ""},
		{"move", func(j *journalfs.FS) error { return j.Rename("f", "n") }, "-f +n"},
		{"move there and back", func(j *journalfs.FS) error { return all(j.Rename("f", "n"), j.Rename("n", "f")) }, ""},
		{"move, write, move back", func(j *journalfs.FS) error {
			return all(j.Rename("f", "n"), add(j, "n", w, "x"), j.Rename("n", "f"))
		}, "~f"},
		{"swap", func(j *journalfs.FS) error { return all(j.Rename("f", "t"), j.Rename("g", "f"), j.Rename("t", "g")) }, "~f ~g"},
		{"replace, as editors do", func(j *journalfs.FS) error { return all(add(j, "t", w|c, "x"), j.Rename("t", "f")) }, "~f"},
		{"move a directory", func(j *journalfs.FS) error { return j.Rename("d", "n") },
			"-d/ -d/a -d/e/ -d/e/b -d/l +n/ +n/a +n/e/ +n/e/b +n/l"},
		{"move a directory there and back", func(j *journalfs.FS) error { return all(j.Rename("d", "n"), j.Rename("n", "d")) }, ""},
		{"move a changed directory", func(j *journalfs.FS) error {
			return all(j.Unlink("d/a"), add(j, "d/new", w|c, "x"), j.Rename("d", "n"))
		}, "-d/ -d/a -d/e/ -d/e/b -d/l +n/ +n/e/ +n/e/b +n/l +n/new"},
		{"onto an empty one", func(j *journalfs.FS) error { return j.Rename("d/e", "empty") }, "-d/e/ -d/e/b ~empty/ +empty/b"},
		{"what fails", func(j *journalfs.FS) error { j.Unlink("d"); j.Mkdir("f", 0); j.Rename("x", "y"); return nil }, ""},
		{"a file for a directory", func(j *journalfs.FS) error { return all(j.Rmdir("empty"), j.Symlink("f", "empty")) }, "~empty"},
	} {
		t.Run(test.name, func(t *testing.T) {
			j := laid(t)
			if err := test.do(j); err != nil {
				t.Fatal(err)
			}
			if got := changes(j); got != test.want {
				t.Errorf("Changes = %s\nwant      %s", got, test.want)
			}
			j.Reset()
			if got := changes(j); got != "" {
				t.Errorf("after Reset: %s", got)
			}
		})
	}
}

// A file that is open goes by the name it has now.
func TestOpenFiles(t *testing.T) {
	j := laid(t)
	h, err := j.Open("d/a", vfs.Write, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	for _, step := range []struct {
		do   func() error
		want string
	}{
		{func() error { return nil }, "~d/a"},
		{func() error { j.Reset(); return nil }, "~d/a"},
		{func() error { j.Reset(); return all(j.Rename("d", "n"), j.Rename("n/a", "d")) }, "~d -d/a -d/e/ -d/e/b -d/l +n/ +n/e/ +n/e/b +n/l"},
		{func() error { j.Reset(); return nil }, "~d"},
		{func() error { j.Reset(); return j.Unlink("d") }, "-d"},
	} {
		if err := step.do(); err != nil {
			t.Fatal(err)
		}
		if _, err := h.WriteAt([]byte("x"), 0); err != nil {
			t.Fatal(err)
		}
		if got := changes(j); got != step.want {
			t.Errorf("Changes = %s, want %s", got, step.want)
		}
	}
}

// dump describes a whole tree.
func dump(t *rapid.T, f vfs.FS, dir string, out map[string]string) map[string]string {
	h, err := f.Open(dir, vfs.Read|vfs.Directory, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	list, _ := h.ReadDir()
	for _, e := range list {
		name := strings.TrimPrefix(dir+"/"+e.Name, "./")
		info, _ := f.Lstat(name)
		target, _ := f.Readlink(name)
		out[name] = info.Mode.String() + target + content(f, name, info)
		if info.IsDir() {
			dump(t, f, name, out)
		}
	}
	return out
}

func content(f vfs.FS, name string, info vfs.Info) string {
	if !info.Mode.IsRegular() {
		return ""
	}
	h, err := f.Open(name, vfs.Read, 0)
	if err != nil {
		return err.Error()
	}
	defer h.Close()
	data, _ := io.ReadAll(io.NewSectionReader(h, 0, 1<<20))
	return string(data)
}

// TestRandom makes random changes and compares what the journal tells with
// what a walk of both trees does.
func TestRandom(t *testing.T) {
	names := []string{"f", "g", "d", "d/a", "d/e", "d/e/b", "empty", "empty/x", "n", "n/a", "n/e"}
	rapid.Check(t, func(rt *rapid.T) {
		j := laid(t)
		before := dump(rt, j, ".", map[string]string{})
		for range rapid.IntRange(1, 30).Draw(rt, "calls") {
			a, b := rapid.SampledFrom(names).Draw(rt, "a"), rapid.SampledFrom(names).Draw(rt, "b")
			calls := []func(){
				func() { add(j, a, vfs.Write|vfs.Create, "+") }, func() { add(j, a, vfs.Write|vfs.Truncate, "") },
				func() { j.Unlink(a) }, func() { j.Rmdir(a) }, func() { j.Mkdir(a, 0o755) }, func() { j.Symlink(b, a) },
				func() { j.Link(a, b) }, func() { j.Chmod(a, 0o600) }, func() { j.Rename(a, b) }, func() { j.Rename(b, a) },
			}
			calls[rapid.IntRange(0, len(calls)-1).Draw(rt, "call")]()
		}
		if wrong := told(j.Changes(), before, dump(rt, j, ".", map[string]string{})); wrong != "" {
			rt.Fatal(wrong)
		}
	})
}

// told compares what is listed with what the difference is.
func told(list []vfs.Change, before, after map[string]string) string {
	kinds := map[string]vfs.ChangeKind{}
	for _, c := range list {
		kinds[c.Path] = c.Kind
	}
	for _, name := range slices.Concat(keys(before), keys(after), keys(kinds)) {
		was, there := before[name]
		is, here := after[name]
		kind := kinds[name]
		switch {
		case there && here && (kind == vfs.Modified || kind == 0 && was == is):
		case there && !here && kind == vfs.Deleted, !there && here && kind == vfs.Created, !there && !here && kind == 0:
		default:
			return fmt.Sprintf("%s is told as %v; was %q, is %q", name, kind, was, is)
		}
	}
	return ""
}

func keys[V any](m map[string]V) []string {
	var out []string
	for name := range m {
		out = append(out, name)
	}
	return out
}

// To tell the changes does not touch the file system.
func TestChangesCostsNoWalk(t *testing.T) {
	counter := &counting{FS: mem()}
	for i := range 1000 {
		vfstest.Lay(t, counter.FS, fmt.Sprint("d/f", i))
	}
	j := journalfs.New(counter)
	if err := all(add(j, "d/f7", vfs.Write, "x"), j.Unlink("d/f8")); err != nil {
		t.Fatal(err)
	}
	counter.calls = 0
	if got := changes(j); got != "~d/f7 -d/f8" || counter.calls > 0 {
		t.Errorf("Changes = %s after %d calls", got, counter.calls)
	}
}

type counting struct {
	vfs.FS
	calls int
}

func (c *counting) Lstat(name string) (vfs.Info, error) {
	c.calls++
	return c.FS.Lstat(name)
}

func (c *counting) Open(name string, flag vfs.Flag, perm fs.FileMode) (vfs.File, error) {
	c.calls++
	return c.FS.Open(name, flag, perm)
}

// Names, handles and listings of changes at once.
func TestHammer(t *testing.T) {
	j := laid(t)
	var users sync.WaitGroup
	for i := range 4 {
		users.Go(func() {
			mine := fmt.Sprint("d/mine", i)
			for range 200 {
				add(j, mine, vfs.Write|vfs.Create, "x")
				add(j, "f", vfs.Write, "x")
				j.Rename(mine, mine+"x")
				j.Rename("d", "n")
				j.Rename("n", "d")
				j.Changes()
				j.Unlink(mine + "x")
				j.Unlink(mine)
			}
		})
	}
	users.Wait()
	if got := changes(j); got != "~f" {
		t.Errorf("Changes = %s", got)
	}
}
