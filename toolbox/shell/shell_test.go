package shell_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"path"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"agentsandbox/toolbox/shell"
	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
	"agentsandbox/vfs/memfs"
)

// world is an Exec over a file system in memory, with a few commands.
type world struct {
	*tool.Exec
	out, err output
}

// output is a buffer that background commands may write to as well.
type output struct {
	mu  sync.Mutex
	buf bytes.Buffer // guarded by mu
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}

func (o *output) Reset() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.buf.Reset()
}

func newWorld(t testing.TB) *world {
	t.Helper()
	mem := memfs.New(memfs.Config{})
	for _, dir := range []string{"bin", "tmp", "work"} {
		if err := mem.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"cat", "bash", "yes", "sleep"} {
		f, err := mem.Open("bin/"+name, vfs.Write|vfs.Create, 0o755)
		if err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
	w := &world{}
	w.Exec = &tool.Exec{
		Env: []string{"PATH=/bin", "HOME=/work"}, Dir: "/work", FS: tool.SpaceFS(mem), Umask: 0o022,
		Stdin: strings.NewReader(""), Stdout: &w.out, Stderr: &w.err,
		Now: time.Now, Rand: rand.Reader, Spawn: spawn,
		Sleep: func(ctx context.Context, d time.Duration) error {
			select {
			case <-time.After(d):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		},
	}
	return w
}

// spawn runs the few commands that the tests need.
func spawn(ctx context.Context, x *tool.Exec, argv []string) (int, error) {
	run := map[string]func(context.Context, *tool.Exec) error{
		"cat":  func(_ context.Context, x *tool.Exec) error { _, err := io.Copy(x.Stdout, x.Stdin); return err },
		"bash": shell.Run,
		"yes": func(_ context.Context, x *tool.Exec) error {
			for {
				if _, err := io.WriteString(x.Stdout, "y\n"); err != nil {
					return err
				}
			}
		},
		"sleep": func(ctx context.Context, x *tool.Exec) error { return x.Sleep(ctx, time.Hour) },
	}[path.Base(argv[0])]
	sub := *x
	sub.Name, sub.Args = path.Base(argv[0]), argv[1:]
	return tool.Main(ctx, tool.Command{Name: sub.Name, Run: run}, &sub), nil
}

// bash runs bash -c script and returns what it printed and its status.
func (w *world) bash(script string, args ...string) (out string, status int) {
	return w.bashIn(context.Background(), script, args...)
}

func (w *world) bashIn(ctx context.Context, script string, args ...string) (out string, status int) {
	w.out.Reset()
	w.err.Reset()
	x := *w.Exec
	x.Name, x.Args = "bash", append([]string{"-c", script}, args...)
	status = tool.Status(shell.Run(ctx, &x))
	return w.out.String() + w.err.String(), status
}

func TestRun(t *testing.T) {
	for _, c := range []struct {
		args   []string
		stdin  string
		want   string
		status int
	}{
		{[]string{"-c", "echo $0 $1 $#", "name", "a", "b"}, "", "name a 2\n", 0},
		{[]string{"-c", "exit 3"}, "", "", 3},
		{[]string{"-c"}, "", "bash: -c: option requires an argument\n", 2},
		{[]string{"-s", "a", "b"}, "echo $# $2", "2 b\n", 0},
		{nil, "read x\nline\necho got $x\n", "got line\n", 0},
		{[]string{"-e", "-c", "false; echo no"}, "", "", 1},
		{[]string{"-o", "pipefail", "-c", "echo $SHELLOPTS"}, "", "braceexpand:hashall:interactive-comments:pipefail\n", 0},
		{[]string{"+B", "-c", "echo {a,b}"}, "", "{a,b}\n", 0},
		{[]string{"-O", "extglob", "-c", "shopt -q extglob && echo on"}, "", "on\n", 0},
		{[]string{"--posix", "--norc", "-i", "-c", "set -o posix; echo ${SHELLOPTS##*:}"}, "", "posix\n", 0},
		{[]string{"nofile"}, "", "bash: nofile: No such file or directory\n", 127},
		{[]string{"-c", "--", "echo dashes"}, "", "dashes\n", 0},
	} {
		w := newWorld(t)
		w.Name, w.Args, w.Stdin = "bash", c.args, strings.NewReader(c.stdin)
		status := tool.Status(shell.Run(context.Background(), w.Exec))
		if got := w.out.String() + w.err.String(); got != c.want || status != c.status {
			t.Errorf("bash %q: %q [%d], want %q [%d]", c.args, got, status, c.want, c.status)
		}
	}
}

// TestSession: what one script sets, the next one sees.
func TestSession(t *testing.T) {
	w := newWorld(t)
	sh := shell.New(t.Context(), w.Exec)
	for _, c := range []struct{ script, want string }{
		{"x=1; a=(1 2); declare -A m=([k]=v); f() { echo f $x; }; cd /tmp; set -f", ""},
		{"echo $x ${a[1]} ${m[k]} $PWD *; f", "1 2 v /tmp *\nf 1\n"},
		{"shopt -s expand_aliases; alias hi='echo hello'", ""},
		{"hi", "hello\n"},
		{"{ read -u 9 z; echo bg $z; } 9< <(echo z) >/tmp/bg & exec 7>&1", ""},
		{"wait; echo $?; cat < /tmp/bg; echo seven >&7; exec 7>&-", "0\nbg z\nseven\n"},
		{"exec 6>&1 > /tmp/log; echo logged", ""},
		{"echo more; exec >&6 6>&-; cat < /tmp/log", "logged\nmore\n"},
		{"exec 5>/tmp/five; echo five >&5", ""},
		{"echo more >&5; exec 5>&-; cat < /tmp/five", "five\nmore\n"},
		{"echo )", "bash: -c: line 1: syntax error near unexpected token `)'\nbash: -c: line 1: `echo )'\n"},
		{"echo $?; trap 'echo bye' EXIT", "2\n"},
		{"false", ""},
		{"echo $?", "1\n"},
	} {
		w.out.Reset()
		w.err.Reset()
		sh.Exec(context.Background(), w.Exec, c.script)
		if got := w.out.String() + w.err.String(); got != c.want {
			t.Errorf("%s\nprinted %q, want %q", c.script, got, c.want)
		}
		if sh.Exited() {
			t.Fatalf("%s: the shell has exited", c.script)
		}
	}
	if sh.Dir() != "/tmp" {
		t.Errorf("the directory is %s", sh.Dir())
	}
	w.out.Reset()
	if status := sh.Exec(context.Background(), w.Exec, "exit 7"); status != 7 || !sh.Exited() || w.out.String() != "bye\n" {
		t.Errorf("exit 7: status %d, exited %v, printed %q", status, sh.Exited(), w.out.String())
	}
}

// TestProducers: THREAT[SH-03] a producer ends when its consumer has gone.
func TestProducers(t *testing.T) {
	for script, want := range map[string]string{
		"yes | { read x; echo $x; }; echo ${PIPESTATUS[@]}":                         "y\n141 0\n",
		"while :; do echo y; done | read a; echo ${PIPESTATUS[@]}":                  "141 0\n",
		"yes | :; echo ${PIPESTATUS[0]}":                                            "141\n",
		"set -o pipefail; yes | true; echo $?":                                      "141\n",
		"read x < <(yes); echo $x":                                                  "y\n",
		"shopt -s lastpipe; yes | read x; echo $x":                                  "y\n",
		"trap '' PIPE; { echo a; echo b; } | :; echo $?":                            "0\n",
		"f() { while :; do printf '%s\\n' a b c; done; }; f | { read z; echo $z; }": "a\n",
	} {
		w := newWorld(t)
		got, _ := w.bash(script)
		if i := strings.Index(got, "bash: line"); i >= 0 {
			got = got[:i] // what an ignored SIGPIPE makes echo say
		}
		if got != want {
			t.Errorf("%s printed %q, want %q", script, got, want)
		}
	}
}

// TestReplay: a text that comes again runs as if it were parsed anew.
func TestReplay(t *testing.T) {
	w := newWorld(t)
	sh := shell.New(t.Context(), w.Exec)
	const (
		pattern = "case abc in @(a|b)c) echo no;; @(abc)) echo yes;; esac"
		alias   = "hi there"
	)
	for _, c := range []struct{ script, want string }{
		{"echo a; f() { echo f$1; }; f 1\nx=1; echo $x $LINENO", "a\nf1\n1 2\n"},
		{"shopt -s extglob", ""}, {pattern, "yes\n"}, {"shopt -u extglob", ""},
		{pattern, "bash: -c: line 1: syntax error near unexpected token `('\nbash: -c: line 1: `" + pattern + "'\n"},
		{"shopt -s extglob\n" + pattern, "yes\n"},
		{"shopt -u extglob", ""},
		{"alias hi='echo hello'; shopt -s expand_aliases", ""}, {alias, "hello there\n"}, {"unalias hi", ""},
		{alias, "bash: line 1: hi: command not found\n"},
		{"cat <<E\ntext", "text\nbash: line 2: warning: here-document at line 1 delimited by end-of-file (wanted `E')\n"},
		{"for i in 1 2 3; do eval 'echo $i; set -- $i; '; done; echo $1", "1\n2\n3\n3\n"},
		{"set -v; echo v; set +v", "v\n"}, {"set -v", ""}, {"echo v", "v\necho v\n"}, {"set +v", "set +v\n"},
	} {
		for range 4 {
			w.out.Reset()
			w.err.Reset()
			sh.Exec(t.Context(), w.Exec, c.script)
			if got := w.out.String() + w.err.String(); got != c.want {
				t.Errorf("%s printed %q, want %q", c.script, got, c.want)
			}
			if strings.HasPrefix(c.script, "set -v") || strings.HasPrefix(c.script, "unalias") || c.script == "set +v" {
				break
			}
		}
	}
}

// TestDeadline: THREAT[SH-02] what never ends, ends with its context.
func TestDeadline(t *testing.T) {
	for _, script := range []string{
		"while :; do :; done", "for ((;;)); do :; done", "until false; do x=$(echo y); done", "yes > /tmp/f", "sleep 9",
		"sleep 9 & wait", "cat < <(sleep 9)", "trap '' TERM INT; while :; do :; done", "yes | cat > /tmp/f",
		"coproc cat; read x <&${COPROC[0]}", "f() { f & wait; }; f", "(while :; do (:); done)", "read -N 99999999 x < <(yes $'\\0')",
	} {
		w := newWorld(t)
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan struct{})
		go func() {
			w.bashIn(ctx, script)
			close(done)
		}()
		runtime.Gosched()
		cancel()
		select {
		case <-done:
		case <-time.After(20 * time.Second):
			t.Fatalf("%s does not end", script)
		}
	}
}

// TestBudgets: THREAT[SH-01] THREAT[SH-05] THREAT[SH-06] THREAT[SH-08] what
// would take everything is an error of the script.
func TestBudgets(t *testing.T) {
	for script, want := range map[string]string{
		"f() { f; }; f":                         "maximum nesting level exceeded",
		"f() { eval f; }; f":                    "maximum nesting level exceeded",
		"echo '. ./s' > s; . ./s":               "maximum nesting level exceeded",
		"f() { x=$(f); }; f":                    "Resource temporarily unavailable",
		"f() { f | f; }; f":                     "Resource temporarily unavailable",
		":() { :|:& }; :":                       "Resource temporarily unavailable",
		"while :; do sleep & done":              "Resource temporarily unavailable",
		"echo {1..999999999}":                   "failed to allocate memory",
		"echo " + strings.Repeat("{a,b}", 30):   "failed to allocate memory",
		"x=x; while :; do x=$x$x; done":         "too long",
		"x=aa; while :; do x=${x//a/$x}; done":  "too long",
		"x=x; while :; do x+=$x; done":          "too long",
		"x=$(yes)":                              "too long",
		"printf '%999999999d' 1":                "too long",
		"a[9223372036854775807]=1; a+=(2)":      "bad array subscript",
		"x=x+x; echo $((x))":                    "recursion level exceeded",
		"eval \"$(printf '{ %.0s' {1..9999})\"": "maximum nesting level exceeded",
		"exec 99999</dev/stdin":                 "Bad file descriptor",
		"x=$(printf %1000000s); cat \"$x$x$x\"": "Argument list too long",
		"FUNCNEST=5; f() { f; }; f":             "maximum function nesting level exceeded (5)",
	} {
		w := newWorld(t)
		if got, _ := w.bash(script); !strings.Contains(got, want) {
			t.Errorf("%.60s printed %.300q, want %q in it", script, got, want)
		}
	}
}

// TestLeaksNothing: when a script is over, so is all that it started.
func TestLeaksNothing(t *testing.T) {
	w := newWorld(t)
	w.bash("true | true")
	before := runtime.NumGoroutine()
	for range 20 {
		w.bash("yes | read x; cat <(yes) | :; sleep 9 >/dev/null 2>&1 </dev/null & (yes | :) & x=$(yes | read z)")
	}
	for range 1000 {
		if runtime.NumGoroutine() <= before+2 {
			return
		}
		runtime.Gosched()
		time.Sleep(time.Millisecond)
	}
	t.Errorf("%d goroutines before, %d after", before, runtime.NumGoroutine())
}

// TestNested: a shell that a shell starts has its own state and shares the
// descriptors.
func TestNested(t *testing.T) {
	w := newWorld(t)
	got, status := w.bash(`x=1; export y=2; bash -c 'echo "[$x]$y"; read l; echo $l; exit 5' <<< line; echo $? $x; { bash -c 'read a'; read b; echo $b; } <<< $'1\n2'`)
	if want := "[]2\nline\n5 1\n2\n"; got != want || status != 0 {
		t.Errorf("printed %q [%d], want %q", got, status, want)
	}
}
