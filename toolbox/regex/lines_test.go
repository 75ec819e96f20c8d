package regex

import (
	"bytes"
	"strings"
	"testing"
)

// FuzzLines compares counting the lines of a text with looking closely at each.
func FuzzLines(f *testing.F) {
	for _, test := range matchTests {
		f.Add(test.pattern, test.text+"\n"+strings.ToUpper(test.text), uint8(test.syntax), uint16(test.flags))
	}
	f.Add("ab[0-9]", strings.Repeat("ab ab\n", 200)+"ab1\n", uint8(BRE), uint16(0))
	f.Fuzz(func(t *testing.T, pattern, text string, syntax uint8, flags uint16) {
		if len(pattern) > 60 || len(text) > 2000 || strings.ContainsAny(pattern, "`'AzZ\n") {
			return
		}
		re, err := Compile(pattern, Syntax(syntax%uint8(Fixed+1)), Flags(flags)&(1<<10-1)&^Anchored|Lines)
		if err != nil || re.hard {
			return
		}
		want := 0
		for _, line := range bytes.Split([]byte(text), []byte("\n")) {
			if newPike(re.fwd, re.slots(), re.longest).run(line, 0, false, -1) != nil {
				want++
			}
		}
		if n, err := re.CountLines([]byte(text)); n != want || err != nil {
			t.Errorf("%q (%d, %d) on %q: %d lines (%v), but closely looked at %d", pattern, syntax, flags, text, n, err, want)
		}
	})
}

// FuzzGroups compares the groups that a single pass finds with those of a search that
// tries one way after the other.
func FuzzGroups(f *testing.F) {
	for _, test := range matchTests {
		f.Add(test.pattern, test.text, uint8(test.syntax))
	}
	f.Add(`user\([0-9]*\)x`, "user12 user34x", uint8(BRE))
	f.Add(`a(b(c)?|(d)e)*f`, "abcdeabf", uint8(ERE))
	f.Fuzz(func(t *testing.T, pattern, text string, syntax uint8) {
		re, err := Compile(pattern, Syntax(syntax%uint8(Fixed+1)), 0)
		if len(pattern) > 60 || len(text) > 60 || err != nil || re.hard || re.onepass() == nil {
			return
		}
		got, err := re.FindString(nil, text, 0)
		if err != nil {
			t.Fatal(err)
		}
		again, _ := Compile(pattern, Syntax(syntax%uint8(Fixed+1)), 0)
		again.singleTried, again.prefix, again.required, again.literal = true, nil, nil, nil
		if want, _ := again.FindString(nil, text, 0); show(got) != show(want) {
			t.Errorf("%q (%d) on %q: %s, want %s", pattern, syntax, text, show(got), show(want))
		}
	})
}
