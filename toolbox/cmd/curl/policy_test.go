package curl_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"agentsandbox/core/abi"
	"agentsandbox/core/fetch"
	"agentsandbox/toolbox/cmd/curl"
	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs/memfs"
)

// run runs curl with a way to the network, nil for none.
func run(t *testing.T, doer fetch.Doer, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, diag bytes.Buffer
	x := &tool.Exec{
		Name: "curl", Args: args, Dir: "/", FS: tool.SpaceFS(memfs.New(memfs.Config{})), Stdin: strings.NewReader(""),
		Stdout: &out, Stderr: &diag, Now: func() time.Time { return time.Unix(0, 0) },
	}
	if doer != nil {
		x.Fetch = (&abi.State{Doer: doer}).Open
	}
	status = tool.Main(context.Background(), tool.Command{Name: "curl", Run: curl.Run}, x)
	return status, out.String(), stable(diag.String())
}

// What the policy refuses, curl says in its own way, with how to allow it.
func TestDenied(t *testing.T) {
	listed := fetch.New(&fetch.Policy{AllowedDomains: []string{"ok.example"}})
	open := fetch.New(&fetch.Policy{})
	for _, c := range []struct {
		doer   fetch.Doer
		url    string
		status int
		says   string
	}{
		{nil, "http://h.example:81/", 7, "Failed to connect to h.example port 81 after N ms: networking is disabled in this sandbox (allow hosts with --allow-net h.example:81, or set a fetch policy)"},
		{listed, "https://other.example/x", 7, "Failed to connect to other.example port 443: other.example:443 denied by the network policy (allowed_domains): allow it with --allow-net other.example"},
		{open, "http://127.0.0.1/", 7, "Failed to connect to 127.0.0.1 port 80: 127.0.0.1:80 denied by the network policy (deny_private_ips: 127.0.0.0/8): set deny_private_ips to false (--allow-local-net) to reach local addresses"},
		{open, "http://metadata.google.internal/", 7, "Failed to connect to metadata.google.internal port 80: metadata.google.internal denied by the network policy (metadata service)"},
		{open, "http://h.example:22/", 7, "Failed to connect to h.example port 22: h.example:22 denied by the network policy (allowed_ports): allow it with --allow-net h.example:22"},
	} {
		status, out, diag := run(t, c.doer, "-sS", c.url)
		if want := fmt.Sprintf("curl: (%d) %s\n", c.status, c.says); status != c.status || out != "" || diag != want {
			t.Errorf("%s: %d %q\n got %s\nwant %s", c.url, status, out, diag, want)
		}
	}
}

// failing answers with an error.
type failing struct{ err error }

func (f failing) Do(context.Context, *fetch.Request) (*fetch.Response, error) { return nil, f.err }

func TestExitCodes(t *testing.T) {
	for kind, want := range map[fetch.Kind]int{
		fetch.KindURL: 3, fetch.KindResolve: 6, fetch.KindConnect: 7, fetch.KindTLS: 35, fetch.KindCertificate: 60, fetch.KindEmpty: 52,
		fetch.KindProtocol: 8, fetch.KindHTTP09: 1, fetch.KindHeaderSize: 56, fetch.KindBodySize: 63, fetch.KindRequestSize: 55,
		fetch.KindTruncated: 18, fetch.KindReset: 56, fetch.KindEncoding: 61, fetch.KindTimeout: 28, fetch.KindOpaque: 7,
	} {
		status, _, diag := run(t, failing{&fetch.Error{Kind: kind}}, "-sS", "http://h.example/")
		if status != want || !strings.HasPrefix(diag, fmt.Sprintf("curl: (%d) ", want)) {
			t.Errorf("%s: %d %s", kind, status, diag)
		}
	}
}

func TestInsecureIsRefused(t *testing.T) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	status, _, diag := run(t, newClient(t), "-kS", server.URL)
	if status != 60 || !strings.Contains(diag, "always verified") || !strings.Contains(diag, "signed by unknown authority") {
		t.Errorf("%d %s", status, diag)
	}
}

// What only the host may decide is refused, with the reason.
func TestRefusedOptions(t *testing.T) {
	for arg, says := range map[string]string{
		"-xhttp://p:1": "makes the connections", "--resolve=": "is unknown", "--cacert": "requires parameter",
	} {
		if status, _, diag := run(t, nil, arg); status != 2 || !strings.Contains(diag, says) {
			t.Errorf("%s: %d %s", arg, status, diag)
		}
	}
	for _, args := range [][]string{{"--resolve", "h:80:127.0.0.1"}, {"--connect-to", "::127.0.0.1:1"}, {"--unix-socket", "/run/docker.sock"}, {"--interface", "lo"}} {
		if status, _, diag := run(t, nil, append(args, "http://h.example/")...); status != 2 || !strings.Contains(diag, "network policy allows") {
			t.Errorf("%v: %d %s", args, status, diag)
		}
	}
	if status, _, diag := run(t, nil, "--cacert", "f", "https://h.example/"); status != 2 || !strings.Contains(diag, "which certificates are good") {
		t.Errorf("%d %s", status, diag)
	}
}
