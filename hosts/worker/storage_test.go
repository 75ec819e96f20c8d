//go:build !js

package main

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"agentsandbox/hosts/api/apitest"
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

// THREAT[SE-07]: without a secret nothing is served.
func TestNoToken(t *testing.T) {
	_, c := start(t, "", map[string]string{"AGENT_SANDBOX_TOKEN": ""})
	for _, value := range []string{"", "Bearer ", "Bearer undefined", "Bearer null"} {
		got := call(t, c, http.StatusServiceUnavailable, "POST", "/v1/exec", `{"script":"id"}`, "Authorization", value)
		if !strings.Contains(got, "no token") {
			t.Errorf("%q: %s", value, got)
		}
	}
}

// TestTimes prints how long commands take.
func TestTimes(t *testing.T) {
	_, c := start(t, "", nil)
	box := create(t, c, nil)
	for name, body := range map[string]apitest.Object{
		"in a session": {"script": "echo hi"}, "in a sandbox": {"command": []string{"echo", "hi"}},
	} {
		t.Logf("a warm exec %s: %v (median of 30)", name, median(t, 30, func() error {
			_, err := c.Exec(t.Context(), box, body)
			return err
		}))
	}
	t.Logf("an exec in a sandbox of its own: %v (median of 5)", median(t, 5, func() error {
		_, err := c.Script(t.Context(), "/v1", "echo hi")
		return err
	}))
	t.Logf("a new sandbox: %v (median of 5)", median(t, 5, func() error {
		_, err := c.Create(t.Context(), nil)
		return err
	}))
}

func median(t *testing.T, n int, do func() error) time.Duration {
	t.Helper()
	times := make([]time.Duration, n)
	for i := range times {
		from := time.Now()
		if err := do(); err != nil {
			t.Fatal(err)
		}
		times[i] = time.Since(from)
	}
	slices.Sort(times)
	return times[n/2].Round(10 * time.Microsecond)
}
