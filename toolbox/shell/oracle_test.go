//go:build unix

package shell_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
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

// TestAgainstBash runs scripts drawn from the grammars by bash and by ours.
func TestAgainstBash(t *testing.T) {
	bash := realBash(t)
	for seed := range uint64(150) {
		bash.compare(t, script{rand.New(rand.NewPCG(seed, 5))}.String())
	}
	// Of more programs the fuzz target finds some that differ still: in the
	// lines of errors within command substitutions, mostly.
	for seed := range uint64(40) {
		bash.compare(t, newProgram(rand.New(rand.NewPCG(seed, 6))).String())
	}
}

// FuzzAgainstBash does so for ever.
func FuzzAgainstBash(f *testing.F) {
	bash := realBash(f)
	f.Add(uint64(1))
	f.Fuzz(func(t *testing.T, seed uint64) {
		bash.compare(t, script{rand.New(rand.NewPCG(seed, 5))}.String())
		bash.compare(t, newProgram(rand.New(rand.NewPCG(seed, 6))).String())
	})
}

// oracle is how the real bash is started: a command that takes the script as
// its last argument.
type oracle []string

// realBash finds bash 5.2, and confines it: it finds no command, may use
// little, and where the tests run as root it is nobody, who has few processes
// and may have few.
func realBash(t testing.TB) oracle {
	path, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("there is no bash here")
	}
	out, _ := exec.Command(path, "-c", "echo ${BASH_VERSINFO[0]}.${BASH_VERSINFO[1]}").Output()
	if strings.TrimSpace(string(out)) != "5.2" {
		t.Skip("this bash is not 5.2")
	}
	limited := func(limits string) oracle {
		return oracle{path, "-c", "ulimit " + limits + ` && SHLVL= exec -a bash "$BASH" -c "$0"`}
	}
	const limits = "-v 1000000 -f 1000 -t 10"
	if os.Getuid() != 0 {
		return limited(limits)
	}
	setpriv, err := exec.LookPath("setpriv")
	if err != nil {
		t.Skip("root has no setpriv here")
	}
	return append(oracle{setpriv, "--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=-all", "--no-new-privs"},
		limited(limits+" -u 200")...)
}

// run runs the script in a folder of its own.
func (o oracle) run(t *testing.T, text string) (stdout, stderr string, status int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	dir := t.TempDir()
	for _, d := range []string{filepath.Dir(dir), dir} {
		if err := os.Chmod(d, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(ctx, o[0], append(o[1:len(o):len(o)], text)...)
	cmd.Dir, cmd.Env = dir, bashEnv
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	cmd.Run()
	status = cmd.ProcessState.ExitCode()
	if w, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok && w.Signaled() {
		status = 128 + int(w.Signal())
	}
	return out.String(), errs.String(), status
}

var bashEnv = []string{"LC_ALL=C.UTF-8", "HOME=/work", "PATH=/nothing"}

func (o oracle) compare(t *testing.T, text string) {
	t.Helper()
	stdout, stderr, status := o.run(t, text)
	w := newWorld(t)
	w.Env = bashEnv
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	_, got := w.bashIn(ctx, text)
	if w.out.String() != stdout || got != status {
		t.Errorf("%s\n--- bash [%d]\n%s%s--- ours [%d]\n%s%s", text, status, stdout, stderr, got, w.out.String(), w.err.String())
	}
}
