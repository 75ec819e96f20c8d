package shell_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// script draws scripts from a grammar of expansions.
type script struct {
	r *rand.Rand
}

func (s script) pick(list ...string) string { return list[s.r.IntN(len(list))] }

func (s script) value() string {
	return s.pick("a", "'a b'", "' a  b '", "''", "'*'", "abc", "'a:b::c:'", "'x=1'", `'"q"'`, `"it's"`, `'a\nb'`, `$'a\nb'`,
		"0", "5", "'-n'", "'1 2 3'", "'~'", "'a*b?c'", "'[x]'", "'{a,b}'", "'$x'", "héé", `'\\'`, `'a\b'`, "/usr/lib/x.tar.gz")
}

func (s script) name() string { return s.pick("x", "y", "z", "u", "1", "2", "@", "*") }

func (s script) pattern() string {
	return s.pick("*", "?", "a", "b", "[ab]", "*a", "a*", "?b", "'*'", `"$y"`, "$y", "[!a]", "/", `\*`, "*/", ".", " ",
		"[[:alpha:]]", "@(a|b)", "+(a)", "'a b'", `\a`)
}

func (s script) replacement() string {
	return s.pick("", "X", "&", "[&]", "$y", "'q q'", `\&`, `"&"`, "a b")
}

// quoted puts an expansion in double quotes, or not.
func (s script) quoted(x string) string {
	if s.r.IntN(2) == 0 {
		return x
	}
	return `"` + x + `"`
}

func (s script) word(depth int) string {
	if depth > 2 || s.r.IntN(6) == 0 {
		return s.pick("a", "b", "'q r'", `"d q"`, `\ `, "$x", `"$x"`, "${y}", "*", "1", ":", "''", `""`, `$'\t'`, "{a,b}")
	}
	v := s.name()
	switch s.r.IntN(12) {
	case 0:
		return s.quoted(fmt.Sprintf("${%s%s%s}", v, s.pick(":-", "-", ":+", "+"), s.word(depth+1)))
	case 1:
		return s.quoted(fmt.Sprintf("${%s%s%s}", v, s.pick("#", "##", "%", "%%"), s.pattern()))
	case 2:
		return s.quoted(fmt.Sprintf("${%s%s%s/%s}", v, s.pick("/", "//", "/#", "/%"), s.pattern(), s.replacement()))
	case 3:
		return s.quoted(fmt.Sprintf("${%s:%s}", v, s.pick("0", "1", " -1", "1:2", "0:1", " -2:1", "9")))
	case 4:
		return s.quoted(fmt.Sprintf("${%s%s}", v, s.pick("^", "^^", ",", ",,", "@Q", "@u", "@a")))
	case 5:
		return s.quoted(s.pick("${a[@]}", "${a[*]}", "${a[1]}", "${#a[@]}", "${!a[@]}", "${a[@]:1}", "${a[@]^}", "${#x}", "${m[k]}"))
	case 6:
		return s.quoted("$(" + s.pick("echo a b", "echo 'a  b'", `printf 'a\nb\n\n'`, `echo "$x"`, "echo $y") + ")")
	case 7:
		return "$((" + s.pick("1+2", "${#x}", "u+1", "1?2:3", "2**3", "7/2", "-7%3", "1<<3", "~0", "x1=3,x1+1") + "))"
	case 8:
		return s.word(depth+1) + s.word(depth+1)
	case 9:
		return s.quoted(s.pick("$@", "$*", "x$@y", "$x$y", "${x}$*", "${@:2}", "$#"))
	case 10:
		return s.pick("", "a") + "{" + s.pick("1", "b", "'q q'") + "," + s.pick("2", `"$y"`, "{x,y}") + "}"
	}
	return s.quoted("${!" + s.pick("r", "x*", "a[@]") + "}")
}

func (s script) String() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	if s.r.IntN(3) == 0 {
		line("IFS=%s", s.pick("':'", "','", "' :'", `$'\n'`, "x"))
	}
	if s.r.IntN(3) == 0 {
		line("shopt -s extglob")
	}
	line("x=%s y=%s z=%s r=%s", s.value(), s.value(), s.value(), s.pick("x", "y", "'a[1]'"))
	line("a=(%s %s); declare -A m=([k]=%s)", s.value(), s.value(), s.value())
	line("set -- %s %s", s.value(), s.value())
	for range 3 {
		switch s.r.IntN(6) {
		case 0:
			line(`v=%s; echo "[$v]"`, s.word(0))
		case 1:
			line("case %s in %s) echo m;; *) echo n;; esac", s.word(0), s.pattern())
		case 2:
			line("[[ %s == %s ]] && echo m || echo n", s.word(0), s.pick("a", "*", "[a-z]*", `"$x"`, "$y"))
		default:
			line("printf '<%%s>' %s %s; echo", s.word(0), s.word(0))
		}
	}
	return b.String()
}

// TestAgainstBash runs scripts drawn from the grammar by bash and by ours.
func TestAgainstBash(t *testing.T) {
	real, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("there is no bash here")
	}
	for seed := range uint64(150) {
		compare(t, real, seed)
	}
}

// FuzzAgainstBash does so for ever.
func FuzzAgainstBash(f *testing.F) {
	real, err := exec.LookPath("bash")
	if err != nil {
		f.Skip("there is no bash here")
	}
	f.Add(uint64(1))
	f.Fuzz(func(t *testing.T, seed uint64) { compare(t, real, seed) })
}

func compare(t *testing.T, real string, seed uint64) {
	t.Helper()
	text := script{rand.New(rand.NewPCG(seed, 5))}.String()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, real, "-c", text)
	cmd.Args[0], cmd.Dir = "bash", t.TempDir()
	cmd.Env = []string{"LC_ALL=C.UTF-8", "HOME=/work", "PATH=/nothing"}
	var stdout bytes.Buffer
	cmd.Stdout = &stdout
	cmd.Run()
	if version(real) != "5.2" {
		t.Skip("this bash is not 5.2")
	}
	w := newWorld(t)
	w.Env = cmd.Env
	_, status := w.bash(text)
	if got := w.out.String(); got != stdout.String() || status != cmd.ProcessState.ExitCode() {
		t.Errorf("%s\n--- bash [%d]\n%s--- ours [%d]\n%s%s", text, cmd.ProcessState.ExitCode(), stdout.String(), status, got, w.err.String())
	}
}

func version(real string) string {
	out, _ := exec.Command(real, "-c", "echo ${BASH_VERSINFO[0]}.${BASH_VERSINFO[1]}").Output()
	return strings.TrimSpace(string(out))
}
