package vfstest

import (
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"agentsandbox/vfs"
)

// readDir lists a directory and checks what every listing keeps: byte order,
// and types and inode numbers as Lstat gives them.
func readDir(t testing.TB, f vfs.FS, name string) []vfs.DirEntry {
	t.Helper()
	h, err := f.Open(name, vfs.Read|vfs.Directory, 0)
	if err != nil {
		t.Fatalf("open %s: %v", name, err)
	}
	defer h.Close()
	list, err := h.ReadDir()
	if err != nil {
		t.Fatalf("list %s: %v", name, err)
	}
	if !slices.IsSortedFunc(list, func(a, b vfs.DirEntry) int { return strings.Compare(a.Name, b.Name) }) {
		t.Errorf("%s is not listed in byte order: %v", name, list)
	}
	return list
}

// dump prints all files of a file system: names, types, sizes, contents and
// which names are one file. What depends on the clock is left out.
func dump(t testing.TB, f vfs.FS) string {
	t.Helper()
	d := dumper{t: t, f: f, first: map[uint64]string{}}
	d.dir(".", "")
	return d.out.String()
}

type dumper struct {
	t     testing.TB
	f     vfs.FS
	out   strings.Builder
	first map[uint64]string // by inode number, the first name met
}

func (d *dumper) dir(name, prefix string) {
	for _, e := range readDir(d.t, d.f, name) {
		full := prefix + e.Name
		info, err := d.f.Lstat(full)
		if err != nil {
			d.t.Errorf("%s is listed, but: %v", full, err)
			continue
		}
		if info.Mode.Type() != e.Type && e.Type != fs.ModeIrregular || info.Ino != e.Ino {
			d.t.Errorf("%s is listed as %v %d, but is %v %d", full, e.Type, e.Ino, info.Mode.Type(), info.Ino)
		}
		d.file(full, info)
	}
}

func (d *dumper) file(name string, info vfs.Info) {
	switch {
	case info.IsDir():
		fmt.Fprintf(&d.out, "%s/\n", name)
		d.dir(name, name+"/")
		return
	case isLink(info):
		target, err := d.f.Readlink(name)
		fmt.Fprintf(&d.out, "%s => %s %s\n", name, target, errText(err))
		return
	}
	if first, ok := d.first[info.Ino]; ok && info.Nlink > 1 {
		fmt.Fprintf(&d.out, "%s == %s\n", name, first)
		return
	}
	d.first[info.Ino] = name
	fmt.Fprintf(&d.out, "%s (%d) = %s\n", name, info.Size, contents(d.f, name))
}

// contents is the text of a file, as far as 1 MiB, or the error in its place.
func contents(f vfs.FS, name string) string {
	h, err := f.Open(name, vfs.Read, 0)
	if err != nil {
		return errText(err)
	}
	defer h.Close()
	data, err := io.ReadAll(io.NewSectionReader(h, 0, 1<<20))
	return string(data) + errText(err)
}

func isLink(i vfs.Info) bool { return i.Mode&fs.ModeSymlink != 0 }

func errText(err error) string {
	if err == nil {
		return ""
	}
	return vfs.ToErrno(err).Name()
}
