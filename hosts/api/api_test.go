package api_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"agentsandbox/core"
	"agentsandbox/hosts/api"
	"agentsandbox/hosts/api/apitest"
)

// most is how many sandboxes a server keeps in these tests, but in the suite.
const most = 3

// newClient starts a server on loopback.
func newClient(t *testing.T, edit func(*api.Config)) apitest.Client {
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
	c := api.Config{Token: "t0ken", Runtime: rt}
	if edit != nil {
		edit(&c)
	}
	if c.Store == nil {
		c.Store = newLocal(t, api.LocalConfig{Runtime: rt, Most: most})
	}
	h, err := api.New(c)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return apitest.Client{URL: srv.URL, Token: "t0ken"}
}

func newLocal(t *testing.T, c api.LocalConfig) *api.Local {
	t.Helper()
	store, err := api.NewLocal(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	return store
}

// TestSuite is the suite of the API, on loopback.
func TestSuite(t *testing.T) {
	testSuite(t, api.LocalConfig{}, nil)
}

func testSuite(t *testing.T, local api.LocalConfig, gate *api.Gate) {
	t.Helper()
	s := apitest.Server{MaxBody: 2 << 20, FileBytes: 8 << 20, Origin: "https://ok.example"}
	s.Client = newClient(t, func(c *api.Config) {
		c.MaxBody, c.Origins, c.Gate = int64(s.MaxBody), []string{s.Origin}, gate
		c.Sandbox.Limits.Bytes = int64(s.FileBytes)
		local.Runtime, local.Sandbox = c.Runtime, c.Sandbox
		c.Store = newLocal(t, local)
	})
	apitest.Run(t, s)
}

// Without a configuration no page may use it.
func TestNoOrigins(t *testing.T) {
	c := newClient(t, nil)
	a, err := c.Do(t.Context(), "OPTIONS", "/v1/exec", nil, "Origin", "https://any.example")
	if err != nil || a.Status != http.StatusNoContent || a.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("%+v, %v", a, err)
	}
	if _, err := api.New(api.Config{}); !errors.Is(err, api.ErrNoToken) {
		t.Errorf("New without a token: %v", err)
	}
}

func TestFull(t *testing.T) {
	c := newClient(t, nil)
	for range most {
		if _, err := c.Create(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
	}
	a, err := c.Do(t.Context(), "POST", "/v1/sandboxes", nil)
	if err != nil || a.Status != http.StatusTooManyRequests || !strings.Contains(string(a.Body), "too many") {
		t.Errorf("%d %s %v", a.Status, a.Body, err)
	}
}

// A long answer begins with spaces, which mean nothing in JSON.
func TestLongAnswer(t *testing.T) {
	c := newClient(t, func(c *api.Config) { c.KeepAlive = time.Millisecond })
	for _, headers := range [][]string{{}, {"Accept", "text/event-stream"}} {
		a, err := c.Do(t.Context(), "POST", "/v1/exec", []byte(`{"script":"sleep 0.1; echo slow"}`), headers...)
		text := string(a.Body)
		if err != nil || a.Status != http.StatusOK || !strings.HasPrefix(text, " ") && !strings.HasPrefix(text, ":\n\n") {
			t.Fatalf("%d %q %v", a.Status, text, err)
		}
		if !strings.Contains(text, `slow\n`) || !strings.Contains(text, `"exit_code":0`) {
			t.Errorf("%s", text)
		}
	}
}
