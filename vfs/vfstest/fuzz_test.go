package vfstest

import (
	"strings"
	"testing"

	"agentsandbox/vfs"
	"agentsandbox/vfs/memfs"
)

// FuzzResolve resolves any path in files that hold a link to any target.
// A confined Space must never leave its root, and an unconfined one must agree
// with the real kernel, where that may be asked.
func FuzzResolve(f *testing.F) {
	for _, path := range openPaths {
		for _, target := range []string{"d", "/d/", "../f", "l", "d/../m/."} {
			f.Add("l/"+path, target)
			f.Add(path, target)
		}
	}
	f.Fuzz(func(t *testing.T, path, target string) {
		lay := []string{"f", "d/e/", "d/f", "d/up => ..", "m => d/up/l", "d/m => ../l/."}
		fsys := memfs.New(memfs.Config{})
		Lay(t, fsys, lay...)
		linkErr := spaceKernel{vfs.Space{FS: fsys}, "."}.Symlink(target, "l")
		neverLeaves(t, fsys, path)
		if strings.ContainsAny(path+target, " \t\n\r\v\f\\{-\u0085\u00a0") || !plain(path+target) {
			return // not sayable in the language of the cases
		}
		got := asks(spaceKernel{vfs.Space{FS: fsys}, "."}, path)
		inLinux(t, func(k kernel) {
			for _, line := range lay {
				if err := layLine(k, line); err != nil {
					t.Error(err)
				}
			}
			if err := k.Symlink(target, "l"); vfs.ToErrno(err) != vfs.ToErrno(linkErr) {
				t.Errorf("symlink: %v, on Linux %v", linkErr, err)
			}
			if want := asks(k, path); got != want {
				t.Errorf("%q came out as\n%swant\n%s", path, got, want)
			}
		})
	})
}

func plain(s string) bool {
	for _, b := range []byte(s) {
		if b <= ' ' || b > '~' {
			return false
		}
	}
	return true
}

// asks makes calls with a path that show where it leads.
func asks(k kernel, path string) string {
	if path == "" {
		path = "-"
	}
	var out strings.Builder
	p := newPlayer(k)
	defer p.close()
	for _, call := range []string{
		"stat ", "lstat ", "readlink ", "ls ", "read ", "link ", "open w,creat ", "ls ", "unlink ", "mkdir ", "rmdir ",
		"rename f ", "symlink f ", "chmod 600 ", "lutimens 1 1 ",
	} {
		if call == "link " {
			out.WriteString(p.play(call+path+" x") + "\n")
			continue
		}
		out.WriteString(call + p.play(call+path) + "\n")
	}
	return out.String()
}

// neverLeaves resolves in a Space that is confined to d.
func neverLeaves(t *testing.T, fsys vfs.FS, path string) {
	jail := vfs.Space{FS: fsys, Root: "d"}
	for _, dir := range []string{"d", "d/e"} {
		for _, follow := range []bool{false, true} {
			p, err := jail.Resolve(dir, path, follow)
			if err == nil && p.Name != "d" && !strings.HasPrefix(p.Name, "d/") {
				t.Errorf("%q from %s leads to %q", path, dir, p.Name)
			}
		}
	}
	if _, err := jail.Resolve(".", path, true); err == nil {
		t.Errorf("%q is resolved from outside", path)
	}
}
