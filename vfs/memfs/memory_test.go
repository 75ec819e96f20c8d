package memfs_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"agentsandbox/vfs"
	"agentsandbox/vfs/memfs"
)

// THREAT[FS-12] memory is taken for what is stored, and no more.
func TestMemory(t *testing.T) {
	const count = 1000
	for _, c := range []struct {
		name string
		each int // bytes, at most
		do   func(f *memfs.FS, i int) error
	}{
		{"small files", 1000, func(f *memfs.FS, i int) error { return store(f, fmt.Sprint(i), 100, -1) }},
		{"files cut short", 1000, func(f *memfs.FS, i int) error { return store(f, fmt.Sprint(i), 60_000, 1) }},
		{"files cut to nothing", 1000, func(f *memfs.FS, i int) error { return store(f, fmt.Sprint(i), 60_000, 0) }},
		{"huge holes", 1000, func(f *memfs.FS, i int) error { return store(f, fmt.Sprint(i), 0, 1<<40) }},
		{"short names in long paths", 1000, func(f *memfs.FS, i int) error { return store(f, longDir+fmt.Sprint(i), 0, -1) }},
		{"removed files", 100, func(f *memfs.FS, i int) error {
			if err := store(f, "f", 60_000, -1); err != nil {
				return err
			}
			return f.Unlink("f")
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := memfs.New(memfs.Config{})
			if err := (vfs.Space{FS: f}).MkdirAll(longDir, 0o755); err != nil {
				t.Fatal(err)
			}
			before := heap()
			for i := range count {
				if err := c.do(f, i); err != nil {
					t.Fatal(err)
				}
			}
			if grown := int(heap()) - int(before); grown > c.each*count {
				t.Errorf("%d bytes each, want at most %d", grown/count, c.each)
			}
			runtime.KeepAlive(f)
		})
	}
}

var longDir = strings.Repeat(strings.Repeat("d", 255)+"/", 15)

// store makes a file of a size, and then sets another one if that is not -1.
func store(f *memfs.FS, name string, size int, then int64) error {
	h, err := f.Open(name, vfs.Write|vfs.Create, 0o644)
	if err != nil {
		return err
	}
	defer h.Close()
	if _, err := h.WriteAt(make([]byte, size), 0); err != nil || then < 0 {
		return err
	}
	return h.Truncate(then)
}

// TestIdle bounds what a file system takes that no one uses, and a fork.
func TestIdle(t *testing.T) {
	const count = 1000
	base := memfs.New(memfs.Config{})
	for i := range 100 {
		if err := store(base, fmt.Sprint(i), 60_000, -1); err != nil {
			t.Fatal(err)
		}
	}
	idle := make([]*memfs.FS, 0, 2*count)
	before := heap()
	for range count {
		idle = append(idle, memfs.New(memfs.Config{}), base.Fork())
	}
	if grown := int(heap()) - int(before); grown > 2*count*1000 {
		t.Errorf("%d bytes each", grown/count/2)
	}
	runtime.KeepAlive(idle)
}

// TestForkSharesData bounds what a fork takes that changes one file of many.
func TestForkSharesData(t *testing.T) {
	base := memfs.New(memfs.Config{})
	for i := range 1000 {
		if err := store(base, fmt.Sprint(i), 20_000, -1); err != nil {
			t.Fatal(err)
		}
	}
	var forks []*memfs.FS
	before := heap()
	for range 100 {
		f := base.Fork()
		put(t, f, "500", "changed")
		forks = append(forks, f)
	}
	if grown := int(heap()) - int(before); grown > 100*10_000 {
		t.Errorf("%d bytes each", grown/100)
	}
	runtime.KeepAlive(forks)
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
