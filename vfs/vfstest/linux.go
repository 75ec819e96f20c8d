package vfstest

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"testing"

	"agentsandbox/vfs"
)

// golden holds what the real kernel did.
//
//go:embed testdata
var golden embed.FS

// scripts are the files of cases in testdata.
var scripts = []string{"dirs", "handles", "links", "paths", "rename", "times"}

func scriptFile(name string) string { return "testdata/" + name + ".txt" }

// linux replays the recorded cases through a Space.
//
// THREAT[FS-02] the trailing forms are in paths.txt; THREAT[FS-16] use after
// removal is in handles.txt.
func (s suite) linux(t *testing.T) {
	for _, name := range scripts {
		for _, c := range loadScript(t, name).cases {
			t.Run(name+"/"+c.title, func(t *testing.T) {
				s.need(t, c.features()...)
				f := s.mk(t)
				Lay(t, f, c.lay...)
				replay(t, f, c)
			})
		}
	}
}

func loadScript(t *testing.T, name string) *script {
	t.Helper()
	text, err := golden.ReadFile(scriptFile(name))
	if err != nil {
		t.Fatal(err)
	}
	s, err := parseScript(string(text))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return s
}

// replay makes the calls of a case in a file system that holds its layout.
func replay(t *testing.T, f vfs.FS, c *scriptCase) {
	p := newPlayer(spaceKernel{vfs.Space{FS: f}, "."})
	defer p.close()
	for _, step := range c.steps {
		if got := p.play(step.call); !slices.Contains(strings.Split(step.want, " or "), got) {
			t.Errorf("%s : %s, want %s", step.call, got, step.want)
		}
	}
}

// openLayout and openPaths are where the open matrix looks.
var (
	openLayout = []string{
		"f = abc", "d/", "d/in", "lf => f", "llf => lf", "ld => d", "dangling => missing",
		"slash => missing/", "dslash => d/", "loop => loop", "up => ..", "abs => /f", "absent => /d/missing",
	}
	openPaths = []string{
		"f", "d", "missing", "lf", "llf", "ld", "dangling", "slash", "dslash", "loop", "up", "abs", "absent",
		"f/", "d/", "missing/", "lf/", "ld/", "dangling/", "loop/", ".", "..", "/", "./f", "//f", "d/.", "d/..",
		"f/.", "f/..", "missing/.", "missing/..", "ld/..", "ld/../f", "d/../f", "f/../f", "missing/../f",
		"f/x", "missing/x", "d/x", "ld/x", "lf/x", "loop/x", "d/in", "ld/in", "up/f",
	}
)

// openFlags are the combinations that mean something: Exclusive goes with
// Create, Truncate with Write, and Create not with Directory.
func openFlags() (all []vfs.Flag) {
	for _, access := range []vfs.Flag{vfs.Read, vfs.Write} {
		for _, create := range []vfs.Flag{0, vfs.Create, vfs.Create | vfs.Exclusive} {
			for _, trunc := range []vfs.Flag{0, vfs.Truncate} {
				for _, kind := range []vfs.Flag{0, vfs.Directory, vfs.NoFollow, vfs.Directory | vfs.NoFollow} {
					flag := access | create | trunc | kind
					if trunc != 0 && access == vfs.Read || create != 0 && kind&vfs.Directory != 0 {
						continue
					}
					all = append(all, flag)
				}
			}
		}
	}
	return all
}

// openMatrix opens every path with all flags, in files that in lays, and prints
// what came out, by path. Files that were changed are not used again.
func openMatrix(in func(func(k kernel))) string {
	var out strings.Builder
	for _, path := range openPaths {
		fmt.Fprintf(&out, "== %s\n", path)
		flags := map[string][]string{}
		var outcomes []string
		for todo := openFlags(); len(todo) > 0; {
			in(func(k kernel) {
				for changed := false; len(todo) > 0 && !changed; todo = todo[1:] {
					var got string
					got, changed = openOnce(k, path, todo[0])
					if flags[got] == nil {
						outcomes = append(outcomes, got)
					}
					flags[got] = append(flags[got], formatFlags(todo[0]))
				}
			})
		}
		for _, o := range outcomes {
			fmt.Fprintf(&out, "%s: %s\n", o, strings.Join(flags[o], " "))
		}
	}
	return out.String()
}

// openOnce tells what opening gave, and what file it made; and whether any file
// was changed.
func openOnce(k kernel, path string, flag vfs.Flag) (got string, changed bool) {
	p := newPlayer(k)
	defer p.close()
	before := p.play("ls .") + p.play("ls d")
	got = p.play("open " + formatFlags(flag) + " " + path)
	changed = flag&vfs.Truncate != 0 && vfsErr(got) == ""
	for name := range strings.FieldsSeq(p.play("ls .") + " " + p.play("ls d")) {
		if !strings.Contains(before, name) {
			got += " +" + name
			changed = true
		}
	}
	return got, changed
}

// open replays the open matrix through a Space.
func (s suite) open(t *testing.T) {
	s.need(t, Symlinks)
	compareOpens(t, "open.golden", func(t *testing.T) vfs.FS {
		f := s.mk(t)
		Lay(t, f, openLayout...)
		return f
	})
}

// compareOpens compares the open matrix of file systems that hold the layout
// with the one that was recorded.
func compareOpens(t *testing.T, file string, laid Make) {
	want, err := golden.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	got := openMatrix(func(fn func(kernel)) { fn(spaceKernel{vfs.Space{FS: laid(t)}, "."}) })
	diffLines(t, got, string(want))
}

// diffLines reports the lines by which one matrix differs from the other.
func diffLines(t *testing.T, got, want string) {
	t.Helper()
	g, w := byPath(got), byPath(want)
	for path := range w {
		for _, line := range slices.Concat(g[path], w[path]) {
			if !slices.Contains(w[path], line) {
				t.Errorf("open %s: got %s", path, line)
			}
			if !slices.Contains(g[path], line) {
				t.Errorf("open %s: want %s", path, line)
			}
		}
	}
}

func byPath(matrix string) map[string][]string {
	out := map[string][]string{}
	path := ""
	for line := range strings.Lines(matrix) {
		line = strings.TrimSpace(line)
		if p, ok := strings.CutPrefix(line, "== "); ok {
			path = p
			continue
		}
		out[path] = append(out[path], line)
	}
	return out
}
