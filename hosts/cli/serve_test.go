package main

import (
	"bufio"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"agentsandbox/core"
	"agentsandbox/core/guest"
	"agentsandbox/hosts/api"
	"agentsandbox/hosts/api/apitest"
)

// asProgram in the environment makes the test binary be the program. Its compiled
// code is kept where the value says.
const asProgram = "AGENT_SANDBOX_TEST_CACHE"

func TestMain(m *testing.M) {
	if dir := os.Getenv(asProgram); dir != "" {
		os.Setenv("XDG_CACHE_HOME", dir)
		main()
	}
	os.Exit(m.Run())
}

// server is a process that serves.
type server struct {
	apitest.Client
	cmd *exec.Cmd
}

const origin = "https://ok.example"

// startServer starts a process on a free port and waits until it serves.
func startServer(t *testing.T, flags ...string) *server {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("the cache and the signals are those of Linux")
	}
	if _, err := guest.Toolbox(); err != nil {
		t.Skipf("%v", err)
	}
	cache, err := filepath.Abs("../../build/cache/cli")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], append([]string{"serve", "-listen", "127.0.0.1:0", "-origins", origin}, flags...)...)
	cmd.Env = []string{asProgram + "=" + cache}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s := &server{cmd: cmd}
	t.Cleanup(func() { s.end(syscall.SIGKILL) })
	s.Token = after(t, stdout, "token: ")
	s.URL = after(t, stderr, "serving on ")
	return s
}

// after is what stands behind the mark in the first line that r gives.
func after(t *testing.T, r interface{ Read([]byte) (int, error) }, mark string) string {
	t.Helper()
	line, err := bufio.NewReader(r).ReadString('\n')
	_, rest, ok := strings.Cut(strings.TrimSpace(line), mark)
	if err != nil || !ok {
		t.Fatalf("%q without %q, %v", line, mark, err)
	}
	return rest
}

// end sends a signal and waits for the end.
func (s *server) end(signal syscall.Signal) error {
	_ = s.cmd.Process.Signal(signal) // it may have ended
	return s.cmd.Wait()
}

// The suite of the API, with the sandboxes in memory and in a folder.
func TestServe(t *testing.T) {
	for name, flags := range map[string][]string{"memory": nil, "dir": {"-dir", t.TempDir()}} {
		t.Run(name, func(t *testing.T) {
			s := startServer(t, append(flags, "-memory", "1G")...)
			apitest.Run(t, apitest.Server{Client: s.Client, MaxBody: api.DefaultMaxBody, FileBytes: 64 << 20, Origin: origin})
			if err := s.end(syscall.SIGTERM); err != nil {
				t.Errorf("the end: %v", err)
			}
		})
	}
}

// THREAT[RL-04]: a server that is killed while it writes has lost nothing of what it
// had answered.
func TestServeKilled(t *testing.T) {
	dir := t.TempDir()
	s := startServer(t, "-dir", dir)
	const n = 4
	boxes := make([]string, n)
	for i := range boxes {
		var err error
		if boxes[i], err = s.Create(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
	}
	done := make([]int, n)
	for range 3 {
		var writers sync.WaitGroup
		for i, box := range boxes {
			writers.Go(func() {
				for ; ; done[i]++ {
					next := done[i] + 1
					r, err := s.Script(t.Context(), box, fmt.Sprintf("n=%d; echo %[1]d >>log; echo %[1]d >f%[1]d", next))
					if err != nil || r.Stderr != "" {
						return
					}
					if err := s.Put(t.Context(), box, fmt.Sprint("put", next), fmt.Append(nil, next)); err != nil {
						return
					}
				}
			})
		}
		time.Sleep(300 * time.Millisecond) // they write meanwhile
		_ = s.end(syscall.SIGKILL)         // killed: an error
		writers.Wait()
		s = startServer(t, "-dir", dir)
		for i, box := range boxes {
			if done[i] == 0 {
				t.Fatal("nothing was written")
			}
			r, err := s.Script(t.Context(), box, fmt.Sprintf(
				"for i in {1..%d}; do grep -qx $i log && cat f$i put$i >/dev/null || echo no $i; done; echo $((n >= %[1]d && n <= %[1]d + 1))", done[i]))
			if err != nil || r.Stdout != "1\n" || r.Stderr != "" {
				t.Errorf("of %d: %+v, %v", done[i], r, err)
			}
		}
	}
}

// A server that is asked to end lets those finish who do so soon, and ends the
// others.
func TestServeEnds(t *testing.T) {
	s := startServer(t)
	type answer struct {
		r   *api.Result
		err error
	}
	answers := make(chan answer)
	for _, script := range []string{"echo >started; sleep 1; echo finished", "echo >started; while :; do :; done"} {
		box, err := s.Create(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			r, err := s.Script(t.Context(), box, script)
			answers <- answer{r, err}
		}()
		for {
			a, err := s.Do(t.Context(), "GET", box+"/files/started", nil)
			if err != nil {
				t.Fatal(err)
			}
			if a.Status == http.StatusOK {
				break
			}
		}
	}
	from := time.Now()
	ended := make(chan error, 1)
	go func() { ended <- s.end(syscall.SIGTERM) }()
	if a := <-answers; a.err != nil || a.r.Stdout != "finished\n" {
		t.Errorf("what would have finished: %+v, %v", a.r, a.err)
	}
	if a := <-answers; a.err == nil && !a.r.Canceled {
		t.Errorf("what would not: %+v", a.r)
	}
	if err := <-ended; err != nil || time.Since(from) > core.DefaultTimeout/2 {
		t.Errorf("it ended after %v: %v", time.Since(from), err)
	}
}

// THREAT[RL-08]: two hundred at once, each of which wants all memory that it can get,
// stay within the server's memory; each is served or told to come again.
func TestServeOverload(t *testing.T) {
	const memory = 1 << 30
	s := startServer(t, "-memory", fmt.Sprint(memory))
	const n = 200
	statuses := make(chan int, n)
	for i := range n {
		go func() {
			body := `{"script":"x=xxxxxxxxxxxxxxxx; while :; do x=$x$x; done"}`
			if i%2 == 1 {
				body = `{"script":"head -c 20000000 /dev/zero >f; echo served"}`
			}
			a, err := s.Do(t.Context(), "POST", "/v1/exec", []byte(body))
			if err != nil {
				a.Status = -1
			}
			statuses <- a.Status
		}()
	}
	count := map[int]int{}
	for range n {
		count[<-statuses]++
	}
	if count[http.StatusOK] == 0 || count[http.StatusOK]+count[http.StatusServiceUnavailable] != n {
		t.Errorf("%v", count)
	}
	if r, err := s.Script(t.Context(), "/v1", "echo served"); err != nil || r.Stdout != "served\n" {
		t.Errorf("after it: %+v, %v", r, err)
	}
	peak, err := peakMemory(s.cmd.Process.Pid)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("answers by status %v, at most %d MiB", count, peak>>20)
	const program = 350 << 20 // its code, and the toolbox's
	if peak > memory+program {
		t.Errorf("it took %d bytes of %d", peak, memory)
	}
}

// peakMemory is the most that a process has held in memory, in bytes.
func peakMemory(pid int) (int64, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(data), "VmHWM:")
	var kib int64
	if _, err := fmt.Sscan(rest, &kib); err != nil {
		return 0, errors.Join(errors.New("no VmHWM"), err)
	}
	return kib << 10, nil
}

// The parts of the memory are no more than the whole, and none is nothing.
func TestDivide(t *testing.T) {
	for _, total := range []int64{leastMemory, 1 << 30, 4 << 30, 1 << 40} {
		for _, running := range []int{0, 1, 50} {
			s, err := divide(total, 8, running)
			if running == 50 && total <= 4<<30 {
				if err == nil {
					t.Errorf("%d, %d: %+v", total, running, s)
				}
				continue
			}
			if err != nil || s.running < 1 || running > 0 && s.running != running || s.shells < 1 || s.command == 0 || s.each > s.files {
				t.Errorf("%d, %d: %+v", total, running, s)
			}
			if all := int64(s.command)*int64(s.running) + s.files + s.bodies + int64(s.shells)*shellMemory; all > total {
				t.Errorf("%d, %d: %+v is %d", total, running, s, all)
			}
		}
	}
}

func TestServeBadFlags(t *testing.T) {
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty")
	if err := os.WriteFile(empty, []byte(" \n"), 0o600); err != nil {
		t.Fatal(err)
	}
	served := filepath.Join(dir, "served")
	startServer(t, "-dir", served)
	for _, c := range []struct {
		flags, says string
	}{
		{"-token-file " + empty, "holds no token"},
		{"-token-file " + dir + "/none", "no such file"},
		{"-memory 1M", "-memory: less than"},
		{"-running 1000", "-running: so many leave less"},
		{"-memory much", "want a number of bytes"},
		{"-listen nowhere", "missing port"},
		{"-dir " + empty + " -listen 127.0.0.1:0", "not a directory"},
		{"-dir " + served + " -listen 127.0.0.1:0", "another server uses this folder"},
		{"folder", `"folder" is no flag`},
	} {
		got := runCLI(t, "", append([]string{"serve"}, strings.Fields(c.flags)...)...)
		if got.status != statusFailed || !strings.Contains(got.stderr, c.says) || strings.Contains(got.stdout, "token") {
			t.Errorf("%s: %+v, want %q", c.flags, got, c.says)
		}
	}
	if got := runCLI(t, "", "serve", "-h"); got.status != 0 || !strings.Contains(got.stderr, "curl") {
		t.Errorf("%+v", got)
	}
}
