package syntax

import (
	"errors"
	"io"
	"strings"
	"testing"
)

// all parses every command of a text and prints it.
func all(src string) (out []string, err error) {
	p := New(src, 1)
	p.Opts.ExtGlob = true
	for {
		list, err := p.Next()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		out = append(out, Print(list))
	}
}

// TestPrint shows the layout of bash, and that what is printed reads back as
// the same.
func TestPrint(t *testing.T) {
	for src, want := range map[string]string{
		"echo  a   'b c' >f 2>&1":              "echo a 'b c' > f 2>&1",
		"a&&b||c":                              "a && b || c",
		"a|b|&c":                               "a | b | c",
		"! a | b":                              "! a | b",
		"x=1 y=$((1+2)) cmd":                   "x=1 y=$((1+2)) cmd",
		"a=(1 2 [5]=x)":                        "a=(1 2 [5]=x)",
		"(a;b)":                                "( a; b )",
		"{ a;b; }":                             "{ a; b; }",
		"((i++))":                              "((i++))",
		"[[ a==b&&-f $x ]]":                    "",
		"[[ a == b && ! -f $x ]]":              "[[ a == b && ! -f $x ]]",
		"if a;then b;else c;fi":                "if a; then\n    b;\nelse\n    c;\nfi",
		"while a;do b;done":                    "while a; do\n    b;\ndone",
		"for i in 1 2;do b;done":               "for i in 1 2;\ndo\n    b;\ndone",
		"case x in a|b) c;; esac":              "case x in \n    a | b)\n        c\n    ;;\nesac",
		"f() { a; }":                           "function f () \n{ \n    a\n}",
		"a & b":                                "a & b",
		"time -p a":                            "time -p a",
		"cat <<<x 3<f 4>&1":                    "cat <<< x 3< f 4>&1",
		"echo $'a\\nb' \"$(c d)\" `e` ${f:-g}": "echo 'a\nb' \"$(c d)\" `e` ${f:-g}",
	} {
		if want == "" {
			continue
		}
		got, err := all(src)
		if err != nil || len(got) != 1 || strings.ReplaceAll(got[0], " 2>&1 |", " |") != want && got[0] != want {
			t.Errorf("%s prints as %q (%v), want %q", src, got, err, want)
			continue
		}
		again, err := all(got[0])
		if err != nil || len(again) != 1 || again[0] != got[0] {
			t.Errorf("%q reads back as %q (%v)", got[0], again, err)
		}
	}
}

func TestErrors(t *testing.T) {
	for src, want := range map[string]string{
		"echo )":           "line 1: syntax error near unexpected token `)'",
		"a\nb )":           "line 2: syntax error near unexpected token `)'",
		"if a":             "line 2: syntax error: unexpected end of file",
		"echo \"a":         "line 1: unexpected EOF while looking for matching `\"'",
		"echo ${x":         "line 1: unexpected EOF while looking for matching `}'",
		"echo <":           "line 1: syntax error near unexpected token `newline'",
		"for ((1)); do :;": "line 1: syntax error: arithmetic expression required\x00syntax error: `((1))'",
		"[[ a b ]]":        "line 1: conditional binary operator expected",
		"fi":               "line 1: syntax error near unexpected token `fi'",
		"f() b":            "line 1: syntax error near unexpected token `b'",
	} {
		_, err := all(src)
		if err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", src, err, want)
		}
	}
}

// TestOneByOne: an error hides nothing that stands on the lines above it.
func TestOneByOne(t *testing.T) {
	got, err := all("echo a; echo b\necho c\necho )\necho d")
	if err == nil || strings.Join(got, "|") != "echo a; echo b|echo c" {
		t.Errorf("read %q, then %v", got, err)
	}
}

// TestReader reads no line before it is needed.
func TestReader(t *testing.T) {
	lines := []string{"echo a\n", "if b\n", "then c; fi\n", "cat <<E\n", "doc\n", "E\n"}
	taken := 0
	p := NewReader(1, func() (string, bool) {
		if taken == len(lines) {
			return "", false
		}
		taken++
		return lines[taken-1], true
	})
	for _, want := range []int{1, 3, 6} {
		if _, err := p.Next(); err != nil || taken != want {
			t.Errorf("read %d lines (%v), want %d", taken, err, want)
		}
	}
}

// aliases is a host that has aliases.
type aliases map[string]string

func (a aliases) Alias(name string) (string, bool) {
	text, ok := a[name]
	return text, ok
}

func (a aliases) Warn(int, string) {}

func TestAliases(t *testing.T) {
	table := map[string]string{"ll": "ls -l", "e": "echo ", "x": "y", "loop": "loop a", "begin": "{"}
	for src, want := range map[string]string{
		"ll z": "ls -l z", "e x x": "echo y x", "loop": "loop a", "'ll'": "'ll'", "begin a; }": "{ a; }", "a ll": "a ll",
	} {
		p := New(src, 1)
		p.Opts.Aliases, p.Opts.Host = true, aliases(table)
		list, err := p.Next()
		if err != nil || Print(list) != want {
			t.Errorf("%s reads as %v (%v), want %s", src, list, err, want)
		}
	}
}

// TestNesting: THREAT[SH-06] deep nesting is an error, never a stack overflow.
func TestNesting(t *testing.T) {
	for _, s := range []string{"(", "{ ", "$(", "\"$(", "${x:-", "if ", "[[ ! ", "a=(", "case x in x) "} {
		if _, err := all("echo; " + strings.Repeat(s, 50000)); err == nil {
			t.Errorf("50,000 times %q is no error", s)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"for i in a b; do echo ${i^^} $((1+$i)); done | sort &", "case $x in a|b) ;& *) y;; esac",
		"cat <<-E\n\t$(echo `x`)\n\tE\n", "f() { local a=(1 [2]=3); [[ $a =~ (x|y) && -n b ]]; }",
		"echo {a,b}$'\\x41'\"${x/#a/\"b\"}\" <(c) 2>&1 >|d", "((a)) || ! time coproc N { :; }",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > 4096 {
			return
		}
		for _, cmd := range must(all(src)) {
			all(cmd)
		}
	})
}

// must drops the error: what was read before it is what counts.
func must(out []string, _ error) []string { return out }
