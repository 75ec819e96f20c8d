package vfstest

import (
	"fmt"
	"strings"
	"testing"

	"agentsandbox/vfs"
)

// Attack is a way out of a directory: files laid in it, and calls that then
// read or change what is outside, if links and ".." are followed as the host
// follows them. Outside are the file "secret" and the directory "out" beside
// the jail, which is the working directory.
type Attack struct {
	Name string
	Lay  []string // in the language of Lay
	// Calls are in the language of the cases in testdata. Any that succeeds
	// has got out, but for those before the last, which only prepare.
	Calls []string
}

// Attacks returns the known attacks. Each is shown to be a real one, by letting
// the real kernel fall for it, in the tests of this package.
//
// THREAT[FS-03]
func Attacks() []Attack {
	return []Attack{
		{"dot dot", nil, []string{"read ../secret"}},
		{"dot dot after a directory", []string{"d/"}, []string{"read d/../../secret"}},
		{"dot dot in the end", nil, []string{"ls .."}},
		{"absolute", nil, []string{"read /secret"}},
		{"relative link", []string{"l => ../secret"}, []string{"read l"}},
		{"relative link in a directory", []string{"d/l => ../../secret"}, []string{"read d/l"}},
		{"absolute link", []string{"l => /secret"}, []string{"read l"}},
		{"link to the parent", []string{"l => .."}, []string{"read l/secret"}},
		{"link to the parent, slash", []string{"l => ../"}, []string{"ls l"}},
		{"link to the parent, dot", []string{"l => ../."}, []string{"ls l/."}},
		{"link to the top", []string{"l => /"}, []string{"read l/secret"}},
		{"dot dot after a link", []string{"d/e/", "l => d/e"}, []string{"read l/../../../secret"}},
		{"link through a link", []string{"a => d/../..", "d/"}, []string{"read a/secret"}},
		{"chain", []string{"a => b", "b => c", "c => d", "d => ../secret"}, []string{"read a"}},
		{"chain of directories", []string{"a => b/c", "b/c => ../d", "d => .."}, []string{"read a/secret"}},
		{"made by the guest", []string{"d/"}, []string{"symlink ../../secret d/l", "read d/l"}},
		{"moved up by the guest", []string{"d/l => ../secret", "secret = inside"},
			[]string{"rename d/l l", "read l"}},
		{"write", []string{"l => ../secret"}, []string{"write l x"}},
		{"write through the parent", []string{"l => .."}, []string{"write l/secret x"}},
		{"cut", []string{"l => ../secret"}, []string{"open w,trunc l"}},
		{"create", []string{"l => .."}, []string{"open w,creat,excl l/new"}},
		{"create through a dangling link", []string{"l => ../new"}, []string{"open w,creat l"}},
		{"create through two dangling links", []string{"l => k", "k => ../new"}, []string{"open w,creat l"}},
		{"create by an absolute dangling link", []string{"l => /new"}, []string{"open w,creat l"}},
		{"mkdir", []string{"l => ../out"}, []string{"mkdir l/new"}},
		{"mkdir, slash", []string{"l => .."}, []string{"mkdir l/new/"}},
		{"unlink", []string{"l => .."}, []string{"unlink l/secret"}},
		{"rmdir", []string{"l => .."}, []string{"rmdir l/empty"}},
		{"rename out", []string{"f"}, []string{"rename f ../new"}},
		{"rename out by a link", []string{"f", "l => ../out"}, []string{"rename f l/new"}},
		{"rename in", nil, []string{"rename ../secret f"}},
		{"rename in by a link", []string{"l => .."}, []string{"rename l/secret f"}},
		{"rename over", []string{"f", "l => .."}, []string{"rename f l/secret"}},
		{"hard link in", nil, []string{"link ../secret f"}},
		{"hard link in by a link", []string{"l => .."}, []string{"link l/secret f"}},
		{"hard link in by following", []string{"l => ../secret"}, []string{"linkf l f"}},
		{"hard link out", []string{"f", "l => .."}, []string{"link f l/new"}},
		{"symlink out", []string{"l => ../out"}, []string{"symlink t l/new"}},
		{"stat", []string{"l => ../secret"}, []string{"stat l"}},
		{"lstat", []string{"l => .."}, []string{"lstat l/secret"}},
		{"lstat, slash", []string{"l => ../out"}, []string{"lstat l/"}},
		{"readlink", []string{"l => ../out"}, []string{"readlink l/lout"}},
		{"chmod", []string{"l => ../secret"}, []string{"chmod 777 l"}},
		{"times", []string{"l => ../secret"}, []string{"utimens 1 1 l"}},
		{"times, slash", []string{"l => ../out"}, []string{"lutimens 1 1 l/"}},
		{"list", []string{"l => ../out"}, []string{"ls l"}},
		{"list, slash", []string{"l => ../out"}, []string{"ls l/"}},
		// The shapes of CVE-2024-45341, CVE-2025-22873 and of os.Root's fixes:
		// a slash, a dot or ".." after the last link.
		{"open of a link to a link with a slash", []string{"a => b/", "b => .."}, []string{"ls a"}},
		{"directory of dot dot by a slash", nil, []string{"ls ../"}},
		{"dot dot after a link to here", []string{"l => ."}, []string{"ls l/.."}},
	}
}

// layOutside makes what an attack is after, beside the directory "jail".
func layOutside(k kernel) error {
	for _, line := range []string{"secret = SECRET", "out/", "out/lout => x", "empty/", "jail/"} {
		if err := layLine(k, line); err != nil {
			return fmt.Errorf("lay %q: %w", line, err)
		}
	}
	return nil
}

// attacks lets all attacks loose on a Space that is confined to a directory.
func (s suite) attacks(t *testing.T) {
	s.need(t, Symlinks)
	for _, a := range Attacks() {
		t.Run(a.Name, func(t *testing.T) {
			f := s.mk(t)
			if err := layOutside(spaceKernel{vfs.Space{FS: f}, "."}); err != nil {
				t.Fatal(err)
			}
			before := outside(t, f)
			jail := spaceKernel{vfs.Space{FS: f, Root: "jail"}, "jail"}
			out := a.run(t, jail)
			if vfsErr(out) == "" {
				t.Errorf("got out: %s", out)
			}
			if after := outside(t, f); after != before {
				t.Errorf("outside changed from\n%sto\n%s", before, after)
			}
		})
	}
}

// run lays the files of an attack and returns how its last call came out.
func (a Attack) run(t *testing.T, k kernel) (out string) {
	for _, line := range a.Lay {
		if err := layLine(k, line); err != nil {
			t.Fatalf("lay %q: %v", line, err)
		}
	}
	p := newPlayer(k)
	defer p.close()
	for _, call := range a.Calls {
		out = p.play(call)
	}
	return out
}

// vfsErr is an outcome if it is an errno, else "".
func vfsErr(out string) string {
	if len(out) > 1 && out[0] == 'E' && strings.ToUpper(out) == out && out != "SECRET" {
		return out
	}
	return ""
}

// outside prints all but what is in the jail.
func outside(t *testing.T, f vfs.FS) string {
	var out strings.Builder
	for line := range strings.Lines(dump(t, f)) {
		if !strings.HasPrefix(line, "jail/") {
			out.WriteString(line)
		}
	}
	for _, name := range []string{"secret", "out"} {
		i, err := f.Lstat(name)
		fmt.Fprintln(&out, name, i.Mode, i.Nlink, i.Mtime, err)
	}
	return out.String()
}
