package vfstest

import (
	"strings"
	"testing"

	"agentsandbox/vfs"
)

// call is one method of a file system, called with one name.
type call struct {
	name string
	do   func(f vfs.FS, name string) error
}

// calls are all methods that take a name; those that take two have the other
// one be "other", a file, or "new", which is not there.
var calls = []call{
	{"Open", func(f vfs.FS, n string) error { return openClose(f, n, vfs.Read) }},
	{"Create", func(f vfs.FS, n string) error { return openClose(f, n, vfs.Write|vfs.Create) }},
	{"Lstat", func(f vfs.FS, n string) error { _, err := f.Lstat(n); return err }},
	{"Mkdir", func(f vfs.FS, n string) error { return f.Mkdir(n, 0o755) }},
	{"Unlink", func(f vfs.FS, n string) error { return f.Unlink(n) }},
	{"Rmdir", func(f vfs.FS, n string) error { return f.Rmdir(n) }},
	{"RenameFrom", func(f vfs.FS, n string) error { return f.Rename(n, "new") }},
	{"RenameTo", func(f vfs.FS, n string) error { return f.Rename("other", n) }},
	{"LinkFrom", func(f vfs.FS, n string) error { return f.Link(n, "new") }},
	{"LinkTo", func(f vfs.FS, n string) error { return f.Link("other", n) }},
	{"Symlink", func(f vfs.FS, n string) error { return f.Symlink("target", n) }},
	{"Readlink", func(f vfs.FS, n string) error { _, err := f.Readlink(n); return err }},
	{"Chmod", func(f vfs.FS, n string) error { return f.Chmod(n, 0o755) }},
	{"Chtimes", func(f vfs.FS, n string) error { return f.Chtimes(n, 1, 1) }},
}

func openClose(f vfs.FS, name string, flag vfs.Flag) error {
	h, err := f.Open(name, flag, 0o644)
	if err != nil {
		return err
	}
	return h.Close()
}

// callsOf leaves out what the file system has not.
func (s suite) calls() (out []call) {
	for _, c := range calls {
		if strings.HasPrefix(c.name, "Link") && !s.has(HardLinks) || c.name == "Symlink" && !s.has(Symlinks) {
			continue
		}
		out = append(out, c)
	}
	return out
}

// names is the contract of FS that no Space needs to show: what a name may be,
// and that links are never followed.
func (s suite) names(t *testing.T) {
	for _, c := range s.calls() {
		t.Run(c.name, func(t *testing.T) {
			s.badNames(t, c)
			s.linkedNames(t, c)
			s.rootName(t, c)
		})
	}
	t.Run("bytes", s.rawNames)
}

// THREAT[FS-01] no name but a clean one does anything.
func (s suite) badNames(t *testing.T, c call) {
	f := s.mk(t)
	Lay(t, f, "other", "d/f")
	before := dump(t, f)
	for _, name := range []string{
		"", "/", "/d", "d/", "d//f", "d/.", "./d", "..", "../d", "d/..", "d/../d", "d/../../d", "/..", "d\x00", "d/\x00",
	} {
		if err := c.do(f, name); err == nil {
			t.Errorf("%q did something", name)
		}
	}
	for _, name := range []string{strings.Repeat("n", 256), "d/" + strings.Repeat("n", 256)} {
		if err := c.do(f, name); vfs.ToErrno(err) != vfs.ENAMETOOLONG {
			t.Errorf("a name of 256 bytes: %v", err)
		}
	}
	if after := dump(t, f); after != before {
		t.Errorf("the files changed from\n%sto\n%s", before, after)
	}
}

// THREAT[FS-03] a link is not followed, wherever it stands.
func (s suite) linkedNames(t *testing.T, c call) {
	if !s.has(Symlinks) {
		return
	}
	f := s.mk(t)
	Lay(t, f, "other", "d/f", "l => d", "k => l", "u => ..", "loop => loop", "a => /d", "fl => other")
	before := dump(t, f)
	for _, name := range []string{"l/f", "l/x", "k/f", "d/f/x", "fl/x", "u/d", "loop/x", "a/f", "l/f/x"} {
		want := vfs.ELOOP
		if name == "d/f/x" {
			want = vfs.ENOTDIR
		}
		if err := c.do(f, name); vfs.ToErrno(err) != want {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
	if c.name == "Open" || c.name == "Create" || c.name == "Chmod" {
		for _, name := range []string{"l", "k", "loop", "fl"} {
			if err := c.do(f, name); vfs.ToErrno(err) != vfs.ELOOP {
				t.Errorf("%s: %v, want ELOOP", name, err)
			}
		}
	}
	if after := dump(t, f); after != before {
		t.Errorf("the files changed from\n%sto\n%s", before, after)
	}
}

// rootName calls a method with the root itself.
func (s suite) rootName(t *testing.T, c call) {
	want := map[string]string{
		"Open": "ok", "Create": "EISDIR", "Lstat": "ok", "Mkdir": "EEXIST", "Unlink": "EISDIR", "Rmdir": "EBUSY",
		"RenameFrom": "EBUSY", "RenameTo": "EBUSY", "LinkFrom": "EPERM", "LinkTo": "EEXIST", "Symlink": "EEXIST",
		"Readlink": "EINVAL", "Chmod": "ok", "Chtimes": "ok",
	}[c.name]
	if c.name == "Chmod" && !s.has(Modes) || c.name == "Chtimes" && !s.has(Times) {
		return
	}
	f := s.mk(t)
	Lay(t, f, "other")
	if got := vfs.ToErrno(c.do(f, ".")).Name(); got != want {
		t.Errorf("of the root: %s, want %s", got, want)
	}
	if _, err := f.Lstat("other"); err != nil {
		t.Error(err)
	}
}

// rawNames makes files with names that no one would give them.
func (s suite) rawNames(t *testing.T) {
	s.need(t, RawNames)
	f := s.mk(t)
	names := []string{
		"\x01", "\n", " ", "*", "-rf", "...", "..x", "\\", "a\\b", ":", "CON", "x.", "\x7f", "e\u0301", "\u00e9",
		"\u202ex", "\U0001f600", "\x80", "\xff\xfe", "\xed\xa0\x80", "\ufeff",
	}
	for _, name := range names {
		if err := openClose(f, name, vfs.Write|vfs.Create|vfs.Exclusive); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	listed := map[string]bool{}
	for _, e := range readDir(t, f, ".") {
		listed[e.Name] = true
	}
	for _, name := range names {
		if !listed[name] {
			t.Errorf("%q is not listed", name)
		}
	}
}
