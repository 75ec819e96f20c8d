package pattern

import (
	"strings"
	"testing"
)

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		pat, s string
		want   bool
	}{
		{"", "", true}, {"", "a", false}, {"abc", "abc", true}, {"abc", "ab", false},
		{"*", "", true}, {"*", "abc", true}, {"a*", "abc", true}, {"*c", "abc", true}, {"*bc", "c", false}, {"a*a", "a", false}, {"*\xa9", "é", false}, {"a*c", "abd", false},
		{"a*b*c", "aXbYc", true}, {"a*b*c", "aXcYb", false}, {"?", "", false}, {"?", "é", true}, {"??", "é", false},
		{"[abc]", "b", true}, {"[!abc]", "b", false}, {"[^abc]", "d", true}, {"[a-c]", "b", true}, {"[]]", "]", true},
		{"[a-]", "-", true}, {"[[:digit:]]", "5", true}, {"[[:digit:]]", "x", false}, {"[![:space:]]", " ", false},
		{"[", "[", true}, {"[a", "[a", true}, {"a[", "a[", true}, {`\*`, "*", true}, {`\*`, "a", false}, {`[\]]`, "]", true},
		{"[[.hyphen.]]", "-", true}, {"[[=a=]]", "a", true}, {"*.*", "a.b", true}, {"**", "x", true},
		{"@(a|b)", "a", true}, {"@(a|b)", "c", false}, {"?(a)b", "b", true}, {"?(a)b", "ab", true}, {"?(a)b", "aab", false},
		{"*(a)", "aaa", true}, {"*(a)", "", true}, {"+(a)", "", false}, {"+(a|b)c", "ababc", true},
		{"!(a)", "a", false}, {"!(a)", "b", true}, {"!(a)", "", true}, {"a!(b)c", "abc", false}, {"a!(b)c", "axc", true},
		{"!(*.txt)", "a.md", true}, {"!(*.txt)", "a.txt", false}, {"@(@(a|b)|c)d", "bd", true}, {"@(a", "@(a", true},
		{"*(a|b*)c", "abxxc", true}, {"\xff", "\xff", true}, {"?", "\xff", true}, {"[\xff]", "\xff", true},
	} {
		if got := Compile(c.pat, Ext).Match(c.s); got != c.want {
			t.Errorf("%q matches %q: %v, want %v", c.pat, c.s, got, c.want)
		}
	}
}

func TestFold(t *testing.T) {
	for _, pat := range []string{"ABC", "a?C", "[A-B]b*", "+(A|B)C"} {
		if !Compile(pat, Ext|Fold).Match("abc") {
			t.Errorf("%q does not match abc without case", pat)
		}
	}
}

func TestPlainGroups(t *testing.T) {
	if Compile("@(a)", 0).Match("a") {
		t.Error("an extended pattern matches though they are off")
	}
}

func TestPrefixSuffix(t *testing.T) {
	for _, c := range []struct {
		pat, s                             string
		shortest, longest, suffix, longSuf int
	}{
		{"*b", "abab", 2, 4, 3, 0},
		{"a", "abab", 1, 1, -1, -1},
		{"x", "abab", -1, -1, -1, -1},
		{"*", "ab", 0, 2, 2, 0},
		{"+(ab)", "abab", 2, 4, 2, 0},
		{"?", "éa", 2, 2, 2, 2},
	} {
		p := Compile(c.pat, Ext)
		got := [4]int{p.Prefix(c.s, false), p.Prefix(c.s, true), p.Suffix(c.s, false), p.Suffix(c.s, true)}
		if want := [4]int{c.shortest, c.longest, c.suffix, c.longSuf}; got != want {
			t.Errorf("%q on %q: %v, want %v", c.pat, c.s, got, want)
		}
	}
}

func TestFind(t *testing.T) {
	p := Compile("[0-9]*(x)", Ext)
	if start, end := p.Find("ab12xxc", 0); start != 2 || end != 3 {
		t.Errorf("found %d..%d", start, end)
	}
	if start, end := p.Find("ab12xxc", 3); start != 3 || end != 6 {
		t.Errorf("found %d..%d", start, end)
	}
	if start, _ := p.Find("abc", 0); start >= 0 {
		t.Error("found what is not there")
	}
}

// TestNoBlowUp: THREAT[SH-09] patterns that a backtracking matcher would try
// for ever.
func TestNoBlowUp(t *testing.T) {
	s := strings.Repeat("a", 4000)
	for _, pat := range []string{"+(a|aa|aaa)b", "*(*(*(a)))b", "*a*a*a*a*a*a*a*a*b", "!(*(a|aa))b", "@(a*|*a)*b"} {
		if Compile(pat, Ext).Match(s) {
			t.Errorf("%q matches", pat)
		}
	}
	if !Compile(strings.Repeat("@(", 5000)+"a", Ext).Match(strings.Repeat("@(", 5000) + "a") {
		t.Error("groups that do not close are text")
	}
}

func FuzzMatch(f *testing.F) {
	f.Add("*(a|b)?[x-z]", "abcz")
	f.Add("!(a*)\\", "\xff")
	f.Add("[[:alpha:][.-.]]+([^]])", "é-")
	f.Fuzz(func(t *testing.T, pat, s string) {
		if len(pat) > 60 || len(s) > 200 {
			return
		}
		p := Compile(pat, Ext)
		if n := p.Prefix(s, true); p.Match(s) && n != len(s) {
			t.Errorf("%q matches all of %q, but the longest prefix is %d", pat, s, n)
		}
		if text, ok := p.Literal(); ok && !p.Match(text) {
			t.Errorf("%q is the text %q and does not match it", pat, text)
		}
		p.Suffix(s, false)
		p.Find(s, 0)
	})
}
