package apitest

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"agentsandbox/core"
)

// loop is a script that ends only if it is ended.
const loop = "while :; do :; done"

func (x *suite) exec(t *testing.T) {
	r := x.run(t, "/v1", Object{
		"command": []string{"sh", "-c", "cat f - >&2; echo $A; pwd; exit 3"},
		"files":   Object{"f": "file "}, "stdin": "in", "env": Object{"A": "a"}, "cwd": "/work",
	})
	if r.ExitCode != 3 || r.Stdout != "a\n/work\n" || r.Stderr != "file in" || r.Usage.Fuel == 0 || r.Usage.PeakMemory == 0 {
		t.Errorf("%+v", r)
	}
	r = x.run(t, "/v1", Object{"script": `printf '\xff'; cat`, "stdin_base64": "/gA="})
	if r.StdoutBase64 != "//4A" || r.Stdout != "" {
		t.Errorf("bytes: %+v", r)
	}
	if got := x.script(t, "/v1", "ls"); got != "" {
		t.Errorf("files of another request: %s", got)
	}
	if r := x.run(t, "/v1", Object{"command": []string{"nothere"}}); r.ExitCode != 127 || r.Stderr == "" {
		t.Errorf("a command that is not there: %+v", r)
	}
	r = x.run(t, "/v1", Object{"script": "yes | head -c 3000000"})
	if !r.StdoutTruncated || len(r.Stdout) != 1<<20 {
		t.Errorf("%d bytes of output, truncated: %v", len(r.Stdout), r.StdoutTruncated)
	}
}

func (x *suite) sandbox(t *testing.T) {
	box := x.create(t, Object{"env": Object{"A": "a"}, "files": Object{"d/f": "one\n"}})
	if got := x.script(t, box, "cd d; x=5; echo $A"); got != "a\n" {
		t.Errorf("%q", got)
	}
	if got := x.script(t, box, "pwd; echo $x; cat f"); got != "/work/d\n5\none\n" {
		t.Errorf("the shell does not live on: %q", got)
	}
	if r := x.run(t, box, Object{"command": []string{"sh", "-c", "pwd; echo [$x]"}}); r.Stdout != "/work\n[]\n" {
		t.Errorf("a command is not on its own: %+v", r)
	}
	if r := x.run(t, box, Object{"script": "exit 7"}); r.ExitCode != 7 || !r.Exited {
		t.Errorf("exit: %+v", r)
	}
	if got := x.script(t, box, "pwd; echo [$x]"); got != "/work\n[]\n" {
		t.Errorf("after exit: %q", got)
	}
	x.do(t, http.StatusNoContent, "DELETE", box, "")
	for _, call := range []string{"POST /exec", "GET /diff", "GET /files/x", "PUT /files/x", "DELETE /files/x", "DELETE "} {
		method, path, _ := strings.Cut(call, " ")
		if text := x.do(t, http.StatusNotFound, method, box+path, `{"script":"a"}`); !strings.Contains(text, `"error"`) {
			t.Errorf("%s after DELETE: %s", call, text)
		}
	}
}

// destroy destroys a sandbox that may be gone.
func (x *suite) destroy(t *testing.T, box string) {
	a, err := x.Do(context.WithoutCancel(t.Context()), "DELETE", box, nil)
	if err != nil || a.Status != http.StatusNoContent && a.Status != http.StatusNotFound {
		t.Errorf("DELETE %s: %d %v", box, a.Status, err)
	}
}

func (x *suite) tools(t *testing.T) {
	var list struct{ Tools []string }
	if err := x.Call(t.Context(), "GET", "/v1/tools", nil, &list); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"awk", "bash", "grep", "jq"} {
		if !slices.Contains(list.Tools, name) {
			t.Errorf("no %s in %v", name, list.Tools)
		}
	}
}

var asEvents = []string{"Accept", "application/json, text/event-stream"}

func (x *suite) stream(t *testing.T) {
	text := x.do(t, http.StatusOK, "POST", "/v1/exec",
		`{"script":"echo out; sleep 0.05; echo err >&2; sleep 0.05; printf '\\xff'; exit 2"}`, asEvents...)
	events, err := readEvents(text)
	if err != nil || len(events) != 4 {
		t.Fatalf("%v in %s", err, text)
	}
	for i, want := range []string{`stdout {"text":"out\n"}`, `stderr {"text":"err\n"}`, `stdout {"base64":"/w=="}`} {
		if events[i] != want {
			t.Errorf("event %d: %s, want %s", i, events[i], want)
		}
	}
	name, data, _ := strings.Cut(events[3], " ")
	if err := x.document.checkJSON(&schema{Ref: "#/components/schemas/Result"}, []byte(data)); err != nil || name != "result" {
		t.Errorf("the last event: %s: %v", events[3], err)
	}
	if !strings.Contains(data, `"exit_code":2`) || !strings.Contains(data, `"stdout":""`) {
		t.Errorf("the last event: %s", data)
	}
	// What is wrong before anything was sent has a status as ever.
	x.do(t, http.StatusBadRequest, "POST", "/v1/exec", "{}", asEvents...)
	x.do(t, http.StatusNotFound, "POST", "/v1/sandboxes/"+strings.Repeat("0", 32)+"/exec", `{"script":"a"}`, asEvents...)
}

// readEvents reads a stream of events as NAME DATA, without the comments.
func readEvents(text string) ([]string, error) {
	var events []string
	name := ""
	lines := bufio.NewScanner(strings.NewReader(text))
	lines.Buffer(nil, 4<<20)
	for lines.Scan() {
		if rest, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
			name = rest
		} else if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			events = append(events, name+" "+data)
		}
	}
	return events, lines.Err()
}

// begin starts a script in the sandbox's shell as a stream, and waits for what
// it prints first. end leaves the stream.
func (x *suite) begin(t *testing.T, box, script string) (end func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	body, err := json.Marshal(Object{"script": "echo first; " + script})
	if err != nil {
		t.Fatal(err)
	}
	resp, err := x.Send(ctx, "POST", box+"/exec", body, asEvents...)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() && !strings.Contains(lines.Text(), "first") {
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return func() {
		cancel()
		resp.Body.Close()
	}
}

func (x *suite) busy(t *testing.T) {
	box := x.create(t, nil)
	end := x.begin(t, box, loop)
	defer end()
	if text := x.do(t, http.StatusConflict, "POST", box+"/exec", `{"script":"echo"}`); !strings.Contains(text, "error") {
		t.Errorf("%s", text)
	}
	if r := x.run(t, box, Object{"command": []string{"echo", "on its own"}}); r.Stdout != "on its own\n" {
		t.Errorf("%+v", r)
	}
	x.do(t, http.StatusNoContent, "PUT", box+"/files/f", "x")
}

// soon is well before the limit of time that ends a command.
const soon = core.DefaultTimeout / 2

// free waits until the shell of the sandbox runs nothing, which has to be soon.
func (x *suite) free(t *testing.T, box string, from time.Time) {
	t.Helper()
	for {
		a, err := x.Do(t.Context(), "POST", box+"/exec", []byte(`{"script":"echo again"}`))
		switch {
		case err != nil:
			t.Fatal(err)
		case time.Since(from) > soon:
			t.Fatalf("it took %v", time.Since(from))
		case a.Status == http.StatusConflict:
		case a.Status != http.StatusOK || !strings.Contains(string(a.Body), "again"):
			t.Fatalf("%d %s", a.Status, a.Body)
		default:
			return
		}
	}
}

// Who leaves a stream ends the command.
func (x *suite) leaveStream(t *testing.T) {
	box := x.create(t, nil)
	end := x.begin(t, box, loop)
	from := time.Now()
	end()
	x.free(t, box, from)
}

// Who leaves before the answer has come ends the command.
func (x *suite) leaveRequest(t *testing.T) {
	box := x.create(t, nil)
	x.do(t, http.StatusNoContent, "PUT", box+"/files/waits", "x")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	left := make(chan error, 1)
	go func() {
		_, err := x.Client.Exec(ctx, box, Object{"script": "rm waits; " + loop})
		left <- err
	}()
	for from := time.Now(); time.Since(from) < soon; {
		if a, err := x.Do(t.Context(), "GET", box+"/files/waits", nil); err != nil || a.Status == http.StatusNotFound {
			break // it runs
		}
	}
	from := time.Now()
	cancel()
	if err := <-left; err == nil {
		t.Fatal("the request ended by itself")
	}
	x.free(t, box, from)
}

func (x *suite) limits(t *testing.T) {
	const memory = 48 << 20
	box := x.create(t, Object{"memory_bytes": memory})
	for _, c := range []struct {
		body   Object
		kind   core.LimitKind
		status int
	}{
		{Object{"script": loop, "timeout_ms": 300}, core.LimitTime, core.ExitTimeout},
		{Object{"script": loop, "fuel": 100000}, core.LimitFuel, core.ExitLimit},
		{Object{"script": "x=xxxxxxxxxxxxxxxx; while :; do x=$x$x; done", "memory_bytes": memory}, core.LimitMemory, core.ExitLimit},
	} {
		for _, path := range []string{box, "/v1"} {
			r := x.run(t, path, c.body)
			if r.Limit == nil || r.Limit.Kind != c.kind || r.StateLost != (path == box) {
				t.Errorf("%v: %+v, limit %+v", c.body, r, r.Limit)
			}
			if got := x.script(t, path, "echo serving"); got != "serving\n" {
				t.Errorf("%v: then %q", c.body, got)
			}
		}
	}
}
