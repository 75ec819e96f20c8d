package printf

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"
)

// run formats and returns what was printed, and what was said.
func run(o Options, format string, args ...string) (out, said string, status int) {
	var b bytes.Buffer
	var msgs []string
	o.Warn = func(m string) { msgs = append(msgs, m) }
	status, err := Format(&b, format, args, o)
	if err != nil {
		msgs = append(msgs, err.Error())
	}
	return b.String(), strings.Join(msgs, "|"), status
}

// TestFormat holds what the transcripts of the command and the builtin can't
// show, and a few of each kind.
func TestFormat(t *testing.T) {
	tests := []struct {
		dialect Dialect
		format  string
		args    []string
		out     string
		said    string
		status  int
	}{
		{GNU, "%s-%d\n", []string{"a", "1", "b"}, "a-1\nb-0\n", "", 0},
		{GNU, "%5.1f|%-6d|%06.2f", []string{"3.14", "42", "-1.5"}, "  3.1|42    |-01.50", "", 0},
		{GNU, "%d", []string{"12x"}, "12", "'12x': value not completely converted", 1},
		{Bash, "%d", []string{"12x"}, "12", "12x: invalid number", 1},
		{Bash, "%d", []string{"08"}, "0", "08: invalid octal number", 1},
		{GNU, "%z", nil, "", "%z: invalid conversion specification", 1},
		{Bash, "a%z", nil, "a", "`%z': missing format character", 1},
		{Bash, "%q", []string{"a b\n"}, `$'a b\n'`, "", 0},
		{GNU, "%q", []string{"a b"}, `'a b'`, "", 0},
		{Bash, "%5b|", []string{`x\ty`}, "  x\ty|", "", 0},
		{GNU, `a\cb`, nil, "a", "", 0},
		{Bash, "%b%s", []string{`a\cb`, "c"}, "a", "", 0},
		{Bash, `\U1F600`, nil, "😀", "", 0},
		{GNU, "hi", []string{"x"}, "hi", "warning: ignoring excess arguments, starting with 'x'", 0},
		{GNU, "%.20f", []string{"0.1"}, "0.10000000000000000000", "", 0},
		{GNU, "%a", []string{"0.1"}, "0xc.ccccccccccccccdp-7", "", 0},
		{GNU, "%g", []string{"inf"}, "inf", "", 0},
		{Bash, "%(%Y)T|%s", []string{"0", "x"}, "1970|x", "", 0},
		{Bash, "%(%Y)T", []string{"b"}, "1970", "b: invalid number", 1},
	}
	for _, tt := range tests {
		o := Options{Dialect: tt.dialect, Time: func(layout string, seconds int64) string {
			return time.Unix(seconds, 0).UTC().Format("2006")
		}}
		out, said, status := run(o, tt.format, tt.args...)
		if out != tt.out || said != tt.said || status != tt.status {
			t.Errorf("%q %q: got %q, %q, %d; want %q, %q, %d", tt.format, tt.args, out, said, status, tt.out, tt.said, tt.status)
		}
	}
}

func TestStore(t *testing.T) {
	stored := map[string]int64{}
	o := Options{Dialect: Bash, Store: func(name string, n int64) error { stored[name] = n; return nil }}
	if out, _, _ := run(o, "abc%nde%n", "x", "y"); out != "abcde" || stored["x"] != 3 || stored["y"] != 5 {
		t.Errorf("printed %q, stored %v", out, stored)
	}
}

// TestHugeWidth shows that a field is streamed: a width takes no memory, and
// the end of the reader ends it (THREAT[SH-04]).
func TestHugeWidth(t *testing.T) {
	for _, format := range []string{"%2000000000d", "%.2000000000d", "%.2000000000f", "%-2000000000s|", "%02000000000d"} {
		w := &limited{left: 100_000}
		if _, err := Format(w, format, []string{"1"}, Options{}); err != io.ErrShortWrite {
			t.Errorf("%s: %v", format, err)
		}
	}
}

type limited struct{ left int }

func (l *limited) Write(p []byte) (int, error) {
	if l.left -= len(p); l.left < 0 {
		return 0, io.ErrShortWrite
	}
	return len(p), nil
}

func TestWriteError(t *testing.T) {
	broken := errors.New("broken")
	for _, format := range []string{"x", "%s", "%d", strings.Repeat("x", 10_000)} {
		if _, err := Format(failing{broken}, format, []string{"1"}, Options{}); err != broken {
			t.Errorf("%.10q: %v", format, err)
		}
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// TestLongAgainstFloat compares numbers that a float64 holds exactly with
// what strconv makes of them.
func TestLongAgainstFloat(t *testing.T) {
	for _, v := range []float64{0, 1, -1, 0.5, 2.5, 1e10, 1e100, 0x1p-40, math.MaxFloat64, 123456.78125} {
		for _, prec := range []int{0, 1, 3, 10} {
			for verb, format := range map[byte]byte{'f': 'f', 'e': 'e'} {
				var b bytes.Buffer
				w := bufio.NewWriter(&b)
				Spec{Prec: prec, Verb: verb}.WriteLong(w, NewLong(v))
				w.Flush()
				if want := strconv.FormatFloat(v, format, prec, 64); b.String() != want {
					t.Errorf("%%.%d%c of %v: got %s, want %s", prec, verb, v, b.String(), want)
				}
			}
		}
	}
}

func TestParseLong(t *testing.T) {
	tests := []struct {
		in   string
		n    int
		over bool
		want float64
	}{
		{"1.5", 3, false, 1.5}, {"  -2e3x", 6, false, -2000}, {"0x1p4", 5, false, 16}, {"0x.8", 4, false, 0.5},
		{"1e", 1, false, 1}, {".", 0, false, 0}, {"0x", 1, false, 0}, {"abc", 0, false, 0},
		{"inf", 3, false, math.Inf(1)}, {"-infinity", 9, false, math.Inf(-1)},
		{"1e5000", 6, true, math.Inf(1)}, {"1e-6000", 7, true, 0}, {"1e999999999999", 14, true, math.Inf(1)},
	}
	for _, tt := range tests {
		l, n, over := ParseLong(tt.in)
		if n != tt.n || over != tt.over || l.Float64() != tt.want {
			t.Errorf("ParseLong(%q) = %v, %d, %v; want %v, %d, %v", tt.in, l.Float64(), n, over, tt.want, tt.n, tt.over)
		}
	}
	if l, n, _ := ParseLong("nan(x)y"); !l.NaN() || n != 6 {
		t.Errorf("nan(x): %v, %d", l, n)
	}
}

func FuzzFormat(f *testing.F) {
	for _, format := range []string{"%s %d\n", "%*.*f", `%b\x41\u00e9\c`, "%'d%i%%", "%(%Y)T%q%n", "%-+ #05.3Lg", "%", `\`, "%1000000d"} {
		f.Add(format, "1", "0x1F", true)
		f.Add(format, "'é", `a\tb`, false)
	}
	f.Fuzz(func(t *testing.T, format, a, b string, bash bool) {
		o := Options{Dialect: GNU, Time: func(layout string, seconds int64) string { return layout }}
		if bash {
			o.Dialect = Bash
		}
		o.Warn = func(string) {}
		w := &limited{left: 1 << 20}
		status, err := Format(w, format, []string{a, b}, o)
		if status != 0 && status != 1 || err != nil && err != io.ErrShortWrite {
			t.Errorf("status %d, %v", status, err)
		}
	})
}
