package core

import (
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// recursion is a program that calls itself for ever and keeps that many values
// in each frame.
func recursion(values int) []byte {
	var code []byte
	for i := range values { // local i = memory[8*i]
		code = append(code, 0x41, 0, 0x29, 3)
		code = binary.AppendUvarint(code, uint64(8*i))
		code = binary.AppendUvarint(append(code, 0x21), uint64(i))
	}
	code = append(code, 0x10, 1)
	for i := range values { // memory[8*i] = local i
		code = append(code, 0x41, 0, 0x20)
		code = binary.AppendUvarint(code, uint64(i))
		code = binary.AppendUvarint(append(code, 0x37, 3), uint64(8*i))
	}
	return commandOf(binary.AppendUvarint([]byte{1}, uint64(values)), code)
}

// THREAT[EN-06] [M7]: recursion without end is ended by the limit of the stack,
// on each engine, in a program as in the toolbox, and another command goes on.
func TestStackLimit(t *testing.T) {
	for _, kind := range []string{"", "interpreter"} {
		t.Run("engine "+kind, func(t *testing.T) {
			rt := testRuntime(t)
			if kind != "" {
				rt = newRuntime(t, RuntimeConfig{Engine: kind})
			}
			sb, err := rt.New(Config{})
			if err != nil {
				t.Fatal(err)
			}
			defer sb.Destroy()
			for _, values := range []int{0, 3000} {
				p, err := rt.Load(t.Context(), recursion(values))
				if err != nil {
					t.Fatal(err)
				}
				defer p.Close()
				for range 2 {
					r, err := sb.RunProgram(t.Context(), p, Cmd{Name: "prog"})
					if err != nil || r.Limit == nil || r.Limit.Kind != LimitStack || r.Limit.Max != DefaultStack || r.ExitCode != ExitTrap || r.Trap != "" {
						t.Errorf("%d values: %+v, %v", values, r, err)
					}
				}
			}
		})
	}
}

// A limit of the stack that is lower counts, and one command's does not touch the next's.
func TestStackLimitOfSandbox(t *testing.T) {
	const script = "jq -n 'def f: if . == 0 then 0 else (. - 1 | f) + 1 end; 2000 | f'"
	low, normal := newSandbox(t, Config{Limits: Limits{Stack: 1 << 20}}), newSandbox(t, Config{})
	for range 3 {
		r := shell(t, low, script)
		if r.Limit == nil || r.Limit.Kind != LimitStack || r.Limit.Max != 1<<20 || r.Limit.Used <= r.Limit.Max {
			t.Errorf("%+v, %v", r, r.Limit)
		}
		want(t, normal, script, "2000\n")
	}
	s := normal.Session()
	defer s.Close()
	for range 3 {
		r, err := s.Exec(t.Context(), strings.ReplaceAll(script, "2000", "5000"))
		if err != nil || string(r.Stdout) != "5000\n" {
			t.Fatalf("in a session: %+v, %v", r, err)
		}
	}
}

// A command that waits for its turn to go deep still has its deadline, and is
// none the worse when the turn comes.
func TestStackWaits(t *testing.T) {
	rt := testRuntime(t)
	p, err := rt.Load(t.Context(), recursion(0))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	sb := newSandbox(t, Config{})
	for range cap(rt.deep) {
		rt.deep <- struct{}{}
	}
	r, err := sb.RunProgram(t.Context(), p, Cmd{Name: "prog", Timeout: 50 * time.Millisecond})
	if err != nil || r.Limit == nil || r.Limit.Kind != LimitTime {
		t.Errorf("%+v, %v", r, err)
	}
	done := make(chan *Result)
	go func() {
		r, _ := sb.RunProgram(t.Context(), p, Cmd{Name: "prog"})
		done <- r
	}()
	for range cap(rt.deep) {
		<-rt.deep
	}
	if r := <-done; r == nil || r.Limit == nil || r.Limit.Kind != LimitStack {
		t.Errorf("%+v", r)
	}
	if len(rt.deep) != 0 {
		t.Error("a place was not given back")
	}
}

// stackChild is set in a process that TestStackMemory measures: to "gated", or to
// "open" for guests that do not wait for one another.
const stackChild = "AGENT_SANDBOX_STACK_CHILD"

// THREAT[M7] [EN-06]: 16 recursions without end at once take less than 512 MiB
// of the host, of two cores. Were they not to wait for one another, they would take more.
func TestStackMemory(t *testing.T) {
	if mode := os.Getenv(stackChild); mode != "" {
		manyRecursions(t, mode == "open")
		return
	}
	if runtime.GOOS != "linux" {
		t.Skip("reads /proc")
	}
	if raceEnabled {
		t.Skip("the race detector takes memory of its own")
	}
	testRuntime(t) // skips without an image
	most := 512 << 10 * max(1, runtime.GOMAXPROCS(0)/2)
	if peak := childPeak(t, "gated"); peak > most {
		t.Errorf("16 recursions took %d KiB", peak)
	}
	if peak := childPeak(t, "open"); peak < most && runtime.GOMAXPROCS(0) < 4 {
		t.Errorf("the attack is none: %d KiB without the gate", peak)
	}
}

// childPeak is the most memory that a process of a mode takes, in KiB.
func childPeak(t *testing.T, mode string) int {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestStackMemory$", "-test.v")
	cmd.Env = append(os.Environ(), stackChild+"="+mode)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var peak int
	_, text, _ := strings.Cut(string(out), "peak ")
	if _, err := fmt.Sscanf(text, "%d KiB", &peak); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	t.Logf("%s: %d MiB", mode, peak>>10)
	return peak
}

// manyRecursions runs 16 at once, with frames small and large, and prints the
// most memory that the process had.
func manyRecursions(t *testing.T, open bool) {
	rt := newRuntime(t, RuntimeConfig{})
	if open {
		rt.deep = nil
	}
	sb, err := rt.New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer sb.Destroy()
	for _, values := range []int{0, 3000} {
		p, err := rt.Load(t.Context(), recursion(values))
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() {
				r, err := sb.RunProgram(t.Context(), p, Cmd{Name: "prog"})
				if err != nil || r.Limit == nil || r.Limit.Kind != LimitStack {
					t.Errorf("%+v, %v", r, err)
				}
			})
		}
		wg.Wait()
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	_, peak, _ := strings.Cut(string(status), "VmHWM:")
	line, _, _ := strings.Cut(strings.TrimSpace(peak), "\n")
	fmt.Println("peak", strings.Replace(line, "kB", "KiB", 1))
}

func newRuntime(t *testing.T, c RuntimeConfig) *Runtime {
	t.Helper()
	rt, err := NewRuntime(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { rt.Close() })
	return rt
}
