package vfstest

import (
	"fmt"
	"testing"

	"agentsandbox/vfs"
)

// readdir checks listings: their order, and while they change.
func (s suite) readdir(t *testing.T) {
	t.Run("many", s.manyNames)
	t.Run("slice", s.listingIsCopy)
	t.Run("changing", s.changingListing)
}

// manyNames fills a directory, and empties it by what it lists.
func (s suite) manyNames(t *testing.T) {
	const count = 1000
	f := s.mk(t)
	Lay(t, f, "d/")
	for i := range count {
		if err := openClose(f, fmt.Sprint("d/", i*7919%count), vfs.Write|vfs.Create|vfs.Exclusive); err != nil {
			t.Fatal(err)
		}
	}
	list := readDir(t, f, "d")
	if len(list) != count {
		t.Fatalf("%d names are listed, want %d", len(list), count)
	}
	for i, e := range list {
		if err := f.Unlink("d/" + e.Name); err != nil {
			t.Fatal(err)
		}
		if i%500 == 0 {
			if n := len(readDir(t, f, "d")); n != count-i-1 {
				t.Fatalf("%d names are listed, want %d", n, count-i-1)
			}
		}
	}
	if err := f.Rmdir("d"); err != nil {
		t.Error(err)
	}
}

func (s suite) listingIsCopy(t *testing.T) {
	f := s.mk(t)
	Lay(t, f, "a", "b")
	h := mustOpen(t, f, ".", vfs.Read)
	list, err := h.ReadDir()
	if err != nil || len(list) != 2 {
		t.Fatalf("%v, %v", list, err)
	}
	list[0].Name = "changed"
	if list, err = h.ReadDir(); err != nil || list[0].Name != "a" {
		t.Errorf("a listing shares memory with the directory: %v, %v", list, err)
	}
}

// THREAT[FS-16] a directory may change between any two listings.
func (s suite) changingListing(t *testing.T) {
	f := s.mk(t)
	Lay(t, f, "d/")
	h := mustOpen(t, f, "d", vfs.Read)
	for i := range 100 {
		name := fmt.Sprintf("d/%03d", i)
		if err := openClose(f, name, vfs.Write|vfs.Create); err != nil {
			t.Fatal(err)
		}
		if i%3 == 0 {
			if err := f.Unlink(name); err != nil {
				t.Fatal(err)
			}
		}
		list, err := h.ReadDir()
		if want := i + 1 - (i/3 + 1); err != nil || len(list) != want {
			t.Fatalf("%d names are listed, want %d, %v", len(list), want, err)
		}
	}
}
