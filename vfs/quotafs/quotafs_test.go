package quotafs_test

import (
	"bytes"
	"fmt"
	"runtime"
	"testing"

	"pgregory.net/rapid"

	"agentsandbox/vfs"
	"agentsandbox/vfs/faultfs"
	"agentsandbox/vfs/memfs"
	"agentsandbox/vfs/quotafs"
	"agentsandbox/vfs/vfstest"
)

func TestSuite(t *testing.T) {
	vfstest.Run(t, func(*testing.T) vfs.FS {
		return quotafs.New(memfs.New(memfs.Config{}), quotafs.Limits{Bytes: 1 << 50, Files: 1 << 20, Depth: 100})
	})
}

// THREAT[FS-14] usage is at all times what a count of all files finds.
func TestAccounting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limits := quotafs.Limits{
			Bytes: rapid.SampledFrom([]int64{0, 1000, 100_000, 300_000}).Draw(t, "bytes"),
			Files: rapid.SampledFrom([]int64{0, 2, 5, 9}).Draw(t, "files"),
			Depth: rapid.SampledFrom([]int{0, 1, 2}).Draw(t, "depth"),
		}
		half := faultfs.Fault{Op: "WriteAt", Call: rapid.IntRange(1, 20).Draw(t, "fault"), Err: vfs.EIO, Half: true}
		q := quotafs.New(faultfs.New(memfs.New(memfs.Config{}), half), limits)
		vfstest.Random(t, q, func(call string, open []vfs.File) {
			used := q.Used()
			if want := recount(t, q, open); used != want {
				t.Fatalf("after %s: used %+v, counted %+v", call, used, want)
			}
			if limits.Bytes > 0 && used.Bytes > limits.Bytes || limits.Files > 0 && used.Files > limits.Files {
				t.Fatalf("after %s: used %+v of %+v", call, used, limits)
			}
		})
	})
}

// recount counts what is there: all names, and all files by inode, those that
// are only open too.
func recount(t *rapid.T, f vfs.FS, open []vfs.File) (used quotafs.Usage) {
	seen := map[uint64]bool{}
	count := func(i vfs.Info) {
		if !i.IsDir() && !seen[i.Ino] {
			seen[i.Ino] = true
			used.Bytes += i.Size
		}
	}
	err := vfs.Walk(f, ".", func(name string, i vfs.Info) error {
		if name != "." {
			used.Files++
		}
		count(i)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range open {
		if i, err := h.Stat(); err == nil {
			count(i)
		}
	}
	return used
}

// step is one call, its errno, and the usage after it.
type step struct {
	name string
	do   func(f vfs.FS) error
	want vfs.Errno
	used quotafs.Usage
}

func create(name string, size int) func(vfs.FS) error {
	return func(f vfs.FS) error {
		h, err := f.Open(name, vfs.Write|vfs.Create, 0o644)
		if err != nil {
			return err
		}
		defer h.Close()
		_, err = h.WriteAt(make([]byte, size), 0)
		return err
	}
}

func truncate(name string, size int64) func(vfs.FS) error {
	return func(f vfs.FS) error {
		h, err := f.Open(name, vfs.Write, 0)
		if err != nil {
			return err
		}
		defer h.Close()
		return h.Truncate(size)
	}
}

func mkdir(name string) func(vfs.FS) error {
	return func(f vfs.FS) error { return f.Mkdir(name, 0o755) }
}

func unlink(name string) func(vfs.FS) error { return func(f vfs.FS) error { return f.Unlink(name) } }
func rename(from, to string) func(vfs.FS) error {
	return func(f vfs.FS) error { return f.Rename(from, to) }
}
func link(from, to string) func(vfs.FS) error {
	return func(f vfs.FS) error { return f.Link(from, to) }
}
func symlink(target, name string) func(vfs.FS) error {
	return func(f vfs.FS) error { return f.Symlink(target, name) }
}

func runSteps(t *testing.T, q *quotafs.FS, steps []step) {
	t.Helper()
	for _, s := range steps {
		if err := s.do(q); vfs.ToErrno(err) != s.want {
			t.Errorf("%s: %v, want %v", s.name, err, s.want)
		}
		if used := q.Used(); used != s.used {
			t.Errorf("%s: used %+v, want %+v", s.name, used, s.used)
		}
	}
}

// THREAT[FS-12] bytes beyond the limit are refused, and what fits is written.
func TestBytes(t *testing.T) {
	q := quotafs.New(memfs.New(memfs.Config{}), quotafs.Limits{Bytes: 100})
	runSteps(t, q, []step{
		{"create", create("a", 60), 0, quotafs.Usage{60, 1}},
		{"overwrite", create("a", 50), 0, quotafs.Usage{60, 1}},
		{"beyond", create("b", 50), vfs.ENOSPC, quotafs.Usage{100, 2}},
		{"full", create("a", 61), vfs.ENOSPC, quotafs.Usage{100, 2}},
		{"overwrite when full", create("a", 60), 0, quotafs.Usage{100, 2}},
		{"an empty file when full", create("c", 0), 0, quotafs.Usage{100, 3}},
		{"a link when full", symlink("x", "l"), vfs.ENOSPC, quotafs.Usage{100, 3}},
		{"lengthen", truncate("a", 61), vfs.ENOSPC, quotafs.Usage{100, 3}},
		{"lengthen to the most", truncate("a", 1<<62), vfs.ENOSPC, quotafs.Usage{100, 3}},
		{"cut", truncate("a", 10), 0, quotafs.Usage{50, 3}},
		{"lengthen by what fits", truncate("a", 60), 0, quotafs.Usage{100, 3}},
		{"second name", link("a", "d"), 0, quotafs.Usage{100, 4}},
		{"first name gone", unlink("a"), 0, quotafs.Usage{100, 3}},
		{"last name gone", unlink("d"), 0, quotafs.Usage{40, 2}},
		{"link", symlink("0123456789", "l"), 0, quotafs.Usage{50, 3}},
		{"replace", rename("l", "b"), 0, quotafs.Usage{10, 2}},
		{"remove", unlink("b"), 0, quotafs.Usage{0, 1}},
	})
}

// THREAT[FS-13] names and depth are bounded.
func TestNames(t *testing.T) {
	q := quotafs.New(memfs.New(memfs.Config{}), quotafs.Limits{Files: 4, Depth: 2})
	runSteps(t, q, []step{
		{"mkdir", mkdir("a"), 0, quotafs.Usage{0, 1}},
		{"mkdir below", mkdir("a/b"), 0, quotafs.Usage{0, 2}},
		{"too deep", mkdir("a/b/c"), vfs.ENAMETOOLONG, quotafs.Usage{0, 2}},
		{"a file there", create("a/b/f", 3), 0, quotafs.Usage{3, 3}},
		{"last", mkdir("c"), 0, quotafs.Usage{3, 4}},
		{"mkdir when full", mkdir("d"), vfs.ENOSPC, quotafs.Usage{3, 4}},
		{"create when full", create("d", 0), vfs.ENOSPC, quotafs.Usage{3, 4}},
		{"link when full", link("a/b/f", "d"), vfs.ENOSPC, quotafs.Usage{3, 4}},
		{"symlink when full", symlink("x", "d"), vfs.ENOSPC, quotafs.Usage{3, 4}},
		{"taken when full", mkdir("c"), vfs.EEXIST, quotafs.Usage{3, 4}},
		{"nowhere when full", mkdir("x/y"), vfs.ENOENT, quotafs.Usage{3, 4}},
		{"nowhere when full", create("x/y", 0), vfs.ENOENT, quotafs.Usage{3, 4}},
		{"below a file when full", create("a/b/f/y", 0), vfs.ENOTDIR, quotafs.Usage{3, 4}},
		{"write when full", create("a/b/f", 5), 0, quotafs.Usage{5, 4}},
		{"move too deep", rename("a", "c/a"), vfs.ENAMETOOLONG, quotafs.Usage{5, 4}},
		{"move", rename("a/b", "c/b"), 0, quotafs.Usage{5, 4}},
		{"move over", rename("c/b", "a"), 0, quotafs.Usage{5, 3}},
		{"move a file deep", rename("a/f", "c/f"), 0, quotafs.Usage{5, 3}},
	})
}

// THREAT[FS-16] a file without a name is charged as long as it is open.
func TestOrphan(t *testing.T) {
	q := quotafs.New(memfs.New(memfs.Config{}), quotafs.Limits{Bytes: 100})
	h, err := q.Open("f", vfs.Write|vfs.Create, 0)
	if err != nil {
		t.Fatal(err)
	}
	h2, err := q.Open("f", vfs.Read, 0)
	if err != nil {
		t.Fatal(err)
	}
	write := func(vfs.FS) error { _, err := h.Append(make([]byte, 60)); return err }
	runSteps(t, q, []step{
		{"write", write, 0, quotafs.Usage{60, 1}},
		{"unlink", unlink("f"), 0, quotafs.Usage{60, 0}},
		{"write on", write, vfs.ENOSPC, quotafs.Usage{100, 0}},
		{"another file", create("f", 0), 0, quotafs.Usage{100, 1}},
		{"cut", func(vfs.FS) error { return h.Truncate(70) }, 0, quotafs.Usage{70, 1}},
		{"close one", func(vfs.FS) error { return h.Close() }, 0, quotafs.Usage{70, 1}},
		{"close one twice", func(vfs.FS) error { return h.Close() }, vfs.EBADF, quotafs.Usage{70, 1}},
	})
	if used := q.Fork(memfs.New(memfs.Config{})).Used(); used != (quotafs.Usage{0, 1}) {
		t.Errorf("a fork is charged %+v", used)
	}
	h2.Close()
	if used := q.Used(); used != (quotafs.Usage{0, 1}) {
		t.Errorf("in the end %+v are used", used)
	}
}

// TestBefore shows that what was there is not charged, nor a credit.
func TestBefore(t *testing.T) {
	inner := memfs.New(memfs.Config{})
	for _, name := range []string{"a", "b"} {
		if err := create(name, 1000)(inner); err != nil {
			t.Fatal(err)
		}
	}
	q := quotafs.New(inner, quotafs.Limits{Bytes: 100, Files: 3})
	runSteps(t, q, []step{
		{"overwrite", create("a", 1000), 0, quotafs.Usage{0, 0}},
		{"grow", create("a", 1050), 0, quotafs.Usage{50, 0}},
		{"remove", unlink("a"), 0, quotafs.Usage{0, 0}},
		{"beyond", create("c", 101), vfs.ENOSPC, quotafs.Usage{100, 1}},
		{"remove", unlink("b"), 0, quotafs.Usage{0, 0}},
		{"remove", unlink("c"), 0, quotafs.Usage{0, 0}},
		{"beyond", create("c", 101), vfs.ENOSPC, quotafs.Usage{100, 1}},
	})
}

// TestCount shows that what was counted is charged, and makes room when it goes.
func TestCount(t *testing.T) {
	inner := memfs.New(memfs.Config{})
	for _, name := range []string{"a", "d/b"} {
		if err := (vfs.Space{FS: inner}).WriteFile(name, make([]byte, 50), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	q := quotafs.New(inner, quotafs.Limits{Bytes: 100, Files: 3})
	if err := q.Count(); err != nil || q.Used() != (quotafs.Usage{100, 3}) {
		t.Fatalf("%+v, %v", q.Used(), err)
	}
	runSteps(t, q, []step{
		{"beyond", create("c", 1), vfs.ENOSPC, quotafs.Usage{100, 3}},
		{"remove", unlink("a"), 0, quotafs.Usage{50, 2}},
		{"within", create("c", 50), 0, quotafs.Usage{100, 3}},
	})
}

// THREAT[FS-12] a refusal takes no memory.
func TestNothingIsAllocated(t *testing.T) {
	q := quotafs.New(memfs.New(memfs.Config{}), quotafs.Limits{Bytes: 8 << 20})
	h, err := q.Open("f", vfs.Write|vfs.Create, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	block := make([]byte, 1<<20)
	before := heap()
	for i := range 64 {
		h.Append(block)
		h.WriteAt(block, int64(i)<<32)
		h.Truncate(4 << 60)
	}
	if grown := int64(heap()) - int64(before); grown > 10<<20 {
		t.Errorf("the heap grew by %d bytes for 8 MiB", grown)
	}
	if used := q.Used(); used.Bytes != 8<<20 {
		t.Errorf("used %+v", used)
	}
	runtime.KeepAlive(q)
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// THREAT[FS-13] the worst tree that is allowed can be made and removed.
func TestWorstTree(t *testing.T) {
	q := quotafs.New(memfs.New(memfs.Config{}), quotafs.Limits{Bytes: 1 << 20, Files: 20_000, Depth: 100})
	s := vfs.Space{FS: q}
	deep := string(bytes.Repeat([]byte("d/"), 100))
	if err := s.MkdirAll(deep, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := s.MkdirAll(deep+"x", 0o755); vfs.ToErrno(err) != vfs.ENAMETOOLONG {
		t.Errorf("one deeper: %v", err)
	}
	var err error
	for i := 0; err == nil; i++ {
		err = create(fmt.Sprintf("%s%0*d", deep, vfs.MaxName, i), 0)(q)
	}
	if used := q.Used(); used.Files != 20_000 || vfs.ToErrno(err) != vfs.ENOSPC {
		t.Errorf("used %+v, %v", used, err)
	}
	if err := s.RemoveAll("d"); err != nil {
		t.Error(err)
	}
	if used := q.Used(); used != (quotafs.Usage{}) {
		t.Errorf("after removing all %+v are used", used)
	}
}
