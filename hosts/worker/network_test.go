//go:build !js

package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"agentsandbox/hosts/api/apitest"
	"agentsandbox/hosts/worker/workerd"
)

// outbound stands for all that the Worker can reach, and notes what it is asked.
type outbound struct {
	url string

	mu   sync.Mutex
	seen []string // guarded by mu
}

func newOutbound(t *testing.T) *outbound {
	o := &outbound{}
	srv := httptest.NewServer(o)
	t.Cleanup(srv.Close)
	o.url = strings.TrimPrefix(srv.URL, "http://")
	return o
}

// ServeHTTP implements http.Handler.
func (o *outbound) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	o.seen = append(o.seen, fmt.Sprintf("%s %s%s key=%s cookie=%s", r.Method, r.Host, r.URL, r.Header.Get("X-Key"), r.Header.Get("Cookie")))
	o.mu.Unlock()
	w.Header().Set("Set-Cookie", "session=1")
	if to := r.URL.Query().Get("to"); to != "" {
		http.Redirect(w, r, to, http.StatusFound)
		return
	}
	fmt.Fprintf(w, "hello from %s\n", r.Host)
}

// asked returns what was asked since the last call.
func (o *outbound) asked() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	seen := o.seen
	o.seen = nil
	return seen
}

// startOutbound starts the Worker with the outbound instead of the internet.
func startOutbound(t *testing.T, o *outbound, env map[string]string) apitest.Client {
	t.Helper()
	from, folder := modules(t), t.TempDir()
	if err := os.CopyFS(folder, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(folder, "config.capnp")
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	const services = "  services = [\n"
	stub := strings.Replace(string(text), services, services+`    (name = "internet", external = (address = "127.0.0.1:1", http = ())),`+"\n", 1)
	if err := os.WriteFile(config, []byte(stub), 0o600); err != nil || stub == string(text) {
		t.Fatal("no services in the configuration: ", err)
	}
	_, c := startWith(t, binary(t), workerd.Options{Modules: folder, Args: []string{"--external-addr=internet=" + o.url}, Env: env})
	return c
}

const policy = `{
	"allowed_domains": ["*"], "blocked_domains": ["bad.example"], "allowed_methods": ["GET", "POST"],
	"inject": [{"host": "keyed.example", "http": true, "headers": {"X-Key": "${SECRET}"}}]
}`

// THREAT[NP-16]: in workerd, which resolves names out of reach, the policy is
// asked before anything is sent, and again for each redirect.
func TestNetworkPolicy(t *testing.T) {
	t.Parallel()
	o := newOutbound(t)
	c := startOutbound(t, o, map[string]string{"AGENT_SANDBOX_NET_POLICY": policy, "AGENT_SANDBOX_SECRET": "s3cret"})
	box := create(t, c, nil)
	for _, q := range []struct {
		args string
		want []string // what the outbound is asked
	}{
		{"http://good.example/path?q=1", []string{"GET good.example/path?q=1 key= cookie="}},
		{"http://keyed.example/", []string{"GET keyed.example/ key=s3cret cookie="}},
		{"-d body http://good.example/", []string{"POST good.example/ key= cookie="}},
		{"-L 'http://good.example/?to=http://other.example/'", []string{
			"GET good.example/?to=http://other.example/ key= cookie=", "GET other.example/ key= cookie="}},
		{"-L 'http://keyed.example/?to=http://other.example/'", []string{
			"GET keyed.example/?to=http://other.example/ key=s3cret cookie=", "GET other.example/ key= cookie="}},
		{"-L 'http://good.example/?to=http://bad.example/'", []string{"GET good.example/?to=http://bad.example/ key= cookie="}},
		{"-L 'http://good.example/?to=http://10.0.0.1/'", []string{"GET good.example/?to=http://10.0.0.1/ key= cookie="}},
		{"-L 'http://good.example/?to=file:///etc/passwd'", []string{"GET good.example/?to=file:///etc/passwd key= cookie="}},
		{"-X DELETE http://good.example/", nil},
		{"http://bad.example/", nil}, {"http://BAD.example./", nil}, {"http://localhost/", nil}, {"http://127.0.0.1/", nil},
		{"http://0x7f.1/", nil}, {"http://2130706433/", nil}, {"'http://[::1]/'", nil}, {"'http://[::ffff:10.0.0.1]/'", nil},
		{"http://169.254.169.254/latest/meta-data/", nil}, {"http://printer.local/", nil},
	} {
		r, err := c.Script(t.Context(), box, "curl -sS "+q.args)
		if err != nil {
			t.Fatal(err)
		}
		if got := o.asked(); !slices.Equal(got, q.want) {
			t.Errorf("curl %s: asked %q, want %q (%s%s)", q.args, got, q.want, r.Stdout, r.Stderr)
		}
		if len(q.want) == 0 && (r.ExitCode == 0 || r.Stderr == "") {
			t.Errorf("curl %s: %+v", q.args, r)
		}
	}
	if got := script(t, c, box, "curl -sS http://good.example/; env; set"); !strings.HasPrefix(got, "hello from good.example\n") || strings.Contains(got, "s3cret") {
		t.Errorf("%s", got)
	}
}

// THREAT[NP-16]: without a policy nothing leaves.
func TestNetworkOff(t *testing.T) {
	t.Parallel()
	o := newOutbound(t)
	c := startOutbound(t, o, nil)
	if got := script(t, c, "/v1", "curl -sS http://good.example/; echo $?"); !strings.Contains(got, "network") {
		t.Errorf("%s", got)
	}
	if got := o.asked(); len(got) > 0 {
		t.Errorf("asked %q", got)
	}
}

// A policy with a slip in it stops all, and says where it is.
func TestBadPolicy(t *testing.T) {
	t.Parallel()
	_, c := start(t, "", map[string]string{"AGENT_SANDBOX_NET_POLICY": `{"allowed_domain":["x"]}`})
	if got := call(t, c, http.StatusInternalServerError, "POST", "/v1/exec", `{"script":"echo"}`); !strings.Contains(got, "NET_POLICY") {
		t.Errorf("%s", got)
	}
}
