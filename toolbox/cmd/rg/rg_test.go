package rg

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"agentsandbox/toolbox/regex"
	"agentsandbox/toolbox/tool"
	"agentsandbox/toolbox/tooltest"
	"agentsandbox/vfs"
)

// write makes the files of a tree, named by path.
func write(t *testing.T, x *tool.Exec, files map[string]string) {
	t.Helper()
	for name, data := range files {
		for i, c := range name {
			if c == '/' {
				if err := x.FS.Mkdir(x.Abs(name[:i]), 0o777); err != nil && err != vfs.EEXIST {
					t.Fatal(err)
				}
			}
		}
		f, err := x.OpenFile(name, vfs.Write|vfs.Create, 0o666)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(data)); err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
}

func run(t *testing.T, files map[string]string, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	x := tooltest.NewExec(t, "rg")
	write(t, x.Exec, files)
	status = x.Run(Run, args...)
	return x.Out.String(), x.Err.String(), status
}

func TestGlobs(t *testing.T) {
	for _, c := range []struct {
		glob, path string
		want       bool
	}{
		{"*.go", "a.go", true}, {"*.go", "x/y/a.go", true}, {"*.go", "a.gox", false}, {"/*.go", "x/a.go", false},
		{"x/*.go", "x/a.go", true}, {"x/*.go", "w/x/a.go", false}, {"**/x", "w/x", true}, {"x/**", "x/w/z", true}, {"x/**", "x", false},
		{"a/**/b", "a/b", true}, {"a/**/b", "a/1/2/b", true}, {"a**b", "a/b", false}, {"?", "/", false}, {"a?c", "abc", true},
		{"[a-c]x", "bx", true}, {"[!a-c]x", "bx", false}, {"[^a]x", "bx", true}, {"[]]", "]", true}, {"[!]]", "]", false}, {"a[/]b", "a/b", true},
		{"{a,b}.c", "b.c", true}, {"{a,b}.c", "d.c", false}, {"a,b", "a,b", true}, {`\*`, "*", true}, {`\*`, "a", false}, {"a.c", "abc", false},
		{"+(a)", "+(a)", true}, {"a}", "a}", true}, {"é?", "éü", true}, {"\xff*", "\xffz", true},
	} {
		g, err := newGlob(c.glob, false)
		if err != nil {
			t.Errorf("%s: %v", c.glob, err)
		} else if got := g.matches(c.path, false); got != c.want {
			t.Errorf("%s against %s: %v", c.glob, c.path, got)
		}
	}
	for _, bad := range []string{"[a", "{a", "[", "a[]", "{a,{b}"} {
		if _, err := newGlob(bad, false); err == nil {
			t.Errorf("%s is taken", bad)
		}
	}
}

// FuzzGlob shows that every glob is a regular expression or an error.
func FuzzGlob(f *testing.F) {
	for _, s := range []string{"*.go", "**/a[!b-c]/{x,y}*", `\`, "[[:alpha:]]", "[a-", "}{", "[\\]", "(?i)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, pattern string) {
		expr, err := translate(pattern)
		if err != nil {
			return
		}
		if _, err := regex.Compile(expr, regex.Perl, regex.Whole|regex.DotAll); err != nil && !strings.Contains(pattern, "[") && len(pattern) < 1000 {
			t.Errorf("%q becomes %q: %v", pattern, expr, err)
		}
	})
}

func TestNewlineInPattern(t *testing.T) {
	for pattern, want := range map[string]bool{`a\nb`: true, `a\\nb`: false, `[\n]`: true, `[^\n]`: false, "a\nb": true, `\s`: false, `[]\n]`: true, `[^]\n]`: false, `\x0a`: true, `[a]\n`: true} {
		if got := hasNewline(pattern, false); got != want {
			t.Errorf("%q: %v", pattern, got)
		}
	}
}

func TestDecode(t *testing.T) {
	for _, c := range []struct{ data, encoding, want string }{
		{"caf\xe9", "", "caf\xe9"}, {"caf\xe9", "latin1", "café"}, {"\xef\xbb\xbfa", "", "a"}, {"\xef\xbb\xbfa", "none", "\xef\xbb\xbfa"},
		{"\xff\xfea\x00\x3d\xd8\x00\xde", "", "a\U0001f600"}, {"\xfe\xff\x00a\xd8\x3d\xde\x00", "", "a\U0001f600"},
		{"a\x00b", "utf-16le", "a"}, {"\x00a", "utf-16be", "a"}, {"\xff\xfe", "", ""}, {"\x3d\xd8a\x00", "utf-16", "\ufffda"},
	} {
		if got := string(decode([]byte(c.data), c.encoding)); got != c.want {
			t.Errorf("%q in %q: %q", c.data, c.encoding, got)
		}
	}
}

// TestUntrusted shows what ends searches of files that were made to hurt.
func TestUntrusted(t *testing.T) {
	files := map[string]string{"a": strings.Repeat("a", 5000) + "c\n", "b": "ab\n", ".ignore": "[\n{\n\x00\n**/**/**\\\n" + strings.Repeat("*a", 200) + "\n"}
	out, errs, status := run(t, files, "-n", `^(a+)+\1b|^(a|a)*\2c$|ab`)
	if out != "b:1:ab\n" || status != 2 || !strings.Contains(errs, "a: exceeded the backtracking limit") {
		t.Errorf("%q %q %d", out, errs, status)
	}
	deep := map[string]string{strings.Repeat("d/", maxNesting+10) + "f": "x\n", "g": "x\n"}
	out, errs, status = run(t, deep, "x")
	if out != "g:x\n" || status != 2 || !strings.Contains(errs, "Too many levels") {
		t.Errorf("%q %q %d", out, errs, status)
	}
}

// TestReplaceAnything shows that no replacement goes beyond the groups.
func TestReplaceAnything(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	for range 2000 {
		var s strings.Builder
		for range rng.Intn(8) {
			s.WriteString([]string{"$", "${", "{", "}", "1", "99999999999999999999", "name", "-", "é", "$$"}[rng.Intn(10)])
		}
		out, errs, status := run(t, map[string]string{"f": "abc\n"}, "-r", s.String(), `(?P<name>b)(x)?`, "f")
		if status != 0 || errs != "" || !strings.HasPrefix(out, "a") || !strings.HasSuffix(out, "c\n") {
			t.Errorf("%q: %q %q %d", s.String(), out, errs, status)
		}
	}
}

// TestInvert shows that lines that match and lines that do not make the file.
func TestInvert(t *testing.T) {
	rng := rand.New(rand.NewSource(2))
	for range 200 {
		var data strings.Builder
		for range rng.Intn(12) {
			data.WriteString([]string{"a", "b", "\n", "\n", "ab", "x"}[rng.Intn(6)])
		}
		lines := 0
		for _, arg := range []string{"-c", "-vc"} {
			out, _, _ := run(t, map[string]string{"f": data.String()}, arg, "--include-zero", "a|^x*$", "f")
			n := 0
			fmt.Sscan(out, &n)
			lines += n
		}
		want := strings.Count(data.String(), "\n")
		if s := data.String(); s != "" && !strings.HasSuffix(s, "\n") {
			want++
		}
		if lines != want {
			t.Errorf("%q: %d of %d lines", data.String(), lines, want)
		}
	}
}

func TestStdin(t *testing.T) {
	x := tooltest.NewExec(t, "rg")
	write(t, x.Exec, map[string]string{"f": "in a file\n"})
	x.Stdin = strings.NewReader("in a stream\n")
	if status := x.Run(Run, "in"); status != 0 || x.Out.String() != "in a stream\n" {
		t.Errorf("%q %d", x.Out.String(), status)
	}
	x = tooltest.NewExec(t, "rg")
	write(t, x.Exec, map[string]string{"f": "in a file\n"})
	x.Stdin = strings.NewReader("")
	if status := x.Run(Run, "in"); status != 0 || x.Out.String() != "f:in a file\n" {
		t.Errorf("%q %d", x.Out.String(), status)
	}
}
