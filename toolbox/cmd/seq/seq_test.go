package seq

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"agentsandbox/toolbox/tool"
)

func run(args ...string) (string, error) {
	var out bytes.Buffer
	err := Run(context.Background(), &tool.Exec{Name: "seq", Args: args, Stdout: &out, Stderr: &out})
	return out.String(), err
}

// TestWaysAgree shows that the quick ways to count give what long doubles do.
func TestWaysAgree(t *testing.T) {
	for _, args := range []string{"1 10", "0 5 100", "1 .5 9", "5 -.25 -5", "0.1 0.1 2", "-3 3", "10 -3 -10", "1.00 0.05 1.5", "99 1 101", "0 0.001 0.05"} {
		quick, err := run(strings.Fields(args)...)
		if err != nil {
			t.Fatal(err)
		}
		prec := 0
		for _, arg := range strings.Fields(args)[:2] {
			if _, fraction, ok := strings.Cut(arg, "."); ok {
				prec = max(prec, len(fraction))
			}
		}
		format := "%." + string(rune('0'+prec)) + "f"
		slow, err := run(append([]string{"-f", format}, strings.Fields(args)...)...)
		if err != nil || quick != slow {
			t.Errorf("seq %s: got %q and, with a format, %q, %v", args, quick, slow, err)
		}
	}
}

func TestCounterGrows(t *testing.T) {
	c := newCounter("99")
	for range 200 {
		c.add(999_999_999_999_999_999)
	}
	if got := string(c.digits); got != "199999999999999999899" {
		t.Errorf("got %s", got)
	}
	long := newCounter(strings.Repeat("9", 100))
	long.add(1)
	if want := "1" + strings.Repeat("0", 100); string(long.digits) != want {
		t.Errorf("got %s", long.digits)
	}
}

type closedPipe struct{ n int }

var errClosed = errors.New("closed")

func (p *closedPipe) Write(b []byte) (int, error) {
	if p.n += len(b); p.n > 100_000 {
		return 0, errClosed
	}
	return len(b), nil
}

// TestEndless shows that a sequence without end ends with its reader (THREAT[SH-04]).
func TestEndless(t *testing.T) {
	for _, args := range [][]string{{"inf"}, {"1", "inf"}, {"1", "-1", "-inf"}, {"-f", "%g", "inf"}, {"1", "100000000000000000000"}} {
		x := &tool.Exec{Name: "seq", Args: args, Stdout: &closedPipe{}}
		if err := Run(context.Background(), x); err == nil {
			t.Errorf("seq %q came to an end", args)
		}
	}
}

func FuzzNumber(f *testing.F) {
	for _, s := range []string{"1", "-1.5", "1e3", ".5", "1.", "0x1p4", "1.5e-3", "+ 2", "inf", "1e999999999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if v, err := parseNumber(s); err == nil && v.value.NaN() {
			t.Errorf("%q is taken for a number", s)
		}
	})
}
