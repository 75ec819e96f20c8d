package core

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// holdings is what a process holds of the system.
type holdings struct{ goroutines, files, memory int }

// holdingsNow counts what this process holds, once it has let go of garbage; files
// and memory (in KiB) are 0 where the system does not tell.
func holdingsNow() holdings {
	h := holdings{goroutines: runtime.NumGoroutine()}
	debug.FreeOSMemory()
	if list, err := os.ReadDir("/proc/self/fd"); err == nil {
		h.files = len(list)
	}
	if status, err := os.ReadFile("/proc/self/status"); err == nil {
		_, rss, _ := strings.Cut(string(status), "VmRSS:")
		_, _ = fmt.Sscan(rss, &h.memory)
	}
	return h
}

// soak runs work n times, several at once, and fails if more is held at the end
// than after the first fifth.
func soak(t *testing.T, n int, work func(i int, random *rand.Rand)) {
	t.Helper()
	part := func(from, to int) {
		var next atomic.Int64
		next.Store(int64(from))
		var wg sync.WaitGroup
		for worker := range 16 {
			wg.Go(func() {
				random := rand.New(rand.NewPCG(uint64(from), uint64(worker)))
				for i := int(next.Add(1)) - 1; i < to; i = int(next.Add(1)) - 1 {
					work(i, random)
				}
			})
		}
		wg.Wait()
	}
	part(0, n/5)
	before := holdingsNow()
	part(n/5, n)
	after := holdingsNow()
	for range 200 { // what was cancelled may be on its way out
		if after.goroutines <= before.goroutines && after.files <= before.files {
			break
		}
		time.Sleep(5 * time.Millisecond)
		after = holdingsNow()
	}
	t.Logf("%+v after %d, %+v after %d", before, n/5, after, n)
	if after.goroutines > before.goroutines || after.files > before.files {
		t.Errorf("held before: %+v, after: %+v", before, after)
	}
	const slack = 16 << 10 // of KiB: what the allocator keeps varies
	if after.memory > before.memory+slack && !raceEnabled {
		t.Errorf("memory has grown from %d to %d KiB", before.memory, after.memory)
	}
}

// runs is how often a soak runs its work.
func runs() int {
	if testing.Short() || raceEnabled {
		return 1000
	}
	return 10_000
}

// THREAT[RL-07]: nothing grows over thousands of commands of every kind.
func TestSoak(t *testing.T) {
	rt := testRuntime(t)
	sb := newSandbox(t, Config{})
	if err := sb.WriteFile("f", []byte(strings.Repeat("one two three\n", 100))); err != nil {
		t.Fatal(err)
	}
	program, err := rt.Load(t.Context(), command())
	if err != nil {
		t.Fatal(err)
	}
	defer program.Close()
	kinds := []func() (*Result, error){
		func() (*Result, error) { return sb.Exec(t.Context(), "echo", "hi") },
		func() (*Result, error) { return sb.Exec(t.Context(), "wc", "f") },
		func() (*Result, error) { return sb.Shell(t.Context(), "grep two f | sort | uniq -c") },
		func() (*Result, error) { return sb.RunProgram(t.Context(), program, Cmd{Name: "prog"}) },
		func() (*Result, error) {
			own, err := rt.New(Config{})
			if err != nil {
				return nil, err
			}
			defer own.Destroy()
			s := own.Session()
			defer s.Close()
			return s.Exec(t.Context(), "x=1; echo $x >g; cat g")
		},
	}
	soak(t, runs(), func(i int, _ *rand.Rand) {
		if r, err := kinds[i%len(kinds)](); err != nil || r.ExitCode != 0 {
			t.Errorf("run %d: %+v, %v", i, r, err)
		}
	})
}

// THREAT[RL-06]: commands that are cancelled at any moment leave nothing behind,
// and the next one is right.
func TestCancelStorm(t *testing.T) {
	sb := newSandbox(t, Config{})
	// Waiting costs nothing, so most of them wait.
	sleeping := Cmd{Name: "sleep", Args: []string{"1"}}
	kinds := [16]Cmd{
		shellCmd("while :; do :; done"),
		shellCmd("for i in 1 2 3 4 5 6 7 8 9; do echo $i | cat; done; sleep 1"),
		shellCmd("sleep 1 | cat"),
	}
	var canceled atomic.Int64
	soak(t, runs(), func(i int, random *rand.Rand) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(random.IntN(20_000))*time.Microsecond)
		defer cancel()
		cmd := kinds[i%len(kinds)]
		if cmd.Name == "" {
			cmd = sleeping
		}
		r, err := sb.Run(ctx, cmd)
		if err != nil {
			t.Errorf("run %d: %v", i, err)
		} else if r.Canceled {
			canceled.Add(1)
		}
	})
	if n := canceled.Load(); n < int64(runs())*9/10 {
		t.Errorf("%d of %d were cancelled", n, runs())
	}
	want(t, sb, "echo on", "on\n")
}

func shellCmd(script string) Cmd { return Cmd{Name: "bash", Args: []string{"-c", script}} }
