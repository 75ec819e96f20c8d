package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestNetworkFlags(t *testing.T) {
	file := filepath.Join(t.TempDir(), "policy.json")
	if err := os.WriteFile(file, []byte(`{"allowed_domains":["a.example"],"max_redirects":2}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		n     network
		allow []string // nil is no network
		local bool
		bad   bool
	}{
		{network{}, nil, false, false},
		{network{allow: []string{"b.example"}}, []string{"b.example"}, false, false},
		{network{allow: []string{"localhost:80"}, local: true}, []string{"localhost:80"}, true, false},
		{network{policy: file, allow: []string{"b.example"}}, []string{"a.example", "b.example"}, false, false},
		{network{local: true}, nil, false, true},
		{network{policy: file + ".none"}, nil, false, true},
	} {
		p, err := c.n.fetchPolicy()
		if (err != nil) != c.bad {
			t.Errorf("%+v: %v", c.n, err)
		}
		if p == nil {
			if c.allow != nil {
				t.Errorf("%+v: no policy", c.n)
			}
			continue
		}
		if !reflect.DeepEqual(p.AllowedDomains, c.allow) || p.AllowPrivateIPs != c.local {
			t.Errorf("%+v: %+v", c.n, p)
		}
	}
	var n network
	if err := n.addHosts("a.example, *.b.example,"); err != nil || len(n.allow) != 2 {
		t.Errorf("%v %v", n.allow, err)
	}
	if err := n.addHosts("http://x/"); err == nil {
		t.Error("a URL is taken for a host")
	}
}

func TestFetchVerb(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.URL.Path == "/missing" {
			w.WriteHeader(404)
		}
		fmt.Fprintf(w, "%s %s %s %s\n", r.Method, r.URL.Path, r.Header.Get("X-A"), body)
	}))
	defer server.Close()
	host := server.Listener.Addr().String()
	log := filepath.Join(t.TempDir(), "log")
	open := []string{"fetch", "-allow-net", host, "-allow-local-net", "-net-log", log}
	for _, c := range []struct {
		args   []string
		stdin  string
		stdout string
		says   string
		status int
	}{
		{append(open, server.URL+"/x"), "", "GET /x  \n", "", 0},
		{append(open, "-header", "X-A: 1", "-data", "d", server.URL+"/x"), "", "POST /x 1 d\n", "", 0},
		{append(open, "-method", "PUT", "-data", "-", server.URL+"/x"), "in", "PUT /x  in\n", "", 0},
		{append(open, server.URL+"/missing"), "", "GET /missing  \n", "", 22},
		{append(open, "http://other.example/\ninjected"), "", "", "must be escaped", 125},
		{append(open, "http://other.example/"), "", "", "allow it with --allow-net other.example", 125},
		{[]string{"fetch", server.URL + "/x"}, "", "", "no fetch policy is set", 125},
		{[]string{"fetch", "-net-log", log, server.URL + "/x"}, "", "", "nothing to log", 125},
		{[]string{"fetch", "-allow-net", host, server.URL + "/x"}, "", "", "--allow-local-net", 125},
		{[]string{"fetch"}, "", "", "one URL is needed", 125},
	} {
		r := runCLI(t, c.stdin, c.args...)
		if r.stdout != c.stdout || r.status != c.status || !strings.Contains(r.stderr, c.says) {
			t.Errorf("%q: %d %q %q", c.args, r.status, r.stdout, r.stderr)
		}
	}
	r := runCLI(t, "", "exec", "-work", t.TempDir(), "-allow-net", host, "-allow-local-net", "-net-log", log, "--", "curl", "-s", server.URL+"/guest")
	if r.stdout != "GET /guest  \n" {
		t.Errorf("%+v", r)
	}
	var got []string
	for line := range strings.Lines(read(t, log)) {
		var e netEvent
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		got = append(got, fmt.Sprintf("%s %v %d %d", e.Method, e.Allowed, e.Status, e.Received))
	}
	want := "GET true 200 9|POST true 200 12|PUT true 200 11|GET true 404 15|GET false 0 0|GET false 0 0|GET true 200 13"
	if strings.Join(got, "|") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, "|"), want)
	}
}
