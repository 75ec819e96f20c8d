//go:build !js

package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"agentsandbox/hosts/api/apitest"
	"agentsandbox/hosts/worker/workerd"
)

// call makes a request that has to be answered with the status.
func call(t *testing.T, c apitest.Client, status int, method, path, body string, headers ...string) string {
	t.Helper()
	a, err := c.Do(t.Context(), method, path, []byte(body), headers...)
	if err != nil || a.Status != status {
		t.Fatalf("%s %s: %d %s %v, want %d", method, path, a.Status, a.Body, err, status)
	}
	return string(a.Body)
}

// script runs a script in the shell of a sandbox, and returns what it printed.
func script(t *testing.T, c apitest.Client, box, text string) string {
	t.Helper()
	r, err := c.Script(t.Context(), box, text)
	if err != nil {
		t.Fatal(err)
	}
	return r.Stdout + r.Stderr
}

func create(t *testing.T, c apitest.Client, body apitest.Object) string {
	t.Helper()
	box, err := c.Create(t.Context(), body)
	if err != nil {
		t.Fatal(err)
	}
	return box
}

// THREAT[RL-11]: what was answered is there after workerd was killed.
func TestRestart(t *testing.T) {
	t.Parallel()
	objects := t.TempDir()
	s, c := start(t, objects, nil)
	box := create(t, c, apitest.Object{"env": apitest.Object{"A": "a"}, "files": apitest.Object{"d/old": "1", "gone": "2"}})
	for _, text := range []string{
		"ln -s d/old link; mkdir -m 700 empty; head -c 3000000 /dev/zero > big; rm gone; touch -d 2001-02-03 d/old; chmod 755 d/old",
		`printf x > $'n\xff'; rm big; head -c 2500000 /dev/zero | tr '\0' z > big`,
	} {
		if got := script(t, c, box, text); got != "" {
			t.Fatal(got)
		}
	}
	call(t, c, http.StatusNoContent, "PUT", box+"/files/put", "put")
	const look = `find . -printf '%p %y %m %s %l %TY-%Tm-%Td\n' | grep -v '^\. ' | sort; md5sum big; echo $A`
	was, diff := script(t, c, box, look), call(t, c, http.StatusOK, "GET", box+"/diff", "")
	other := create(t, c, nil)
	call(t, c, http.StatusNoContent, "DELETE", other, "")
	s.Kill()

	s, c = start(t, objects, nil)
	if is := script(t, c, box, look); is != was || !strings.Contains(is, "2001-02-03") {
		t.Errorf("%s\nwas\n%s", is, was)
	}
	if got := call(t, c, http.StatusOK, "GET", box+"/diff", ""); got != diff {
		t.Errorf("%s\nwas\n%s", got, diff)
	}
	call(t, c, http.StatusNotFound, "GET", other+"/diff", "")
	script(t, c, box, "rm -r d link")
	s.Kill()

	_, c = start(t, objects, nil)
	if got := script(t, c, box, "ls -d d link empty put 2>/dev/null"); got != "empty\nput\n" {
		t.Errorf("%q", got)
	}
}

// session is a session of a shell, cut in two where it is interrupted.
var session = []string{
	"mkdir d; cd d; x=5; export y=$'\\xff'; a=(1 '2 3'); f() { echo f$1; }; alias g='echo alias'; set -o pipefail; trap 'echo bye' EXIT; false",
	"echo $? $x ${#a[@]} $(pwd) ${y@Q}; f 1; shopt -s expand_aliases; shopt -qo pipefail && trap -p; env | grep -ac '^y='",
	"g here; cd ..; pwd; unset x; echo [$x] ${a[1]}; exit 3",
	"pwd; echo [$y]; trap -p",
}

// sessionWant is what the scripts of session print.
var sessionWant = []string{
	"",
	"1 5 2 /work/d $'\\377'\nf1\ntrap -- 'echo bye' EXIT\n1\n",
	"alias here\n/work\n[] 2 3\nbye\n",
	"/work\n[]\n",
}

// THREAT[RL-04]: a session that workerd's end cuts at any place goes on as one
// that was not cut.
func TestSessionSurvives(t *testing.T) {
	t.Parallel()
	objects := t.TempDir()
	s, c := start(t, objects, nil)
	box := create(t, c, nil)
	for i, text := range session {
		r, err := c.Script(t.Context(), box, text)
		if err != nil || r.Stdout+r.Stderr != sessionWant[i] || r.StateLost {
			t.Errorf("script %d: %+v, %v, want %q", i, r, err, sessionWant[i])
		}
		s.Kill()
		s, c = start(t, objects, nil)
	}
}

// THREAT[RL-11]: a session goes on when its program had to make room for others,
// and other sandboxes see nothing of it.
func TestEviction(t *testing.T) {
	t.Parallel()
	_, c := start(t, "", map[string]string{"AGENT_SANDBOX_MEMORY_MB": "40"}) // one program has room
	boxes := []string{create(t, c, nil), create(t, c, nil), create(t, c, nil)}
	for i, text := range session {
		for _, box := range boxes {
			r, err := c.Script(t.Context(), box, text)
			if err != nil || r.Stdout+r.Stderr != sessionWant[i] || r.StateLost {
				t.Errorf("script %d: %+v, %v, want %q", i, r, err, sessionWant[i])
			}
		}
	}
	// What can't be saved is lost, and that is told.
	script(t, c, boxes[0], "x=5; sleep 100 & exec 3>f")
	script(t, c, boxes[1], "echo")
	for _, want := range []bool{true, false} {
		r, err := c.Script(t.Context(), boxes[0], "jobs; echo $x")
		if err != nil || r.Stdout != "5\n" || r.StateLost != want {
			t.Errorf("%+v, %v, want lost: %v", r, err, want)
		}
	}
}

// THREAT[RL-11]: where the storage fails, the request says so and changes nothing,
// and the sandbox goes on from what it was.
func TestStorageFails(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the storage is made to fail by a limit of Linux")
	}
	t.Parallel()
	workerdPath, err := filepath.Abs(binary(t))
	if err != nil {
		t.Fatal(err)
	}
	limited := filepath.Join(t.TempDir(), "workerd")
	const limit = "#!/bin/sh\nulimit -f 4096\ntrap '' XFSZ\nexec '%s' \"$@\"\n" // no file has more than 2 MiB
	if err := os.WriteFile(limited, fmt.Appendf(nil, limit, workerdPath), 0o700); err != nil {
		t.Fatal(err)
	}
	objects := t.TempDir()
	s, c := startWith(t, limited, workerd.Options{Modules: modules(t), Objects: objects})
	box := create(t, c, nil)
	script(t, c, box, "echo old > f; x=1")
	got := call(t, c, http.StatusInternalServerError, "PUT", box+"/files/big", strings.Repeat("x", 10<<20))
	if !strings.Contains(got, "not kept") {
		t.Errorf("%s", got)
	}
	if got := script(t, c, box, "ls; cat f; echo $x; echo new >f; x=2"); got != "f\nold\n1\n" {
		t.Errorf("after it %q", got)
	}
	s.Kill()
	_, c = start(t, objects, nil)
	if got := script(t, c, box, "ls; cat f; echo $x"); got != "f\nnew\n2\n" {
		t.Errorf("after a restart %q", got)
	}
}

// THREAT[RL-08]: without room a request is refused, soon and clearly, and what
// runs goes on.
func TestOverload(t *testing.T) {
	t.Parallel()
	_, c := start(t, "", map[string]string{"AGENT_SANDBOX_MEMORY_MB": "40"})
	busy, other := create(t, c, nil), create(t, c, nil)
	done := make(chan string)
	go func() {
		r, err := c.Script(t.Context(), busy, "echo started; sleep 8; echo ended")
		done <- fmt.Sprint(r.Stdout, err)
	}()
	for {
		if a, err := c.Do(t.Context(), "POST", busy+"/exec", []byte(`{"script":"echo"}`)); err != nil || a.Status == http.StatusConflict {
			break // it runs
		}
	}
	a, err := c.Do(t.Context(), "POST", other+"/exec", []byte(`{"script":"echo"}`))
	if err != nil || a.Status != http.StatusServiceUnavailable || !strings.Contains(string(a.Body), "too much is running") || a.Header.Get("Retry-After") == "" {
		t.Errorf("%d %s %v", a.Status, a.Body, err)
	}
	if got := <-done; got != "started\nended\n<nil>" {
		t.Errorf("%s", got)
	}
	if got := script(t, c, other, "echo served"); got != "served\n" {
		t.Errorf("%q", got)
	}
}

// An idle sandbox is destroyed, also after a restart, and a used one is not.
func TestExpiry(t *testing.T) {
	t.Parallel()
	env := map[string]string{"AGENT_SANDBOX_IDLE_MINUTES": "0.02"}
	objects := t.TempDir()
	s, c := start(t, objects, env)
	idle, used := create(t, c, apitest.Object{"files": apitest.Object{"f": "x"}}), create(t, c, nil)
	expires(t, c, idle, used)
	cut := create(t, c, nil)
	s.Kill()
	_, c = start(t, objects, env)
	expires(t, c, cut, "")
	call(t, c, http.StatusNotFound, "GET", idle+"/files/f", "")
}

// expires waits until a sandbox is gone, in which time the other is used. To ask
// whether it is gone is to use it, so it is asked rarely.
func expires(t *testing.T, c apitest.Client, idle, used string) {
	t.Helper()
	for range 10 {
		for from := time.Now(); time.Since(from) < 2500*time.Millisecond; {
			if used != "" {
				script(t, c, used, "sleep 0.1")
			} else {
				script(t, c, "/v1", "sleep 0.1")
			}
		}
		a, err := c.Do(t.Context(), "GET", idle+"/diff", nil)
		if err != nil {
			t.Fatal(err)
		}
		if a.Status == http.StatusNotFound {
			return
		}
	}
	t.Fatal("it is not gone")
}
