package vfstest

import (
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"agentsandbox/vfs"
)

// payloads are paths that try to climb: the known ways to write ".." and "/",
// to different depths and targets, as they stand and decoded as a careless
// server would, once and twice.
func payloads() []string {
	dots := []string{
		"..", "%2e%2e", "%252e%252e", "%c0%ae%c0%ae", "%uff0e%uff0e", "0x2e0x2e", "...", "....", ".%00.", "..;",
		"%2e.", ". .", "..%00", "..%20", "\u2024\u2024", "\uff0e\uff0e", "??", ".?", "..\\..", "@..",
	}
	slashes := []string{
		"/", "//", "/./", "\\", "%2f", "%252f", "%5c", "%255c", "%c0%af", "%c1%9c", "0x2f", "\\/", "/\\", "\u2215", "\uff0f", ";/",
	}
	var steps []string
	for _, dot := range dots {
		steps = append(steps, dot+"/", dot+"%2f", dot+"\\")
	}
	for _, slash := range slashes {
		steps = append(steps, ".."+slash, "%2e%2e"+slash)
	}
	var out []string
	for _, step := range steps {
		for _, depth := range []int{1, 2, 8} {
			climb := strings.Repeat(step, depth)
			out = append(out, climb, climb+"secret", "/"+climb+"etc/passwd", "d/"+climb+"out/new")
		}
	}
	return decoded(out)
}

func decoded(paths []string) (out []string) {
	seen := map[string]bool{}
	for _, p := range paths {
		for range 3 {
			if !seen[p] {
				seen[p] = true
				out = append(out, p)
			}
			q, err := url.PathUnescape(p)
			if err != nil {
				break
			}
			p = q
		}
	}
	return out
}

// traversal tries every payload with every call in a confined Space.
//
// THREAT[FS-01] nothing outside is reached.
func (s suite) traversal(t *testing.T) {
	f := s.mk(t)
	root := spaceKernel{vfs.Space{FS: f}, "."}
	for _, line := range []string{"secret = SECRET", "out/", "etc/passwd = SECRET", "jail/d/", "jail/f"} {
		if err := layLine(root, line); err != nil {
			t.Fatal(err)
		}
	}
	before := outside(t, f)
	space := vfs.Space{FS: f, Root: "jail"}
	jail := newPlayer(spaceKernel{space, "jail"})
	for i, p := range payloads() {
		if !s.has(RawNames) && !plainName(p) {
			continue
		}
		s.tryPayload(t, jail, p)
		tryHostCalls(t, space, p)
		if i%500 == 0 {
			s.clean(t, f)
		}
	}
	if after := outside(t, f); after != before {
		t.Errorf("outside changed from\n%sto\n%s", before, after)
	}
}

func plainName(p string) bool {
	return utf8.ValidString(p) && !strings.ContainsAny(p, "\\?%:;")
}

func (s suite) tryPayload(t *testing.T, jail *player, path string) {
	for _, c := range [][]string{
		{"read", path}, {"stat", path}, {"ls", path}, {"write", path, "x"}, {"unlink", path}, {"mkdir", path},
		{"rmdir", path}, {"rename", path, "x"}, {"rename", "f", path}, {"rename", "x", "f"}, {"link", path, "x"},
		{"link", "f", path}, {"symlink", "t", path}, {"chmod", "600", path}, {"utimens", "1", "1", path},
	} {
		if c[0] == "link" && !s.has(HardLinks) || c[0] == "symlink" && !s.has(Symlinks) {
			continue
		}
		out, err := jail.call("", c[0], c[1:])
		if strings.Contains(out, "SECRET") || strings.Contains(out, "passwd") {
			t.Errorf("%q gets out: %s %v", c, out, err)
		}
	}
	jail.call("", "unlink", []string{path})
}

// tryHostCalls is tryPayload for the calls that the host's own code uses.
func tryHostCalls(t *testing.T, s vfs.Space, path string) {
	if data, _ := s.ReadFile(path, 1000); strings.Contains(string(data), "SECRET") {
		t.Errorf("ReadFile(%q) gets out", path)
	}
	s.WriteFile(path, []byte("x"), 0o644)
	s.MkdirAll(path, 0o755)
	s.RemoveAll(path)
}

// clean empties the jail, so that names which are no attack do not pile up.
func (s suite) clean(t *testing.T, f vfs.FS) {
	removeIn(t, f, "jail")
	Lay(t, f, "jail/d/", "jail/f")
}

func removeIn(t *testing.T, f vfs.FS, dir string) {
	for _, e := range readDir(t, f, dir) {
		name := dir + "/" + e.Name
		err := f.Unlink(name)
		if vfs.ToErrno(err) == vfs.EISDIR {
			removeIn(t, f, name)
			err = f.Rmdir(name)
		}
		if err != nil {
			t.Errorf("remove %q: %v", name, err)
		}
	}
}
