package core

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
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

// A body is read as it comes: who wants no more of it ends the request, and what
// waits for one lets the others go on.
func TestNetworkStreams(t *testing.T) {
	gone := make(chan struct{}, 10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		flush := http.NewResponseController(w).Flush
		switch r.URL.Path {
		case "/endless":
			for r.Context().Err() == nil {
				io.WriteString(w, strings.Repeat("line\n", 100))
			}
			gone <- struct{}{}
		case "/held":
			io.WriteString(w, "first\n")
			flush()
			<-r.Context().Done()
			gone <- struct{}{}
		case "/meet":
			meet(t, r)
			io.WriteString(w, r.URL.RawQuery+"\n")
		case "/cut":
			w.Header().Set("Content-Length", "100")
			io.WriteString(w, "some\n")
		}
	}))
	t.Cleanup(server.Close)
	sb := newSandbox(t, Config{FetchPolicy: openTo(t, server)})
	for _, c := range []struct {
		script, stdout string
		status, gone   int
	}{
		{"curl -s $U/endless | head -1; echo ${PIPESTATUS[*]}", "line\n23 0\n", 0, 1},
		{"curl -sN -m 0.2 $U/held | { read line; echo $line; }", "first\n", 0, 1},
		{"wget -qO- $U/endless | head -1", "line\n", 0, 1},
		{"timeout 0.2 curl -sN $U/held", "first\n", 124, 1},
		{"curl -s $U/cut; echo $?", "some\n18\n", 0, 0},
		{"curl -s $U/meet?2a > a & curl -s $U/meet?2b > b; wait; cat a b", "2a\n2b\n", 0, 0},
		{"curl -sZ -o '#1' '$U/meet?{3a,3b,3c}'; cat 3a 3b 3c", "3a\n3b\n3c\n", 0, 0},
		{"curl -sZ --parallel-max 2 -o '#1' '$U/meet?{2c,2d,2e,2f}'; cat 2?", "2c\n2d\n2e\n2f\n", 0, 0},
		{"curl -sZ --fail-early -o x $U/held -o y http://127.0.0.1:1/; echo $?", "7\n", 0, 0},
	} {
		r, err := sb.Shell(context.Background(), strings.ReplaceAll(c.script, "$U", server.URL))
		if err != nil {
			t.Fatal(err)
		}
		if string(r.Stdout) != c.stdout || r.ExitCode != c.status {
			t.Errorf("%s: %d\n%s%s", c.script, r.ExitCode, r.Stdout, r.Stderr)
		}
		for range c.gone {
			<-gone
		}
	}
}

// meeting holds requests until there are as many as their query begins with.
var meeting = struct {
	sync.Mutex
	waiting []chan struct{}
}{}

func meet(t *testing.T, r *http.Request) {
	want := int(r.URL.RawQuery[0] - '0')
	meeting.Lock()
	come := make(chan struct{})
	meeting.waiting = append(meeting.waiting, come)
	if len(meeting.waiting) == want {
		for _, c := range meeting.waiting {
			close(c)
		}
		meeting.waiting = nil
	}
	meeting.Unlock()
	select {
	case <-come:
	case <-r.Context().Done():
		t.Errorf("%s came alone", r.URL)
	}
}
