package tool

import "testing"

// Recorded from ls of coreutils 9.1 in C.UTF-8.
func TestQuoteName(t *testing.T) {
	for _, c := range []struct{ name, shell, always, c, escape string }{
		{"#a", `'#a'`, `'#a'`, `"#a"`, `#a`},
		{"-x", `-x`, `'-x'`, `"-x"`, `-x`},
		{`\`, `'\'`, `'\'`, `"\\"`, `\\`},
		{"a\nb", `'a'$'\n''b'`, `'a'$'\n''b'`, `"a\nb"`, `a\nb`},
		{"a b", `'a b'`, `'a b'`, `"a b"`, `a\ b`},
		{`a"b`, `'a"b'`, `'a"b'`, `"a\"b"`, `a"b`},
		{"a'b", `"a'b"`, `"a'b"`, `"a'b"`, `a'b`},
		{"a,b", `a,b`, `'a,b'`, `"a,b"`, `a,b`},
		{"a:b", `a:b`, `'a:b'`, `"a:b"`, `a:b`},
		{"a=b", `'a=b'`, `'a=b'`, `"a=b"`, `a=b`},
		{"a{'b", `'a{'\''b'`, `'a{'\''b'`, `"a{'b"`, `a{'b`},
		{"a{b", `a{b`, `'a{b'`, `"a{b"`, `a{b`},
		{"b#", `b#`, `'b#'`, `"b#"`, `b#`},
		{"it's\tx", `'it'\''s'$'\t''x'`, `'it'\''s'$'\t''x'`, `"it's\tx"`, `it's\tx`},
		{"q'$", `'q'\''$'`, `'q'\''$'`, `"q'$"`, `q'$`},
		{"{", `'{'`, `'{'`, `"{"`, `{`},
		{"~x", `'~x'`, `'~x'`, `"~x"`, `~x`},
		{"é", `é`, `'é'`, `"é"`, `é`},
		{"日本", `日本`, `'日本'`, `"日本"`, `日本`},
		{"\xff", `''$'\377'`, `''$'\377'`, `"\377"`, `\377`},
		{"", `''`, `''`, `""`, ``},
	} {
		for _, style := range []struct {
			style Quoting
			want  string
		}{{QuoteShellEscape, c.shell}, {QuoteShellEscapeAlways, c.always}, {QuoteC, c.c}, {QuoteEscape, c.escape}} {
			if got := QuoteName(c.name, style.style, ""); got != style.want {
				t.Errorf("%q as %s: %s, want %s", c.name, quotingNames[style.style], got, style.want)
			}
		}
	}
}

func TestQuoteFile(t *testing.T) {
	for name, want := range map[string]string{"a": "a", "a:b": "'a:b'", "a b": "'a b'", "": "''"} {
		if got := QuoteFile(name); got != want {
			t.Errorf("%q: %s, want %s", name, got, want)
		}
	}
}

func FuzzQuoteName(f *testing.F) {
	f.Add("a'b\n\xff", 6)
	f.Fuzz(func(t *testing.T, s string, style int) {
		n := len(quotingNames)
		QuoteName(s, Quoting((style%n+n)%n), ":")
	})
}
