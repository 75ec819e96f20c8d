package core

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"agentsandbox/core/fetch"
)

// openTo is a policy that lets guests reach a server of the test's.
func openTo(t *testing.T, server *httptest.Server) *fetch.Policy {
	t.Helper()
	return &fetch.Policy{AllowedDomains: []string{server.Listener.Addr().String()}, AllowPrivateIPs: true}
}

func testServer(t *testing.T) *httptest.Server {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		switch r.URL.Path {
		case "/bytes":
			for i := range 1 << 16 {
				w.Write([]byte{byte(i), byte(i >> 8)})
			}
		case "/wait":
			<-r.Context().Done()
		default:
			io.WriteString(w, r.Method+" "+r.URL.Path+" "+string(body)+" "+r.Header.Get("X-Key")+"\n")
		}
	}))
	t.Cleanup(server.Close)
	return server
}

func TestNetworkIsOff(t *testing.T) {
	sb := newSandbox(t, Config{})
	r, err := sb.Shell(context.Background(), "curl -sS http://example.com/; echo $?; wget -q http://example.com/ || echo $?")
	if err != nil {
		t.Fatal(err)
	}
	if string(r.Stdout) != "7\n4\n" || !strings.Contains(string(r.Stderr), "networking is disabled in this sandbox") {
		t.Errorf("%s%s", r.Stdout, r.Stderr)
	}
	if _, err := sb.Fetch(context.Background(), fetch.Request{URL: "http://example.com/"}); !errors.Is(err, ErrNetworkDisabled) {
		t.Errorf("got %v", err)
	}
}

// Guests and their host go the same way, under the same policy.
func TestNetwork(t *testing.T) {
	server := testServer(t)
	policy := openTo(t, server)
	policy.Inject = []fetch.Injection{{Host: server.Listener.Addr().String(), HTTP: true, Headers: map[string]string{"X-Key": "${KEY}"}}}
	policy.Secret = func(string) (string, bool) { return "canary-in-the-mine", true }
	sb := newSandbox(t, Config{FetchPolicy: policy})
	resp, err := sb.Fetch(context.Background(), fetch.Request{URL: server.URL + "/host"})
	if err != nil || !strings.HasPrefix(string(resp.Body), "GET /host") {
		t.Errorf("%+v %v", resp, err)
	}
	script := `curl -sS -d data $U/guest; curl -sS $U/bytes | wc -c; curl -sSo f $U/bytes; cmp f <(curl -s $U/bytes) && echo same
		curl -sS http://example.com/; curl -s http://169.254.169.254/; echo $?; wget -qO- $U/wget; curl -sv $U/x 2>&1 | grep -c mine`
	r, err := sb.Shell(context.Background(), strings.ReplaceAll(script, "$U", server.URL))
	if err != nil {
		t.Fatal(err)
	}
	stars := strings.Repeat("*", len("canary-in-the-mine"))
	want := "POST /guest data " + stars + "\n131072\nsame\n7\nGET /wget  " + stars + "\n0\n"
	if string(r.Stdout) != want || !strings.Contains(string(r.Stderr), "allow it with --allow-net example.com") {
		t.Errorf("got\n%s%s", r.Stdout, r.Stderr)
	}
}

// A command's own limit of time ends a request that hangs.
func TestNetworkTimeout(t *testing.T) {
	server := testServer(t)
	sb := newSandbox(t, Config{FetchPolicy: openTo(t, server)})
	r, err := sb.Run(context.Background(), Cmd{Name: "curl", Args: []string{"-s", server.URL + "/wait"}, Timeout: 200_000_000})
	if err != nil || r.Limit == nil || r.Limit.Kind != LimitTime || r.ExitCode != ExitTimeout {
		t.Errorf("%+v %v", r, err)
	}
	r, err = sb.Exec(context.Background(), "curl", "-sS", "-m", "0.1", server.URL+"/wait")
	if err != nil || r.ExitCode != 28 || !strings.Contains(string(r.Stderr), "timed out") {
		t.Errorf("%+v %s %v", r.ExitCode, r.Stderr, err)
	}
}

// Many requests through one sandbox leave nothing behind.
func TestManyFetches(t *testing.T) {
	server := testServer(t)
	policy := openTo(t, server)
	policy.MaxRequestsPerMinute = 1 << 20
	sb := newSandbox(t, Config{FetchPolicy: policy})
	for i := range 2000 {
		resp, err := sb.Fetch(context.Background(), fetch.Request{URL: server.URL + "/" + strconv.Itoa(i)})
		if err != nil || resp.Status != 200 {
			t.Fatal(i, err)
		}
	}
}
