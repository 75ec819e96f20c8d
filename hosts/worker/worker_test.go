//go:build !js

package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"agentsandbox/hosts/api/apitest"
	"agentsandbox/hosts/hosttest"
	"agentsandbox/hosts/worker/workerd"
	"agentsandbox/toolbox/tooltest"
)

const (
	root   = "../.."
	token  = "t0ken,with a comma"
	origin = "https://ok.example"
)

// start starts workerd with the Worker in it, whose objects are kept in a folder;
// "" is a new one. env is added to the environment that the Worker sees.
func start(t *testing.T, objects string, env map[string]string) (*workerd.Server, apitest.Client) {
	t.Helper()
	return startWith(t, binary(t), workerd.Options{Modules: modules(t), Objects: objects, Env: env})
}

// binary is workerd.
func binary(t *testing.T) string {
	t.Helper()
	path, err := workerd.Binary(root)
	if err != nil {
		missing(t, err)
	}
	return path
}

func startWith(t *testing.T, binary string, o workerd.Options) (*workerd.Server, apitest.Client) {
	t.Helper()
	if o.Objects == "" {
		o.Objects = t.TempDir()
	}
	env := map[string]string{"AGENT_SANDBOX_TOKEN": token}
	maps.Copy(env, o.Env)
	o.Env = env
	s, err := workerd.Start(t.Context(), binary, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Stop)
	return s, apitest.Client{URL: s.URL, Token: token}
}

// modules is the folder with the Worker's modules.
func modules(t *testing.T) string {
	t.Helper()
	folder, err := filepath.Abs(filepath.Join(root, "build/worker"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(folder, ".stamp")); err != nil {
		missing(t, err)
	}
	return folder
}

// missing skips a test that lacks something; on CI nothing may lack.
func missing(t *testing.T, err error) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf("make worker-test has what it takes: %v", err)
	}
	t.Skipf("make worker-test has what it takes: %v", err)
}

func TestSuite(t *testing.T) {
	t.Parallel()
	_, c := start(t, "", map[string]string{"AGENT_SANDBOX_ORIGINS": "https://other.example, " + origin})
	apitest.Run(t, apitest.Server{Client: c, MaxBody: 16 << 20, FileBytes: 32 << 20, Origin: origin})
}

// THREAT[SE-07]: without a secret nothing is served.
func TestNoToken(t *testing.T) {
	t.Parallel()
	_, c := start(t, "", map[string]string{"AGENT_SANDBOX_TOKEN": ""})
	for _, value := range []string{"", "Bearer ", "Bearer undefined", "Bearer null"} {
		got := call(t, c, http.StatusServiceUnavailable, "POST", "/v1/exec", `{"script":"id"}`, "Authorization", value)
		if !strings.Contains(got, "no token") {
			t.Errorf("%q: %s", value, got)
		}
	}
}

// TestTranscripts runs every transcript through the API.
func TestTranscripts(t *testing.T) {
	t.Parallel()
	_, c := start(t, "", nil)
	tooltest.Run(t, "../../toolbox/testdata/*.txtar", hosttest.Open(hosttest.HTTP{Client: c}))
}

// maxBundle is what may be uploaded, gzipped.
const maxBundle = 10_000_000

// TestSize prints how large the parts are, and holds the whole to what may be
// uploaded.
func TestSize(t *testing.T) {
	names, err := filepath.Glob(filepath.Join(modules(t), "*.*"))
	if err != nil {
		t.Fatal(err)
	}
	all := 0
	for _, name := range names {
		size, err := gzipped(name)
		if err != nil {
			t.Fatal(err)
		}
		all += size
		t.Logf("%8d %s", size, filepath.Base(name))
	}
	t.Logf("the Worker has %.2f MB gzipped", float64(all)/1e6)
	if all > maxBundle {
		t.Errorf("it may have %d", maxBundle)
	}
}

func gzipped(name string) (int, error) {
	f, err := os.Open(name)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err = io.Copy(w, f)
	err = errors.Join(err, w.Close())
	return b.Len(), err
}
