package diff

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// patched applies changes to a.
func patched(a, b *text, changes []change) [][]byte {
	var out [][]byte
	at := 0
	for _, c := range changes {
		out = append(out, a.lines[at:c.a]...)
		out = append(out, b.lines[c.b:c.b+c.inserted]...)
		at = c.a + c.deleted
	}
	return append(out, a.lines[at:]...)
}

func joined(lines [][]byte) string {
	var b strings.Builder
	for _, l := range lines {
		b.Write(l)
		b.WriteByte('\n')
	}
	return b.String()
}

// checkScript shows that the changes make b of a, and that they are in order
// and none touches the next.
func checkScript(t *testing.T, o *options, first, second string) {
	t.Helper()
	a, b := splitText([]byte(first), false), splitText([]byte(second), false)
	changes, err := o.script(context.Background(), a, b)
	if err != nil {
		t.Fatal(err)
	}
	if joined(patched(a, b, changes)) != joined(b.lines) {
		t.Errorf("the changes %+v do not make %q of %q", changes, second, first)
	}
	for i := 1; i < len(changes); i++ {
		c := changes[i]
		if last := changes[i-1]; c.a <= last.a+last.deleted || c.b <= last.b+last.inserted {
			t.Errorf("%+v and %+v are one change", last, c)
		}
	}
}

func TestScript(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	words := []string{"a", "b", "c", "", "{", "}", "x y"}
	for range 500 {
		a := make([]string, r.IntN(200))
		for i := range a {
			a[i] = words[r.IntN(len(words))]
		}
		b := slices.Clone(a)
		for range r.IntN(10) {
			at := r.IntN(len(b) + 1)
			if r.IntN(2) == 0 {
				b = slices.Insert(b, at, words[r.IntN(len(words))])
			} else if at < len(b) {
				b = slices.Delete(b, at, at+1)
			}
		}
		for _, o := range []*options{{tabSize: 8}, {tabSize: 8, minimal: true}, {tabSize: 8, style: unified, context: 3}} {
			checkScript(t, o, strings.Join(a, "\n"), strings.Join(b, "\n"))
		}
	}
}

// TestCostly shows that files with nothing in common but the order of their
// lines come to an end (THREAT[SH-10]).
func TestCostly(t *testing.T) {
	var a, b strings.Builder
	r := rand.New(rand.NewPCG(3, 4))
	for range 3_000 {
		a.WriteString(strings.Repeat("x", r.IntN(60)) + "\n")
		b.WriteString(strings.Repeat("x", r.IntN(60)) + "\n")
	}
	checkScript(t, &options{tabSize: 8}, a.String(), b.String())
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var a, b strings.Builder
	for i := range 3000 {
		a.WriteString(strings.Repeat("x", i%7) + "\n")
		b.WriteString(strings.Repeat("x", i%5) + "\n")
	}
	o := &options{tabSize: 8}
	if _, err := o.script(ctx, splitText([]byte(a.String()), false), splitText([]byte(b.String()), false)); err != context.Canceled {
		t.Errorf("a run that was cancelled gives %v", err)
	}
}

func TestCanonical(t *testing.T) {
	tests := []struct {
		space space
		fold  bool
		in    string
		want  string
	}{
		{allCount, false, " A\tb ", " A\tb "},
		{allCount, true, " A\tbÉ ", " a\tbÉ "},
		{noTabs, false, "a\tb", "a       b"},
		{noTrailing, false, " a b \t", " a b"},
		{noChange, false, " a \t b ", " a b"},
		{none, true, " A \t b ", "ab"},
	}
	for _, tt := range tests {
		o := options{space: tt.space, fold: tt.fold, tabSize: 8}
		var scratch []byte
		if got := string(o.canonical(&scratch, []byte(tt.in))); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.in, got, tt.want)
		}
	}
}

func FuzzScript(f *testing.F) {
	f.Add("a\nb\nc\n", "a\nc\nd\n")
	f.Add("", "x")
	f.Add("x\nx\nx\n", "x\nx\n")
	f.Fuzz(func(t *testing.T, a, b string) {
		if len(a)+len(b) < 1<<12 {
			checkScript(t, &options{tabSize: 8}, a, b)
		}
	})
}
