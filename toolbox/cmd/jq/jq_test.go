package jq

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
	"testing/iotest"

	"agentsandbox/toolbox/tooltest"
)

// query runs a program on text and returns the outputs, one a line.
func query(t *testing.T, in string, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	x := tooltest.NewExec(t, "jq", `o.json={"b":1,"a":{"z":[1,2]}}`, "bad.json={", "p.jq=# a program\n.b\n")
	x.Stdin = strings.NewReader(in)
	status = x.Run(Run, args...)
	return x.Out.String(), x.Err.String(), status
}

// TestOrder shows that the keys of objects stay in the order they came in.
func TestOrder(t *testing.T) {
	const in = `{"z":1,"a":2,"m":{"y":1,"b":2}}`
	for _, test := range []struct{ program, want string }{
		{`.`, in},
		{`.m`, `{"y":1,"b":2}`},
		{`{b: 1, a: 2}`, `{"b":1,"a":2}`},
		{`to_entries | map(.key)`, `["z","a","m"]`},
		{`keys`, `["a","m","z"]`},
		{`keys_unsorted`, `["z","a","m"]`},
		{`[.[] | type]`, `["number","number","object"]`},
		{`.c = 3 | .a = 9`, `{"z":1,"a":9,"m":{"y":1,"b":2},"c":3}`},
		{`del(.a) | .a = 5`, `{"z":1,"m":{"y":1,"b":2},"a":5}`},
		{`{x: 0} + . | keys_unsorted`, `["x","z","a","m"]`},
		{`with_entries(.key |= ascii_upcase) | keys_unsorted`, `["Z","A","M"]`},
		{`map_values(1)`, `{"z":1,"a":1,"m":1}`},
		{`[paths]`, `[["z"],["a"],["m"],["m","y"],["m","b"]]`},
		{`reduce ("q", "p", "q") as $k ({}; .[$k] += 1)`, `{"q":2,"p":1}`},
	} {
		got, stderr, _ := query(t, in, "-c", test.program)
		if strings.TrimSuffix(got, "\n") != test.want {
			t.Errorf("%s: got %s %s, want %s", test.program, got, stderr, test.want)
		}
	}
}

// TestSharing shows that values which share their memory do not disturb each
// other.
func TestSharing(t *testing.T) {
	for _, test := range []struct{ program, want string }{
		{`[range(5)] as $a | ($a + [1]) as $b | ($a + [2]) as $c | [$b[5], $c[5], ($b + [3] | .[6]), ($b + [4] | .[6]), ($a | length)]`, `[1,2,3,4,5]`},
		{`({a: 1} | .b = 2) as $x | ($x | .c = 3) as $y | ($x | .d = 4) as $z | [$x, $y, $z, ($y | .d = 5)]`,
			`[{"a":1,"b":2},{"a":1,"b":2,"c":3},{"a":1,"b":2,"d":4},{"a":1,"b":2,"c":3,"d":5}]`},
		{`reduce range(20) as $i ({}; .["k\($i)"] = $i) as $o | ($o | .x = 1 | length), ($o | has("x")), ($o | .k5 = 9 | .k5), $o.k5`, "21\nfalse\n9\n5"},
		{`[{a: 1, b: 2}, {a: 3, c: 4}, {b: 5, a: 6}] | map(.d = 1) | map(keys_unsorted | join(""))`, `["abd","acd","bad"]`},
	} {
		got, stderr, _ := query(t, "", "-nc", test.program)
		if strings.TrimSuffix(got, "\n") != test.want {
			t.Errorf("%s: got %s %s, want %s", test.program, got, stderr, test.want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for in, want := range map[string]string{
		"1.0": "1", "1.50": "1.5", "1e2": "100", "1e17": "1e+17", "0.00001": "1e-05", "0.0001": "0.0001", "-0": "-0", "1e1000": "1.7976931348623157e+308",
		"12345678901234567890": "12345678901234567890", "-9007199254740993": "-9007199254740993", "123456789012345678": "123456789012345678",
		"3.0e-10": "3e-10", "100000000000000000000000": "100000000000000000000000", "0.1": "0.1",
	} {
		if got, _, _ := query(t, in, "."); got != want+"\n" {
			t.Errorf("%s: got %s", in, got)
		}
	}
	for f, want := range map[float64]string{1e15: "1000000000000000", 1e16: "1e+16", 123e15: "123000000000000000", 1.0 / 3: "0.3333333333333333", math.NaN(): "null", 5e-324: "5e-324"} {
		if got := toJSON(f); got != want {
			t.Errorf("%v: got %s, want %s", f, got, want)
		}
	}
}

func TestBlocks(t *testing.T) {
	var text strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&text, `{"id":%d,"s":"%s\u00e9\"é","n":[null,true,%d.5e1]}`+"\n", i, strings.Repeat("x", i%300), i)
	}
	x := tooltest.NewExec(t, "jq")
	x.Stdin = strings.NewReader(text.String())
	x.Run(Run, "-c", ".")
	whole := x.Out.String()
	x.Stdin = iotest.HalfReader(strings.NewReader(text.String()))
	x.Run(Run, "-c", ".")
	if x.Out.String() != whole || len(whole) < 100_000 {
		t.Errorf("%d bytes from a file, %d from a slow pipe", len(whole), x.Out.Len())
	}
	x.Stdin = iotest.OneByteReader(strings.NewReader(`[1, "a\ud83d\ude00b", {"k": -2.5e-3}, nul]`))
	if status := x.Run(Run, "."); status != 4 || x.Err.String() != "parse error: Invalid literal at line 1, column 42\n" {
		t.Errorf("status %d, %q", status, x.Err.String())
	}
}

func TestOptions(t *testing.T) {
	for _, test := range []struct {
		args   []string
		stdout string
		status int
	}{
		{[]string{"-c", ".a", "o.json"}, `{"z":[1,2]}` + "\n", 0},
		{[]string{"-f", "p.jq", "o.json"}, "1\n", 0},
		{[]string{"o.json"}, "", 3},
		{[]string{".", "none"}, "", 2},
		{[]string{".", "bad.json"}, "", 4},
		{[]string{"-e", ".none", "o.json"}, "null\n", 1},
		{[]string{"-e", "empty", "o.json"}, "", 4},
		{[]string{"-n", "--arg", "x", "1", "$x, $ARGS.named.x"}, "\"1\"\n\"1\"\n", 0},
		{[]string{"-nr", "--args", "$ARGS.positional | join(\"+\")", "a", "b"}, "a+b\n", 0},
		{[]string{"-n", "-1 - 2"}, "-3\n", 0},
		{[]string{"-n", `"a" | error`}, "", 5},
		{[]string{"-n", `{} | halt_error(7)`}, "", 7},
		{[]string{"-n", "1 +"}, "", 3},
		{[]string{"--bad"}, "", 2},
		{[]string{"-sc", ".", "o.json", "o.json"}, `[{"b":1,"a":{"z":[1,2]}},{"b":1,"a":{"z":[1,2]}}]` + "\n", 0},
		{[]string{"-c", "--stream", ".", "o.json"}, "[[\"b\"],1]\n[[\"a\",\"z\",0],1]\n[[\"a\",\"z\",1],2]\n[[\"a\",\"z\",1]]\n[[\"a\",\"z\"]]\n[[\"a\"]]\n", 0},
	} {
		stdout, stderr, status := query(t, "", test.args...)
		if stdout != test.stdout || status != test.status {
			t.Errorf("jq %q: got %d %q %q, want %d %q", test.args, status, stdout, stderr, test.status, test.stdout)
		}
	}
}

// TestDeep shows that calls in the last place cost no stack, that others end in
// an error, and that deep values do.
func TestDeep(t *testing.T) {
	got, _, _ := query(t, "", "-n", "def f: if . >= 300000 then . else . + 1 | f end; 0 | f")
	if got != "300000\n" {
		t.Errorf("tail calls: got %q", got)
	}
	got, _, _ = query(t, "", "-n", "[recurse(if . == null then 0 elif . < 50000 then . + 1 else empty end)] | length")
	if got != "50002\n" {
		t.Errorf("recurse: got %q", got)
	}
	_, stderr, status := query(t, strings.Repeat("[", 20000), ".")
	if status != 4 || !strings.Contains(stderr, "Exceeds depth limit") {
		t.Errorf("deep value: %d %q", status, stderr)
	}
	_, stderr, status = query(t, "", "-n", "def f: 1 + f; f")
	if status != 5 || !strings.Contains(stderr, "recursion too deep") {
		t.Errorf("endless recursion: %d %q", status, stderr)
	}
}

// TestLimits shows that no program fills the memory or runs on. THREAT[SH-12]
func TestLimits(t *testing.T) {
	for _, program := range []string{`"x" * 1e12`, `[] | .[1e12] = 1`, `last(range(100) as $i | "x" | reduce range(40) as $j (.; . + .))`} {
		if _, stderr, status := query(t, "", "-n", program); status != 5 {
			t.Errorf("%s: status %d, %q", program, status, stderr)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, program := range []string{"last(range(1e12))", "def f: f; f", "[repeat(1)]", "last(inputs)", "until(false; .)"} {
		x := tooltest.NewExec(t, "jq")
		x.Stdin, x.Stdout, x.Args = endless{}, io.Discard, []string{"-n", program}
		if err := Run(ctx, x.Exec); !errors.Is(err, context.Canceled) {
			t.Errorf("%s, cancelled: %v", program, err)
		}
	}
}

// endless is numbers without end.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return copy(p, "1 2 3 "), nil }

// TestSingle shows that filters of one value and of many give the same.
func TestSingle(t *testing.T) {
	for _, test := range []struct{ program, want string }{
		{`def f(g): [g, g]; f(1), f(1, 2), f(empty)`, "[1,1]\n[1,2,1,2]\n[]"},
		{`def f(g): g | . + 1; f(1), f(1, 2)`, "2\n2\n3"},
		{`def f($x): $x + 1; f(1), f(1, 2)`, "2\n2\n3"},
		{`def f: if . > 2 then . else (. + 1 | f) end; 0 | f`, "3"},
		{`def f: if . > 2 then empty else (., (. + 1 | f)) end; [0 | f]`, "[0,1,2]"},
		{`def f(g): def h: g | g; h; 2 | f(. * .), f(. + 1, 0)`, "16\n4\n0\n1\n0"},
		{`[(1, 2) | [., (. * 10, 5)]]`, "[[1,10,5],[2,20,5]]"},
		{`{a: (1, 2)} | .a`, "1\n2"},
		{`[.[]?, (1 | if . == 1 then (2, 3) else 4 end)]`, "[2,3]"},
		{`def a: b_; def b_: 1; 1`, ""},
	} {
		got, _, _ := query(t, "", "-nc", test.program)
		if strings.TrimSuffix(got, "\n") != test.want {
			t.Errorf("%s: got %q, want %q", test.program, got, test.want)
		}
	}
}

// FuzzQuery shows that no program breaks the compiler or the machine.
func FuzzQuery(f *testing.F) {
	for _, program := range []string{`.`, `.a[0]?`, `map(. + 1) | add`, `to_entries | from_entries`, `paths(scalars)`, `.. |= .`, `del(.[] | select(. > 1))`,
		`reduce .[] as [$x, $y] (0; . + $x)`, `. as {a: $b} ?// [$b] | $b`, `label $f | 1, break $f`, `def f(g): g | f(g); first(f(.))`, `"\(.)" | @csv`,
		`[match("a+(b)?"; "g")] | length`, `try error catch .`, `limit(3; repeat(1))`, `tostream`, `getpath(["a", 0]) = 5`, `.[1:2] = [3]`, `input`, `-1 % 0`} {
		f.Add(program, `{"a":[1,{"b":null}],"c":"x"} [1,[2]] 3`)
	}
	f.Fuzz(func(t *testing.T, program, in string) {
		ctx, cancel := context.WithTimeout(context.Background(), 1e9)
		defer cancel()
		x := tooltest.NewExec(t, "jq")
		x.Stdin, x.Stdout = strings.NewReader(in), &limited{}
		x.RunContext(ctx, Run, "-c", program)
	})
}

// FuzzRead shows that what is written reads back as the same.
func FuzzRead(f *testing.F) {
	for _, text := range []string{`{"a":[1,-2.5e3,"\u00e9\n",null]}`, `[[],{}]`, `"\ud83d\ude00"`, `1e400`, `12345678901234567890`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := parseText(context.Background(), text)
		if err != nil {
			return
		}
		again, err := parseText(context.Background(), toJSON(v))
		if err != nil || toJSON(again) != toJSON(v) {
			t.Errorf("%q: written as %s, read as %s (%v)", text, toJSON(v), toJSON(again), err)
		}
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
