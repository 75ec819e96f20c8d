package regex

import (
	"math/rand"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// pattern makes a random pattern that Go's regexp and ours both know.
func pattern(r *rand.Rand, depth int) string {
	if depth == 0 {
		return []string{"a", "b", "c", ".", "[ab]", "[^a]", "é", `\b`, "^", "$", "", `[é-ü]`, `\n`}[r.Intn(13)]
	}
	x, y := pattern(r, depth-1), pattern(r, depth-1)
	switch r.Intn(9) {
	case 0:
		return "(" + x + ")"
	case 1:
		return "(?:" + x + ")*"
	case 2:
		return "(" + x + ")+"
	case 3:
		return "(?:" + x + "|" + y + ")"
	case 4:
		return "(?:" + x + ")?"
	case 5:
		return "(?:" + x + "){1,3}"
	case 6:
		return "(?:" + x + ")*?"
	}
	return x + y
}

func text(r *rand.Rand) string {
	var b strings.Builder
	for range r.Intn(12) {
		b.WriteString([]string{"a", "b", "c", "é", "\n", " ", "ab", "x"}[r.Intn(8)])
	}
	return b.String()
}

// TestAgainstGo compares every engine with Go's regexp on random patterns.
func TestAgainstGo(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for range 4000 {
		p, s := pattern(r, 3), text(r)
		gore, err := regexp.Compile(p)
		if err != nil {
			continue
		}
		// In Go, $ is \z and \b is ASCII; avoid where they differ.
		if strings.Contains(p, "$") && strings.HasSuffix(s, "\n") || strings.Contains(p, `\b`) && strings.Contains(s, "é") {
			continue
		}
		for _, longest := range []bool{false, true} {
			if longest {
				gore.Longest()
			}
			want := gore.FindStringSubmatchIndex(s)
			re, err := Compile(p, Perl, 0)
			if err != nil {
				t.Fatalf("%q: %v", p, err)
			}
			re.longest = longest
			checkEngines(t, re, p, s, want)
		}
	}
}

func checkEngines(t *testing.T, re *Regexp, p, s string, want []int) {
	t.Helper()
	got, err := re.Find(nil, []byte(s), 0)
	if err != nil {
		t.Fatalf("%q on %q: %v", p, s, err)
	}
	if !sameLoc(got, want) {
		t.Fatalf("%q on %q longest=%v: got %v, want %v", p, s, re.longest, got, want)
	}
	if ok, _ := re.Match([]byte(s)); ok != (want != nil) {
		t.Fatalf("%q on %q: match is %v", p, s, ok)
	}
	slots := newPike(re.fwd, re.slots(), re.longest).run([]byte(s), 0, false, -1)
	if slots != nil {
		slots = slots[:2*re.groups+2]
	}
	if !sameLoc(slots, want) {
		t.Fatalf("%q on %q longest=%v: pike got %v, want %v", p, s, re.longest, slots, want)
	}
}

// sameLoc compares bounds; how empty repetitions set groups may differ.
func sameLoc(got, want []int) bool {
	if len(got) < 2 || len(want) < 2 {
		return len(got) == len(want)
	}
	return reflect.DeepEqual(got[:2], want[:2]) && len(got) == len(want)
}
