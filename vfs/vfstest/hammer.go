package vfstest

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"agentsandbox/vfs"
)

// hammer lets several goroutines change the same files at once. It is for the
// race detector, and checks that what is left hangs together.
func (s suite) hammer(t *testing.T) {
	const workers, rounds = 8, 300
	f := s.mk(t)
	var all sync.WaitGroup
	for i := range workers {
		all.Go(func() {
			p := newPlayer(spaceKernel{vfs.Space{FS: f}, "."})
			defer p.close()
			r := rand.New(rand.NewPCG(uint64(i), 1))
			for range rounds {
				if call := hammerCall(r); s.mayCall(call) {
					p.play(call)
				}
			}
		})
	}
	all.Wait()
	s.consistent(t, f)
	t.Run("appends", s.appends)
}

func hammerCall(r *rand.Rand) string {
	name := func() string { return []string{"a", "b", "a/b", "b/a", "a/b/c", "c"}[r.IntN(6)] }
	switch r.IntN(14) {
	case 0, 1:
		return "mkdir " + name()
	case 2:
		return "unlink " + name()
	case 3:
		return "rmdir " + name()
	case 4, 5:
		return "rename " + name() + " " + name()
	case 6:
		return "link " + name() + " " + name()
	case 7:
		return "ls " + name()
	case 8:
		return "stat " + name()
	case 9:
		return "read " + name()
	case 10:
		return "h = open r,w,creat " + name()
	case 11:
		return "append h {x*3000}"
	case 12:
		return fmt.Sprint("truncate h ", r.IntN(100000))
	}
	return "write " + name() + " hello"
}

// consistent checks that link counts are the numbers of names.
func (s suite) consistent(t *testing.T, f vfs.FS) {
	dump(t, f)
	names, links := map[uint64]uint64{}, map[uint64]uint64{}
	countNames(t, f, ".", "", names, links)
	for ino, n := range names {
		if s.has(HardLinks) && links[ino] != n {
			t.Errorf("inode %d has %d names and says %d", ino, n, links[ino])
		}
	}
}

func countNames(t *testing.T, f vfs.FS, dir, prefix string, names, links map[uint64]uint64) {
	for _, e := range readDir(t, f, dir) {
		if e.Type.IsDir() {
			countNames(t, f, prefix+e.Name, prefix+e.Name+"/", names, links)
			continue
		}
		i, err := f.Lstat(prefix + e.Name)
		if err != nil {
			t.Error(err)
		}
		names[i.Ino]++
		links[i.Ino] = i.Nlink
	}
}

// appends checks that appends at once do not overwrite each other.
func (s suite) appends(t *testing.T) {
	const workers, rounds = 8, 100
	f := s.mk(t)
	Lay(t, f, "f = ")
	var all sync.WaitGroup
	for i := range workers {
		h := mustOpen(t, f, "f", vfs.Write)
		line := fmt.Appendf(nil, "%c%c%c%c\n", 'a'+i, 'a'+i, 'a'+i, 'a'+i)
		all.Go(func() {
			for range rounds {
				if _, err := h.Append(line); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	count := map[string]int{}
	text := contents(f, "f")
	for len(text) >= 5 {
		count[text[:5]]++
		text = text[5:]
	}
	if len(count) != workers || text != "" {
		t.Fatalf("appends were torn: %v %q", count, text)
	}
	for line, n := range count {
		if n != rounds {
			t.Errorf("%q is there %d times, want %d", line, n, rounds)
		}
	}
}
