// Package vfstest is the suite that every vfs.FS passes.
//
// Most of it compares with Linux: the cases in testdata were recorded from the
// real kernel (see the flag -record of this package's own test) and are replayed
// through a vfs.Space over the file system under test. The rest are properties:
// random changes against a plain model, concurrent use, paths that attack.
//
// A file system's own test calls [Run] with a function that makes an empty file
// system, and names what it lacks:
//
//	func TestSuite(t *testing.T) {
//		vfstest.Run(t, func(t *testing.T) vfs.FS { return memfs.New(memfs.Config{}) })
//	}
package vfstest

import (
	"slices"
	"testing"

	"agentsandbox/vfs"
)

// Feature is something that a file system may rightly lack.
type Feature string

// The features. The suite leaves out, or is lenient in, what needs one that is
// missing.
const (
	HardLinks Feature = "hardlinks" // Link works
	Symlinks  Feature = "symlinks"  // Symlink works
	Modes     Feature = "modes"     // permission bits are kept
	Times     Feature = "times"     // times can be set, to the nanosecond
	Orphans   Feature = "orphans"   // an open file lives on without a name
	DirLinks  Feature = "dirlinks"  // a directory counts those in it in Nlink
	RawNames  Feature = "rawnames"  // a name may be any bytes
	MoveDirs  Feature = "movedirs"  // a directory can be renamed
	BigFiles  Feature = "bigfiles"  // files of 1 TiB, if they are holes
)

// Make makes an empty file system, writable, and gone with the test.
type Make func(t *testing.T) vfs.FS

// Run runs the suite. lacks names the features that the file system has not.
func Run(t *testing.T, mk Make, lacks ...Feature) {
	s := suite{mk, lacks}
	t.Run("linux", s.linux)
	t.Run("names", s.names)
	t.Run("open", s.open)
	t.Run("handles", s.handles)
	t.Run("readdir", s.readdir)
	t.Run("attacks", s.attacks)
	t.Run("traversal", s.traversal)
	t.Run("race", s.race)
	t.Run("random", s.random)
	t.Run("hammer", s.hammer)
}

// suite is one run.
type suite struct {
	mk    Make
	lacks []Feature
}

func (s suite) has(f Feature) bool { return !slices.Contains(s.lacks, f) }

// need skips a test of what the file system has not.
func (s suite) need(t *testing.T, features ...Feature) {
	t.Helper()
	for _, f := range features {
		if !s.has(f) {
			t.Skipf("the file system has no %s", f)
		}
	}
}
