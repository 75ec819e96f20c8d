// Package devfs is a virtual /dev: null, zero, full, random, urandom, tty, and
// the standard descriptors. Nothing in it is the host's.
//
// stdin, stdout and stderr are links to fd/0, fd/1 and fd/2. What fd/N opens
// has no data of its own: it is a [Stdio] file, which says N, and whoever keeps
// the descriptors puts its descriptor N in its place.
package devfs

import (
	"io"
	"io/fs"
	"strconv"
	"strings"

	"agentsandbox/vfs"
	"agentsandbox/vfs/staticfs"
)

// Stdio is implemented by the vfs.File that fd/N opens. Reading and writing it
// is EBADF.
type Stdio interface {
	// Stdio returns the number of the descriptor that is meant.
	Stdio() int
}

// Config is what the devices take from the world.
type Config struct {
	// Random is read by random and urandom, by several goroutines at once.
	Random io.Reader
	Time   int64  // all times of all files, nanoseconds since 1970
	Dev    uint64 // what Info.Dev shows
}

// FS is the tree. It may be used from several goroutines.
type FS struct {
	*staticfs.FS
	fd vfs.Info // describes a descriptor that is not listed
}

var _ vfs.FS = (*FS)(nil)

const (
	device    = fs.ModeDevice | fs.ModeCharDevice | 0o666
	maxDigits = 9 // of a descriptor's number
)

// New makes the devices.
func New(c Config) (*FS, error) {
	entries := []staticfs.Entry{
		{Name: "stdin", Mode: fs.ModeSymlink | 0o777, Data: "fd/0"},
		{Name: "stdout", Mode: fs.ModeSymlink | 0o777, Data: "fd/1"},
		{Name: "stderr", Mode: fs.ModeSymlink | 0o777, Data: "fd/2"},
	}
	f := new(FS)
	add := func(name string, d driver) {
		entries = append(entries, staticfs.Entry{Name: name, Mode: device, Open: func(flag vfs.Flag) (vfs.File, error) {
			return f.open(name, d, flag)
		}})
	}
	add("null", null{})
	add("zero", zero{})
	add("full", full{})
	add("random", random{c.Random})
	add("urandom", random{c.Random})
	add("tty", nil)
	for n := range 3 {
		add("fd/"+strconv.Itoa(n), descriptor(n))
	}
	tree, err := staticfs.New(staticfs.Config{Time: c.Time, Dev: c.Dev}, entries)
	if err != nil {
		return nil, err
	}
	f.FS = tree
	f.fd, err = tree.Lstat("fd/0")
	return f, err
}

// open opens a device; without a driver it is there but cannot be opened.
func (f *FS) open(name string, d driver, flag vfs.Flag) (vfs.File, error) {
	info, err := f.FS.Lstat(name)
	switch {
	case err != nil:
		return nil, err
	case d == nil:
		return nil, vfs.ENXIO
	}
	return newFile(d, flag, info), nil
}

// Open opens a device, or a descriptor by any number; see vfs.FS.
func (f *FS) Open(name string, flag vfs.Flag, perm fs.FileMode) (vfs.File, error) {
	n, ok := unlisted(name)
	switch {
	case !ok:
		return f.FS.Open(name, flag, perm)
	case flag&vfs.Create != 0 && flag&vfs.Exclusive != 0:
		return nil, vfs.EEXIST
	case flag&vfs.Directory != 0:
		return nil, vfs.ENOTDIR
	}
	return newFile(descriptor(n), flag, f.describe(n)), nil
}

// Lstat describes a device, or a descriptor by any number; see vfs.FS.
func (f *FS) Lstat(name string) (vfs.Info, error) {
	if n, ok := unlisted(name); ok {
		return f.describe(n), nil
	}
	return f.FS.Lstat(name)
}

// describe makes up what is known of a descriptor that is not listed.
func (f *FS) describe(n int) vfs.Info {
	info := f.fd
	info.Ino = 1<<32 + uint64(n)
	return info
}

// unlisted returns the number of the descriptor that name means, if it is one
// beyond those that the tree holds.
func unlisted(name string) (int, bool) {
	digits, ok := strings.CutPrefix(name, "fd/")
	if !ok || digits == "" || len(digits) > maxDigits || digits[0] == '0' {
		return 0, false
	}
	n := 0
	for _, c := range []byte(digits) {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, n > 2
}
