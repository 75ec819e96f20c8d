package apitest

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// THREAT[SE-07]: bad requests get the right status and one clear message.
func (x *suite) badRequests(t *testing.T) {
	box := x.create(t, nil)
	nobody := []string{"Authorization", ""}
	wrong := func(value string) []string { return []string{"Authorization", value} }
	for _, c := range []struct {
		call, body string
		status     int
		says       string
		headers    []string
	}{
		{"POST /v1/exec", `{"script":"echo"}`, 401, "bearer token", nobody},
		{"GET " + box + "/diff", "", 401, "bearer token", wrong("Bearer " + x.Token[1:])},
		{"GET " + box + "/diff", "", 401, "bearer token", wrong("Basic " + x.Token)},
		{"GET " + box + "/diff", "", 401, "bearer token", wrong("Bearer " + x.Token + " ,")},
		{"DELETE " + box, "", 401, "bearer token", wrong("Bearer")},
		{"GET /v2/exec", "", 401, "bearer token", nobody},
		{"POST /v1/exec", "", 400, "a command or a script is needed", nil},
		{"POST /v1/exec", `{`, 400, "not what it should be", nil},
		{"POST /v1/exec", `null`, 400, "a command or a script is needed", nil},
		{"POST /v1/exec", `[]`, 400, "not what it should be", nil},
		{"POST /v1/exec", `"script"`, 400, "not what it should be", nil},
		{"POST /v1/exec", "\xff\xfe", 400, "not what it should be", nil},
		{"POST /v1/exec", `{"script":"a"} {}`, 400, "more than one", nil},
		{"POST /v1/exec", `{"script":"a"} x`, 400, "more than one", nil},
		{"POST /v1/exec", `{"scrpt":"a"}`, 400, `unknown field \"scrpt\"`, nil},
		{"POST /v1/exec", `{"script":1}`, 400, "not what it should be", nil},
		{"POST /v1/exec", `{"command":"ls"}`, 400, "not what it should be", nil},
		{"POST /v1/exec", `{"command":[""]}`, 400, "a command or a script is needed", nil},
		{"POST /v1/exec", `{"command":["a"],"script":"b"}`, 400, "exclude one another", nil},
		{"POST /v1/exec", `{"script":"a","timeout_ms":-1}`, 400, "negative", nil},
		{"POST /v1/exec", `{"script":"a","timeout_ms":1e30}`, 400, "not what it should be", nil},
		{"POST /v1/exec", `{"script":"a","fuel":-1}`, 400, "not what it should be", nil},
		{"POST /v1/exec", `{"script":"a","stdin_base64":"*"}`, 400, "not base64", nil},
		{"POST /v1/exec", `{"script":"a","stdin":"a","stdin_base64":"YQ=="}`, 400, "exclude one another", nil},
		{"POST /v1/exec", `{"script":"a","env":{"A=B":"c"}}`, 400, "bad variable name", nil},
		{"POST /v1/exec", `{"script":"a","files":{"../../x":"y"}}`, 422, "not permitted", nil},
		{"POST /v1/exec", `{"command":["echo","` + strings.Repeat("x", 1<<20) + `"]}`, 400, "arguments", nil},
		{"POST /v1/exec", strings.Repeat("[", 100_000), 400, "not what it should be", nil},
		{"POST /v1/exec", `{"env":` + strings.Repeat(`{"a":`, 100_000), 400, "not what it should be", nil},
		{"POST " + box + "/exec", `{"script":"a","files":{"f":"x"}}`, 400, "PUT them here", nil},
		{"POST /v1/sandboxes", `{"env":{"A=B":"c"}}`, 400, "bad variable name", nil},
		{"POST /v1/sandboxes", `{"memory_bytes":1}`, 400, "less than", nil},
		{"POST /v1/sandboxes", `{"id":"chosen"}`, 400, "unknown field", nil},
		{"POST /v1/sandboxes/x/exec", `{"script":"a"}`, 404, "no sandbox has this id", nil},
		{"POST /v1/sandboxes/" + strings.Repeat("0123456789abcdef", 2) + "/exec", `{"script":"a"}`, 404, "no sandbox has this id", nil},
		{"PATCH " + box + "/diff", "", 405, "method", nil},
		{"GET /v1/exec", "", 405, "method", nil},
		{"GET /v2/exec", "", 404, "no such path", nil},
		{"GET /", "", 404, "no such path", nil},
	} {
		method, path, _ := strings.Cut(c.call, " ")
		text := x.do(t, c.status, method, path, c.body, c.headers...)
		if !strings.Contains(text, c.says) || !strings.HasPrefix(text, `{"error":"`) || strings.Count(text, "\n") > 1 {
			t.Errorf("%s %.60s: %s, want %q", c.call, c.body, text, c.says)
		}
	}
}

// THREAT[SE-07]: a body that is too large is refused, and what it asks for is not done.
func (x *suite) tooLarge(t *testing.T) {
	box := x.create(t, nil)
	large := strings.Repeat("x", x.MaxBody+1)
	for call, body := range map[string]string{
		"PUT " + box + "/files/f": large,
		"POST /v1/exec":           `{"script":"` + large + `"}`,
		"POST " + box + "/exec":   `{"script":"echo >made #` + large + `"}`,
		"POST /v1/sandboxes":      `{"files":{"f":"` + large + `"}}`,
	} {
		method, path, _ := strings.Cut(call, " ")
		if text := x.do(t, http.StatusRequestEntityTooLarge, method, path, body); !strings.Contains(text, "larger") {
			t.Errorf("%s: %s", call, text)
		}
	}
	if got := x.script(t, box, "ls"); got != "" {
		t.Errorf("made: %s", got)
	}
}

// A file that is more than the sandbox may hold is refused, and the sandbox serves
// on.
func (x *suite) noSpace(t *testing.T) {
	box := x.create(t, nil)
	fill := fmt.Sprintf("head -c %d /dev/zero >full && wc -c <full", x.FileBytes-1000)
	if got := x.script(t, box, fill); got != fmt.Sprintln(x.FileBytes-1000) {
		t.Fatalf("%q", got)
	}
	big := strings.Repeat("x", 2000)
	if text := x.do(t, http.StatusInsufficientStorage, "PUT", box+"/files/f", big); !strings.Contains(text, "No space left") && !strings.Contains(text, "no space left") {
		t.Errorf("%s", text)
	}
	if got := x.script(t, box, "head -c 2000 /dev/zero >g; rm -f f g full"); !strings.Contains(got, "No space left on device") {
		t.Errorf("%q", got)
	}
	x.do(t, http.StatusNoContent, "PUT", box+"/files/f", big)
}

// THREAT[SE-07]: pages of other origins may not use the API, unless named.
func (x *suite) origins(t *testing.T) {
	for origin, want := range map[string]string{x.Origin: x.Origin, "https://evil.example": "", "null": ""} {
		for _, c := range []struct {
			call   string
			status int
		}{{"OPTIONS /v1/exec", 204}, {"GET /v1/tools", 200}} {
			method, path, _ := strings.Cut(c.call, " ")
			a, err := x.Do(t.Context(), method, path, nil, "Origin", origin)
			if err != nil || a.Status != c.status {
				t.Fatalf("%s: %d, %v", c.call, a.Status, err)
			}
			if got := a.Header.Get("Access-Control-Allow-Origin"); got != want {
				t.Errorf("%s from %s: %q", c.call, origin, got)
			}
			if got := a.Header.Get("Access-Control-Allow-Credentials"); got != "" {
				t.Errorf("%s from %s: with credentials: %q", c.call, origin, got)
			}
		}
	}
}

// THREAT[SE-03]: sandboxes at the same time see nothing of one another.
func (x *suite) twenty(t *testing.T) {
	const n = 20
	boxes := make([]string, n)
	for i := range boxes {
		boxes[i] = x.create(t, nil)
	}
	got := make([]string, n)
	var wait sync.WaitGroup
	for i, box := range boxes {
		wait.Go(func() {
			x.script(t, box, fmt.Sprintf("echo canary%d > f; alias a=b%[1]d; export V=v%[1]d; f() { echo f%[1]d; }; sleep 0.01", i))
			got[i] = x.script(t, box, "cat *; echo $V; alias; f; ls /work /tmp; env | grep -c canary")
		})
	}
	wait.Wait()
	for i := range got {
		if want := fmt.Sprintf("canary%d\nv%[1]d\nalias a='b%[1]d'\nf%[1]d\n/tmp:\n\n/work:\nf\n0\n", i); got[i] != want {
			t.Errorf("%q, want %q", got[i], want)
		}
	}
}

// THREAT[SE-07]: ids have 128 random bits.
func (x *suite) ids(t *testing.T) {
	boxes := map[string]bool{}
	for range 5 {
		box := x.create(t, nil)
		if !regexp.MustCompile("^/v1/sandboxes/[0-9a-f]{32}$").MatchString(box) || boxes[box] {
			t.Errorf("%s, after %v", box, boxes)
		}
		boxes[box] = true
	}
}
