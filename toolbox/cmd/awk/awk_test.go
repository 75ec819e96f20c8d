package awk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"agentsandbox/toolbox/tool"
	"agentsandbox/toolbox/tooltest"
)

// eval runs a program on text.
func eval(t *testing.T, program, in string, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	x := tooltest.NewExec(t, "awk", "f=one\ntwo\n", "d/")
	x.Stdin = strings.NewReader(in)
	x.Exec.Spawn = shell
	status = x.Run(Run, append([]string{program}, args...)...)
	return x.Out.String(), x.Err.String(), status
}

// shell stands for sh -c: it knows "cat", "upper", "exit" and "endless".
func shell(ctx context.Context, x *tool.Exec, argv []string) (int, error) {
	switch argv[2] {
	case "cat":
		_, err := io.Copy(x.Stdout, x.Stdin)
		return 0, err
	case "upper":
		data, err := io.ReadAll(x.Stdin)
		io.WriteString(x.Stdout, strings.ToUpper(string(data)))
		return 0, err
	case "exit":
		return 3, nil
	case "endless":
		for {
			if _, err := io.WriteString(x.Stdout, "y\n"); err != nil {
				return 141, nil
			}
		}
	}
	return 127, errors.New("not found")
}

func TestPrograms(t *testing.T) {
	for _, test := range []struct{ program, in, want string }{
		{`{ print $2, NF }`, "a b\nc\n", "b 2\n 1\n"},
		{`BEGIN { print length("héllo"), substr("héllo", 2, 2), index("héllo", "l") }`, "", "5 él 3\n"},
		{`{ s += $1 } END { print s / NR }`, "1\n2\n6\n", "3\n"},
		{`BEGIN { printf "%5.2f|%-4d|%04x|%c|%s\n", 3.14159, 42, 255, 65, "s" }`, "", " 3.14|42  |00ff|A|s\n"},
		{`BEGIN { print "b\na" | "upper"; close("upper"); print "x" }`, "", "B\nA\nx\n"},
		{`BEGIN { while (("endless" | getline y) > 0) if (++n == 3) break; print n, close("endless") }`, "", "3 141\n"},
		{`BEGIN { print system("exit"), system("nothing") }`, "", "3 127\n"},
		{`BEGIN { print "q" |& "upper"; close("upper", "to"); "upper" |& getline r; print r }`, "", "Q\n"},
		{`BEGIN { while ((getline l < "f") > 0) n++; print n, (getline l < "none"), ERRNO }`, "", "2 -1 No such file or directory\n"},
		{`BEGIN { print "x" > "out"; close("out"); getline l < "out"; print l }`, "", "x\n"},
		{`function f(a, k) { a[k] = k } BEGIN { f(z, 1); f(z, 2); print length(z) }`, "", "2\n"},
		{`BEGIN { a["x"]["y"] = 1; for (i in a) for (j in a[i]) print i, j }`, "", "x y\n"},
		{`BEGIN { for (i = 0; i < 5; i++) { if (i == 1) continue; if (i == 3) break; print i } }`, "", "0\n2\n"},
		{`BEGIN { RS = "" } { print NR ": " $1 "-" $NF }`, "a\nb\n\n\nc d\n", "1: a-b\n2: c-d\n"},
		{`BEGIN { RS = "[0-9]+" } { printf "%s(%s)", $1, RT }`, "a12b3c", "a(12)b(3)c()"},
		{`BEGIN { FPAT = "[a-z]+" } { print $2, NF }`, "ab1cd2\n", "cd 2\n"},
		{`BEGIN { FIELDWIDTHS = "1 1:2 *" } { print $1 "," $2 "," $3 }`, "abcdef\n", "a,cd,ef\n"},
		{`{ $3 = "x"; print; print NF }`, "a\n", "a  x\n3\n"},
		{`BEGIN { s = "aab"; print gsub(/a/, "[&]", s), s, gensub(/(a)(b)/, "\\2\\1", 1, "aab") }`, "", "2 [a][a]b aba\n"},
		{`BEGIN { print match("foobar", /o+(b)/, m), RSTART, RLENGTH, m[1], m[1, "start"] }`, "", "2 2 3 b 4\n"},
		{`BEGIN { n = split("a1b22c", p, /[0-9]+/, s); print n, p[3], s[2] }`, "", "3 c 22\n"},
		{`BEGIN { a[1] = 3; a[2] = 1; asort(a); print a[1], a[2]; b["z"]; b["y"]; asorti(b, c); print c[1] }`, "", "1 3\ny\n"},
		{`BEGIN { print strftime("%F %T", 86400, 1), mktime("1970 01 02 00 00 00") }`, "", "1970-01-02 00:00:00 86400\n"},
		{`BEGIN { switch ("b") { case "a": print 1; case /b/: print 2; case "c": print 3; break; default: print 4 } }`, "", "2\n3\n"},
		{`BEGIN { IGNORECASE = 1; print "ABC" ~ /b/, "a" == "A" }`, "", "1 1\n"},
		{`NR == 1, /c/ { print }`, "a\nb\nc\nd\n", "a\nb\nc\n"},
		{`function g() { next } { g(); print "no" } END { print NR }`, "a\nb\n", "2\n"},
		{`BEGIN { getline; print "got " $0 } { print }`, "a\nb\n", "got a\nb\n"},
		{`BEGIN { x = "A"; x = x x; x = x x; print x, length(x) }`, "", "AAAA 4\n"},
	} {
		got, stderr, _ := eval(t, test.program, test.in)
		if got != test.want || stderr != "" {
			t.Errorf("%s\ngot %q %q, want %q", test.program, got, stderr, test.want)
		}
	}
}

func TestBlocks(t *testing.T) {
	var text strings.Builder
	for i := range 20000 {
		fmt.Fprintf(&text, "line %d %s;\n\n", i, strings.Repeat("x", i%61))
	}
	for _, program := range []string{`{ print NR, $2 }`, `BEGIN { RS = "" } { n += NF } END { print n, NR }`, `BEGIN { RS = ";\n+" } { print $2 RT }`, `BEGIN { RS = "x" } END { print NR }`} {
		x := tooltest.NewExec(t, "awk")
		x.Stdin = strings.NewReader(text.String())
		x.Run(Run, program)
		whole := x.Out.String()
		x.Stdin = iotest.HalfReader(strings.NewReader(text.String()))
		x.Run(Run, program)
		if x.Out.String() != whole || whole == "" {
			t.Errorf("%s: %d bytes from a file, %d from a slow pipe", program, len(whole), x.Out.Len())
		}
	}
}

// TestGrowingString shows that join leaves alone what it was given.
func TestGrowingString(t *testing.T) {
	got, _, _ := eval(t, `BEGIN {
		for (i = 0; i < 300; i++) s = s "x"
		a = s "1"; b = s "2"; c = a "3"; d = a "4"
		print substr(a, 301), substr(b, 301), substr(c, 301), substr(d, 301), length(s) }`, "")
	if got != "1 2 13 14 300\n" {
		t.Errorf("got %q", got)
	}
}

// TestOrder shows the orders in which gawk visits elements.
func TestOrder(t *testing.T) {
	for _, test := range []struct{ keys, want string }{
		{"3 1 2 0", "0 1 2 3"}, {"x y z", "x y z"}, {"1 a b 2", "a b 1 2"}, {"a 1 b 2", "a b 1 2"},
		{"-1 5 3", "5 -1 3"}, {"a b c hello world foo", "hello foo a world b c"}, {"01 1", "01 1"},
	} {
		got, _, _ := eval(t, `BEGIN { n = split(ARGV[1], k, " "); for (i = 1; i <= n; i++) a[k[i]]; for (i in a) s = s " " i; print substr(s, 2) }`, "", test.keys)
		if got != test.want+"\n" {
			t.Errorf("%s: got %q, want %q", test.keys, got, test.want)
		}
	}
}

func TestRandom(t *testing.T) {
	got, _, _ := eval(t, `BEGIN { print rand(); srand(42); print rand(), rand(); srand(0); print rand(), srand() }`, "")
	if got != "0.924046\n0.24632 0.396143\n0.855566 0\n" {
		t.Errorf("got %q", got)
	}
}

func TestErrors(t *testing.T) {
	for _, test := range []struct {
		program, want string
		status        int
	}{
		{`BEGIN { print`, "awk: cmd. line:1: BEGIN { print\nawk: cmd. line:1:              ^ unexpected newline or end of string\n", 1},
		{`BEGIN { x = }`, "awk: cmd. line:1: BEGIN { x = }\nawk: cmd. line:1:             ^ syntax error\n", 1},
		{"BEGIN {\n1/0 }", "awk: cmd. line:2: error: division by zero attempted\n", 1},
		{`BEGIN { x = 0; print 1 / x }`, "awk: cmd. line:1: fatal: division by zero attempted\n", 2},
		{`BEGIN { f() }`, "awk: cmd. line:1: fatal: function `f' not defined\n", 2},
		{`/(/`, "awk: cmd. line:1: error: Unmatched ( or \\(: /(/\n", 1},
		{`BEGIN { a[1]; print a }`, "awk: cmd. line:1: fatal: attempt to use array `a' in a scalar context\n", 2},
		{`function f() { f() } BEGIN { f() }`, "awk: cmd. line:1: fatal: function calls nested more than 10000 deep\n", 2},
		{`BEGIN { print > "d" }`, "awk: cmd. line:1: fatal: cannot redirect to `d': Is a directory\n", 2},
	} {
		_, stderr, status := eval(t, test.program, "")
		if stderr != test.want || status != test.status {
			t.Errorf("%s\ngot %d %q, want %d %q", test.program, status, stderr, test.status, test.want)
		}
	}
}

// TestLimits shows that no program fills the memory or runs on. THREAT[SH-10]
func TestLimits(t *testing.T) {
	x := tooltest.NewExec(t, "awk")
	x.Budget.Record = 1 << 12
	for _, program := range []string{`BEGIN { s = "x"; while (1) s = s s }`, `BEGIN { s = sprintf("%4000s", "x"); while (1) { gsub(/ /, "xx ", s) } }`, `BEGIN { NF = 1e9 }`, `BEGIN { $1e9 = 1 }`} {
		if status := x.Run(Run, program); status != 2 || x.Err.Len() == 0 {
			t.Errorf("%s: status %d, %q", program, status, x.Err.String())
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	x.Stdout, x.Args = io.Discard, []string{`BEGIN { while (1) n++ }`}
	if err := Run(ctx, x.Exec); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// FuzzProgram shows that no program breaks the parser or the machine.
func FuzzProgram(f *testing.F) {
	for _, program := range []string{`{ print $1 }`, `BEGIN { a["x"] = 1; for (k in a) print k }`, `function f(x) { return x ? f(x - 1) : 0 } { print f($1) }`,
		`/a/, /b/ { gsub(/x+/, "[&]"); print }`, `BEGIN { printf "%d %s\n", 1, "a" }`, `{ n += split($0, p, /,/) } END { print n }`,
		`BEGIN { switch (1) { case 1: break } }`, `BEGIN { RS = "" } NF`, `{ $3 = $1 ^ 2 "" ; NF = 2 } 1`, `BEGIN { print substr("héé", 2), -1 % 2, !x++ in y }`,
		`BEGIN { getline x < "f"; print x > "/dev/stderr" }`, `@include`, `BEGIN { a[1][2]; delete a[1]; print length(a), typeof(a) }`} {
		f.Add(program, "a b\nc,d\n\n1 2")
	}
	f.Fuzz(func(t *testing.T, program, in string) {
		ctx, cancel := context.WithTimeout(context.Background(), 1e9)
		defer cancel()
		x := tooltest.NewExec(t, "awk", "f=1\n2\n")
		x.Budget.Record = 4096
		x.Stdin, x.Stdout = strings.NewReader(in), &limited{}
		x.RunContext(ctx, Run, program)
	})
}

// limited takes so much and no more.
type limited struct{ n int }

func (l *limited) Write(p []byte) (int, error) {
	if l.n += len(p); l.n > 1<<20 {
		return 0, io.ErrShortWrite
	}
	return len(p), nil
}
