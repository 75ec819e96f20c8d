package linediff

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func unified(t testing.TB, a, b string, context, budget int) string {
	t.Helper()
	x, y := Lines([]byte(a)), Lines([]byte(b))
	var out bytes.Buffer
	if err := Unified(&out, x, y, Diff(x, y, budget), context); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestUnified(t *testing.T) {
	for _, c := range []struct{ a, b, want string }{
		{"", "", ""},
		{"a\n", "a\n", ""},
		{"", "a\nb\n", "@@ -0,0 +1,2 @@\n+a\n+b\n"},
		{"a\n", "", "@@ -1 +0,0 @@\n-a\n"},
		{"a\nb\nc\n", "a\nx\nc\n", "@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n"},
		{"a\nb", "a\nb\n", "@@ -1,2 +1,2 @@\n a\n-b\n" + NoNewline + "+b\n"},
		{"1\n2\n3\n4\n5\n6\n7\n8\n9\n", "0\n2\n3\n4\n5\n6\n7\n8\nx\n", "@@ -1,4 +1,4 @@\n-1\n+0\n 2\n 3\n 4\n@@ -6,4 +6,4 @@\n 6\n 7\n 8\n-9\n+x\n"},
	} {
		if got := unified(t, c.a, c.b, 3, 0); got != c.want {
			t.Errorf("%q to %q:\n%swant\n%s", c.a, c.b, got, c.want)
		}
	}
}

var text = rapid.Map(rapid.SliceOfN(rapid.SampledFrom([]string{"a\n", "b\n", "c\n", "d\n", "\n"}), 0, 40), func(lines []string) string {
	return strings.Join(lines, "")
})

// Any two texts: the edits turn one into the other, and are as few as the
// longest common subsequence allows.
func TestDiffRandom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := Lines([]byte(text.Draw(t, "a"))), Lines([]byte(text.Draw(t, "b")))
		edits := Diff(a, b, 0)
		var got [][]byte
		at, kept := 0, 0
		for _, e := range edits {
			got = append(append(got, a[at:e.A0]...), b[e.B0:e.B1]...)
			kept += e.A0 - at
			at = e.A1
		}
		kept += len(a) - at
		got = append(got, a[at:]...)
		if !bytes.Equal(bytes.Join(got, nil), bytes.Join(b, nil)) {
			t.Fatalf("edits %v of %q give %q, want %q", edits, a, got, b)
		}
		if want := common(a, b); kept != want {
			t.Fatalf("%d lines kept, %d are common", kept, want)
		}
	})
}

// common is the length of the longest common subsequence, the slow way.
func common(a, b [][]byte) int {
	row := make([]int, len(b)+1)
	for i := range a {
		diagonal := 0
		for j := range b {
			above := row[j+1]
			if bytes.Equal(a[i], b[j]) {
				row[j+1] = diagonal + 1
			} else {
				row[j+1] = max(above, row[j])
			}
			diagonal = above
		}
	}
	return row[len(b)]
}

// THREAT[SH-10]: two texts with nothing in common take the budget, no more.
func TestBudget(t *testing.T) {
	a, b := strings.Repeat("a\nb\n", 20000), strings.Repeat("c\nd\n", 20000)
	if got := unified(t, a, b, 3, 1000); !strings.HasPrefix(got, "@@ -1,40000 +1,40000 @@\n") {
		t.Errorf("%.60s", got)
	}
}

// What patch makes of a diff is the second text.
func TestPatchTakesIt(t *testing.T) {
	patch, err := exec.LookPath("patch")
	if err != nil {
		t.Skip("no patch on this machine")
	}
	rapid.Check(t, func(rt *rapid.T) {
		a, b := text.Draw(rt, "a"), text.Draw(rt, "b")
		if a == b || a == "" || b == "" {
			return
		}
		file := filepath.Join(t.TempDir(), "f")
		if err := os.WriteFile(file, []byte(a), 0o644); err != nil {
			rt.Fatal(err)
		}
		cmd := exec.Command(patch, "-s", file)
		cmd.Stdin = strings.NewReader("--- f\n+++ f\n" + unified(t, a, b, 3, 0))
		if out, err := cmd.CombinedOutput(); err != nil {
			rt.Fatalf("%v: %s", err, out)
		}
		if got, _ := os.ReadFile(file); string(got) != b {
			rt.Fatalf("patch made %q of %q, want %q", got, a, b)
		}
	})
}
