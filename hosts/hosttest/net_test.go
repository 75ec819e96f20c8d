package hosttest

import (
	"encoding/json"
	"flag"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"agentsandbox/core/fetch"
	"agentsandbox/hosts/api/apitest"
	"agentsandbox/hosts/hosttest/nettest"
	"agentsandbox/hosts/worker/workerd"
	"agentsandbox/toolbox/tooltest"
)

const netTranscripts = "../../toolbox/testdata/net/*.txtar"

// recording is set with -record: policy.txtar has no real program to ask, which
// would only go out to the network.
func recording() bool {
	f := flag.Lookup("record")
	return f != nil && f.Value.String() == "true"
}

// netServer starts the server of the network transcripts. They find it in $U.
func netServer(t *testing.T) (url, policy string) {
	server := httptest.NewServer(nettest.Handler())
	t.Cleanup(server.Close)
	t.Setenv("U", server.URL) // for recording
	return server.URL, nettest.Policy(server.Listener.Addr().String())
}

// TestNetNative runs the network transcripts natively. With -record it runs
// them with the real programs.
func TestNetNative(t *testing.T) {
	url, text := netServer(t)
	policy := &fetch.Policy{}
	if err := json.Unmarshal([]byte(text), policy); err != nil {
		t.Fatal(err)
	}
	if recording() {
		tooltest.Run(t, "../../toolbox/testdata/net/[cw]*.txtar", nil)
		return
	}
	t.Run("all", func(t *testing.T) {
		tooltest.Run(t, netTranscripts, Open(Native{Runtime: runtime(t, ""), Policy: policy, Env: map[string]string{"U": url}}))
	})
}

// THREAT[NP-16] The same transcripts in workerd, whose own network is opened to
// loopback for this test alone: the configuration that is deployed has the
// public one.
func TestNetWorkerd(t *testing.T) {
	binary, err := workerd.Binary("../..")
	modules, _ := filepath.Abs("../../build/worker")
	if err == nil {
		_, err = os.Stat(filepath.Join(modules, ".stamp"))
	}
	if err != nil {
		missing(t, err)
	}
	url, policy := netServer(t)
	config, err := os.ReadFile(filepath.Join(modules, "config.capnp"))
	if err != nil {
		t.Fatal(err)
	}
	const services = "services = ["
	opened := strings.Replace(string(config), services, services+`
    (name = "internet", network = (allow = ["public", "private"])),`, 1)
	local := filepath.Join(modules, "config-local.capnp")
	if err := os.WriteFile(local, []byte(opened), 0o644); err != nil {
		t.Fatal(err)
	}
	defer os.Remove(local)
	s, err := workerd.Start(t.Context(), binary, workerd.Options{
		Modules: modules, Config: filepath.Base(local), Objects: t.TempDir(),
		Env: map[string]string{"AGENT_SANDBOX_TOKEN": "token", "AGENT_SANDBOX_NET_POLICY": policy},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Stop)
	t.Run("all", func(t *testing.T) {
		tooltest.Run(t, netTranscripts, Open(HTTP{Client: apitest.Client{URL: s.URL, Token: "token"}, Env: map[string]string{"U": url}}))
	})
}

// THREAT[NP-16] The same transcripts through the npm package, in Node and in
// Chromium.
func TestNetScripts(t *testing.T) {
	if _, err := os.Stat("../../web/dist/.stamp"); err != nil {
		missing(t, err)
	}
	for _, host := range []string{"node", "chromium"} {
		t.Run(host, func(t *testing.T) {
			url, policy := netServer(t)
			cmd := exec.CommandContext(t.Context(), "node", "web/test/transcripts.mjs", "-v", "--host", host, "--net", url, "--policy", policy)
			cmd.Dir = "../.."
			out, err := cmd.CombinedOutput()
			m := regexp.MustCompile(`(?m)^\w+: (skipped: .*|(\d+) passed, (\d+) failed)$`).FindStringSubmatch(string(out))
			switch {
			case m == nil:
				t.Fatalf("%v\n%s", err, out)
			case m[2] == "":
				t.Skip(m[1])
			case m[2] == "0" || m[3] != "0":
				t.Errorf("%s", out)
			default:
				t.Log(m[1])
			}
		})
	}
}

// missing skips a test that lacks something; on CI nothing may lack.
func missing(t *testing.T, err error) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf("make net-test has what it takes: %v", err)
	}
	t.Skipf("make net-test has what it takes: %v", err)
}
