package sed

import (
	"math/rand"
	"strings"
	"testing"
	"testing/iotest"

	"agentsandbox/toolbox/tooltest"
)

// pick makes a script of commands that work on blocks of lines.
func pick(r *rand.Rand) string {
	one := func(of ...string) string { return of[r.Intn(len(of))] }
	pattern := func() string {
		return one("a", "b*", "x*", "^", "$", "^a", "b$", "a.c", "[^b]", `\(a\)\(b*\)`, `\<a`, "a*", "ab*c", `é`, "^$", "\\`a", `b\'`, `\(.\)b`, `b\|c`)
	}
	address := func() string {
		return one("", "", "", "/"+pattern()+"/", "/"+pattern()+"/!", "/"+pattern()+"/I")
	}
	var cmds []string
	for range r.Intn(3) + 1 {
		switch r.Intn(6) {
		case 0:
			cmds = append(cmds, "/"+pattern()+"/"+one("", "!")+"d")
		case 1:
			cmds = append(cmds, address()+"y/abc/bca/")
		default:
			cmds = append(cmds, address()+"s/"+pattern()+"/"+one("", "X", "<&>", "b")+"/"+one("", "g", "2", "2g", "I"))
		}
	}
	return strings.Join(cmds, "\n")
}

// TestStages compares scripts that run on blocks with the same line by line.
func TestStages(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for range 3000 {
		var text strings.Builder
		for range r.Intn(40) {
			text.WriteString([]string{"a", "b", "c", "\n", "\n", "é", "ab", "x", "\xff"}[r.Intn(9)])
		}
		script, flags := pick(r), []string{"-e"}
		switch r.Intn(4) {
		case 0:
			script, flags = script+"\n/a/p", []string{"-n", "-e"}
		case 1:
			script, flags = script+"\ns/b*/Y/"+[]string{"p", "2p", "gp"}[r.Intn(3)], []string{"-n", "-e"}
		}
		var got [2]string
		for i, more := range [][]string{nil, {"-u"}} {
			x := tooltest.NewExec(t, "sed", "two=c\nab", "three=b\n")
			x.Stdin = iotest.HalfReader(strings.NewReader(text.String()))
			x.Run(Run, append(append(more, flags...), script, "-", "two", "three")...)
			got[i] = x.Out.String() + x.Err.String()
		}
		if got[0] != got[1] {
			t.Fatalf("sed %q on %q: %q, line by line %q", script, text.String(), got[0], got[1])
		}
	}
}

// TestPlan shows which scripts run on blocks.
func TestPlan(t *testing.T) {
	for script, want := range map[string]bool{
		"s/a/b/": true, "s/a/b/g;s/c/d/2": true, "/x/d": true, "/x/!s/a/b/": true, "y/abc/def/": true,
		"s/a/\\n/": true, "s/a/\\n/;s/b/c/": false, "s/\\`a//": true, "s/a/b/p": false, "2d": false, "$d": false,
		"/a/,/b/d": false, "s/a/b/w f": false, "s/\\(a\\)\\1//": false, "y/a/\\n/": false, "s/a/b/;t": false, "/a/p": false,
	} {
		x := tooltest.NewExec(t, "sed")
		p, err := parseScript(x.Exec, &options{delim: '\n', utf8: true}, []chunk{{text: script}})
		if err != nil {
			t.Fatal(err)
		}
		m := newMachine(t.Context(), x.Exec, options{delim: '\n', utf8: true}, p, nil)
		if got := m.stages != nil; got != want {
			t.Errorf("%s: on blocks: %v, want %v", script, got, want)
		}
	}
}
