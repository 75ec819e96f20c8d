package overlayfs_test

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"strings"
	"testing"

	"agentsandbox/vfs"
	"agentsandbox/vfs/memfs"
	"agentsandbox/vfs/overlayfs"
	"agentsandbox/vfs/vfstest"

	"pgregory.net/rapid"
)

// call is one random operation, made on the overlay and on a plain copy.
type call struct {
	text string
	do   func(f vfs.FS) error
}

var names = []string{"f", "g", "d", "d/a", "d/e", "d/e/b", "d/l", "empty", "empty/x", "n", "n/a", "n/e", "n/e/b", "n/m"}

func drawCall(t *rapid.T) call {
	a, b := rapid.SampledFrom(names).Draw(t, "a"), rapid.SampledFrom(names).Draw(t, "b")
	calls := []call{
		{"write " + a, func(f vfs.FS) error { return add(f, a, vfs.Write|vfs.Create) }},
		{"cut " + a, func(f vfs.FS) error { return add(f, a, vfs.Write|vfs.Truncate) }},
		{"unlink " + a, func(f vfs.FS) error { return f.Unlink(a) }},
		{"rmdir " + a, func(f vfs.FS) error { return f.Rmdir(a) }},
		{"mkdir " + a, func(f vfs.FS) error { return f.Mkdir(a, 0o755) }},
		{"symlink " + a, func(f vfs.FS) error { return f.Symlink("to "+b, a) }},
		{"link " + a + " " + b, func(f vfs.FS) error { return f.Link(a, b) }},
		{"chmod " + a, func(f vfs.FS) error { return f.Chmod(a, 0o600) }},
		{"times " + a, func(f vfs.FS) error { return f.Chtimes(a, 5, 6) }},
		{"rename " + a + " " + b, func(f vfs.FS) error { return f.Rename(a, b) }},
		{"rename " + b + " " + a, func(f vfs.FS) error { return f.Rename(b, a) }},
	}
	return rapid.SampledFrom(calls).Draw(t, "call")
}

func add(f vfs.FS, name string, flag vfs.Flag) error {
	h, err := f.Open(name, flag, 0o644)
	if err != nil {
		return err
	}
	defer h.Close()
	_, err = h.Append([]byte("+"))
	return err
}

// TestRandom makes random changes to an overlay and to a plain copy of its
// lower, which must stay alike; then the changes are told, taken over, or
// dropped.
//
// THREAT[FS-15]
func TestRandom(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		lower := mem()
		vfstest.Lay(t, lower, lowerLayout...)
		r := &run{T: rt, lower: lower, plain: lower.Fork(), first: lower.Fork()}
		r.overlay = overlayfs.New(lower, mem())
		for range rapid.IntRange(1, 25).Draw(rt, "calls") {
			c := drawCall(rt)
			r.log = append(r.log, c.text)
			rt.Log(c.text)
			got, want := vfs.ToErrno(c.do(r.overlay)), vfs.ToErrno(c.do(r.plain))
			if got != want {
				rt.Fatalf("%s\n%s, want %s", strings.Join(r.log, "\n"), got.Name(), want.Name())
			}
		}
		r.check(rt)
	})
}

// run is one run of TestRandom.
type run struct {
	*rapid.T
	lower, plain, first *memfs.FS
	overlay             *overlayfs.FS
	log                 []string
}

func (r *run) check(t *rapid.T) {
	fail := func(format string, args ...any) {
		t.Fatalf("%s\n"+format, append([]any{strings.Join(r.log, "\n")}, args...)...)
	}
	was, want := dump(r, r.first), dump(r, r.plain)
	if got := dump(r, r.overlay); !maps.Equal(got, want) {
		fail("the overlay is %v\nwant %v", got, want)
	}
	if got := dump(r, r.lower); !maps.Equal(got, was) {
		fail("the lower is %v\nwas %v", got, was)
	}
	if got := told(r.overlay, was, want); got != "" {
		fail("%s", got)
	}
	copied := r.first.Fork()
	if err := r.overlay.Apply(copied); err != nil {
		fail("apply: %v", err)
	}
	if got := dump(r, copied); !maps.Equal(got, want) {
		fail("applied: %v\nwant %v", got, want)
	}
	if rapid.Bool().Draw(t, "discard") {
		if err := r.overlay.Discard(); err != nil {
			fail("discard: %v", err)
		}
		want = was
	} else {
		r.commit(t, fail)
	}
	for what, f := range map[string]vfs.FS{"overlay": r.overlay, "lower": r.lower} {
		if got := dump(r, f); !maps.Equal(got, want) {
			fail("at the end the %s is %v\nwant %v", what, got, want)
		}
	}
	if list, err := r.overlay.Changes(); err != nil || len(list) > 0 {
		fail("at the end Changes = %v, %v", list, err)
	}
}

// commit commits through a file system that fails now and then, until it is done.
func (r *run) commit(t *rapid.T, fail func(string, ...any)) {
	merged := dump(r, r.overlay)
	flaky := &flaky{FS: r.lower, every: rapid.IntRange(3, 20).Draw(t, "fail every")}
	for range 40 {
		err := r.overlay.Commit(flaky)
		if err == nil {
			return
		}
		if got := dump(r, r.overlay); !maps.Equal(got, merged) {
			fail("after %v\nthe overlay is %v\nwas %v", err, got, merged)
		}
	}
	fail("the commit does not end")
}

// told compares what Changes lists with what the difference is.
func told(o *overlayfs.FS, was, now map[string]string) string {
	list, err := o.Changes()
	if err != nil {
		return err.Error()
	}
	kinds := map[string]vfs.ChangeKind{}
	for _, c := range list {
		kinds[c.Path] = c.Kind
	}
	for name := range now {
		if strings.HasPrefix(name, links) {
			continue
		}
		before, there := was[name]
		switch {
		case !there && kinds[name] != vfs.Created,
			there && before != now[name] && kinds[name] != vfs.Modified,
			there && kinds[name] != 0 && kinds[name] != vfs.Modified:
			return fmt.Sprintf("%s is told as %v; was %q, is %q", name, kinds[name], before, now[name])
		}
	}
	for name, kind := range kinds {
		_, before := was[name]
		_, after := now[name]
		if kind == vfs.Deleted && (!before || after) || kind != vfs.Deleted && !after {
			return fmt.Sprintf("%s is told as %v", name, kind)
		}
	}
	for name := range was {
		if _, there := now[name]; !there && !strings.HasPrefix(name, links) && kinds[name] != vfs.Deleted {
			return name + " is not told as deleted"
		}
	}
	return ""
}

// flaky fails every so many changes, thirty times.
type flaky struct {
	vfs.FS
	every, count int
}

func (f *flaky) fail() error {
	if f.count++; f.count%f.every == 0 && f.count < 30*f.every {
		return vfs.EIO
	}
	return nil
}

func (f *flaky) Open(name string, flag vfs.Flag, perm fs.FileMode) (vfs.File, error) {
	if flag&vfs.Write != 0 {
		if err := f.fail(); err != nil {
			return nil, err
		}
	}
	return f.FS.Open(name, flag, perm)
}

func (f *flaky) Mkdir(name string, perm fs.FileMode) error {
	if err := f.fail(); err != nil {
		return err
	}
	return f.FS.Mkdir(name, perm)
}

func (f *flaky) Rename(oldname, newname string) error {
	if err := f.fail(); err != nil {
		return err
	}
	return f.FS.Rename(oldname, newname)
}

func (f *flaky) Unlink(name string) error {
	if strings.HasPrefix(path.Base(name), ".") {
		return f.FS.Unlink(name) // the commit tidying up
	}
	if err := f.fail(); err != nil {
		return err
	}
	return f.FS.Unlink(name)
}

func (f *flaky) Rmdir(name string) error {
	if err := f.fail(); err != nil {
		return err
	}
	return f.FS.Rmdir(name)
}
