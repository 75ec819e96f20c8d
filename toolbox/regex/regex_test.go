package regex

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand"
	"strings"
	"testing"
)

// show renders bounds as text: "1-3 1-2 -".
func show(loc []int) string {
	if loc == nil {
		return "no"
	}
	var parts []string
	for i := 0; i < len(loc); i += 2 {
		if loc[i] < 0 {
			parts = append(parts, "-")
			continue
		}
		parts = append(parts, fmt.Sprintf("%d-%d", loc[i], loc[i+1]))
	}
	return strings.Join(parts, " ")
}

var matchTests = []struct {
	syntax  Syntax
	flags   Flags
	pattern string
	text    string
	want    string
}{
	// Basic: operators behind backslashes, stars that are literal.
	{BRE, 0, `a*`, "baa", "0-0"},
	{BRE, 0, `*a`, "b*a", "1-3"},
	{BRE, 0, `\(*a\)`, "b*a", "1-3 1-3"},
	{BRE, 0, `^*a`, "*a", "0-2"},
	{BRE, 0, `a\+`, "baa", "1-3"},
	{BRE, 0, `a\?b`, "ab", "0-2"},
	{BRE, 0, `a\|b`, "xb", "1-2"},
	{BRE, 0, `a|b`, "a|b", "0-3"},
	{BRE, 0, `a{2}`, "a{2}", "0-4"},
	{BRE, 0, `a\{2\}`, "caaa", "1-3"},
	{BRE, 0, `a\{1,\}`, "caaa", "1-4"},
	{BRE, 0, `a\{,2\}b`, "aaab", "1-4"},
	{BRE, 0, `\(a\)\1`, "baa", "1-3 1-2"},
	{BRE, 0, `a^b$c`, "a^b$c", "0-5"},
	{BRE, 0, `\(^a\)`, "ba", "no"},
	{BRE, 0, `a$\|b`, "ab", "1-2"},
	{BRE, 0, `[]a]*`, "]a]", "0-3"},
	{BRE, 0, `[^]]`, "]x", "1-2"},
	{BRE, 0, `[a-]`, "-", "0-1"},
	{BRE, 0, `[\n]`, `\`, "0-1"},
	{BRE, 0, `[[:digit:]]\+`, "ab12", "2-4"},
	{BRE, 0, `[[.-.]x]`, "-", "0-1"},
	{BRE, 0, `[[=a=]]`, "a", "0-1"},
	// Extended.
	{ERE, 0, `(a|ab)(c|bcd)(d*)`, "abcd", "0-4 0-1 1-4 4-4"},
	{ERE, 0, `(a*)*`, "b", "0-0 0-0"},
	{ERE, 0, `(a*)+`, "aa", "0-2 0-2"},
	{ERE, 0, `x{0}y`, "xy", "1-2"},
	{ERE, 0, `()`, "a", "0-0 0-0"},
	{ERE, 0, `a||b`, "b", "0-1"},
	{ERE, 0, `a)`, "a)", "0-2"},
	{ERE, 0, `((a)|(b))*`, "abab", "0-4 3-4 2-3 3-4"},
	{ERE, 0, `a.c`, "a\nc", "0-3"},
	{ERE, 0, `^b`, "a\nb", "no"},
	{ERE, Multiline, `^b$`, "a\nb\nc", "2-3"},
	{GrepERE, 0, `a{x`, "a{x", "0-3"},
	{GrepERE, 0, `*a`, "ba", "1-2"},
	{Awk, 0, `\yb\B`, "a bc", "2-3"},
	{Awk, 0, `[\]a]+`, "x]a", "1-3"},
	{Awk, 0, `\/\x41\101`, "/AA", "0-3"},
	{Emacs, 0, `\(a\|b\)+c`, "abc", "0-3 1-2"},
	// Words and edges.
	{BRE, 0, `\<b`, "ab b", "3-4"},
	{BRE, 0, `b\>`, "bc ab", "4-5"},
	{BRE, 0, `\bé\b`, "aé é", "4-6"},
	{BRE, 0, `\w*`, "été-x", "0-5"},
	{BRE, 0, "\\`b", "ab", "no"},
	{BRE, 0, `b\'`, "bab", "2-3"},
	{BRE, Word, `a`, "aa a", "3-4"},
	{BRE, Word, `a*`, "ab aa", "3-5"},
	{BRE, Whole, `a\|ab`, "ab", "0-2"},
	{BRE, Anchored, `b`, "ab", "no"},
	{Fixed, 0, `a.b`, "axb a.b", "4-7"},
	{Fixed, IgnoreCase, `ÄB`, "x äb", "2-5"},
	// Case.
	{ERE, IgnoreCase, `[a-c]+`, "xABC", "1-4"},
	{ERE, IgnoreCase, `[[:upper:]]`, "a", "0-1"},
	{ERE, IgnoreCase, `(é)\1`, "éé", "0-4 0-2"},
	// Bytes that are no characters.
	{BRE, 0, `a.b`, "a\xffb", "no"},
	{BRE, Bytes, `a.b`, "a\xffb", "0-3"},
	{BRE, 0, "\xff", "a\xff", "1-2"},
	{BRE, 0, `[^x]`, "\xff", "no"},
	{BRE, 0, `x*`, "é", "0-0"},
	// Perl.
	{Perl, 0, `a|ab`, "ab", "0-1"},
	{Perl, 0, `a+?`, "aaa", "0-1"},
	{Perl, 0, `(?<y>\d{4})-(?P<m>\d\d)`, "on 2024-05", "3-10 3-7 8-10"},
	{Perl, 0, `(?<=\$)\d+`, "a $42", "3-5"},
	{Perl, 0, `(?<!a|bb)c`, "ac bbc c", "7-8"},
	{Perl, 0, `foo(?=bar)`, "foox foobar", "5-8"},
	{Perl, 0, `foo(?!bar)`, "foobar foox", "7-10"},
	{Perl, 0, `foo\Kbar`, "foobar", "3-6"},
	{Perl, 0, `(\w)\1`, "hello", "2-4 2-3"},
	{Perl, 0, `(?<q>['"]).*?\k<q>`, `x "it's" y`, "2-8 2-3"},
	{Perl, 0, `a++ab`, "aaab", "no"},
	{Perl, 0, `(?>a|ab)c`, "abc", "no"},
	{Perl, 0, `(?i)A(?-i)b`, "xab aB", "1-3"},
	{Perl, 0, `(?i:a)B`, "AB", "0-2"},
	{Perl, 0, `(?x) a \s b # c`, "a b", "0-3"},
	{Perl, 0, `\Qa.b\E+`, "a.bb", "0-4"},
	{Perl, 0, `a.b`, "a\nb", "no"},
	{Perl, 0, `(?s)a.b`, "a\nb", "0-3"},
	{Perl, 0, `a$`, "a\n", "0-1"},
	{Perl, 0, `a\z`, "a\n", "no"},
	{Perl, 0, `(?m)^b$`, "a\nb\n", "2-3"},
	{Perl, 0, `\w`, "é", "no"},
	{Perl, Unicode, `\w`, "é", "0-2"},
	{Perl, 0, `\p{Lu}`, "aÉ", "1-3"},
	{Perl, 0, `[^\W\d_]+`, "12ab", "2-4"},
	{Perl, 0, `\x41\x{e9}\t`, "Aé\t", "0-4"},
	{Perl, 0, `\R`, "a\r\n", "1-3"},
	{Perl, 0, `(a|b)*?c`, "abc", "0-3 1-2"},
	{Perl, 0, `x{2,3}?`, "xxx", "0-2"},
	{Perl, 0, `x{,3}`, "x{,3}", "0-5"},
}

func TestMatch(t *testing.T) {
	for _, test := range matchTests {
		re, err := Compile(test.pattern, test.syntax, test.flags)
		if err != nil {
			t.Errorf("%q: %v", test.pattern, err)
			continue
		}
		loc, err := re.FindString(nil, test.text, 0)
		if got := show(loc); got != test.want || err != nil {
			t.Errorf("%q on %q: got %s (%v), want %s", test.pattern, test.text, got, err, test.want)
		}
		if ok, _ := re.MatchString(test.text); ok != (test.want != "no") {
			t.Errorf("%q on %q: MatchString is %v", test.pattern, test.text, ok)
		}
	}
}

func TestErrors(t *testing.T) {
	for _, test := range []struct {
		syntax  Syntax
		pattern string
		want    string
	}{
		{BRE, `\(`, "Unmatched ( or \\("},
		{BRE, `\)`, "Unmatched ) or \\)"},
		{BRE, `a\{1`, "Unmatched \\{"},
		{BRE, `a\{1a\}`, "Invalid content of \\{\\}"},
		{BRE, `a\{2,1\}`, "Invalid content of \\{\\}"},
		{BRE, `a\{99999\}`, "Regular expression too big"},
		{BRE, `a**`, "Invalid preceding regular expression"},
		{BRE, `\{1\}`, "Invalid preceding regular expression"},
		{BRE, `[a`, "Unmatched [, [^, [:, [., or [="},
		{BRE, `[`, "Invalid regular expression"},
		{BRE, `[b-a]`, "Invalid range end"},
		{BRE, `[[:x:]]`, "Invalid character class name"},
		{BRE, `[[.xy.]]`, "Invalid collation character"},
		{BRE, `a\`, "Trailing backslash"},
		{BRE, `\1`, "Invalid back reference"},
		{ERE, `*a`, "Invalid preceding regular expression"},
		{ERE, `(`, "Unmatched ( or \\("},
		{SedERE, `)`, "Unmatched ) or \\)"},
		{GrepBRE, `[:space:]`, string(ErrBareName)},
		{ERE, strings.Repeat("(", 2000) + strings.Repeat(")", 2000), "Regular expression too big"},
		{ERE, `((((a{99}){99}){99}){99})`, "Regular expression too big"},
		{Perl, `(`, "missing closing parenthesis"},
		{Perl, `)`, "unmatched closing parenthesis"},
		{Perl, `*`, "quantifier does not follow a repeatable item"},
		{Perl, `a**`, "quantifier does not follow a repeatable item"},
		{Perl, `[b-a]`, "range out of order in character class"},
		{Perl, `(?<=a+)b`, "lookbehind assertion is not fixed length"},
		{Perl, `\1`, "reference to non-existent subpattern"},
		{Perl, `(?<n>a)(?<n>b)`, "two named subpatterns have the same name (PCRE2_DUPNAMES not set)"},
		{Perl, `(?R)`, "recursion, conditions and callouts are not supported"},
	} {
		_, err := Compile(test.pattern, test.syntax, 0)
		if err == nil || err.Error() != test.want {
			t.Errorf("%.20q: got %v, want %s", test.pattern, err, test.want)
		}
	}
}

func TestContext(t *testing.T) {
	re, _ := Compile(`^a`, BRE, 0)
	if start, _, _ := re.FindStringIndex("ba", 1); start >= 0 {
		t.Error("^ matches in the middle of the text")
	}
	re, _ = Compile(`\<a`, BRE, 0)
	if start, _, _ := re.FindStringIndex("ba a", 1); start != 3 {
		t.Errorf("\\< looks not at what stands before: %d", start)
	}
}

func TestScanLines(t *testing.T) {
	text := []byte("one\ntwo héé\nthree foo bar\nfoo\n")
	for _, test := range []struct {
		pattern string
		syntax  Syntax
		flags   Flags
		line    int
	}{
		{"foo", Fixed, 0, 2}, {"foo$", BRE, 0, 3}, {"^$", BRE, 0, -1}, {"^foo", BRE, 0, 3}, {`o.*o.*r`, BRE, 0, 2},
		{"FOO", Fixed, IgnoreCase, 2}, {`\(o\)\1$`, BRE, 0, 3}, {`foo`, BRE, Whole, 3}, {`oo`, BRE, Word, -1},
		{`\bhéé\b`, GrepBRE, 0, 1}, {"e.f", BRE, 0, 2}, {"[^x]*b", BRE, 0, 2}, {"x", BRE, 0, -1}, {`(?<=t)w`, Perl, 0, 1},
	} {
		re, err := Compile(test.pattern, test.syntax, test.flags|Lines)
		if err != nil {
			t.Fatal(err)
		}
		at, err := re.Scan(bytes.TrimSuffix(text, []byte("\n")), 0)
		line := -1
		if at >= 0 {
			line = bytes.Count(text[:at], []byte("\n"))
		}
		if line != test.line || err != nil {
			t.Errorf("%q: line %d (%v), want %d", test.pattern, line, err, test.line)
		}
	}
}

func TestList(t *testing.T) {
	var words []string
	for i := range 500 {
		words = append(words, fmt.Sprintf("word%d", i*7))
	}
	re, err := CompileList(words, Fixed, Lines)
	if err != nil {
		t.Fatal(err)
	}
	start, end, _ := re.FindStringIndex("xx word3493 word34", 0)
	if start != 3 || end != 11 {
		t.Errorf("got %d-%d, want the longest word", start, end)
	}
	re, _ = CompileList([]string{`\(a\)\1`, `\(b\)\1`}, GrepBRE, 0)
	if loc, _ := re.FindString(nil, "abb", 0); show(loc) != "1-3 - 1-2" {
		t.Errorf("back-references of two patterns: %s", show(loc))
	}
}

// TestBudget shows that a hard pattern ends with an error, and that the same
// without back-references is linear. THREAT[SH-09]
func TestBudget(t *testing.T) {
	text := []byte(strings.Repeat("a", 5000) + "c")
	for _, pattern := range []string{`^(a|a)*b`, `^(a+)+$`, `^(.*)*x`, `(a|aa)+$`} {
		re, err := Compile(pattern, ERE, 0)
		if err != nil {
			t.Fatal(err)
		}
		if ok, err := re.Match(text); ok || err != nil {
			t.Errorf("%s: %v, %v", pattern, ok, err)
		}
	}
	re, _ := Compile(`^(a+)+\1b|^(a|a)*\2c$`, Perl, 0)
	if _, err := re.Match(text); !errors.Is(err, ErrBudget) {
		t.Errorf("got %v, want the budget's error", err)
	}
}

// TestManyStates runs a pattern whose automaton does not fit.
func TestManyStates(t *testing.T) {
	r := rand.New(rand.NewSource(3))
	text := make([]byte, 200_000)
	for i := range text {
		text[i] = "ab"[r.Intn(2)]
	}
	text = append(text, 'c')
	re, err := Compile(`a[ab]{14}c`, ERE, 0)
	if err != nil {
		t.Fatal(err)
	}
	start, end, err := re.FindIndex(text, 0)
	want := len(text) - 16
	if text[want] != 'a' {
		want = -1
	}
	if start != want || err != nil {
		t.Errorf("got %d-%d (%v), want %d", start, end, err, want)
	}
}

// TestLongGroups takes the path of a match that is too long for the memory of
// the backtracker.
func TestLongGroups(t *testing.T) {
	text := []byte(strings.Repeat("ab", 3_000_000) + "x")
	re, _ := Compile(`((a)(b))*(x)`, ERE, 0)
	loc, err := re.Find(nil, text, 0)
	n := len(text)
	want := fmt.Sprintf("0-%d %d-%d %d-%d %d-%d %d-%d", n, n-3, n-1, n-3, n-2, n-2, n-1, n-1, n)
	if show(loc) != want || err != nil {
		t.Errorf("got %s (%v), want %s", show(loc), err, want)
	}
}

// FuzzEngines shows that no pattern breaks the engines, and that they agree.
func FuzzEngines(f *testing.F) {
	for _, test := range matchTests {
		f.Add(test.pattern, test.text, uint8(test.syntax), uint16(test.flags))
	}
	f.Fuzz(func(t *testing.T, pattern, text string, syntax uint8, flags uint16) {
		if len(pattern) > 60 || len(text) > 60 {
			return
		}
		re, err := Compile(pattern, Syntax(syntax%uint8(Fixed+1)), Flags(flags)&(1<<10-1))
		if err != nil || re.hard {
			return
		}
		anchored := re.flags&Anchored != 0
		loc, err := re.FindString(nil, text, 0)
		slots := newPike(re.fwd, re.slots(), re.longest).run([]byte(text), 0, anchored, -1)
		if slots != nil && slots[0] == slots[1] && insideChar([]byte(text), slots[0]) {
			return
		}
		if err != nil || (loc == nil) != (slots == nil) || loc != nil && !re.keeps && (loc[0] != slots[0] || loc[1] != slots[1]) {
			t.Errorf("%q (%d, %d) on %q: %v (%v), but closely looked at %v", pattern, syntax, flags, text, loc, err, slots)
		}
	})
}
