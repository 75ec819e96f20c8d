package core

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"agentsandbox/core/engine"
)

// THREAT[EN-07] [SH-02]: whatever spins is stopped by fuel, and told from time.
func TestFuelLimit(t *testing.T) {
	sb := newSandbox(t, Config{FuelLimit: 1_000_000})
	for _, script := range []string{"while :; do :; done", "yes >/dev/null", "awk 'BEGIN{for(;;);}'", "for ((;;)); do true; done", "until false; do :; done", "jq -n 'def f: f; f'", "sed ':a;ba' <<<x"} {
		r := shell(t, sb, script)
		if r.Limit == nil || r.Limit.Kind != LimitFuel || r.Limit.Max != 1_000_000 || r.ExitCode != ExitLimit {
			t.Errorf("%s: exit %d, limit %v, %s", script, r.ExitCode, r.Limit, r.Stderr)
		}
	}
	want(t, sb, "echo on", "on\n")
}

func TestTimeLimit(t *testing.T) {
	sb := newSandbox(t, Config{Timeout: 100 * time.Millisecond, FuelLimit: 1e12})
	for _, script := range []string{"while :; do :; done", "sleep 100", "sleep inf"} {
		r := shell(t, sb, script)
		if r.Limit == nil || r.Limit.Kind != LimitTime || r.Limit.Max != 100 || r.ExitCode != ExitTimeout {
			t.Errorf("%s: exit %d, limit %v, %s", script, r.ExitCode, r.Limit, r.Stderr)
		}
	}
	want(t, sb, "echo on", "on\n")
}

// THREAT[EN-08] [M10]: a guest that waits in the host is cancelled too.
func TestCancel(t *testing.T) {
	sb := newSandbox(t, Config{Timeout: -1})
	never, w := io.Pipe()
	defer w.Close()
	for name, cmd := range map[string]Cmd{
		"spinning": {Name: "sh", Args: []string{"-c", "while :; do :; done"}},
		"sleeping": {Name: "sleep", Args: []string{"1000"}},
		"reading":  {Name: "cat", Stdin: never},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(20*time.Millisecond, cancel)
		r, err := sb.Run(ctx, cmd)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !r.Canceled || r.ExitCode != ExitLimit {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// THREAT[M13]: a guest that wants more memory than it may have ends cleanly.
func TestMemoryLimit(t *testing.T) {
	sb := newSandbox(t, Config{MemoryLimit: 64 << 20})
	r := shell(t, sb, `awk 'BEGIN { s = "0123456789abcdef"; for (;;) s = s s }'`)
	if r.ExitCode == 0 || r.Limit == nil || r.Limit.Kind != LimitMemory || r.Limit.Max != 64<<20 {
		t.Errorf("exit %d, limit %v, trap %q, stderr %.200s", r.ExitCode, r.Limit, r.Trap, r.Stderr)
	}
	if r.Usage.PeakMemory > 64<<20 {
		t.Errorf("peak memory %d", r.Usage.PeakMemory)
	}
	want(t, sb, "echo on", "on\n")
}

// THREAT[SH-04]: output is cut at its limit, flagged, and its writer ends.
func TestOutputLimit(t *testing.T) {
	sb := newSandbox(t, Config{Limits: Limits{Stdout: 1000, Stderr: 500}})
	r := shell(t, sb, "yes; echo $? >status; yes >&2; cat status")
	if len(r.Stdout) != 1000 || !r.StdoutTruncated || len(r.Stderr) != 500 || !r.StderrTruncated || r.Trap != "" {
		t.Errorf("stdout %d %v, stderr %d %v, trap %q", len(r.Stdout), r.StdoutTruncated, len(r.Stderr), r.StderrTruncated, r.Trap)
	}
	if data, err := sb.ReadFile("status"); err != nil || string(data) != "141\n" {
		t.Errorf("the writer's status: %q, %v", data, err)
	}
	r = shell(t, sb, "head -c 1000 /dev/zero")
	if len(r.Stdout) != 1000 || r.StdoutTruncated {
		t.Errorf("exactly the limit: %d, %v", len(r.Stdout), r.StdoutTruncated)
	}
}

func TestStreams(t *testing.T) {
	sb := newSandbox(t, Config{})
	var stdout, stderr bytes.Buffer
	r, err := sb.Run(t.Context(), Cmd{Name: "sh", Args: []string{"-c", "cat; echo err >&2"}, Stdin: strings.NewReader("in"), Stdout: &stdout, Stderr: &stderr})
	if err != nil || stdout.String() != "in" || stderr.String() != "err\n" || r.Stdout != nil || r.Stderr != nil {
		t.Errorf("%q, %q, %+v, %v", stdout.String(), stderr.String(), r, err)
	}
	// A writer that fails is a pipe that nobody reads.
	broken := writerFunc(func([]byte) (int, error) { return 0, errors.New("gone") })
	r, err = sb.Run(t.Context(), Cmd{Name: "yes", Stdout: broken})
	if err != nil || r.ExitCode != 141 {
		t.Errorf("a broken writer: %+v, %v", r, err)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// THREAT[SH-08]: argv and environment are held to their size.
func TestArgLimit(t *testing.T) {
	sb := newSandbox(t, Config{})
	for name, cmd := range map[string]Cmd{
		"bytes": {Name: "echo", Args: []string{strings.Repeat("x", 2<<20)}},
		"count": {Name: "echo", Args: make([]string, 5000)},
		"env":   {Name: "echo", Env: map[string]string{"A": strings.Repeat("x", 2<<20)}},
	} {
		_, err := sb.Run(t.Context(), cmd)
		var limit *LimitError
		if !errors.As(err, &limit) || limit.Kind != LimitArgs {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The count of fuel depends on the work alone.
func TestFuelDeterministic(t *testing.T) {
	sb := newSandbox(t, Config{Now: func() time.Time { return time.Unix(1e9, 0) }})
	script := "for i in $(seq 200); do echo $i; done | sort -rn | awk '{s+=$1} END {print s}'"
	first := shell(t, sb, script)
	for range 3 {
		if r := shell(t, sb, script); r.Usage.Fuel != first.Usage.Fuel || string(r.Stdout) != "20100\n" {
			t.Errorf("fuel %d, then %d; %s", first.Usage.Fuel, r.Usage.Fuel, r.Stdout)
		}
	}
}

// THREAT[SE-03]: what one command leaves, no other finds.
func TestNothingPasses(t *testing.T) {
	rt := testRuntime(t)
	canary := "c4n4ry-" + strings.Repeat("z", 40)
	plant := "X=" + canary + "; export X; echo $X >/tmp/f; alias c=" + canary + "; f() { echo " + canary + "; }; cd /tmp; set -e; trap 'echo " + canary + "' EXIT; awk -v s=$X 'BEGIN{for(i=0;i<1000;i++)a[i]=s i}'"
	search := "env; set; alias; declare -f; trap; pwd; ls /tmp; cat /tmp/f; echo $- $?"
	for range 50 {
		a, err := rt.New(Config{Env: map[string]string{"SECRET": canary}})
		if err != nil {
			t.Fatal(err)
		}
		shell(t, a, plant)
		b := newSandbox(t, Config{})
		if r := shell(t, b, search); strings.Contains(string(r.Stdout), "c4n4ry") {
			t.Fatalf("found: %s", r.Stdout)
		}
		a.Destroy()
	}
	scan(t, rt, []byte("c4n4ry"))
}

// scan looks for text in the memory of every waiting instance.
func scan(t *testing.T, rt *Runtime, text []byte) {
	t.Helper()
	p := &rt.full.pool
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.idle) == 0 {
		t.Error("no instance waits: nothing was looked at")
	}
	for _, in := range p.idle {
		mem := make([]byte, in.Memory().Size())
		if !in.Memory().Read(mem, 0) || bytes.Contains(mem, text) {
			t.Error("an instance that was reset holds what a command left")
		}
	}
}

// THREAT[RL-05]: commands of one sandbox run at once.
func TestConcurrent(t *testing.T) {
	sb := newSandbox(t, Config{})
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			for j := range 10 {
				script := fmt.Sprintf("echo %d-%d >>log; mkdir -p d%d; echo x >d%d/f; mv d%d/f d%d/g; cat d%d/g", i, j, i, i, i, i, i)
				r, err := sb.Shell(t.Context(), script)
				if err != nil || string(r.Stdout) != "x\n" {
					t.Errorf("%v, %+v", err, r)
				}
			}
		})
	}
	wg.Wait()
	want(t, sb, "wc -l <log; sort log | uniq | wc -l", "160\n160\n")
}

// THREAT[EN-11] Destroy ends what is running, may come twice, and nothing runs after.
func TestDestroyRunning(t *testing.T) {
	sb, err := testRuntime(t).New(Config{Timeout: -1})
	if err != nil {
		t.Fatal(err)
	}
	started, w := io.Pipe()
	done := make(chan *Result)
	go func() {
		r, err := sb.Run(context.Background(), Cmd{Name: "sh", Args: []string{"-c", "echo; while :; do :; done"}, Stdout: w})
		if err != nil {
			t.Error(err)
		}
		done <- r
	}()
	if _, err := started.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	if err := sb.Destroy(); err != nil {
		t.Fatal(err)
	}
	if r := <-done; r == nil || !r.Canceled {
		t.Errorf("%+v", r)
	}
	if err := sb.Destroy(); err != nil && !errors.Is(err, ErrDestroyed) {
		t.Errorf("again: %v", err)
	}
	if _, err := sb.Exec(t.Context(), "true"); !errors.Is(err, ErrDestroyed) {
		t.Errorf("after the end: %v", err)
	}
}

// A limit below what the image starts with is an error, also while instances
// that were made for a higher one wait.
func TestMemoryLimitTooLow(t *testing.T) {
	high, low := newSandbox(t, Config{}), newSandbox(t, Config{MemoryLimit: 4 << 20})
	want(t, high, "echo on", "on\n")
	r, err := low.Exec(t.Context(), "echo")
	if !errors.Is(err, engine.ErrMemory) || !strings.Contains(err.Error(), ": 4 MiB, and what runs starts with ") {
		t.Errorf("%+v, %v", r, err)
	}
}
