package patch

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"testing/iotest"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs/memfs"
)

// apply patches file f, which holds data, and returns what it holds then.
func apply(t *testing.T, data, diff string, args ...string) (result, said string, err error) {
	t.Helper()
	var out bytes.Buffer
	x := &tool.Exec{Name: "patch", Args: append(args, "f"), Dir: "/", FS: tool.SpaceFS(memfs.New(memfs.Config{})),
		Stdin: iotest.HalfReader(strings.NewReader(diff)), Stdout: &out, Stderr: &out}
	f, err := x.Create("f")
	if err != nil {
		t.Fatal(err)
	}
	f.Write([]byte(data))
	f.Close()
	err = Run(context.Background(), x)
	after, readErr := x.ReadFile("f", 1<<20)
	if readErr != nil {
		after = nil
	}
	return string(after), out.String(), err
}

func TestApply(t *testing.T) {
	const head = "--- f\n+++ f\n"
	tests := []struct {
		name, data, diff, want, said string
		args                         []string
	}{
		{"exact", "1\n2\n3\n", head + "@@ -1,3 +1,3 @@\n 1\n-2\n+two\n 3\n", "1\ntwo\n3\n", "patching file f\n", nil},
		{"reverse", "1\ntwo\n3\n", head + "@@ -1,3 +1,3 @@\n 1\n-2\n+two\n 3\n", "1\n2\n3\n", "patching file f\n", []string{"-R"}},
		{"offset", "x\n1\n2\n3\n4\n5\n", head + "@@ -2,3 +2,3 @@\n 2\n-3\n+three\n 4\n", "x\n1\n2\nthree\n4\n5\n",
			"patching file f\nHunk #1 succeeded at 3 (offset 1 line).\n", nil},
		{"no newline", "a", head + "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n", "b\n", "patching file f\n", nil},
		{"to no newline", "a\n", head + "@@ -1 +1 @@\n-a\n+b\n\\ No newline at end of file\n", "b", "patching file f\n", nil},
		{"empty line of context lost", "1\n\n3\n", head + "@@ -1,3 +1,3 @@\n 1\n\n-3\n+x\n", "1\n\nx\n", "patching file f\n", nil},
		{"context", "1\n2\n3\n", "*** f\n--- f\n***************\n*** 1,3 ****\n  1\n! 2\n  3\n--- 1,3 ----\n  1\n! two\n  3\n", "1\ntwo\n3\n", "patching file f\n", nil},
		{"context, only added", "1\n3\n", "*** f\n--- f\n***************\n*** 1,2 ****\n--- 1,3 ----\n  1\n+ 2\n  3\n", "1\n2\n3\n", "patching file f\n", nil},
		{"normal", "1\n2\n3\n", "2c2\n< 2\n---\n> two\n", "1\ntwo\n3\n", "patching file f\n", nil},
		{"normal, at the end", "1\n", "1a2,3\n> 2\n> 3\n", "1\n2\n3\n", "patching file f\n", nil},
		{"dry run", "1\n2\n", "2d1\n< 2\n", "1\n2\n", "checking file f\n", []string{"--dry-run"}},
		{"mail around it", "1\n", "Hello,\n\n" + head + "@@ -1 +1 @@\n-1\n+2\n-- \nbye\n", "2\n", "patching file f\n", nil},
		{"blanks", "a  b\n", head + "@@ -1 +1 @@\n-a b\n+c\n", "c\n", "patching file f\n", []string{"-l"}},
	}
	for _, tt := range tests {
		got, said, err := apply(t, tt.data, tt.diff, tt.args...)
		if err != nil || got != tt.want || said != tt.said {
			t.Errorf("%s: got %q, %q, %v; want %q, %q", tt.name, got, said, err, tt.want, tt.said)
		}
	}
}

func TestNamesStayInside(t *testing.T) {
	for _, name := range []string{"/etc/passwd", "../x", "a/../../x"} {
		if safe(name) {
			t.Errorf("%s is taken from a patch", name)
		}
	}
}

func TestMalformed(t *testing.T) {
	for _, diff := range []string{"@@ -1 +1 @@", "--- f\n+++ f\n@@ -1,9 +1,9 @@\n 1\n", "--- f\n+++ f\n@@ -x +1 @@\n", "--- f\n+++ f\n@@ -1 +1 @@\nxx\n", "2c2\n< 2\n"} {
		if _, said, err := apply(t, "1\n2\n", diff); err != tool.Exit(trouble) || !strings.Contains(said, "patch: **** ") {
			t.Errorf("%q: %q, %v", diff, said, err)
		}
	}
}

func FuzzPatch(f *testing.F) {
	f.Add("1\n2\n3\n", "--- f\n+++ f\n@@ -1,3 +1,3 @@\n 1\n-2\n+two\n 3\n", false)
	f.Add("1\n2\n", "*** f\n--- f\n***************\n*** 1,2 ****\n  1\n! 2\n--- 1,2 ----\n  1\n! 3\n", true)
	f.Add("1\n", "1a2\n> 2\n\\ No newline at end of file\n", false)
	f.Add("", "diff --git a/f b/g\nrename from f\nrename to g\n", true)
	f.Fuzz(func(t *testing.T, data, diff string, reverse bool) {
		args := []string{"-f"}
		if reverse {
			args = append(args, "-R")
		}
		_, said, err := apply(t, data, diff, args...)
		if status := tool.Status(err); status > trouble || status > 0 && said == "" {
			t.Errorf("status %d, %q", status, said)
		}
	})
}
