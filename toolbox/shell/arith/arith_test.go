package arith

import (
	"errors"
	"strconv"
	"strings"
	"testing"
)

// names is an Env of plain variables; an element is stored as name[sub].
type names map[string]string

var errReadonly = errors.New("readonly")

func key(name, sub string, hasSub bool) string {
	if hasSub {
		return name + "[" + sub + "]"
	}
	return name
}

func (n names) Value(name, sub string, hasSub bool) (string, error) {
	return n[key(name, sub, hasSub)], nil
}

func (n names) Assign(name, sub string, hasSub bool, value int64) error {
	if name == "ro" {
		return errReadonly
	}
	n[key(name, sub, hasSub)] = strconv.FormatInt(value, 10)
	return nil
}

func TestEval(t *testing.T) {
	for _, c := range []struct {
		src  string
		want int64
	}{
		{"", 0}, {" 42 ", 42}, {"1+2*3", 7}, {"(1+2)*3", 9}, {"2**3**2", 512}, {"-2**2", 4}, {"7/2", 3}, {"-7/2", -3},
		{"-7%3", -1}, {"1<<4|1", 17}, {"5&3^1", 0}, {"~5", -6}, {"!5", 0}, {"!0", 1}, {"1<2", 1}, {"2<=1", 0},
		{"1==1&&2!=2||1", 1}, {"1?2:3", 2}, {"0?2:0?3:4", 4}, {"1,2,3", 3}, {"0x1f", 31}, {"017", 15}, {"2#101", 5},
		{"36#zZ", 1295}, {"64#_@", 4094}, {"16#FF", 255}, {"9223372036854775807+1", -9223372036854775808},
		{"-9223372036854775808/-1", -9223372036854775808}, {"5%-1", 0}, {"1<<64", 1}, {"x", 3}, {"x+1", 4}, {"y", 7}, {"u", 0},
		{"x++ + x", 7}, {"++x", 4}, {"x--", 3}, {"--x", 2}, {"- -3", 3}, {"1- -1", 2}, {"x=5,x*2", 10}, {"x+=2", 5},
		{"x<<=2", 12}, {"a[1]", 10}, {"a[1]++ + a[1]", 21}, {"1?x=9:0,x", 9}, {"0&&(x=9),x", 3}, {"1||(x=9),x", 3},
		{"n=x=4,n", 4}, {"0x", 0}, {"++5", 5}, {"z", 3},
	} {
		env := names{"x": "3", "y": "x+4", "z": "x", "a[1]": "10"}
		if got, err := Eval(c.src, env); err != nil || got != c.want {
			t.Errorf("%s = %d (%v), want %d", c.src, got, err, c.want)
		}
	}
}

func TestErrors(t *testing.T) {
	for src, want := range map[string]string{
		"1 +":    `1 +: syntax error: operand expected (error token is "+")`,
		"1 2":    `1 2: syntax error in expression (error token is "2")`,
		"1/0":    `1/0: division by 0 (error token is "0")`,
		"5=3":    `5=3: attempted assignment to non-variable (error token is "=3")`,
		"08":     `08: value too great for base (error token is "08")`,
		"99#1":   `99#1: invalid arithmetic base (error token is "99#1")`,
		"2#":     `2#: invalid integer constant (error token is "2#")`,
		"1?2":    "1?2: `:' expected for conditional expression (error token is \"2\")",
		"(1":     "(1: missing `)' (error token is \"1\")",
		"1.5":    `1.5: syntax error: invalid arithmetic operator (error token is ".5")`,
		"2**-1":  `2**-1: exponent less than 0 (error token is "1")`,
		"--x++":  `--x++: ++: assignment requires lvalue (error token is "++")`,
		"a[":     `a[: bad array subscript (error token is "a[")`,
		"loop":   `loop: expression recursion level exceeded (error token is "loop")`,
		"ro=1":   "readonly",
		" 1 +  ": `1 +  : syntax error: operand expected (error token is "+  ")`,
	} {
		_, err := Eval(src, names{"loop": "loop"})
		if err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", src, err, want)
		}
	}
}

func TestParseOnce(t *testing.T) {
	e := Parse("i++")
	env := names{}
	for want := range int64(3) {
		if got, err := e.Eval(env); got != want || err != nil {
			t.Errorf("got %d (%v), want %d", got, err, want)
		}
	}
}

// TestEffects: what stands before an error of the syntax is evaluated.
func TestEffects(t *testing.T) {
	for src, want := range map[string]string{"x=5, 3+": "5", "x=5 6": "5", "x++ +": "1", "y=(x=7)+": "7", "1||(x=9)+": "", "x=3+": ""} {
		env := names{}
		if _, err := Eval(src, env); err == nil || env["x"] != want {
			t.Errorf("%s leaves x at %q (%v), want %q", src, env["x"], err, want)
		}
	}
}

// TestDepth: THREAT[SH-06] nesting is an error, never a stack overflow.
func TestDepth(t *testing.T) {
	for _, s := range []string{"(", "-", "!", "1?", "x=", "2**"} {
		if _, err := Eval(strings.Repeat(s, 100000)+"1", names{}); err == nil {
			t.Errorf("100,000 times %q is no error", s)
		}
	}
}

func FuzzEval(f *testing.F) {
	for _, s := range []string{"1+2*(x-3)", "a[1]++", "x=y?2#1:0x1f", "!~-1**2", "1,2 || 3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		first, err := Eval(src, names{"x": "3"})
		second, err2 := Eval(src, names{"x": "3"})
		if first != second || (err == nil) != (err2 == nil) {
			t.Errorf("%q is %d, then %d", src, first, second)
		}
	})
}
