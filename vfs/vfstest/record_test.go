package vfstest

import (
	"flag"
	"os"
	"strings"
	"testing"
)

var record = flag.Bool("record", false, "record the cases from the real kernel (as root, on ext4)")

// TestRecord writes the outcomes in testdata anew.
func TestRecord(t *testing.T) {
	if !*record {
		t.Skip("-record is not given")
	}
	writable := func(lay []string, fn func(kernel)) {
		inLinux(t, func(k kernel) {
			for _, line := range lay {
				if err := layLine(k, line); err != nil {
					t.Errorf("lay %q: %v", line, err)
				}
			}
			fn(k)
		})
	}
	readOnly := func(lay []string, fn func(kernel)) { inReadOnlyLinux(t, lay, fn) }
	for _, name := range scripts {
		recordScript(t, scriptFile(name), writable)
	}
	recordScript(t, scriptFile("readonly"), readOnly)
	recordOpens(t, "testdata/open.golden", writable)
	recordOpens(t, "testdata/open_readonly.golden", readOnly)
}

// laid calls a function with a kernel and new files.
type laid func(lay []string, fn func(k kernel))

func recordOpens(t *testing.T, file string, in laid) {
	text := openMatrix(func(fn func(kernel)) { in(openLayout, fn) })
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func recordScript(t *testing.T, file string, in laid) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	script, err := parseScript(string(text))
	if err != nil {
		t.Fatal(err)
	}
	var outcomes []string
	for _, c := range script.cases {
		in(c.lay, func(k kernel) {
			p := newPlayer(k)
			defer p.close()
			for _, s := range c.steps {
				outcomes = append(outcomes, p.play(s.call))
			}
		})
	}
	if err := os.WriteFile(file, []byte(withOutcomes(string(text), outcomes)), 0o644); err != nil {
		t.Fatal(err)
	}
}

// withOutcomes replaces the outcome of each call in the text of a script. One
// that allows something else besides, after "or", keeps that.
func withOutcomes(text string, outcomes []string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if line == "" || line[0] == '#' || strings.HasPrefix(line, "== ") ||
			strings.HasPrefix(line, "lay: ") || strings.HasPrefix(line, "needs: ") {
			continue
		}
		call, want, _ := strings.Cut(line, " : ")
		_, also, ok := strings.Cut(want, " or ")
		lines[i] = strings.TrimSuffix(call, " :") + " : " + outcomes[0]
		if ok && also != outcomes[0] {
			lines[i] += " or " + also
		}
		outcomes = outcomes[1:]
	}
	return strings.Join(lines, "\n")
}
