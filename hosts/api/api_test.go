package api

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"agentsandbox/core"
)

// client talks to a server under test.
type client struct {
	t     *testing.T
	url   string
	token string
}

// newClient starts a server on loopback.
func newClient(t *testing.T, edit func(*Config)) client {
	t.Helper()
	cache, err := filepath.Abs("../../build/cache")
	if err != nil {
		t.Fatal(err)
	}
	rt, err := core.NewRuntime(t.Context(), core.RuntimeConfig{CacheDir: cache})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { rt.Close() })
	if err := rt.Warm(t.Context()); errors.Is(err, core.ErrNoToolbox) {
		t.Skip("no guest image: run make image first")
	} else if err != nil {
		t.Fatal(err)
	}
	store := NewMemory(3, time.Hour)
	t.Cleanup(store.Close)
	c := Config{Token: "t0ken", Runtime: rt, Store: store}
	if edit != nil {
		edit(&c)
	}
	h, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return client{t, srv.URL, "t0ken"}
}

// do makes a request, and returns its status and body.
func (c client) do(method, path, body string, headers ...string) (int, string) {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), method, c.url+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return resp.StatusCode, string(data)
}

func (c client) result(path, body string) Result {
	c.t.Helper()
	status, text := c.do("POST", path, body)
	var r Result
	if err := json.Unmarshal([]byte(text), &r); err != nil || status != 200 {
		c.t.Fatalf("%s %s: %d %s", path, body, status, text)
	}
	return r
}

func (c client) create(body string) string {
	c.t.Helper()
	status, text := c.do("POST", "/v1/sandboxes", body)
	var made struct{ ID string }
	if err := json.Unmarshal([]byte(text), &made); err != nil || status != 201 {
		c.t.Fatalf("create: %d %s", status, text)
	}
	return "/v1/sandboxes/" + made.ID
}

func TestExecOnce(t *testing.T) {
	c := newClient(t, nil)
	r := c.result("/v1/exec", `{"command":["sh","-c","cat f - >&2; echo $A; pwd; exit 3"],"files":{"f":"file "},"stdin":"in","env":{"A":"a"},"cwd":"/work"}`)
	if r.ExitCode != 3 || r.Stdout != "a\n/work\n" || r.Stderr != "file in" || r.Usage.Fuel == 0 {
		t.Errorf("%+v", r)
	}
	if r := c.result("/v1/exec", `{"script":"printf '\\xff'; cat","stdin_base64":"/gA="}`); r.StdoutBase64 != "//4A" || r.Stdout != "" {
		t.Errorf("bytes: %+v", r)
	}
	if r := c.result("/v1/exec", `{"script":"ls"}`); r.Stdout != "" {
		t.Errorf("files of another request: %+v", r)
	}
	if r := c.result("/v1/exec", `{"script":"while :; do :; done","fuel":10000}`); r.Limit == nil || r.Limit.Kind != core.LimitFuel {
		t.Errorf("fuel: %+v", r)
	}
}

func TestSandboxes(t *testing.T) {
	c := newClient(t, nil)
	sb := c.create(`{"env":{"A":"a"},"files":{"d/f":"one\n"}}`)
	if r := c.result(sb+"/exec", `{"script":"cd d; x=5; echo $A"}`); r.Stdout != "a\n" {
		t.Errorf("%+v", r)
	}
	if r := c.result(sb+"/exec", `{"script":"pwd; echo $x"}`); r.Stdout != "/work/d\n5\n" {
		t.Errorf("the shell does not live on: %+v", r)
	}
	if r := c.result(sb+"/exec", `{"command":["sh","-c","pwd; echo [$x]"]}`); r.Stdout != "/work\n[]\n" {
		t.Errorf("a command is not on its own: %+v", r)
	}
	if status, _ := c.do("PUT", sb+"/files/n/g.bin", "by\x00tes\xff"); status != 204 {
		t.Errorf("PUT: %d", status)
	}
	if status, text := c.do("GET", sb+"/files/n/g.bin", ""); status != 200 || text != "by\x00tes\xff" {
		t.Errorf("GET: %d %q", status, text)
	}
	if status, text := c.do("GET", sb+"/files/", ""); status != 200 || !strings.Contains(text, `{"name":"n","type":"dir"`) {
		t.Errorf("list: %d %s", status, text)
	}
	if status, _ := c.do("DELETE", sb+"/files/d", ""); status != 204 {
		t.Errorf("DELETE: %d", status)
	}
	if status, text := c.do("GET", sb+"/diff", ""); status != 200 || !strings.Contains(text, `{"path":"n/g.bin","kind":"created"}`) {
		t.Errorf("diff: %d %s", status, text)
	}
	if status, _ := c.do("DELETE", sb, ""); status != 204 {
		t.Errorf("DELETE: %d", status)
	}
	for _, method := range []string{"POST /exec", "GET /diff", "GET /files/x", "PUT /files/x", "DELETE /files/x", "DELETE "} {
		m, path, _ := strings.Cut(method, " ")
		if status, text := c.do(m, sb+path, "{}"); status != 404 || !strings.Contains(text, `"error"`) {
			t.Errorf("%s after DELETE: %d %s", method, status, text)
		}
	}
}

func TestStream(t *testing.T) {
	c := newClient(t, nil)
	status, text := c.do("POST", "/v1/exec", `{"script":"echo out; echo err >&2; printf '\\xff'; exit 2"}`, "Accept", "text/event-stream")
	if status != 200 {
		t.Fatalf("%d %s", status, text)
	}
	var names []string
	var all strings.Builder
	s := bufio.NewScanner(strings.NewReader(text))
	for s.Scan() {
		if name, ok := strings.CutPrefix(s.Text(), "event: "); ok {
			names = append(names, name)
		}
		all.WriteString(s.Text())
	}
	if got := strings.Join(names, " "); got != "stdout stderr stdout result" {
		t.Errorf("events: %s", got)
	}
	for _, want := range []string{`{"text":"out\n"}`, `{"text":"err\n"}`, `{"base64":"/w=="}`, `"exit_code":2`} {
		if !strings.Contains(all.String(), want) {
			t.Errorf("%s is not in %s", want, text)
		}
	}
}

// THREAT[SE-07]: bad requests get the right status and one clear message.
func TestBadRequests(t *testing.T) {
	c := newClient(t, func(c *Config) { c.MaxBody = 1000 })
	sb := c.create("")
	nobody, wrong := c, c
	nobody.token, wrong.token = "", "t0ken2"
	for _, q := range []struct {
		c                  client
		method, path, body string
		status             int
		says               string
	}{
		{nobody, "POST", "/v1/exec", `{"script":"echo"}`, 401, "bearer token"},
		{wrong, "GET", sb + "/diff", "", 401, "bearer token"},
		{c, "POST", "/v1/exec", `{`, 400, "not what it should be"},
		{c, "POST", "/v1/exec", `{"script":"a"} {}`, 400, "more than one"},
		{c, "POST", "/v1/exec", `{"scrpt":"a"}`, 400, `unknown field \"scrpt\"`},
		{c, "POST", "/v1/exec", `{}`, 400, "a command or a script is needed"},
		{c, "POST", "/v1/exec", `{"command":["a"],"script":"b"}`, 400, "exclude one another"},
		{c, "POST", "/v1/exec", `{"script":"a","timeout_ms":-1}`, 400, "negative"},
		{c, "POST", "/v1/exec", `{"script":"a","stdin_base64":"*"}`, 400, "not base64"},
		{c, "POST", "/v1/exec", strings.Repeat("[", 900), 400, "not what it should be"},
		{c, "POST", "/v1/exec", strings.Repeat(" ", 2000), 413, "larger"},
		{c, "PUT", sb + "/files/f", strings.Repeat("x", 2000), 413, "larger"},
		{c, "POST", "/v1/sandboxes", `{"env":{"A=B":"c"}}`, 400, "bad variable name"},
		{c, "POST", "/v1/sandboxes/0123456789abcdef0123456789abcdef/exec", `{"script":"a"}`, 404, "no sandbox has this id"},
		{c, "GET", sb + "/files/missing", "", 404, "No such file"},
		{c, "GET", sb + "/files/%2e%2e/%2e%2e/etc/passwd", "", 422, "not permitted"},
		{c, "PATCH", sb + "/diff", "", 405, ""},
		{c, "GET", "/v2/exec", "", 404, ""},
	} {
		status, text := q.c.do(q.method, q.path, q.body)
		if status != q.status || !strings.Contains(text, q.says) {
			t.Errorf("%s %s %.40s: %d %s, want %d %q", q.method, q.path, q.body, status, text, q.status, q.says)
		}
	}
}

func TestFull(t *testing.T) {
	c := newClient(t, nil)
	for range 3 {
		c.create("")
	}
	if status, text := c.do("POST", "/v1/sandboxes", ""); status != 429 || !strings.Contains(text, "too many") {
		t.Errorf("%d %s", status, text)
	}
}

// An idle sandbox makes room, a used one does not.
func TestMemoryMakesRoom(t *testing.T) {
	c := newClient(t, nil)
	_ = c
	store := NewMemory(2, time.Minute)
	now := time.Unix(0, 0)
	store.now = func() time.Time { return now }
	rt, err := core.NewRuntime(t.Context(), core.RuntimeConfig{Engine: "interpreter"})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	var ids []string
	for range 3 {
		sb, err := rt.New(core.Config{})
		if err != nil {
			t.Fatal(err)
		}
		id, err := store.Create(sb)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
		now = now.Add(2 * time.Minute)
		if len(ids) == 2 {
			if _, err := store.Get(ids[0]); err != nil {
				t.Fatal(err)
			}
			now = now.Add(time.Minute)
		}
	}
	if _, err := store.Get(ids[1]); !errors.Is(err, ErrUnknown) {
		t.Errorf("the idle one is still there: %v", err)
	}
	if _, err := store.Get(ids[0]); err != nil || len(ids[0]) != 32 {
		t.Errorf("the used one: %v, id %s", err, ids[0])
	}
	store.Close()
}

// Cross-origin use is off unless configured, and the document needs no token.
func TestOrigins(t *testing.T) {
	c := newClient(t, func(c *Config) { c.Origins = []string{"https://ok.example"} })
	for origin, want := range map[string]string{"https://ok.example": "https://ok.example", "https://evil.example": ""} {
		req, _ := http.NewRequest("OPTIONS", c.url+"/v1/exec", nil)
		req.Header.Set("Origin", origin)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if got := resp.Header.Get("Access-Control-Allow-Origin"); got != want {
			t.Errorf("%s: %q", origin, got)
		}
	}
	c.token = ""
	if status, text := c.do("GET", "/v1/openapi.json", ""); status != 200 || !json.Valid([]byte(text)) {
		t.Errorf("document: %d", status)
	}
	if _, err := New(Config{}); !errors.Is(err, ErrNoToken) {
		t.Errorf("New without a token: %v", err)
	}
}
